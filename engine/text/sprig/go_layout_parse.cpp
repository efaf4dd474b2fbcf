// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/go_layout.h"

#include "text/sprig/go_duration.h"

#include <optional>

namespace tiphys::text::sprig {

namespace {

bool isDigitAt(std::string_view text, std::size_t i)
{
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
}

bool equalsIgnoringCase(std::string_view text, std::string_view name)
{
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (text[i] != name[i]
            && ((text[i] | 0x20) != (name[i] | 0x20) || (text[i] | 0x20) < 'a' || (text[i] | 0x20) > 'z'))
            return false;
    }
    return true;
}

/// Reads a time part by part. A part that does not fit sets m_bad, one out of range names itself in m_range.
class TimeReader
{
public:
    TimeReader(std::string_view layout, std::string_view text, const LocationPtr &location)
        : m_layout(layout), m_text(text), m_value(text), m_location(location)
    {
    }

    TemplateExpected<GoTime> read()
    {
        std::string_view layout = m_layout;
        while (true) {
            const LayoutStep step = nextLayoutStep(layout);
            if (!skip(step.prefix))
                return cannotParse(step.prefix, m_value);
            if (step.part == LayoutPart::None) {
                if (!m_value.empty())
                    return fault(": extra text: " + timeQuoted(m_value));
                break;
            }
            layout = step.suffix;
            const std::string_view hold = m_value;
            takePart(step);
            if (!m_range.empty())
                return fault(": " + std::string(m_range) + " out of range");
            if (m_bad)
                return cannotParse(step.text, hold);
        }
        return finished();
    }

private:
    std::unexpected<TemplateError> fault(const std::string &words) const
    {
        return templateError("parsing time " + timeQuoted(m_text) + words);
    }
    std::unexpected<TemplateError> cannotParse(std::string_view part, std::string_view rest) const
    {
        return fault(" as " + timeQuoted(m_layout) + ": cannot parse " + timeQuoted(rest) + " as " + timeQuoted(part));
    }

    bool skip(std::string_view prefix)
    {
        while (!prefix.empty()) {
            if (prefix[0] == ' ') {
                if (!m_value.empty() && m_value[0] != ' ')
                    return false;
                while (prefix.starts_with(' '))
                    prefix.remove_prefix(1);
                while (m_value.starts_with(' '))
                    m_value.remove_prefix(1);
                continue;
            }
            if (m_value.empty() || m_value[0] != prefix[0])
                return false;
            prefix.remove_prefix(1);
            m_value.remove_prefix(1);
        }
        return true;
    }

    /// One or two digits, taken off; with \p isFixed exactly two.
    int takeNumber(bool isFixed)
    {
        if (!isDigitAt(m_value, 0) || (isFixed && !isDigitAt(m_value, 1))) {
            m_bad = true;
            return 0;
        }
        int number = m_value[0] - '0';
        m_value.remove_prefix(1);
        if (isDigitAt(m_value, 0)) {
            number = number * 10 + (m_value[0] - '0');
            m_value.remove_prefix(1);
        }
        return number;
    }

    int takeNumber(bool isFixed, int low, int high, std::string_view name)
    {
        const int number = takeNumber(isFixed);
        if (!m_bad && (number < low || number > high))
            m_range = name;
        return number;
    }

    /// Index of the name at the start, taken off; -1 and m_bad if there is none.
    int takeName(std::string_view (*nameOf)(int), int first, int last, std::size_t length)
    {
        for (int i = first; i <= last; ++i) {
            const std::string_view name = nameOf(i).substr(0, length);
            if (m_value.size() >= name.size() && equalsIgnoringCase(m_value, name)) {
                m_value.remove_prefix(name.size());
                return i;
            }
        }
        m_bad = true;
        return -1;
    }

    void takePart(const LayoutStep &step)
    {
        switch (step.part) {
        case LayoutPart::None: break;
        case LayoutPart::Year: takeYear(); break;
        case LayoutPart::LongYear: takeLongYear(); break;
        case LayoutPart::Month: m_month = takeName(monthName, 1, 12, 3); break;
        case LayoutPart::LongMonth: m_month = takeName(monthName, 1, 12, 99); break;
        case LayoutPart::NumberMonth:
        case LayoutPart::ZeroMonth: m_month = takeNumber(step.part == LayoutPart::ZeroMonth, 1, 12, "month"); break;
        case LayoutPart::Weekday: takeName(weekdayName, 0, 6, 3); break;
        case LayoutPart::LongWeekday: takeName(weekdayName, 0, 6, 99); break;
        case LayoutPart::UnderDay:
            if (m_value.starts_with(' '))
                m_value.remove_prefix(1);
            [[fallthrough]];
        case LayoutPart::Day:
        case LayoutPart::ZeroDay: m_day = takeNumber(step.part == LayoutPart::ZeroDay); break;
        case LayoutPart::UnderYearDay:
        case LayoutPart::ZeroYearDay: takeYearDay(step.part == LayoutPart::ZeroYearDay); break;
        case LayoutPart::Hour: m_hour = takeNumber(false, 0, 23, "hour"); break;
        case LayoutPart::Hour12:
        case LayoutPart::ZeroHour12: m_hour = takeNumber(step.part == LayoutPart::ZeroHour12, 0, 12, "hour"); break;
        case LayoutPart::Minute:
        case LayoutPart::ZeroMinute: m_minute = takeNumber(step.part == LayoutPart::ZeroMinute, 0, 59, "minute"); break;
        case LayoutPart::Second:
        case LayoutPart::ZeroSecond: takeSecond(step); break;
        case LayoutPart::UpperPm: takeHalfDay("AM", "PM"); break;
        case LayoutPart::LowerPm: takeHalfDay("am", "pm"); break;
        case LayoutPart::ZoneName: takeZoneName(); break;
        case LayoutPart::Fraction0: takeFraction(step.text.size()); break;
        case LayoutPart::Fraction9:
            if (m_value.size() >= 2 && (m_value[0] == '.' || m_value[0] == ',') && isDigitAt(m_value, 1))
                takeFraction(fractionLength());
            break;
        case LayoutPart::IsoZone:
        case LayoutPart::IsoSecondsZone:
        case LayoutPart::IsoShortZone:
        case LayoutPart::IsoColonZone:
        case LayoutPart::IsoColonSecondsZone:
            if (m_value.starts_with('Z')) {
                m_value.remove_prefix(1);
                m_isUtc = true;
                break;
            }
            [[fallthrough]];
        case LayoutPart::NumberZone:
        case LayoutPart::NumberSecondsZone:
        case LayoutPart::NumberShortZone:
        case LayoutPart::NumberColonZone:
        case LayoutPart::NumberColonSecondsZone: takeNumberZone(step.text.substr(1)); break;
        }
    }

    void takeYear()
    {
        if (m_value.size() < 2) {
            m_bad = true;
            return;
        }
        // Go reads these two characters as a signed number.
        const bool isSigned = m_value[0] == '-' || m_value[0] == '+';
        if (!isDigitAt(m_value, 1) || (!isSigned && !isDigitAt(m_value, 0))) {
            m_bad = true;
            return;
        }
        int year = m_value[1] - '0' + (isSigned ? 0 : (m_value[0] - '0') * 10);
        if (m_value[0] == '-')
            year = -year;
        m_value.remove_prefix(2);
        m_year = year + (year >= 69 ? 1900 : 2000);
    }

    void takeLongYear()
    {
        int year = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            if (!isDigitAt(m_value, i)) {
                m_bad = true;
                return;
            }
            year = year * 10 + (m_value[i] - '0');
        }
        m_value.remove_prefix(4);
        m_year = year;
    }

    void takeYearDay(bool isFixed)
    {
        for (int i = 0; i < 2 && !isFixed && m_value.starts_with(' '); ++i)
            m_value.remove_prefix(1);
        int digits = 0, day = 0;
        for (; digits < 3 && isDigitAt(m_value, static_cast<std::size_t>(digits)); ++digits)
            day = day * 10 + (m_value[static_cast<std::size_t>(digits)] - '0');
        m_bad = digits == 0 || (isFixed && digits != 3);
        if (m_bad)
            return;
        m_value.remove_prefix(static_cast<std::size_t>(digits));
        m_yearDay = day;
    }

    /// Length of a point and the digits after it.
    std::size_t fractionLength() const
    {
        std::size_t length = 1;
        while (isDigitAt(m_value, length))
            ++length;
        return length;
    }

    void takeSecond(const LayoutStep &step)
    {
        m_second = takeNumber(step.part == LayoutPart::ZeroSecond, 0, 59, "second");
        if (m_bad || !m_range.empty())
            return;
        // A fraction may follow that the layout does not name.
        if (m_value.size() < 2 || (m_value[0] != '.' && m_value[0] != ',') || !isDigitAt(m_value, 1))
            return;
        const LayoutPart next = nextLayoutStep(step.suffix).part;
        if (next != LayoutPart::Fraction0 && next != LayoutPart::Fraction9)
            takeFraction(fractionLength());
    }

    void takeFraction(std::size_t length)
    {
        if (m_value.size() < length || (m_value[0] != '.' && m_value[0] != ',')) {
            m_bad = true;
            return;
        }
        std::int32_t nanoseconds = 0;
        for (std::size_t i = 1; i < 10; ++i) {
            if (i < length && !isDigitAt(m_value, i)) {
                m_bad = true;
                return;
            }
            nanoseconds = nanoseconds * 10 + (i < length ? m_value[i] - '0' : 0);
        }
        m_nanoseconds = nanoseconds;
        m_value.remove_prefix(length);
    }

    void takeHalfDay(std::string_view before, std::string_view after)
    {
        const std::string_view word = m_value.substr(0, 2);
        m_isAfternoon |= word == after;
        m_isMorning |= word == before;
        m_bad = word != after && word != before;
        if (!m_bad)
            m_value.remove_prefix(2);
    }

    /// \p form: "07", "0700", "07:00", "070000" or "07:00:00".
    void takeNumberZone(std::string_view form)
    {
        if (m_value.size() < form.size() + 1) {
            m_bad = true;
            return;
        }
        const std::string_view whole = m_value.substr(0, form.size() + 1);
        const std::string_view rest = m_value.substr(form.size() + 1);
        int numbers[3] = {0, 0, 0};
        static constexpr std::string_view kNames[] = {"time zone offset hour", "time zone offset minute",
                                                      "time zone offset second"};
        for (std::size_t at = 0; at < form.size(); ++at)
            m_bad = m_bad || (form[at] == ':' && whole[at + 1] != ':');
        if (m_bad)
            return;
        std::size_t at = 1;
        for (int i = 0; at < whole.size(); ++i) {
            if (form[at - 1] == ':')
                ++at;
            if (!isDigitAt(whole, at) || !isDigitAt(whole, at + 1)) {
                m_bad = true;
                return;
            }
            numbers[i] = (whole[at] - '0') * 10 + (whole[at + 1] - '0');
            if (numbers[i] > (i == 0 ? 24 : 60))
                m_range = kNames[i];
            at += 2;
        }
        const std::int64_t offset = (numbers[0] * 60 + numbers[1]) * 60 + numbers[2];
        m_bad = whole[0] != '+' && whole[0] != '-';
        m_value = rest;
        m_zoneOffset = whole[0] == '-' ? -offset : offset;
    }

    void takeZoneName()
    {
        if (m_value.starts_with("UTC")) {
            m_isUtc = true;
            m_value.remove_prefix(3);
            return;
        }
        const std::size_t length = zoneNameLength();
        m_bad = length == 0;
        m_zoneName = m_value.substr(0, length);
        m_value.remove_prefix(length);
    }

    static std::size_t signedOffsetLength(std::string_view text)
    {
        if (text.empty() || (text[0] != '-' && text[0] != '+'))
            return 0;
        std::size_t end = 1;
        std::uint64_t hours = 0;
        for (; isDigitAt(text, end); ++end)
            hours = hours < 1000 ? hours * 10 + static_cast<std::uint64_t>(text[end] - '0') : hours;
        return end == 1 || hours > 23 ? 0 : end;
    }

    std::size_t zoneNameLength() const
    {
        if (m_value.size() < 3)
            return 0;
        if (m_value.starts_with("ChST") || m_value.starts_with("MeST"))
            return 4;
        if (m_value.starts_with("GMT"))
            return 3 + signedOffsetLength(m_value.substr(3));
        if (m_value[0] == '+' || m_value[0] == '-')
            return signedOffsetLength(m_value);
        std::size_t letters = 0;
        while (letters < 6 && letters < m_value.size() && m_value[letters] >= 'A' && m_value[letters] <= 'Z')
            ++letters;
        if (letters == 3)
            return 3;
        if (letters == 4 && (m_value[3] == 'T' || m_value.starts_with("WITA")))
            return 4;
        return letters == 5 && m_value[4] == 'T' ? 5 : 0;
    }

    /// Month and day of the day of the year; an error text if they contradict what was read.
    std::string applyYearDay()
    {
        int day = *m_yearDay;
        int month = 0;
        const bool leapDay = isLeapYear(m_year) && day == 31 + 29;
        if (isLeapYear(m_year) && day > 31 + 29)
            --day;
        if (day < 1 || day > 365)
            return ": day-of-year out of range";
        if (leapDay) {
            month = 2;
            day = 29;
        } else {
            for (month = 1; day > daysInMonth(1, month); ++month)
                day -= daysInMonth(1, month);
        }
        if (m_month >= 0 && m_month != month)
            return ": day-of-year does not match month";
        if (m_day >= 0 && m_day != day)
            return ": day-of-year does not match day";
        m_month = month;
        m_day = day;
        return {};
    }

    TemplateExpected<GoTime> finished()
    {
        if (m_isAfternoon && m_hour < 12)
            m_hour += 12;
        else if (m_isMorning && m_hour == 12)
            m_hour = 0;
        if (m_yearDay) {
            if (const std::string words = applyYearDay(); !words.empty())
                return fault(words);
        }
        m_month = m_month < 0 ? 1 : m_month;
        m_day = m_day < 0 ? 1 : m_day;
        if (m_day < 1 || m_day > daysInMonth(m_year, m_month))
            return fault(": day out of range");
        const CivilTime civil{m_year, m_month, m_day, m_hour, m_minute, m_second};
        if (m_isUtc)
            return timeAt(civil, m_nanoseconds, utcLocation());
        if (!m_zoneOffset && m_zoneName.empty())
            return timeAt(civil, m_nanoseconds, m_location);
        return inNamedZone(timeAt(civil, m_nanoseconds, utcLocation()));
    }

    /// \p time was read as UTC; shifts it by the zone of the text.
    GoTime inNamedZone(GoTime time) const
    {
        if (m_zoneOffset && *m_zoneOffset != -1) {
            time.seconds -= *m_zoneOffset;
            const ZoneOffset local = m_location->at(time.seconds);
            const bool isLocal =
                local.seconds == *m_zoneOffset && (m_zoneName.empty() || m_zoneName == local.abbreviation);
            return time.in(isLocal ? m_location
                                   : fixedLocation(std::string(m_zoneName), *m_zoneOffset, std::string(m_zoneName)));
        }
        if (const std::optional<std::int64_t> offset = m_location->offsetNamed(m_zoneName, time.seconds)) {
            time.seconds -= *offset;
            return time.in(m_location);
        }
        std::int64_t offset = 0;
        if (m_zoneName.size() > 3 && m_zoneName.starts_with("GMT")) {
            for (const char c : m_zoneName.substr(4))
                offset = offset * 10 + (c - '0');
            offset *= m_zoneName[3] == '-' ? -3600 : 3600;
        }
        return time.in(fixedLocation(std::string(m_zoneName), offset, std::string(m_zoneName)));
    }

    std::string_view m_layout;
    std::string_view m_text;
    std::string_view m_value;
    LocationPtr m_location;
    bool m_bad = false;
    std::string_view m_range;
    int m_year = 0;
    int m_month = -1;
    int m_day = -1;
    std::optional<int> m_yearDay;
    int m_hour = 0;
    int m_minute = 0;
    int m_second = 0;
    std::int32_t m_nanoseconds = 0;
    bool m_isMorning = false;
    bool m_isAfternoon = false;
    bool m_isUtc = false;
    std::optional<std::int64_t> m_zoneOffset;
    std::string_view m_zoneName;
};

} // namespace

TemplateExpected<GoTime> parseTime(std::string_view layout, std::string_view text, const LocationPtr &location)
{
    return TimeReader(layout, text, location).read();
}

} // namespace tiphys::text::sprig
