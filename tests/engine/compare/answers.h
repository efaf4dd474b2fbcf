// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <string>

namespace tiphys::compare {

/// This program's answer to a request of CaseMaker, in the oracle's shape; {"error": …} if it failed.
object::Value answerTo(const object::Value &request);

/// Why two answers to \p request do not agree, "" if they do. Errors agree whatever they say.
std::string disagreement(const object::Value &request, const object::Value &ours, const object::Value &theirs);

} // namespace tiphys::compare
