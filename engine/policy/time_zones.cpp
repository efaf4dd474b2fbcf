// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/time_zones.h"

#include <charconv>

namespace tiphys::policy {

std::optional<std::int64_t> FixedTimeZones::offsetSeconds(std::string_view zone, crd::Timestamp) const
{
    if (zone.empty() || zone == "UTC" || zone == "Etc/UTC" || zone == "Etc/GMT" || zone == "GMT")
        return 0;
    constexpr std::string_view prefix = "Etc/GMT";
    if (!zone.starts_with(prefix))
        return std::nullopt;
    const std::string_view sign = zone.substr(prefix.size(), 1);
    const std::string_view digits = zone.substr(prefix.size() + sign.size());
    int hours = 0;
    const auto [last, code] = std::from_chars(digits.data(), digits.data() + digits.size(), hours);
    const bool isWhole = code == std::errc() && last == digits.data() + digits.size();
    if ((sign != "+" && sign != "-") || !isWhole || hours > 14)
        return std::nullopt;
    // POSIX counts west as positive.
    return (sign == "+" ? -3600 : 3600) * hours;
}

} // namespace tiphys::policy
