// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace tiphys::rollout {

std::optional<std::int64_t> decimalOf(std::string_view text)
{
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-'))
            return std::nullopt;
    }
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::optional<int> smallDecimalOf(std::string_view text)
{
    const std::optional<std::int64_t> number = decimalOf(text);
    if (!number || *number < std::numeric_limits<std::int32_t>::min()
        || *number > std::numeric_limits<std::int32_t>::max())
        return std::nullopt;
    return static_cast<int>(*number);
}

int clampedInt(double number)
{
    if (std::isnan(number))
        return 0;
    return static_cast<int>(
        std::clamp<double>(number, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

} // namespace tiphys::rollout
