// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace tiphys::rollout {

/// \p bytes in base 64 with padding.
std::string base64Of(std::string_view bytes);
/// Errors: InvalidInput with the place of what is wrong.
Expected<std::string> decodedBase64(std::string_view text);

} // namespace tiphys::rollout
