// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/shelf.h"

#include <string>

namespace tiphys::compose {

/// Texts kept in \p folder, for this user only.
ports::ShelfPtr keptTexts(const std::string &folder);

} // namespace tiphys::compose
