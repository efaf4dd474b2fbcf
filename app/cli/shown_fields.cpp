// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/shown_fields.h"

#include "base/text.h"
#include "object/json.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

namespace tiphys::cli {

using object::Value;

namespace {

using Path = std::span<const std::string_view>;

/// What of \p value is at one of \p paths; nothing where nothing is.
std::optional<Value> partOf(const Value &value, const std::vector<Path> &paths)
{
    if (std::ranges::any_of(paths, [](const Path &path) { return path.empty(); }))
        return value;
    if (value.isList()) {
        std::vector<Value> items;
        for (const Value item : value.items()) {
            if (const std::optional<Value> part = partOf(item, paths))
                items.push_back(*part);
        }
        return items.empty() ? std::nullopt : std::optional(Value::list(items));
    }
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[key, member] : value.entries()) {
        std::vector<Path> below;
        for (const Path &path : paths) {
            if (path.front() == key)
                below.push_back(path.subspan(1));
        }
        if (below.empty())
            continue;
        if (const std::optional<Value> part = partOf(member, below))
            members.emplace_back(key, *part);
    }
    return members.empty() ? std::nullopt : std::optional(Value::map(members));
}

/// A value of a table's cell.
std::string cellText(const Value &value)
{
    if (value.isNull())
        return "<nil>";
    return value.isString() ? std::string(value.stringOr()) : object::toJson(value);
}

class Rows
{
public:
    explicit Rows(const std::optional<std::string> &name) : m_name(name) {}

    void addMap(const Value &map, const std::string &prefix)
    {
        for (const auto &[key, value] : map.entries())
            addField(value, prefix + std::string(key));
    }

    std::vector<std::vector<std::string>> take() { return std::move(m_rows); }

private:
    void addField(const Value &value, const std::string &field)
    {
        if (value.isMap())
            return addMap(value, field + ".");
        if (!value.isList())
            return addRow(value, field);
        for (std::size_t i = 0; i < value.size(); ++i) {
            const Value item = value.at(i);
            const std::string place = field + "[" + std::to_string(i) + "]";
            if (item.isMap())
                addMap(item, place + ".");
            else
                addRow(item, place);
        }
    }

    void addRow(const Value &value, const std::string &field)
    {
        if (m_name)
            m_rows.push_back({field, *m_name, cellText(value)});
        else
            m_rows.push_back({field, cellText(value)});
    }

    const std::optional<std::string> &m_name;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace

Value fieldsOf(const Value &object, const std::vector<std::string> &fields)
{
    std::vector<std::vector<std::string_view>> names;
    for (const std::string &field : fields)
        names.push_back(split(field, '.'));
    const std::optional<Value> part = partOf(object, {names.begin(), names.end()});
    return part.value_or(Value::map({})).withPath({"metadata", "name"}, object.path({"metadata", "name"}));
}

std::vector<std::vector<std::string>> fieldRows(const Value &object, const std::optional<std::string> &name)
{
    Rows rows(name);
    rows.addMap(object, "");
    return rows.take();
}

} // namespace tiphys::cli
