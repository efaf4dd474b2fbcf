// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/calendar.h"

#include <cstdint>

namespace tiphys::policy {

namespace {

constexpr std::int64_t kSecondsOfDay = 86400;
/// Days from 0000-03-01 to 1970-01-01; years are counted from March so that the leap day ends them.
constexpr std::int64_t kDaysToEpoch = 719468;
constexpr std::int64_t kDaysOfEra = 146097; ///< 400 years

std::int64_t floorDivided(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t daysOf(std::int64_t year, int month, int day)
{
    const std::int64_t shifted = month > 2 ? year : year - 1;
    const std::int64_t era = floorDivided(shifted, 400);
    const std::int64_t yearOfEra = shifted - era * 400;
    const std::int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * kDaysOfEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - kDaysToEpoch;
}

} // namespace

CivilTime civilTimeOf(crd::Timestamp moment)
{
    const std::int64_t days = floorDivided(moment.seconds, kSecondsOfDay);
    const int ofDay = static_cast<int>(moment.seconds - days * kSecondsOfDay);
    const std::int64_t era = floorDivided(days + kDaysToEpoch, kDaysOfEra);
    const std::int64_t dayOfEra = days + kDaysToEpoch - era * kDaysOfEra;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const int dayOfYear = static_cast<int>(dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100));
    const int shiftedMonth = (5 * dayOfYear + 2) / 153;
    CivilTime time;
    time.day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
    time.month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    time.year = static_cast<int>(yearOfEra + era * 400 + (time.month <= 2 ? 1 : 0));
    time.hour = ofDay / 3600;
    time.minute = ofDay / 60 % 60;
    time.second = ofDay % 60;
    return time;
}

crd::Timestamp momentOf(const CivilTime &time)
{
    const std::int64_t years = floorDivided(time.month - 1, 12);
    const int month = static_cast<int>(time.month - 1 - years * 12) + 1;
    const std::int64_t days = daysOf(time.year + years, month, 1) + time.day - 1;
    return {days * kSecondsOfDay + time.hour * 3600LL + time.minute * 60LL + time.second};
}

int weekdayOf(const CivilTime &time)
{
    const std::int64_t days = floorDivided(momentOf(time).seconds, kSecondsOfDay);
    return static_cast<int>(((days + 4) % 7 + 7) % 7);
}

std::string kitchenTimeOf(crd::Timestamp moment)
{
    const CivilTime time = civilTimeOf(moment);
    const int hour = time.hour % 12 == 0 ? 12 : time.hour % 12;
    const std::string minute = std::to_string(time.minute);
    return std::to_string(hour) + ':' + (minute.size() == 1 ? "0" : "") + minute + (time.hour < 12 ? "AM" : "PM");
}

} // namespace tiphys::policy
