// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/timestamp.h"

#include <algorithm>
#include <array>

namespace tiphys::crd {

namespace {

struct Date
{
    std::int64_t year;
    int month;
    int day;
};

constexpr std::int64_t kSecondsPerDay = 86400;

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar (years begin in March while counting).
std::int64_t daysOf(const Date &date)
{
    const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t yearOfEra = year - era * 400;
    const std::int64_t dayOfYear = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

Date dateOf(std::int64_t days)
{
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const std::int64_t dayOfEra = days - era * 146097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t shifted = (5 * dayOfYear + 2) / 153;
    const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
    return {yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            static_cast<int>(dayOfYear - (153 * shifted + 2) / 5 + 1)};
}

int daysInMonth(std::int64_t year, int month)
{
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leaps = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leaps ? 29 : days[static_cast<std::size_t>(month - 1)];
}

/// Reads fixed-width decimal fields from the front of a text.
class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    int digits(std::size_t count)
    {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (m_text.empty() || m_text.front() < '0' || m_text.front() > '9') {
                m_failed = true;
                return 0;
            }
            value = value * 10 + (m_text.front() - '0');
            m_text.remove_prefix(1);
        }
        return value;
    }
    bool take(char c)
    {
        if (m_text.empty() || m_text.front() != c)
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    void expect(char c) { m_failed = !take(c) || m_failed; }
    void skipDigits()
    {
        while (!m_text.empty() && m_text.front() >= '0' && m_text.front() <= '9')
            m_text.remove_prefix(1);
    }
    bool isDone() const { return !m_failed && m_text.empty(); }

private:
    std::string_view m_text;
    bool m_failed = false;
};

/// Writes \p value, which is below 100, as two digits. Many times are written, and dividing 32 bits is cheaper than dividing
/// 64.
void putTwo(char *place, std::uint32_t value)
{
    place[0] = static_cast<char>('0' + value / 10);
    place[1] = static_cast<char>('0' + value % 10);
}

/// Seconds that a zone suffix ("Z", "+02:00") is ahead of UTC.
int zoneOffset(Scanner &scanner)
{
    if (scanner.take('Z'))
        return 0;
    const int sign = scanner.take('-') ? -1 : 1;
    if (sign == 1)
        scanner.expect('+');
    const int hours = scanner.digits(2);
    scanner.expect(':');
    return sign * (hours * 3600 + scanner.digits(2) * 60);
}

} // namespace

std::string Timestamp::text() const
{
    return std::string(std::string_view(TimestampText(*this)));
}

TimestampText::TimestampText(Timestamp time)
{
    std::int64_t days = time.seconds / kSecondsPerDay;
    std::int64_t rest = time.seconds % kSecondsPerDay;
    if (rest < 0) {
        rest += kSecondsPerDay;
        --days;
    }
    const Date date = dateOf(days);
    char *place = m_text.data();
    if (date.year >= 0 && date.year <= 9999) {
        const auto year = static_cast<std::uint32_t>(date.year);
        putTwo(place, year / 100);
        putTwo(place + 2, year % 100);
        place += 4;
    } else {
        // Far from today: as long as it takes.
        const std::string year = std::to_string(date.year);
        place = std::fill_n(place, year.size() < 4 ? 4 - year.size() : 0, '0');
        place = std::ranges::copy(year, place).out;
    }
    constexpr std::string_view kRest = "-00-00T00:00:00Z";
    std::ranges::copy(kRest, place);
    const auto seconds = static_cast<std::uint32_t>(rest);
    putTwo(place + 1, static_cast<std::uint32_t>(date.month));
    putTwo(place + 4, static_cast<std::uint32_t>(date.day));
    putTwo(place + 7, seconds / 3600);
    putTwo(place + 10, seconds / 60 % 60);
    putTwo(place + 13, seconds % 60);
    m_size = static_cast<std::size_t>(place - m_text.data()) + kRest.size();
}

std::optional<Timestamp> timestampOf(std::string_view rfc3339)
{
    Scanner scanner(rfc3339);
    Date date{};
    date.year = scanner.digits(4);
    scanner.expect('-');
    date.month = scanner.digits(2);
    scanner.expect('-');
    date.day = scanner.digits(2);
    scanner.expect('T');
    const int hours = scanner.digits(2);
    scanner.expect(':');
    const int minutes = scanner.digits(2);
    scanner.expect(':');
    const int seconds = scanner.digits(2);
    if (scanner.take('.')) {
        scanner.digits(1);
        scanner.skipDigits();
    }
    const int offset = zoneOffset(scanner);
    if (!scanner.isDone() || date.month < 1 || date.month > 12 || date.day < 1
        || date.day > daysInMonth(date.year, date.month) || hours > 23 || minutes > 59 || seconds > 59)
        return std::nullopt;
    return Timestamp{daysOf(date) * kSecondsPerDay + hours * 3600 + minutes * 60 + seconds - offset};
}

} // namespace tiphys::crd
