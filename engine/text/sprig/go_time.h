// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::text::sprig {

/// What holds in a zone at a moment: seconds east of UTC and the abbreviation ("CEST"; "" if unknown).
struct ZoneOffset
{
    std::int64_t seconds = 0;
    std::string abbreviation;
};

/// A time zone. Pure code has no zone database: the program passes zones in.
class Location
{
public:
    virtual ~Location() = default;
    /// "UTC", "Local", "Europe/Berlin".
    virtual std::string_view name() const = 0;
    /// What holds at \p seconds since 1970 in UTC.
    virtual ZoneOffset at(std::int64_t seconds) const = 0;
    /// What \p abbreviation means around \p seconds; nothing if the zone has no such name.
    virtual std::optional<std::int64_t> offsetNamed(std::string_view abbreviation, std::int64_t seconds) const;
};
using LocationPtr = std::shared_ptr<const Location>;

/// A zone that never changes.
LocationPtr fixedLocation(std::string name, std::int64_t offsetSeconds, std::string abbreviation);
/// UTC itself: one object.
const LocationPtr &utcLocation();

/// Parts of a moment as a calendar and a clock show them.
struct CivilTime
{
    std::int64_t year = 1;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

/// Go's time.Time without a monotonic reading: a moment and the zone it is shown in.
struct GoTime
{
    /// Since 1970 in UTC.
    std::int64_t seconds = kZeroSeconds;
    std::int32_t nanoseconds = 0;
    LocationPtr location = utcLocation();

    /// Year 1, January 1, 00:00:00 UTC: Go's zero time.
    static constexpr std::int64_t kZeroSeconds = -62'135'596'800;

    bool isZero() const { return seconds == kZeroSeconds && nanoseconds == 0; }
    /// As its own zone shows it.
    CivilTime civil() const;
    /// 0 is Sunday.
    int weekday() const;
    /// 1 is January 1.
    int dayOfYear() const;
    GoTime in(LocationPtr other) const;
    /// \p duration in nanoseconds later.
    GoTime plus(std::int64_t duration) const;
    /// Nanoseconds from \p other to this, at most what 64 bits hold.
    std::int64_t minus(const GoTime &other) const;
};

/// Days from 1970-01-01 to a date; months outside of 1 to 12 and days outside of the month are carried over.
std::int64_t daysSince1970(std::int64_t year, std::int64_t month, std::int64_t day);
int daysInMonth(std::int64_t year, int month);
bool isLeapYear(std::int64_t year);
/// The moment at which clocks of \p location show \p civil; parts out of range are carried over.
/// Source: golang src/time/time.go (Date)@go1.26
GoTime timeAt(const CivilTime &civil, std::int32_t nanoseconds, const LocationPtr &location);

/// English names; \p month 1 to 12, \p weekday from 0 (Sunday).
std::string_view monthName(int month);
std::string_view weekdayName(int weekday);

} // namespace tiphys::text::sprig
