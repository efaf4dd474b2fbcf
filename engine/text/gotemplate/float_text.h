// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace tiphys::text {

/// Width of a float: decides how many digits tell it from its neighbours.
enum class FloatBits { Single, Double };

/// Appends \p number as strconv.AppendFloat(number, format, precision, bits) does: "+Inf", "-Inf" and "NaN" for what
/// is no number.
///
/// \param format     e E f g G b x X
/// \param precision  digits after the point (e f x) or in all (g); -1 for the fewest that read back
/// Source: golang src/internal/strconv/ftoa.go (AppendFloat)@go1.26
void appendFloat(std::string &out, double number, char format, int precision, FloatBits bits = FloatBits::Double);

} // namespace tiphys::text
