// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/invocation.h"

#include <string>

namespace tiphys::cli {

/// Puts together what several flags or words say of one thing.
void settle(Invocation &invocation);

/// What is wrong with \p invocation although each of its flags is known and no cluster or file was asked: forms of values, and
/// flags that need or exclude each other. One sentence, "" if nothing is.
std::string usageProblem(const Invocation &invocation);

} // namespace tiphys::cli
