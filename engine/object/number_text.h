// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::object::detail {

/// The double nearest to the decimal \p text ("1", "-1.5e3", ".5", "1."); nothing if it is no number or too large.
std::optional<double> doubleOf(std::string_view text);

/// Appends \p value as Go's encoding/json prints a float64: plain digits, from 1e21 and below 1e-6 with exponent.
void appendJsonNumber(std::string &out, double value);

/// The integer that appendJsonNumber's text of \p value reads as: beyond 2^53 that is not always \p value itself, as
/// the text has only the digits that tell it from its neighbours ("1152921504606847000" of 2^60). Nothing if it is no
/// integer of that width.
std::optional<std::int64_t> writtenInt64(double value);
std::optional<std::uint64_t> writtenUint64(double value);

/// Width of the float that Go formats: decides the number of digits.
enum class FloatWidth { Single, Double };
/// Appends \p value as Go's strconv.FormatFloat(value, 'g', -1, width) prints it; infinities and not-a-number in
/// YAML's words (".inf", "-.inf", ".nan").
void appendShortest(std::string &out, double value, FloatWidth width = FloatWidth::Double);

} // namespace tiphys::object::detail
