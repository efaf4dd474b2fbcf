// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tiphys::text::sprig {

/// Why a text is no integer.
enum class NumberFault { None, Syntax, Range };

/// What strconv gives for a text: on Range the nearest value that fits, on Syntax 0.
struct ParsedInteger
{
    std::int64_t value = 0;
    NumberFault fault = NumberFault::None;
};

/// A 64-bit integer in \p base 2 to 36, or by its prefix (0b, 0o, 0x, 0) with base 0, where `_` may separate digits.
/// Source: golang src/strconv/atoi.go (ParseInt)@go1.26
ParsedInteger parseInteger(std::string_view text, int base);

/// A float64 as decimal or hexadecimal literal, "inf", "infinity" or "nan" in any case; nothing if it is none or out
/// of range.
/// Source: golang src/strconv/atof.go (ParseFloat)@go1.26
std::optional<double> parseFloat(std::string_view text);

} // namespace tiphys::text::sprig
