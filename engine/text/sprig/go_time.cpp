// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/go_time.h"

#include <limits>
#include <utility>

namespace tiphys::text::sprig {

namespace {

constexpr std::int64_t kDaySeconds = 86'400;

class FixedLocation final : public Location
{
public:
    FixedLocation(std::string name, std::int64_t seconds, std::string abbreviation)
        : m_name(std::move(name)), m_offset{seconds, std::move(abbreviation)}
    {
    }
    std::string_view name() const override { return m_name; }
    ZoneOffset at(std::int64_t) const override { return m_offset; }

private:
    std::string m_name;
    ZoneOffset m_offset;
};

std::int64_t floorDivided(std::int64_t value, std::int64_t divisor)
{
    return value / divisor - (value % divisor < 0 ? 1 : 0);
}

/// Year, month and day of a number of days since 1970, by eras of 400 years that begin in March.
CivilTime dateOf(std::int64_t days)
{
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floorDivided(shifted, 146'097);
    const std::int64_t dayOfEra = shifted - era * 146'097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t month = (5 * dayOfYear + 2) / 153;
    CivilTime date;
    date.day = static_cast<int>(dayOfYear - (153 * month + 2) / 5 + 1);
    date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
    date.year = yearOfEra + era * 400 + (date.month <= 2 ? 1 : 0);
    return date;
}

} // namespace

std::optional<std::int64_t> Location::offsetNamed(std::string_view abbreviation, std::int64_t seconds) const
{
    const ZoneOffset offset = at(seconds);
    if (offset.abbreviation == abbreviation)
        return offset.seconds;
    for (const std::int64_t months : {-6, 6}) {
        const ZoneOffset other = at(seconds + months * 30 * kDaySeconds);
        if (other.abbreviation == abbreviation)
            return other.seconds;
    }
    return std::nullopt;
}

LocationPtr fixedLocation(std::string name, std::int64_t offsetSeconds, std::string abbreviation)
{
    return std::make_shared<FixedLocation>(std::move(name), offsetSeconds, std::move(abbreviation));
}

const LocationPtr &utcLocation()
{
    static const LocationPtr utc = fixedLocation("UTC", 0, "UTC");
    return utc;
}

std::int64_t daysSince1970(std::int64_t year, std::int64_t month, std::int64_t day)
{
    const std::int64_t carried = floorDivided(month - 1, 12);
    year += carried;
    month -= carried * 12;
    const std::int64_t shiftedYear = year - (month <= 2 ? 1 : 0);
    const std::int64_t era = floorDivided(shiftedYear, 400);
    const std::int64_t yearOfEra = shiftedYear - era * 400;
    const std::int64_t dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146'097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719'468;
}

bool isLeapYear(std::int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysInMonth(std::int64_t year, int month)
{
    if (month == 2)
        return isLeapYear(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

CivilTime GoTime::civil() const
{
    const std::int64_t shown = seconds + location->at(seconds).seconds;
    const std::int64_t days = floorDivided(shown, kDaySeconds);
    const auto clock = static_cast<int>(shown - days * kDaySeconds);
    CivilTime civil = dateOf(days);
    civil.hour = clock / 3600;
    civil.minute = clock / 60 % 60;
    civil.second = clock % 60;
    return civil;
}

int GoTime::weekday() const
{
    const std::int64_t days = floorDivided(seconds + location->at(seconds).seconds, kDaySeconds);
    return static_cast<int>(((days + 4) % 7 + 7) % 7);
}

int GoTime::dayOfYear() const
{
    const CivilTime date = civil();
    return static_cast<int>(daysSince1970(date.year, date.month, date.day) - daysSince1970(date.year, 1, 1)) + 1;
}

GoTime GoTime::in(LocationPtr other) const
{
    GoTime result = *this;
    result.location = std::move(other);
    return result;
}

GoTime GoTime::plus(std::int64_t duration) const
{
    GoTime result = *this;
    std::int64_t nanos = nanoseconds + duration % 1'000'000'000;
    result.seconds += duration / 1'000'000'000;
    if (nanos >= 1'000'000'000) {
        ++result.seconds;
        nanos -= 1'000'000'000;
    } else if (nanos < 0) {
        --result.seconds;
        nanos += 1'000'000'000;
    }
    result.nanoseconds = static_cast<std::int32_t>(nanos);
    return result;
}

std::int64_t GoTime::minus(const GoTime &other) const
{
    constexpr std::int64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
    const std::int64_t difference = seconds - other.seconds;
    const std::int64_t nanos = nanoseconds - other.nanoseconds;
    if (difference > kMaxSeconds || (difference == kMaxSeconds && nanos > 854'775'807))
        return std::numeric_limits<std::int64_t>::max();
    if (difference < -kMaxSeconds || (difference == -kMaxSeconds && nanos < -854'775'807))
        return std::numeric_limits<std::int64_t>::min();
    return difference * 1'000'000'000 + nanos;
}

GoTime timeAt(const CivilTime &civil, std::int32_t nanoseconds, const LocationPtr &location)
{
    GoTime time;
    time.seconds = daysSince1970(civil.year, civil.month, civil.day) * kDaySeconds + civil.hour * std::int64_t(3600)
                   + civil.minute * 60 + civil.second;
    time.nanoseconds = nanoseconds;
    time.location = location;
    // The zone asks for UTC: try with the shown time, then once more with what that gave.
    const std::int64_t first = location->at(time.seconds).seconds;
    if (first != 0)
        time.seconds -= location->at(time.seconds - first).seconds;
    return time;
}

std::string_view monthName(int month)
{
    static constexpr std::string_view kNames[] = {"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};
    return kNames[month - 1];
}

std::string_view weekdayName(int weekday)
{
    static constexpr std::string_view kNames[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                  "Thursday", "Friday", "Saturday"};
    return kNames[weekday];
}

} // namespace tiphys::text::sprig
