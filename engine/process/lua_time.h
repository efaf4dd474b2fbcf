// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::process {

/// A moment in parts, in UTC.
struct CivilTime
{
    std::int64_t year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int weekday = 4; ///< 0 is Sunday
};

CivilTime civilTimeOf(std::int64_t seconds);
/// Seconds since 1970 of parts that may lie outside of their ranges: month 13 is January of the next year.
std::int64_t secondsOf(const CivilTime &time);

/// `os.date` with \p pattern: a A b B c d F H I m M p P S w x X y Y z Z of strftime, as the original prints them.
/// Source: argo-cd util/lua/oslib_safe.go (strftime)@v3.5.1
std::string dateText(std::string_view pattern, std::int64_t seconds);

} // namespace tiphys::process
