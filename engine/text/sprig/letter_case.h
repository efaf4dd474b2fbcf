// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// Classes and cases of characters as Go's package unicode has them (Unicode 15).
bool isUpper(char32_t character);
bool isLower(char32_t character);
bool isTitle(char32_t character);
bool isPunctuation(char32_t character);
/// Decimal digits and all other numbers.
bool isNumber(char32_t character);
bool isSpace(char32_t character);
char32_t toUpper(char32_t character);
char32_t toLower(char32_t character);
char32_t toTitle(char32_t character);

/// The text with \p change made to each character; invalid bytes become U+FFFD (Go's strings.Map).
std::string mapped(std::string_view text, char32_t (*change)(char32_t));
/// The characters of a text; invalid bytes are U+FFFD.
std::u32string charactersOf(std::string_view text);
std::string textOf(std::u32string_view characters);

/// Go's strings.TrimSpace.
std::string_view withoutOuterSpace(std::string_view text);

} // namespace tiphys::text::sprig
