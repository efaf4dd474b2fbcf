// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string_view>

namespace tiphys::rollout {

/// True if \p pattern, in Go's syntax, matches somewhere in \p text. Errors: InvalidInput for a malformed one.
/// Source: go regexp (MatchString)
Expected<bool> matches(std::string_view pattern, std::string_view text);

} // namespace tiphys::rollout
