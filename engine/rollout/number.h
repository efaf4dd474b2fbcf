// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace tiphys::rollout {

/// The decimal integer \p text is, with an optional sign; nothing if it is none or does not fit.
/// Source: go strconv (ParseInt with base 10 and 64 bits)
std::optional<std::int64_t> decimalOf(std::string_view text);
/// The same, if it fits 32 bits.
std::optional<int> smallDecimalOf(std::string_view text);

/// \p number, or the end of 32 bits that is nearest to it.
constexpr int clampedInt(std::int64_t number)
{
    return static_cast<int>(std::clamp<std::int64_t>(number, std::numeric_limits<std::int32_t>::min(),
                                                     std::numeric_limits<std::int32_t>::max()));
}
/// The same without its fraction; 0 for what is no number.
int clampedInt(double number);

} // namespace tiphys::rollout
