// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tiphys::compare {

/// \p bytes in standard base64 with padding.
std::string base64Of(std::string_view bytes);

} // namespace tiphys::compare
