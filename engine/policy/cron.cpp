// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/cron.h"

#include "base/text.h"
#include "policy/calendar.h"

#include <array>
#include <charconv>
#include <span>
#include <vector>

namespace tiphys::policy {

namespace {

/// Marks a field that began with `*` or `?`: days then must match both fields.
constexpr std::uint64_t kStar = 1ULL << 63;
constexpr int kYearsAhead = 5;

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Bounds
{
    unsigned first;
    unsigned last;
    std::span<const std::string_view> names; ///< of first, first + 1, ...
};
const std::array<Bounds, 5> kBounds{{{0, 59, {}}, {0, 23, {}}, {1, 31, {}}, {1, 12, kMonths}, {0, 6, kWeekdays}}};

bool has(std::uint64_t bits, int value)
{
    return (bits >> value & 1) != 0;
}

std::unexpected<Error> refused(std::string message)
{
    return failure(ErrorCode::InvalidInput, std::move(message));
}

Expected<unsigned> numberOf(std::string_view text)
{
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    std::int64_t number = 0;
    const char *const end = digits.data() + digits.size();
    const auto [last, code] = std::from_chars(digits.data(), end, number);
    const bool hasTwoSigns = text.starts_with('+') && digits.starts_with('-');
    if (code != std::errc() || last != end || hasTwoSigns) {
        const std::string_view reason =
            code == std::errc::result_out_of_range ? "value out of range" : "invalid syntax";
        return refused("failed to parse int from " + std::string(text) + ": strconv.Atoi: parsing \""
                       + std::string(text) + "\": " + std::string(reason));
    }
    if (number < 0)
        return refused("negative number (" + std::to_string(number) + ") not allowed: " + std::string(text));
    return number > 1000000 ? 1000000U : static_cast<unsigned>(number);
}

Expected<unsigned> numberOrName(std::string_view text, const Bounds &bounds)
{
    const std::string lower = asciiLower(text);
    for (unsigned i = 0; i < bounds.names.size(); ++i) {
        if (bounds.names[i] == lower)
            return bounds.first + i;
    }
    return numberOf(text);
}

struct Range
{
    unsigned first;
    unsigned last;
    unsigned step = 1;
    bool isStar = false;
};

Expected<Range> boundsOfRange(std::string_view expression, std::string_view range, const Bounds &bounds)
{
    const std::vector<std::string_view> ends = split(range, '-');
    if (ends[0] == "*" || ends[0] == "?")
        return Range{.first = bounds.first, .last = bounds.last, .isStar = true};
    const Expected<unsigned> first = numberOrName(ends[0], bounds);
    if (!first)
        return std::unexpected(first.error());
    if (ends.size() == 1)
        return Range{.first = *first, .last = *first};
    if (ends.size() > 2)
        return refused("too many hyphens: " + std::string(expression));
    const Expected<unsigned> last = numberOrName(ends[1], bounds);
    if (!last)
        return std::unexpected(last.error());
    return Range{.first = *first, .last = *last};
}

Expected<Range> rangeOf(std::string_view expression, const Bounds &bounds)
{
    const std::vector<std::string_view> parts = split(expression, '/');
    Expected<Range> range = boundsOfRange(expression, parts[0], bounds);
    if (!range)
        return range;
    if (parts.size() > 2)
        return refused("too many slashes: " + std::string(expression));
    if (parts.size() == 2) {
        const Expected<unsigned> step = numberOf(parts[1]);
        if (!step)
            return std::unexpected(step.error());
        range->step = *step;
        if (parts[0].find('-') == std::string_view::npos)
            range->last = bounds.last;
        if (*step > 1)
            range->isStar = false;
    }
    const std::string suffix = ": " + std::string(expression);
    const std::string first = std::to_string(range->first);
    const std::string last = std::to_string(range->last);
    if (range->first < bounds.first)
        return refused("beginning of range (" + first + ") below minimum (" + std::to_string(bounds.first) + ")"
                       + suffix);
    if (range->last > bounds.last)
        return refused("end of range (" + last + ") above maximum (" + std::to_string(bounds.last) + ")" + suffix);
    if (range->first > range->last)
        return refused("beginning of range (" + first + ") beyond end of range (" + last + ")" + suffix);
    if (range->step == 0)
        return refused("step of range should be a positive number" + suffix);
    return range;
}

Expected<std::uint64_t> bitsOf(std::string_view field, const Bounds &bounds)
{
    std::uint64_t bits = 0;
    for (const std::string_view expression : split(field, ',')) {
        if (expression.empty())
            continue;
        const Expected<Range> range = rangeOf(expression, bounds);
        if (!range)
            return std::unexpected(range.error());
        for (unsigned value = range->first; value <= range->last; value += range->step)
            bits |= 1ULL << value;
        if (range->isStar)
            bits |= kStar;
    }
    return bits;
}

std::vector<std::string_view> wordsOf(std::string_view text)
{
    constexpr std::string_view space = " \t\n\v\f\r";
    std::vector<std::string_view> words;
    std::size_t at = text.find_first_not_of(space);
    while (at != std::string_view::npos) {
        const std::size_t end = std::min(text.find_first_of(space, at), text.size());
        words.push_back(text.substr(at, end - at));
        at = text.find_first_not_of(space, end);
    }
    return words;
}

std::string listed(const std::vector<std::string_view> &words)
{
    return '[' + join(std::vector<std::string>(words.begin(), words.end()), " ") + ']';
}

} // namespace

Expected<Cron> Cron::parse(std::string_view text)
{
    if (text.empty())
        return refused("empty spec string");
    Cron cron;
    if (text.starts_with("TZ=") || text.starts_with("CRON_TZ=")) {
        const std::size_t space = text.find(' ');
        const std::size_t equals = text.find('=');
        if (space == std::string_view::npos)
            return refused("no schedule after the time zone: " + std::string(text));
        cron.m_zone = text.substr(equals + 1, space - equals - 1);
        text = trimmed(text.substr(space));
    }
    if (text.starts_with('@'))
        return refused("parser does not accept descriptors: " + std::string(text));
    const std::vector<std::string_view> fields = wordsOf(text);
    if (fields.size() != kBounds.size())
        return refused("expected exactly 5 fields, found " + std::to_string(fields.size()) + ": " + listed(fields));
    const std::array<std::uint64_t *, 5> targets{&cron.m_minutes, &cron.m_hours, &cron.m_days, &cron.m_months,
                                                 &cron.m_weekdays};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const Expected<std::uint64_t> bits = bitsOf(fields[i], kBounds[i]);
        if (!bits)
            return std::unexpected(bits.error());
        *targets[i] = *bits;
    }
    return cron;
}

bool Cron::matchesDay(int day, int weekday) const
{
    const bool byDay = has(m_days, day);
    const bool byWeekday = has(m_weekdays, weekday);
    if ((m_days & kStar) != 0 || (m_weekdays & kStar) != 0)
        return byDay && byWeekday;
    return byDay || byWeekday;
}

std::optional<crd::Timestamp> Cron::nextAfter(crd::Timestamp moment) const
{
    // Fires are at full minutes: the first candidate is the next full minute.
    const CivilTime from = civilTimeOf({moment.seconds + 60 - ((moment.seconds % 60) + 60) % 60});
    const int lastYear = civilTimeOf({moment.seconds + 1}).year + kYearsAhead;
    CivilTime time = from;
    while (time.year <= lastYear) {
        if (!has(m_months, time.month)) {
            time = civilTimeOf(momentOf({.year = time.year, .month = time.month + 1}));
            continue;
        }
        if (!matchesDay(time.day, weekdayOf(time))) {
            time = civilTimeOf(momentOf({.year = time.year, .month = time.month, .day = time.day + 1}));
            continue;
        }
        for (int minute = time.hour * 60 + time.minute; minute < 24 * 60; ++minute) {
            if (has(m_hours, minute / 60) && has(m_minutes, minute % 60)) {
                time.hour = minute / 60;
                time.minute = minute % 60;
                return momentOf(time);
            }
        }
        time = civilTimeOf(momentOf({.year = time.year, .month = time.month, .day = time.day + 1}));
    }
    return std::nullopt;
}

} // namespace tiphys::policy
