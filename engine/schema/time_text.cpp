// SPDX-License-Identifier: GPL-3.0-or-later
#include "schema/time_text.h"

#include <array>
#include <charconv>
#include <limits>

namespace tiphys::schema {

namespace {

struct Moment
{
    std::int64_t seconds = 0; ///< since 1970, UTC
    std::string_view fraction;
};

std::int64_t daysFromCivil(std::int64_t year, int month, int day)
{
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t yearOfEra = year - era * 400;
    const int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

std::array<int, 3> civilFromDays(std::int64_t days)
{
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const auto dayOfEra = static_cast<int>(days - era * 146097);
    const int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const int shifted = (5 * dayOfYear + 2) / 153;
    const int month = shifted < 10 ? shifted + 3 : shifted - 9;
    const int year = static_cast<int>(yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    return {year, month, dayOfYear - (153 * shifted + 2) / 5 + 1};
}

int daysInMonth(int year, int month)
{
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && isLeap ? 29 : days[month - 1];
}

/// Takes exactly \p digits digits off the front; -1 if they are not there.
int takeNumber(std::string_view &text, std::size_t digits)
{
    int number = 0;
    if (text.size() < digits)
        return -1;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view &text, char wanted)
{
    if (!text.starts_with(wanted))
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> takeOffset(std::string_view &text)
{
    if (take(text, 'Z'))
        return 0;
    const bool isEast = text.starts_with('+');
    if (!isEast && !text.starts_with('-'))
        return std::nullopt;
    text.remove_prefix(1);
    const int hours = takeNumber(text, 2);
    const bool hasColon = take(text, ':');
    const int minutes = takeNumber(text, 2);
    if (!hasColon || hours < 0 || hours > 24 || minutes < 0 || minutes > 59)
        return std::nullopt;
    return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60);
}

std::optional<Moment> momentOf(std::string_view text)
{
    const int year = takeNumber(text, 4);
    const bool dash = take(text, '-');
    const int month = takeNumber(text, 2);
    const bool secondDash = take(text, '-');
    const int day = takeNumber(text, 2);
    const bool separator = take(text, 'T');
    const int hour = takeNumber(text, 2);
    const bool colon = take(text, ':');
    const int minute = takeNumber(text, 2);
    const bool secondColon = take(text, ':');
    const int second = takeNumber(text, 2);
    if (!dash || !secondDash || !separator || !colon || !secondColon || year < 0 || month < 1 || month > 12 || day < 1
        || day > daysInMonth(year, month) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0
        || second > 59)
        return std::nullopt;
    Moment moment;
    if (take(text, '.')) {
        const auto end = text.find_first_not_of("0123456789");
        moment.fraction = text.substr(0, end);
        if (moment.fraction.empty() || end == std::string_view::npos)
            return std::nullopt;
        text.remove_prefix(end);
    }
    const std::optional<std::int64_t> offset = takeOffset(text);
    if (!offset || !text.empty())
        return std::nullopt;
    moment.seconds = daysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - *offset;
    return moment;
}

std::string padded(std::int64_t number, std::size_t width)
{
    const std::string digits = std::to_string(number);
    return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

std::string utcText(std::int64_t seconds)
{
    std::int64_t days = seconds / 86400;
    std::int64_t rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        --days;
    }
    const auto [year, month, day] = civilFromDays(days);
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T" + padded(rest / 3600, 2) + ":"
           + padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2);
}

struct Unit
{
    std::string_view name;
    std::uint64_t nanoseconds;
};
constexpr Unit kUnits[] = {
    {"ns", 1},         {"us", 1'000},        {"\u00b5s", 1'000},    {"\u03bcs", 1'000},
    {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000},
};
constexpr std::uint64_t kMostNegative = 1ULL << 63;

/// One "12.5ms" off the front; nothing if it is malformed or too large.
std::optional<std::uint64_t> takeDurationPart(std::string_view &text)
{
    const auto digitsEnd = [](std::string_view s) { return std::min(s.find_first_not_of("0123456789"), s.size()); };
    std::size_t count = digitsEnd(text);
    std::uint64_t whole = 0;
    bool hasDigits = count > 0;
    if (count > 0 && std::from_chars(text.data(), text.data() + count, whole).ec != std::errc())
        return std::nullopt;
    text.remove_prefix(count);
    std::string_view fraction;
    if (take(text, '.')) {
        fraction = text.substr(0, digitsEnd(text));
        text.remove_prefix(fraction.size());
        hasDigits = hasDigits || !fraction.empty();
    }
    const std::string_view name = text.substr(0, std::min(text.find_first_of(".0123456789"), text.size()));
    for (const Unit &unit : kUnits) {
        if (!hasDigits || unit.name != name)
            continue;
        text.remove_prefix(name.size());
        if (whole > kMostNegative / unit.nanoseconds)
            return std::nullopt;
        std::uint64_t sum = whole * unit.nanoseconds;
        double scale = 1;
        std::uint64_t parts = 0;
        for (const char digit : fraction.substr(0, 18)) {
            parts = parts * 10 + static_cast<std::uint64_t>(digit - '0');
            scale *= 10;
        }
        sum += static_cast<std::uint64_t>(static_cast<double>(parts) * (static_cast<double>(unit.nanoseconds) / scale));
        return sum > kMostNegative ? std::nullopt : std::optional(sum);
    }
    return std::nullopt;
}

/// \p value / \p unit with its fraction and without trailing zeros.
std::string fractionText(std::uint64_t value, std::uint64_t unit)
{
    std::string text = std::to_string(value / unit);
    std::string fraction;
    for (std::uint64_t rest = value % unit, step = unit / 10; rest > 0; rest %= step, step /= 10)
        fraction += static_cast<char>('0' + rest / step);
    return fraction.empty() ? text : text + "." + fraction;
}

} // namespace

std::optional<std::string> utcSeconds(std::string_view rfc3339)
{
    const std::optional<Moment> moment = momentOf(rfc3339);
    return moment ? std::optional(utcText(moment->seconds) + "Z") : std::nullopt;
}

std::optional<std::string> utcMicroseconds(std::string_view rfc3339)
{
    const std::optional<Moment> moment = momentOf(rfc3339);
    if (!moment || moment->fraction.size() != 6)
        return std::nullopt;
    return utcText(moment->seconds) + "." + std::string(moment->fraction) + "Z";
}

std::optional<std::int64_t> parsedDuration(std::string_view text)
{
    const bool isNegative = text.starts_with('-');
    if (isNegative || text.starts_with('+'))
        text.remove_prefix(1);
    if (text == "0")
        return 0;
    if (text.empty())
        return std::nullopt;
    std::uint64_t sum = 0;
    while (!text.empty()) {
        const std::optional<std::uint64_t> part = takeDurationPart(text);
        if (!part || sum + *part > kMostNegative)
            return std::nullopt;
        sum += *part;
    }
    if (isNegative)
        return sum == kMostNegative ? std::numeric_limits<std::int64_t>::min() : -static_cast<std::int64_t>(sum);
    return sum == kMostNegative ? std::nullopt : std::optional(static_cast<std::int64_t>(sum));
}

std::string durationText(std::int64_t nanoseconds)
{
    if (nanoseconds == 0)
        return "0s";
    const bool isNegative = nanoseconds < 0;
    const std::uint64_t value =
        isNegative ? ~static_cast<std::uint64_t>(nanoseconds) + 1 : static_cast<std::uint64_t>(nanoseconds);
    const std::string sign = isNegative ? "-" : "";
    if (value < 1'000)
        return sign + std::to_string(value) + "ns";
    if (value < 1'000'000)
        return sign + fractionText(value, 1'000) + "\u00b5s";
    if (value < 1'000'000'000)
        return sign + fractionText(value, 1'000'000) + "ms";
    const std::uint64_t minutes = value / 60'000'000'000;
    std::string text = fractionText(value % 60'000'000'000, 1'000'000'000) + "s";
    if (minutes > 0)
        text = std::to_string(minutes % 60) + "m" + text;
    if (minutes >= 60)
        text = std::to_string(minutes / 60) + "h" + text;
    return sign + text;
}

} // namespace tiphys::schema
