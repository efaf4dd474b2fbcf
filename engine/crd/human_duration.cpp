// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/human_duration.h"

namespace tiphys::crd {

namespace {

/// "3h" or, where the smaller part is not zero, "3h20m".
std::string parts(std::int64_t large, char largeUnit, std::int64_t small, char smallUnit)
{
    std::string text = std::to_string(large) + largeUnit;
    if (small != 0)
        text += std::to_string(small) + smallUnit;
    return text;
}

} // namespace

std::string humanDuration(std::int64_t seconds)
{
    if (seconds < -1)
        return "<invalid>";
    if (seconds < 0)
        return "0s";
    if (seconds < 120)
        return std::to_string(seconds) + "s";
    const std::int64_t minutes = seconds / 60;
    if (minutes < 10)
        return parts(minutes, 'm', seconds % 60, 's');
    if (minutes < 180)
        return std::to_string(minutes) + "m";
    const std::int64_t hours = minutes / 60;
    if (hours < 8)
        return parts(hours, 'h', minutes % 60, 'm');
    if (hours < 48)
        return std::to_string(hours) + "h";
    const std::int64_t days = hours / 24;
    if (hours < 192)
        return parts(days, 'd', hours % 24, 'h');
    if (hours < 24 * 365 * 2)
        return std::to_string(days) + "d";
    if (hours < 24 * 365 * 8)
        return parts(days / 365, 'y', days % 365, 'd');
    return std::to_string(days / 365) + "y";
}

} // namespace tiphys::crd
