// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"
#include "text/sprig/go_time.h"

#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// \p time in a layout of Go: the reference time "Mon Jan 2 15:04:05 MST 2006" and its parts.
/// Source: golang src/time/format.go (Time.Format)@go1.26
std::string formatTime(const GoTime &time, std::string_view layout);

/// As Go prints a time.Time: "2009-11-10 23:00:00 +0000 UTC".
std::string timeText(const GoTime &time);

/// The moment that \p text shows in \p layout; without a zone in the text it is one of \p location.
/// Errors: Go's (`parsing time "x" as "2006-01-02": cannot parse "x" as "2006"`).
/// Source: golang src/time/format.go (ParseInLocation)@go1.26
TemplateExpected<GoTime> parseTime(std::string_view layout, std::string_view text, const LocationPtr &location);

inline constexpr std::string_view kRfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

/// Parts of a layout.
enum class LayoutPart {
    None,
    LongMonth,
    Month,
    NumberMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    ZoneName,
    IsoZone,
    IsoSecondsZone,
    IsoShortZone,
    IsoColonZone,
    IsoColonSecondsZone,
    NumberZone,
    NumberSecondsZone,
    NumberShortZone,
    NumberColonZone,
    NumberColonSecondsZone,
    Fraction0,
    Fraction9,
};

/// The first part of a layout and the text around it.
struct LayoutStep
{
    std::string_view prefix;
    LayoutPart part = LayoutPart::None;
    std::string_view text; ///< the part as the layout writes it
    std::string_view suffix;
};
LayoutStep nextLayoutStep(std::string_view layout);

} // namespace tiphys::text::sprig
