// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/sprig/go_duration.h"
#include "text/sprig/go_layout.h"
#include "text/sprig/go_number.h"
#include "text/sprig/time_value.h"

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kString;
using types::kTime;

GoTime present(const SprigWorld &world)
{
    const Moment moment = world.now();
    return {moment.seconds, moment.nanoseconds, world.local};
}

GoTime unixTime(const SprigWorld &world, std::int64_t seconds)
{
    return {seconds, 0, world.local};
}

/// Which integers count as seconds since 1970, apart from int and int64.
enum class Int32 { Counts, Ignored };

/// The time that a value means; anything that is none means the present.
GoTime timeFrom(const SprigWorld &world, const TemplateValue &value, Int32 int32)
{
    if (value.is(kTime))
        return timeOf(value);
    if (value.is(types::kInt64) || value.is(types::kInt) || (int32 == Int32::Counts && value.is(types::kInt32)))
        return unixTime(world, value.integer());
    return present(world);
}

LocationPtr locationNamed(const SprigWorld &world, std::string_view name)
{
    if (name == "Local")
        return world.local;
    if (name.empty() || name == "UTC" || !world.location)
        return utcLocation();
    LocationPtr location = world.location(name);
    return location ? location : utcLocation();
}

CallResult dateText(const SprigWorld &world, std::string_view layout, const TemplateValue &date, std::string_view zone)
{
    return textResult(formatTime(timeFrom(world, date, Int32::Counts).in(locationNamed(world, zone)), layout));
}

/// The largest unit of a duration and how many whole ones it has: "3mo", "2h".
/// Source: Masterminds/sprig date.go (durationRound)@v3.3.0
std::string roundedText(std::int64_t duration)
{
    const std::uint64_t length =
        duration < 0 ? 0 - static_cast<std::uint64_t>(duration) : static_cast<std::uint64_t>(duration);
    static constexpr std::pair<std::int64_t, std::string_view> kUnits[] = {
        {365 * 24 * kHour, "y"}, {30 * 24 * kHour, "mo"}, {24 * kHour, "d"}, {kHour, "h"},
        {kMinute, "m"},          {kSecond, "s"}};
    for (const auto &[unit, name] : kUnits) {
        if (length > static_cast<std::uint64_t>(unit))
            return std::to_string(length / static_cast<std::uint64_t>(unit)) + std::string(name);
    }
    return "0s";
}

std::int64_t durationFrom(const SprigWorld &world, const TemplateValue &value)
{
    if (value.is(kString))
        return parseDuration(value.text()).value_or(0);
    if (value.is(types::kInt64))
        return value.integer();
    return value.is(kTime) ? present(world).minus(timeOf(value)) : 0;
}

void addFormatting(FunctionTable &table, const SprigWorldPtr &world)
{
    table.add("date", {&kString, &kAny},
              [world](Arguments args, CallContext &) { return dateText(*world, args[0].text(), args[1], "Local"); });
    for (const char *const name : {"dateInZone", "date_in_zone"}) {
        table.add(name, {&kString, &kAny, &kString}, [world](Arguments args, CallContext &) {
            return dateText(*world, args[0].text(), args[1], args[2].text());
        });
    }
    table.add("htmlDate", {&kAny},
              [world](Arguments args, CallContext &) { return dateText(*world, "2006-01-02", args[0], "Local"); });
    table.add("htmlDateInZone", {&kAny, &kString}, [world](Arguments args, CallContext &) {
        return dateText(*world, "2006-01-02", args[0], args[1].text());
    });
    table.add("unixEpoch", {&kTime},
              [](Arguments args, CallContext &) { return textResult(std::to_string(timeOf(args[0]).seconds)); });
}

void addChanges(FunctionTable &table, const SprigWorldPtr &world)
{
    table.add("now", {}, [world](Arguments, CallContext &) -> CallResult { return timeValue(present(*world)); });
    for (const char *const name : {"dateModify", "date_modify"}) {
        table.add(name, {&kString, &kTime}, [](Arguments args, CallContext &) -> CallResult {
            return timeValue(timeOf(args[1]).plus(parseDuration(args[0].text()).value_or(0)));
        });
    }
    for (const char *const name : {"mustDateModify", "must_date_modify"}) {
        table.add(name, {&kString, &kTime}, [](Arguments args, CallContext &) -> CallResult {
            const TemplateExpected<std::int64_t> duration = parseDuration(args[0].text());
            if (!duration)
                return std::unexpected(duration.error());
            return timeValue(timeOf(args[1]).plus(*duration));
        });
    }
    table.add("toDate", {&kString, &kString}, [world](Arguments args, CallContext &) -> CallResult {
        return timeValue(parseTime(args[0].text(), args[1].text(), world->local).value_or(GoTime()));
    });
    table.add("mustToDate", {&kString, &kString}, [world](Arguments args, CallContext &) -> CallResult {
        TemplateExpected<GoTime> time = parseTime(args[0].text(), args[1].text(), world->local);
        if (!time)
            return std::unexpected(time.error());
        return timeValue(*std::move(time));
    });
}

void addDurations(FunctionTable &table, const SprigWorldPtr &world)
{
    table.add("ago", {&kAny}, [world](Arguments args, CallContext &) {
        const GoTime time = timeFrom(*world, args[0], Int32::Ignored);
        return textResult(durationText(roundedDuration(present(*world).minus(time), kSecond)));
    });
    table.add("duration", {&kAny}, [](Arguments args, CallContext &) {
        std::int64_t seconds = 0;
        if (args[0].is(kString))
            seconds = parseInteger(args[0].text(), 10).value;
        else if (args[0].is(types::kInt64))
            seconds = args[0].integer();
        return textResult(durationText(static_cast<std::int64_t>(static_cast<std::uint64_t>(seconds) * kSecond)));
    });
    table.add("durationRound", {&kAny}, [world](Arguments args, CallContext &) {
        return textResult(roundedText(durationFrom(*world, args[0])));
    });
}

} // namespace

void addDateFunctions(FunctionTable &table, const SprigWorldPtr &world)
{
    addFormatting(table, world);
    addChanges(table, world);
    addDurations(table, world);
}

} // namespace tiphys::text::sprig
