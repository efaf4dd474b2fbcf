// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/value_table.h"

#include "base/text.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace tiphys::render {

using object::Value;
using text::TemplateValue;

namespace {

/// Makes something of tables, of each once.
template <typename Made>
class Conversion
{
public:
    Made of(const ValueTable &table)
    {
        if (const auto known = m_made.find(&table); known != m_made.end())
            return known->second;
        Made made = make(table);
        m_made.emplace(&table, made);
        return made;
    }

private:
    Made make(const ValueTable &table);

    std::map<const ValueTable *, Made> m_made;
};

template <>
Value Conversion<Value>::make(const ValueTable &table)
{
    std::vector<std::pair<std::string, Value>> members;
    members.reserve(table.items.size());
    for (const auto &[key, item] : table.items)
        members.emplace_back(key, item.table ? of(*item.table) : item.value);
    return Value::map(members);
}

template <>
TemplateValue Conversion<TemplateValue>::make(const ValueTable &table)
{
    std::vector<text::MapEntry> entries;
    entries.reserve(table.items.size());
    for (const auto &[key, item] : table.items)
        entries.push_back({TemplateValue::string(key),
                           item.table ? of(*item.table) : text::templateValueOf(item.value, text::Numbers::Exact)});
    return TemplateValue::map(std::move(entries));
}

/// True if \p wanted is \p table or stands somewhere below it; those that were \p seen do not hold it.
bool holds(const ValueTable &table, const ValueTable &wanted, std::set<const ValueTable *> &seen)
{
    if (&table == &wanted)
        return true;
    if (!seen.insert(&table).second)
        return false;
    return std::ranges::any_of(
        table.items, [&](const auto &entry) { return entry.second.table && holds(*entry.second.table, wanted, seen); });
}

} // namespace

const ValueTablePtr &TableItem::opened()
{
    if (!table) {
        table = tableOf(value);
        value = {};
    }
    return table;
}

ValueTablePtr tableOf(const Value &map)
{
    auto table = std::make_shared<ValueTable>();
    for (const auto &[key, value] : map.entries())
        table->items.emplace(key, TableItem{.value = value});
    return table;
}

Value valueOf(const ValueTable &table)
{
    return Conversion<Value>().of(table);
}

TemplateValue templateValueOf(const ValueTable &table)
{
    return Conversion<TemplateValue>().of(table);
}

ValueTablePtr tableAt(ValueTable &table, std::string_view path)
{
    ValueTable *current = &table;
    ValueTablePtr found;
    for (const std::string_view part : split(path, '.')) {
        const auto item = current->items.find(part);
        if (item == current->items.end() || !item->second.isTable())
            return nullptr;
        found = item->second.opened();
        current = found.get();
    }
    return found;
}

void putBelow(ValueTable &target, const Value &source, Nulls nulls)
{
    for (const auto &[key, value] : source.entries()) {
        const auto own = target.items.find(key);
        if (own == target.items.end()) {
            target.items.emplace(key, TableItem{.value = value});
        } else if (own->second.isNull()) {
            if (nulls == Nulls::Remove && !value.isNull())
                target.items.erase(own);
        } else if (value.isMap() && own->second.table) {
            putBelow(*own->second.table, value, nulls);
        } else if (value.isMap() && own->second.isTable()) {
            own->second.value = coalescedMaps(own->second.value, value, nulls);
        }
    }
}

Expected<void> putTableBelow(ValueTable &target, ValueTable &source)
{
    for (const auto &[key, item] : target.items) {
        if (item.isNull())
            source.items.insert_or_assign(key, TableItem());
    }
    for (auto &[key, item] : source.items) {
        if (item.isTable())
            item.opened();
        const ValueTablePtr below = item.table; // kept while a null is perhaps written over it deeper
        const auto own = target.items.find(key);
        if (own == target.items.end()) {
            std::set<const ValueTable *> seen;
            if (below && holds(*below, target, seen))
                return failure(ErrorCode::InvalidInput, "values that hold themselves at " + quoted(key));
            target.items.emplace(key, item);
        } else if (below && own->second.isTable()) {
            const ValueTablePtr above = own->second.opened();
            if (const Expected<void> put = putTableBelow(*above, *below); !put)
                return put;
        }
    }
    return {};
}

} // namespace tiphys::render
