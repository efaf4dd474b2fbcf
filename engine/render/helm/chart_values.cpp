// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_values.h"

#include "base/text.h"
#include "object/json.h"
#include "object/view.h"
#include "render/helm/value_table.h"

#include <algorithm>

namespace tiphys::render {

using object::Value;
using object::View;

namespace {

constexpr std::string_view kGlobal = "global";

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

/// Puts the values of \p chart below those in \p values.
void addDefaults(const Chart &chart, ValueTable &values, Nulls nulls)
{
    for (const auto &[key, own] : chart.values.entries()) {
        const auto found = values.items.find(key);
        if (found == values.items.end()) {
            if (nulls == Nulls::Keep)
                values.items.emplace(key, TableItem{.value = own});
            else if (!own.isNull())
                values.items.emplace(key, TableItem{.value = own.isMap() ? withoutNulls(own) : own});
            continue;
        }
        TableItem &given = found->second;
        if (given.isNull() && nulls == Nulls::Remove) {
            values.items.erase(found);
            continue;
        }
        if (!given.isTable() || !own.isMap())
            continue;
        const bool isSubchart = std::ranges::contains(chart.dependencies, key, &Chart::name);
        const Nulls here = isSubchart ? Nulls::Keep : nulls;
        const Value defaults = here == Nulls::Keep ? own : withoutNulls(own);
        if (given.table)
            putBelow(*given.table, defaults, here);
        else
            given.value = coalescedMaps(given.value, defaults, here);
    }
}

/// The globals of a parent over those of \p child. The tables inside of the parent's are the child's own from then on.
Expected<void> addGlobals(ValueTable &child, ValueTable &parent)
{
    const auto own = child.items.find(kGlobal);
    if (own != child.items.end() && !own->second.isTable())
        return {};
    const auto from = parent.items.find(kGlobal);
    if (from != parent.items.end() && !from->second.isTable())
        return {};
    const ValueTablePtr globals = own == child.items.end() ? std::make_shared<ValueTable>() : own->second.opened();
    if (from != parent.items.end()) {
        const ValueTablePtr given = from->second.opened();
        for (auto &[key, item] : given->items) {
            const auto known = globals->items.find(key);
            if (!item.isTable()) {
                if (known == globals->items.end() || !known->second.isTable())
                    globals->items.insert_or_assign(key, item);
                continue;
            }
            if (known != globals->items.end() && !known->second.isTable())
                continue;
            for (auto &[name, nested] : item.opened()->items) {
                if (nested.isTable())
                    nested.opened();
            }
            const auto copy = std::make_shared<ValueTable>(*item.opened());
            if (known != globals->items.end()) {
                if (const Expected<void> put = putTableBelow(*copy, *known->second.opened()); !put)
                    return put;
            }
            globals->items.insert_or_assign(key, TableItem{.table = copy});
        }
    }
    child.items.insert_or_assign(std::string(kGlobal), TableItem{.table = globals});
    return {};
}

Expected<void> coalesce(const Chart &chart, ValueTable &values, Nulls nulls)
{
    addDefaults(chart, values, nulls);
    for (const Chart &subchart : chart.dependencies) {
        TableItem &own = values.items.try_emplace(subchart.name(), TableItem{.value = Value::map({})}).first->second;
        if (!own.isTable())
            return failure(ErrorCode::InvalidInput,
                           "type mismatch on " + subchart.name() + ": " + typeMismatch(own.value));
        const ValueTablePtr child = own.opened();
        if (const Expected<void> added = addGlobals(*child, values); !added)
            return added;
        if (const Expected<void> done = coalesce(subchart, *child, nulls); !done)
            return done;
    }
    return {};
}

} // namespace

Expected<Value> coalescedValues(const Chart &chart, const Value &over, Nulls nulls)
{
    const Expected<ValueTablePtr> table = coalescedTable(chart, over, nulls);
    if (!table)
        return std::unexpected(table.error());
    return valueOf(**table);
}

Expected<ValueTablePtr> coalescedTable(const Chart &chart, const Value &over, Nulls nulls)
{
    ValueTablePtr table = tableOf(over.isMap() ? over : Value::map({}));
    if (const Expected<void> done = coalesce(chart, *table, nulls); !done)
        return std::unexpected(done.error());
    return table;
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
