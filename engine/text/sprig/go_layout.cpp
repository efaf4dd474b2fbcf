// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/go_layout.h"

namespace tiphys::text::sprig {

namespace {

struct PartWord
{
    std::string_view text;
    LayoutPart part;
    bool needsNoLowerCase = false; ///< no part where a lower case letter follows
};

/// In the order in which they are tried at a place.
constexpr PartWord kWords[] = {
    {"January", LayoutPart::LongMonth},
    {"Jan", LayoutPart::Month, true},
    {"Monday", LayoutPart::LongWeekday},
    {"Mon", LayoutPart::Weekday, true},
    {"MST", LayoutPart::ZoneName},
    {"01", LayoutPart::ZeroMonth},
    {"02", LayoutPart::ZeroDay},
    {"03", LayoutPart::ZeroHour12},
    {"04", LayoutPart::ZeroMinute},
    {"05", LayoutPart::ZeroSecond},
    {"06", LayoutPart::Year},
    {"002", LayoutPart::ZeroYearDay},
    {"15", LayoutPart::Hour},
    {"1", LayoutPart::NumberMonth},
    {"2006", LayoutPart::LongYear},
    {"2", LayoutPart::Day},
    {"_2", LayoutPart::UnderDay},
    {"__2", LayoutPart::UnderYearDay},
    {"3", LayoutPart::Hour12},
    {"4", LayoutPart::Minute},
    {"5", LayoutPart::Second},
    {"PM", LayoutPart::UpperPm},
    {"pm", LayoutPart::LowerPm},
    {"-070000", LayoutPart::NumberSecondsZone},
    {"-07:00:00", LayoutPart::NumberColonSecondsZone},
    {"-0700", LayoutPart::NumberZone},
    {"-07:00", LayoutPart::NumberColonZone},
    {"-07", LayoutPart::NumberShortZone},
    {"Z070000", LayoutPart::IsoSecondsZone},
    {"Z07:00:00", LayoutPart::IsoColonSecondsZone},
    {"Z0700", LayoutPart::IsoZone},
    {"Z07:00", LayoutPart::IsoColonZone},
    {"Z07", LayoutPart::IsoShortZone},
};

bool isDigitAt(std::string_view text, std::size_t i)
{
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
}

LayoutStep stepAt(std::string_view layout, std::size_t at, std::size_t size, LayoutPart part)
{
    return {layout.substr(0, at), part, layout.substr(at, size), layout.substr(at + size)};
}

/// Length of ".000" or ",999" at the start of \p rest; 0 if it is none.
std::size_t fractionLength(std::string_view rest)
{
    if (rest.size() < 2 || (rest[0] != '.' && rest[0] != ',') || (rest[1] != '0' && rest[1] != '9'))
        return 0;
    std::size_t end = 1;
    while (end < rest.size() && rest[end] == rest[1])
        ++end;
    return isDigitAt(rest, end) ? 0 : end;
}

void appendPadded(std::string &out, std::int64_t value, std::size_t width)
{
    std::string digits = std::to_string(value < 0 ? -value : value);
    if (value < 0)
        out += '-';
    if (digits.size() < width)
        out.append(width - digits.size(), '0');
    out += digits;
}

bool isIsoZone(LayoutPart part)
{
    return part >= LayoutPart::IsoZone && part <= LayoutPart::IsoColonSecondsZone;
}

void appendZone(std::string &out, std::int64_t offset, LayoutPart part)
{
    if (offset == 0 && isIsoZone(part)) {
        out += 'Z';
        return;
    }
    const bool isShort = part == LayoutPart::NumberShortZone || part == LayoutPart::IsoShortZone;
    const bool hasSeconds = part == LayoutPart::IsoSecondsZone || part == LayoutPart::NumberSecondsZone
                            || part == LayoutPart::IsoColonSecondsZone || part == LayoutPart::NumberColonSecondsZone;
    const bool hasColon = part == LayoutPart::IsoColonZone || part == LayoutPart::NumberColonZone
                          || part == LayoutPart::IsoColonSecondsZone || part == LayoutPart::NumberColonSecondsZone;
    std::int64_t minutes = offset / 60;
    std::int64_t seconds = offset;
    out += minutes < 0 ? '-' : '+';
    if (minutes < 0) {
        minutes = -minutes;
        seconds = -seconds;
    }
    appendPadded(out, minutes / 60, 2);
    if (hasColon)
        out += ':';
    if (!isShort)
        appendPadded(out, minutes % 60, 2);
    if (!hasSeconds)
        return;
    if (hasColon)
        out += ':';
    appendPadded(out, seconds % 60, 2);
}

void appendFraction(std::string &out, std::int32_t nanoseconds, const LayoutStep &step)
{
    const std::size_t digits = step.text.size() - 1;
    const bool trims = step.part == LayoutPart::Fraction9;
    if (trims && nanoseconds == 0)
        return;
    out += step.text[0];
    std::string fraction;
    appendPadded(fraction, nanoseconds, 9);
    if (digits < 9)
        fraction.resize(digits);
    out += fraction;
    if (!trims)
        return;
    while (out.ends_with('0'))
        out.pop_back();
    if (out.ends_with(step.text[0]))
        out.pop_back();
}

void appendHour12(std::string &out, int hour, std::size_t width)
{
    appendPadded(out, hour % 12 == 0 ? 12 : hour % 12, width);
}

void appendYearDay(std::string &out, int day)
{
    std::string digits = std::to_string(day);
    out.append(3 - digits.size(), ' ');
    out += digits;
}

void appendPart(std::string &out, const LayoutStep &step, const GoTime &time, const CivilTime &civil)
{
    switch (step.part) {
    case LayoutPart::None: break;
    case LayoutPart::Year: appendPadded(out, (civil.year < 0 ? -civil.year : civil.year) % 100, 2); break;
    case LayoutPart::LongYear: appendPadded(out, civil.year, 4); break;
    case LayoutPart::Month: out += monthName(civil.month).substr(0, 3); break;
    case LayoutPart::LongMonth: out += monthName(civil.month); break;
    case LayoutPart::NumberMonth: appendPadded(out, civil.month, 0); break;
    case LayoutPart::ZeroMonth: appendPadded(out, civil.month, 2); break;
    case LayoutPart::Weekday: out += weekdayName(time.weekday()).substr(0, 3); break;
    case LayoutPart::LongWeekday: out += weekdayName(time.weekday()); break;
    case LayoutPart::Day: appendPadded(out, civil.day, 0); break;
    case LayoutPart::UnderDay:
        if (civil.day < 10)
            out += ' ';
        appendPadded(out, civil.day, 0);
        break;
    case LayoutPart::ZeroDay: appendPadded(out, civil.day, 2); break;
    case LayoutPart::UnderYearDay: appendYearDay(out, time.dayOfYear()); break;
    case LayoutPart::ZeroYearDay: appendPadded(out, time.dayOfYear(), 3); break;
    case LayoutPart::Hour: appendPadded(out, civil.hour, 2); break;
    case LayoutPart::Hour12: appendHour12(out, civil.hour, 0); break;
    case LayoutPart::ZeroHour12: appendHour12(out, civil.hour, 2); break;
    case LayoutPart::Minute: appendPadded(out, civil.minute, 0); break;
    case LayoutPart::ZeroMinute: appendPadded(out, civil.minute, 2); break;
    case LayoutPart::Second: appendPadded(out, civil.second, 0); break;
    case LayoutPart::ZeroSecond: appendPadded(out, civil.second, 2); break;
    case LayoutPart::UpperPm: out += civil.hour >= 12 ? "PM" : "AM"; break;
    case LayoutPart::LowerPm: out += civil.hour >= 12 ? "pm" : "am"; break;
    case LayoutPart::ZoneName: {
        const ZoneOffset offset = time.location->at(time.seconds);
        if (offset.abbreviation.empty())
            appendZone(out, offset.seconds, LayoutPart::NumberZone);
        else
            out += offset.abbreviation;
        break;
    }
    case LayoutPart::IsoZone:
    case LayoutPart::IsoSecondsZone:
    case LayoutPart::IsoShortZone:
    case LayoutPart::IsoColonZone:
    case LayoutPart::IsoColonSecondsZone:
    case LayoutPart::NumberZone:
    case LayoutPart::NumberSecondsZone:
    case LayoutPart::NumberShortZone:
    case LayoutPart::NumberColonZone:
    case LayoutPart::NumberColonSecondsZone: appendZone(out, time.location->at(time.seconds).seconds, step.part); break;
    case LayoutPart::Fraction0:
    case LayoutPart::Fraction9: appendFraction(out, time.nanoseconds, step); break;
    }
}

} // namespace

LayoutStep nextLayoutStep(std::string_view layout)
{
    for (std::size_t i = 0; i < layout.size(); ++i) {
        const std::string_view rest = layout.substr(i);
        // "_2006" is an underscore and a year.
        if (rest.starts_with("_2006"))
            return stepAt(layout, i + 1, 4, LayoutPart::LongYear);
        for (const PartWord &word : kWords) {
            if (!rest.starts_with(word.text))
                continue;
            const bool lowerFollows =
                rest.size() > word.text.size() && rest[word.text.size()] >= 'a' && rest[word.text.size()] <= 'z';
            if (!(word.needsNoLowerCase && lowerFollows))
                return stepAt(layout, i, word.text.size(), word.part);
        }
        if (const std::size_t length = fractionLength(rest))
            return stepAt(layout, i, length, rest[1] == '0' ? LayoutPart::Fraction0 : LayoutPart::Fraction9);
    }
    return {layout, LayoutPart::None, {}, {}};
}

std::string formatTime(const GoTime &time, std::string_view layout)
{
    const CivilTime civil = time.civil();
    std::string text;
    while (!layout.empty()) {
        const LayoutStep step = nextLayoutStep(layout);
        text += step.prefix;
        appendPart(text, step, time, civil);
        layout = step.suffix;
    }
    return text;
}

std::string timeText(const GoTime &time)
{
    return formatTime(time, "2006-01-02 15:04:05.999999999 -0700 MST");
}

} // namespace tiphys::text::sprig
