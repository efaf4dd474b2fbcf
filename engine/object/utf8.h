// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::object::detail {

/// A character and the bytes it takes; an invalid byte is U+FFFD of one byte, as Go's range loop gives it.
struct CodePoint
{
    char32_t value = 0;
    std::uint32_t size = 0;
    bool isValid = true;
};
/// The character at \p at, which must be inside of \p text.
CodePoint codePointAt(std::string_view text, std::size_t at);
/// Appends \p value in UTF-8; surrogates and values above U+10FFFF become U+FFFD.
void appendUtf8(std::string &out, char32_t value);
bool isValidUtf8(std::string_view text);
/// Whether there are only bytes below 0x80.
bool isAscii(std::string_view text);
/// \p text with each invalid byte replaced by U+FFFD.
std::string withValidUtf8(std::string_view text);
/// The same without a copy where none is needed: \p text itself, or \p storage, which then has the new text.
std::string_view withValidUtf8(std::string_view text, std::string &storage);

} // namespace tiphys::object::detail
