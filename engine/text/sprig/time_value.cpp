// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/time_value.h"

#include "text/gotemplate/function.h"
#include "text/sprig/go_duration.h"
#include "text/sprig/go_json.h"
#include "text/sprig/go_layout.h"

#include <memory>
#include <string>

namespace tiphys::text {

namespace {

using sprig::GoTime;
using sprig::timeOf;

class TimeContent final : public ObjectContent
{
public:
    explicit TimeContent(GoTime held) : time(std::move(held)) {}
    const GoTime time;
};

class TimeMethods final : public JsonMethods
{
public:
    bool isStringer() const override { return true; }
    std::string text(const TemplateValue &value) const override { return sprig::timeText(timeOf(value)); }
    object::Value jsonValue(const TemplateValue &value) const override
    {
        return sprig::formatTime(timeOf(value), sprig::kRfc3339Nano);
    }
    FunctionPtr method(const TemplateValue &receiver, std::string_view name) const override;
};

class DurationMethods final : public TypeMethods
{
public:
    bool isStringer() const override { return true; }
    std::string text(const TemplateValue &value) const override { return sprig::durationText(value.integer()); }
    FunctionPtr method(const TemplateValue &receiver, std::string_view name) const override;
};

/// Names of months and days.
class NameMethods final : public TypeMethods
{
public:
    NameMethods(std::string_view (*nameOf)(int), int first, int last) : m_nameOf(nameOf), m_first(first), m_last(last)
    {
    }
    bool isStringer() const override { return true; }
    std::string text(const TemplateValue &value) const override
    {
        if (value.integer() < m_first || value.integer() > m_last)
            return "%!" + std::string(m_last == 12 ? "Month" : "Weekday") + "(" + std::to_string(value.integer()) + ")";
        return std::string(m_nameOf(static_cast<int>(value.integer())));
    }
    FunctionPtr method(const TemplateValue &receiver, std::string_view name) const override;

private:
    std::string_view (*m_nameOf)(int);
    int m_first;
    int m_last;
};

const TimeMethods kTimeMethods;
const DurationMethods kDurationMethods;
const NameMethods kMonthMethods(sprig::monthName, 1, 12);
const NameMethods kWeekdayMethods(sprig::weekdayName, 0, 6);

FunctionPtr bound(std::vector<const Type *> parameters, Callable call)
{
    return std::make_shared<Function>(Function{{std::move(parameters), false}, std::move(call)});
}

FunctionPtr constant(TemplateValue value)
{
    return bound({}, [value = std::move(value)](Arguments, CallContext &) -> CallResult { return value; });
}

FunctionPtr NameMethods::method(const TemplateValue &receiver, std::string_view name) const
{
    return name == "String" ? constant(TemplateValue::string(text(receiver))) : nullptr;
}

} // namespace

namespace types {
const Type kTime{Kind::Struct, "time.Time", nullptr, nullptr, &kTimeMethods};
const Type kDuration{Kind::Int64, "time.Duration", nullptr, &kInt64, &kDurationMethods};
const Type kMonth{Kind::Int, "time.Month", nullptr, &kInt, &kMonthMethods};
const Type kWeekday{Kind::Int, "time.Weekday", nullptr, &kInt, &kWeekdayMethods};
} // namespace types

namespace {

using types::kDuration;
using types::kInt;
using types::kString;
using types::kTime;

TemplateValue number(std::int64_t value)
{
    return TemplateValue::integer(value);
}

/// Methods without arguments that give a plain value.
TemplateValue partOf(const GoTime &time, std::string_view name)
{
    const sprig::CivilTime civil = time.civil();
    if (name == "Year")
        return number(civil.year);
    if (name == "Month")
        return TemplateValue::signedOf(types::kMonth, civil.month);
    if (name == "Day")
        return number(civil.day);
    if (name == "Hour")
        return number(civil.hour);
    if (name == "Minute")
        return number(civil.minute);
    if (name == "Second")
        return number(civil.second);
    if (name == "Nanosecond")
        return number(time.nanoseconds);
    if (name == "YearDay")
        return number(time.dayOfYear());
    if (name == "Weekday")
        return TemplateValue::signedOf(types::kWeekday, time.weekday());
    if (name == "Unix")
        return TemplateValue::int64(time.seconds);
    if (name == "UnixMilli")
        return TemplateValue::int64(time.seconds * 1'000 + time.nanoseconds / 1'000'000);
    if (name == "UnixMicro")
        return TemplateValue::int64(time.seconds * 1'000'000 + time.nanoseconds / 1'000);
    if (name == "UnixNano")
        return TemplateValue::int64(static_cast<std::int64_t>(static_cast<std::uint64_t>(time.seconds) * 1'000'000'000u
                                                              + static_cast<std::uint64_t>(time.nanoseconds)));
    if (name == "IsZero")
        return TemplateValue::boolean(time.isZero());
    if (name == "String")
        return TemplateValue::string(sprig::timeText(time));
    if (name == "UTC")
        return sprig::timeValue(time.in(sprig::utcLocation()));
    return {};
}

/// Below 0 if \p left is earlier.
std::int64_t order(const GoTime &left, const GoTime &right)
{
    if (left.seconds != right.seconds)
        return left.seconds < right.seconds ? -1 : 1;
    return left.nanoseconds - right.nanoseconds;
}

FunctionPtr compared(const TemplateValue &receiver, bool (*accepts)(std::int64_t))
{
    return bound({&kTime}, [receiver, accepts](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::boolean(accepts(order(timeOf(receiver), timeOf(args[0]))));
    });
}

CallResult plusDate(const GoTime &time, Arguments args)
{
    sprig::CivilTime civil = time.civil();
    for (const TemplateValue &arg : args) {
        if (arg.integer() > 10'000'000 || arg.integer() < -10'000'000)
            return templateError("time: AddDate out of range");
    }
    const std::int64_t days = sprig::daysSince1970(civil.year + args[0].integer(), civil.month + args[1].integer(),
                                                   civil.day + args[2].integer());
    GoTime start;
    start.seconds = days * 86'400;
    const sprig::CivilTime date = start.civil();
    civil.year = date.year;
    civil.month = date.month;
    civil.day = date.day;
    return sprig::timeValue(sprig::timeAt(civil, time.nanoseconds, time.location));
}

FunctionPtr TimeMethods::method(const TemplateValue &receiver, std::string_view name) const
{
    if (TemplateValue part = partOf(timeOf(receiver), name); !part.isNil())
        return constant(std::move(part));
    if (name == "Format")
        return bound({&kString}, [receiver](Arguments args, CallContext &) -> CallResult {
            return TemplateValue::string(sprig::formatTime(timeOf(receiver), args[0].text()));
        });
    if (name == "Add")
        return bound({&kDuration}, [receiver](Arguments args, CallContext &) -> CallResult {
            return sprig::timeValue(timeOf(receiver).plus(args[0].integer()));
        });
    if (name == "AddDate")
        return bound({&kInt, &kInt, &kInt},
                     [receiver](Arguments args, CallContext &) { return plusDate(timeOf(receiver), args); });
    if (name == "Sub")
        return bound({&kTime}, [receiver](Arguments args, CallContext &) -> CallResult {
            return sprig::durationValue(timeOf(receiver).minus(timeOf(args[0])));
        });
    if (name == "Before")
        return compared(receiver, [](std::int64_t difference) { return difference < 0; });
    if (name == "After")
        return compared(receiver, [](std::int64_t difference) { return difference > 0; });
    if (name == "Equal")
        return compared(receiver, [](std::int64_t difference) { return difference == 0; });
    return nullptr;
}

FunctionPtr DurationMethods::method(const TemplateValue &receiver, std::string_view name) const
{
    const std::int64_t nanoseconds = receiver.integer();
    const auto in = [&](std::int64_t unit) {
        // Whole and fraction apart, as the original does.
        return constant(TemplateValue::float64(static_cast<double>(nanoseconds / unit)
                                               + static_cast<double>(nanoseconds % unit) / static_cast<double>(unit)));
    };
    if (name == "String")
        return constant(TemplateValue::string(sprig::durationText(nanoseconds)));
    if (name == "Hours")
        return in(sprig::kHour);
    if (name == "Minutes")
        return in(sprig::kMinute);
    if (name == "Seconds")
        return in(sprig::kSecond);
    if (name == "Milliseconds")
        return constant(TemplateValue::int64(nanoseconds / 1'000'000));
    if (name == "Microseconds")
        return constant(TemplateValue::int64(nanoseconds / 1'000));
    if (name == "Nanoseconds")
        return constant(TemplateValue::int64(nanoseconds));
    return nullptr;
}

} // namespace

namespace sprig {

TemplateValue timeValue(GoTime time)
{
    return TemplateValue::object(types::kTime, std::make_unique<TimeContent>(std::move(time)));
}

const GoTime &timeOf(const TemplateValue &value)
{
    return static_cast<const TimeContent *>(value.objectContent())->time;
}

TemplateValue durationValue(std::int64_t nanoseconds)
{
    return TemplateValue::signedOf(types::kDuration, nanoseconds);
}

} // namespace sprig
} // namespace tiphys::text
