// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tiphys::text {

/// Go's unicode.IsLetter (Unicode 15).
bool isLetter(char32_t character);
/// Go's unicode.IsDigit: decimal digits of all scripts.
bool isDigit(char32_t character);
/// Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the space.
bool isPrintable(char32_t character);

} // namespace tiphys::text
