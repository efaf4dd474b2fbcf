// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/toml_writer.h"

#include "text/sprig/time_value.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <string>
#include <vector>

namespace tiphys::text::sprig {

namespace {

/// A date without a time, or a time without a zone, lies in a zone that tells so by its name.
LocationPtr namedLocation(const char *name)
{
    return fixedLocation(name, 0, name);
}

TemplateValue timeOfParts(const toml::date *date, const toml::time *clock, const LocationPtr &location)
{
    CivilTime civil{0, 1, 1, 0, 0, 0};
    if (date) {
        civil.year = date->year;
        civil.month = date->month;
        civil.day = date->day;
    }
    std::int32_t nanoseconds = 0;
    if (clock) {
        civil.hour = clock->hour;
        civil.minute = clock->minute;
        civil.second = clock->second;
        nanoseconds = static_cast<std::int32_t>(clock->nanosecond);
    }
    return timeValue(timeAt(civil, nanoseconds, location));
}

TemplateValue timeOfDateTime(const toml::date_time &moment)
{
    if (!moment.offset)
        return timeOfParts(&moment.date, &moment.time, namedLocation("datetime-local"));
    const std::int64_t seconds = moment.offset->minutes * std::int64_t(60);
    return timeOfParts(&moment.date, &moment.time, seconds == 0 ? utcLocation() : fixedLocation("", seconds, ""));
}

TemplateValue valueOf(const toml::node &node);

TemplateValue mapOf(const toml::table &table)
{
    std::vector<MapEntry> entries;
    for (const auto &[key, node] : table)
        entries.push_back({TemplateValue::string(key.str()), valueOf(node)});
    return TemplateValue::map(std::move(entries));
}

TemplateValue listOf(const toml::array &array)
{
    std::vector<TemplateValue> items;
    for (const toml::node &node : array)
        items.push_back(valueOf(node));
    const toml::table *const first = array.empty() ? nullptr : array[0].as_table();
    const bool isTables = first && !first->is_inline();
    return TemplateValue::list(std::move(items), isTables ? types::kAnyMapList : types::kAnyList);
}

TemplateValue valueOf(const toml::node &node)
{
    switch (node.type()) {
    case toml::node_type::none: break;
    case toml::node_type::table: return mapOf(*node.as_table());
    case toml::node_type::array: return listOf(*node.as_array());
    case toml::node_type::string: return TemplateValue::string(node.as_string()->get());
    case toml::node_type::integer: return TemplateValue::int64(node.as_integer()->get());
    case toml::node_type::floating_point: return TemplateValue::float64(node.as_floating_point()->get());
    case toml::node_type::boolean: return TemplateValue::boolean(node.as_boolean()->get());
    case toml::node_type::date: return timeOfParts(&node.as_date()->get(), nullptr, namedLocation("date-local"));
    case toml::node_type::time: return timeOfParts(nullptr, &node.as_time()->get(), namedLocation("time-local"));
    case toml::node_type::date_time: return timeOfDateTime(node.as_date_time()->get());
    }
    return {};
}

} // namespace

TemplateExpected<TemplateValue> parseToml(std::string_view text)
{
    const toml::parse_result result = toml::parse(text);
    if (!result)
        return templateError("toml: line " + std::to_string(result.error().source().begin.line) + ": "
                             + std::string(result.error().description()));
    return mapOf(result.table());
}

} // namespace tiphys::text::sprig
