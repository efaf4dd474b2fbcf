// SPDX-License-Identifier: GPL-3.0-or-later
#include "process/lua_time.h"

#include <array>
#include <chrono>

namespace tiphys::process {

namespace {

constexpr std::array<std::string_view, 7> kDays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

std::string two(std::int64_t number)
{
    const std::string text = std::to_string(number);
    return text.size() < 2 ? "0" + text : text;
}

std::string clock(const CivilTime &time)
{
    return two(time.hour) + ":" + two(time.minute) + ":" + two(time.second);
}

std::string yearText(std::int64_t year)
{
    std::string text = std::to_string(year);
    while (text.size() < 4)
        text.insert(0, "0");
    return text;
}

/// What `%verb` stands for; nothing for unknown verbs.
std::optional<std::string> partOf(char verb, const CivilTime &time)
{
    const std::string_view month = kMonths.at(static_cast<std::size_t>(time.month - 1));
    const std::string_view day = kDays.at(static_cast<std::size_t>(time.weekday));
    const int half = time.hour % 12 == 0 ? 12 : time.hour % 12;
    switch (verb) {
    case 'a': return "mon"; // a layout that Go does not know as one, printed as it stands
    case 'A': return std::string(day);
    case 'b': return std::string(month.substr(0, 3));
    case 'B': return std::string(month);
    case 'c':
        return two(time.day) + " " + std::string(month.substr(0, 3)) + " " + two(time.year % 100) + " " + two(time.hour)
               + ":" + two(time.minute) + " UTC";
    case 'd': return two(time.day);
    case 'F': return yearText(time.year) + "-" + two(time.month) + "-" + two(time.day);
    case 'H': return two(time.hour);
    case 'I': return two(half);
    case 'm': return two(time.month);
    case 'M': return two(time.minute);
    case 'p': return time.hour >= 12 ? "PM" : "AM";
    case 'P': return time.hour >= 12 ? "pm" : "am";
    case 'S': return two(time.second);
    case 'w': return std::to_string(time.weekday);
    case 'x': return two(time.hour) + "/" + two(time.minute) + "/" + two(time.second);
    case 'X': return clock(time);
    case 'y': return two(time.year % 100);
    case 'Y': return yearText(time.year);
    case 'z': return "+0000";
    case 'Z': return "UTC";
    default: return std::nullopt;
    }
}

} // namespace

CivilTime civilTimeOf(std::int64_t seconds)
{
    using namespace std::chrono;
    constexpr std::int64_t kDay = 86'400;
    const std::int64_t dayNumber = seconds / kDay - (seconds % kDay < 0 ? 1 : 0);
    const int second = static_cast<int>(seconds - dayNumber * kDay);
    // 400 years have 146097 days: years far away are told from one near by.
    constexpr std::int64_t kEraDays = 146'097;
    const std::int64_t era = dayNumber / kEraDays - (dayNumber % kEraDays < 0 ? 1 : 0);
    const year_month_day date{sys_days(days(static_cast<int>(dayNumber - era * kEraDays)))};
    CivilTime time;
    time.year = static_cast<int>(date.year()) + era * 400;
    time.month = static_cast<int>(static_cast<unsigned>(date.month()));
    time.day = static_cast<int>(static_cast<unsigned>(date.day()));
    time.hour = second / 3600;
    time.minute = second / 60 % 60;
    time.second = second % 60;
    time.weekday = static_cast<int>((dayNumber % 7 + 11) % 7);
    return time;
}

std::int64_t secondsOf(const CivilTime &time)
{
    const std::int64_t months = time.year * 12 + (time.month - 1);
    const std::int64_t year = months / 12 - (months % 12 < 0 ? 1 : 0);
    const std::int64_t month = months - year * 12; // 0 is January
    // Days before March 1 of a year that starts in March, so that the leap day is its last.
    const std::int64_t shifted = month < 2 ? year - 1 : year;
    const std::int64_t era = shifted / 400 - (shifted % 400 < 0 ? 1 : 0);
    const std::int64_t yearOfEra = shifted - era * 400;
    const std::int64_t dayOfYear = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5;
    const std::int64_t days =
        era * 146'097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719'468 + (time.day - 1);
    return days * 86'400 + std::int64_t{time.hour} * 3600 + std::int64_t{time.minute} * 60 + time.second;
}

std::string dateText(std::string_view pattern, std::int64_t seconds)
{
    const CivilTime time = civilTimeOf(seconds);
    std::string text;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] != '%' || at + 1 == pattern.size()) {
            text += pattern[at];
            continue;
        }
        const char verb = pattern[++at];
        if (verb == '%') {
            text += '%';
        } else if (const std::optional<std::string> part = partOf(verb, time)) {
            text += *part;
        } else {
            text += '%';
            text += verb;
        }
    }
    return text;
}

} // namespace tiphys::process
