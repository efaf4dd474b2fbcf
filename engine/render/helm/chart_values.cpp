// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_values.h"

#include "base/text.h"
#include "object/json.h"
#include "object/view.h"

#include <algorithm>
#include <map>
#include <optional>

namespace tiphys::render {

using object::Value;
using object::View;

namespace {

constexpr std::string_view kGlobal = "global";

/// Members of a map that is being built: one pass over a large map instead of a copy for each change.
using Members = std::map<std::string, Value, std::less<>>;

Members membersOf(const Value &map)
{
    Members members;
    for (const auto &[key, value] : map.entries())
        members.emplace(key, value);
    return members;
}

Value mapOf(const Members &members)
{
    std::vector<std::pair<std::string, Value>> list(members.begin(), members.end());
    return Value::map(list);
}

bool hasNulls(const View &map)
{
    for (std::size_t i = 0; i < map.size(); ++i) {
        const View value = map.valueAt(i);
        if (value.isNull() || (value.isMap() && hasNulls(value)))
            return true;
    }
    return false;
}

Value withoutNulls(const Value &map)
{
    if (!hasNulls(View(map)))
        return map;
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[key, value] : map.entries()) {
        if (!value.isNull())
            members.emplace_back(std::string(key), value.isMap() ? withoutNulls(value) : value);
    }
    return Value::map(members);
}

/// A value as `%!t(…)` shows it.
std::string typeMismatch(const Value &value)
{
    if (value.isNull())
        return "%!t(<nil>)";
    if (value.isBool())
        return value.boolOr(false) ? "true" : "false";
    if (value.isInteger())
        return "%!t(int64=" + object::toJson(value) + ")";
    if (value.isNumber())
        return "%!t(float64=" + object::toJson(value) + ")";
    if (value.isString())
        return "%!t(string=" + std::string(value.stringOr()) + ")";
    return "[...]";
}

/// Puts the values of \p chart below those in \p members.
void addDefaults(const Chart &chart, Members &members, Nulls nulls)
{
    for (const auto &[key, own] : chart.values.entries()) {
        const auto found = members.find(key);
        if (found == members.end()) {
            if (nulls == Nulls::Keep)
                members.emplace(key, own);
            else if (!own.isNull())
                members.emplace(key, own.isMap() ? withoutNulls(own) : own);
            continue;
        }
        if (found->second.isNull() && nulls == Nulls::Remove) {
            members.erase(found);
            continue;
        }
        if (!found->second.isMap() || !own.isMap())
            continue;
        const bool isSubchart = std::ranges::contains(chart.dependencies, key, &Chart::name);
        const Nulls here = isSubchart ? Nulls::Keep : nulls;
        found->second = coalescedMaps(found->second, here == Nulls::Keep ? own : withoutNulls(own), here);
    }
}

/// The globals of a parent over those of \p child.
void addGlobals(Members &child, const Members &parent)
{
    const auto own = child.find(kGlobal);
    if (own != child.end() && !own->second.isMap())
        return;
    const auto from = parent.find(kGlobal);
    if (from != parent.end() && !from->second.isMap())
        return;
    Members globals = own == child.end() ? Members() : membersOf(own->second);
    if (from != parent.end()) {
        for (const auto &[key, value] : from->second.entries()) {
            const auto known = globals.find(key);
            if (known == globals.end())
                globals.emplace(key, value);
            else if (value.isMap() && known->second.isMap())
                known->second = coalescedMaps(value, known->second, Nulls::Keep);
            else if (!value.isMap() && !known->second.isMap())
                known->second = value;
        }
    }
    child.insert_or_assign(std::string(kGlobal), mapOf(globals));
}

Expected<Value> coalesced(const Chart &chart, const Value &over, Nulls nulls)
{
    Members members = membersOf(over);
    addDefaults(chart, members, nulls);
    for (const Chart &subchart : chart.dependencies) {
        Value &own = members.try_emplace(subchart.name(), Value::map({})).first->second;
        if (!own.isMap())
            return failure(ErrorCode::InvalidInput, "type mismatch on " + subchart.name() + ": " + typeMismatch(own));
        Members child = membersOf(own);
        addGlobals(child, members);
        const Expected<Value> values = coalesced(subchart, mapOf(child), nulls);
        if (!values)
            return values;
        own = *values;
    }
    return mapOf(members);
}

} // namespace

Expected<Value> coalescedValues(const Chart &chart, const Value &over, Nulls nulls)
{
    return coalesced(chart, over.isMap() ? over : Value::map({}), nulls);
}

Value coalescedMaps(const Value &target, const Value &source, Nulls nulls)
{
    if (source.isMap() && target.isMap() && target.isEmpty())
        return source;
    if (source.isMap() && target.isMap() && source.isEmpty())
        return target;
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[key, value] : target.entries()) {
        const std::optional<Value> below = source.find(key);
        if (value.isNull() && nulls == Nulls::Remove && below && !below->isNull())
            continue;
        const bool areMaps = below && below->isMap() && value.isMap();
        members.emplace_back(std::string(key), areMaps ? coalescedMaps(value, *below, nulls) : value);
    }
    for (const auto &[key, value] : source.entries()) {
        if (!target.contains(key))
            members.emplace_back(std::string(key), value);
    }
    return Value::map(members);
}

std::optional<Value> valueAt(const Value &values, std::string_view path)
{
    Value current = values;
    for (const std::string_view part : split(path, '.')) {
        if (!current.isMap())
            return std::nullopt;
        const std::optional<Value> next = current.find(part);
        if (!next)
            return std::nullopt;
        current = *next;
    }
    return current;
}

} // namespace tiphys::render
