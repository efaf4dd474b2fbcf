// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tiphys {

/// The 32 bytes of the SHA-256 of \p bytes.
/// Source: FIPS 180-4, section 6.2
std::string sha256(std::string_view bytes);

/// SHA-256 of \p bytes in lower-case hexadecimal digits.
std::string sha256Of(std::string_view bytes);

} // namespace tiphys
