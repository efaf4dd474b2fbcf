// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/field_paths.h"

#include "object/json.h"

#include <algorithm>
#include <array>
#include <map>

namespace tiphys::demo {

using object::Value;

namespace {

constexpr std::string_view kSelf = ".";

bool isServerField(const FieldPath &path)
{
    if (path.size() == 1)
        return path[0] == "f:apiVersion" || path[0] == "f:kind" || path[0] == "f:metadata";
    static constexpr std::array<std::string_view, 11> kNames = {
        "f:name",        "f:namespace",       "f:uid",           "f:creationTimestamp", "f:selfLink",
        "f:generation",  "f:resourceVersion", "f:managedFields", "f:deletionTimestamp", "f:deletionGracePeriodSeconds",
        "f:generateName"};
    return path[0] == "f:metadata" && std::ranges::contains(kNames, std::string_view(path[1]));
}

class Collector
{
public:
    FieldPaths paths;

    void visit(const Value &value, const Division &division)
    {
        if (value.isMap() && !value.isEmpty() && division.dividesMap())
            visitMap(value, division);
        else if (value.isList() && !value.isEmpty() && division.dividesList())
            visitList(value, division);
        else if (!m_path.empty())
            add();
    }

private:
    void add()
    {
        if (!isServerField(m_path))
            paths.insert(m_path);
    }

    void visitMap(const Value &map, const Division &division)
    {
        for (const auto &[key, member] : map.entries()) {
            m_path.push_back("f:" + std::string(key));
            visit(member, division.member(key));
            m_path.pop_back();
        }
    }

    void visitList(const Value &list, const Division &division)
    {
        for (const Value &item : list.items()) {
            const auto element = division.elementOf(item);
            if (!element)
                continue;
            m_path.push_back(*element);
            add();
            if (item.isMap())
                visit(item, division.element());
            m_path.pop_back();
        }
    }

    FieldPath m_path;
};

std::optional<std::size_t> indexOf(const Value &list, const std::string &element, const Division &division)
{
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (division.elementOf(list.at(i)) == element)
            return i;
    }
    return std::nullopt;
}

Value withoutAt(const Value &root, const FieldPath &path, std::size_t depth, const Division &division)
{
    const std::string &element = path[depth];
    const bool isLast = depth + 1 == path.size();
    if (element.starts_with("f:")) {
        const std::string_view name = std::string_view(element).substr(2);
        const auto member = root.find(name);
        if (!member)
            return root;
        return isLast ? root.without(name)
                      : root.with(name, withoutAt(*member, path, depth + 1, division.member(name)));
    }
    const auto index = indexOf(root, element, division);
    if (!index)
        return root;
    return isLast ? root.withoutItem(*index)
                  : root.withItem(*index, withoutAt(root.at(*index), path, depth + 1, division.element()));
}

Value mergedLists(const Value &live, const Value &config, const Division &division)
{
    Value result = live;
    for (const Value &item : config.items()) {
        const auto element = division.elementOf(item);
        const auto index = element ? indexOf(result, *element, division) : std::nullopt;
        result = index ? result.withItem(*index, merged(result.at(*index), item, division.element()))
                       : result.appended(item);
    }
    return result;
}

void insertInto(std::map<std::string, FieldPaths> &children, const FieldPath &path)
{
    children[path.front()].insert(FieldPath(path.begin() + 1, path.end()));
}

void readInto(const Value &fields, FieldPath &path, FieldPaths &paths)
{
    if (fields.isEmpty() && !path.empty())
        paths.insert(path);
    for (const auto &[element, below] : fields.entries()) {
        if (element == kSelf) {
            paths.insert(path);
            continue;
        }
        path.emplace_back(element);
        readInto(below, path, paths);
        path.pop_back();
    }
}

} // namespace

Division Division::member(std::string_view name) const
{
    if (!isTyped)
        return {};
    if (!type)
        return {nullptr, true};
    if (type->kind() == schema::Kind::Map)
        return {type->element(), true};
    const schema::Field *field = type->exactField(name);
    return {field ? &field->type() : nullptr, true};
}

Division Division::element() const
{
    return isTyped ? Division{type ? type->element() : nullptr, true} : Division{};
}

bool Division::dividesMap() const
{
    if (!isTyped)
        return true;
    return type && (type->kind() == schema::Kind::Map || type->kind() == schema::Kind::Struct)
           && type->relation() != schema::Relation::Atomic;
}

bool Division::dividesList() const
{
    return type && type->kind() == schema::Kind::List
           && (type->relation() == schema::Relation::Set || type->relation() == schema::Relation::AssociativeMap);
}

std::optional<std::string> Division::elementOf(const Value &item) const
{
    if (type->relation() == schema::Relation::Set)
        return "v:" + object::toJson(item);
    Value keys = Value::map({});
    for (const std::string_view key : type->keys()) {
        Value value = item[key];
        if (value.isNull() && type->element()) {
            const schema::Field *field = type->element()->exactField(key);
            if (field && !field->keyDefault().empty())
                value = Value(field->keyDefault());
        }
        if (!value.isNull())
            keys = keys.with(key, value);
    }
    if (keys.isEmpty())
        return std::nullopt;
    return "k:" + object::toJson(keys);
}

FieldPaths fieldsOf(const object::Object &object, const Division &division)
{
    Collector collector;
    collector.visit(object.value(), division);
    return std::move(collector.paths);
}

std::optional<Value> valueAt(const Value &root, const FieldPath &path, const Division &division)
{
    Value value = root;
    Division here = division;
    for (const std::string &element : path) {
        if (element.starts_with("f:")) {
            const std::string_view name = std::string_view(element).substr(2);
            const auto member = value.find(name);
            if (!member)
                return std::nullopt;
            value = *member;
            here = here.member(name);
            continue;
        }
        if (!here.dividesList())
            return std::nullopt;
        const auto index = indexOf(value, element, here);
        if (!index)
            return std::nullopt;
        value = value.at(*index);
        here = here.element();
    }
    return value;
}

Value withoutField(const Value &root, const FieldPath &path, const Division &division)
{
    return valueAt(root, path, division) ? withoutAt(root, path, 0, division) : root;
}

Value merged(const Value &live, const Value &config, const Division &division)
{
    if (live.isMap() && config.isMap() && division.dividesMap()) {
        Value result = live;
        for (const auto &[key, value] : config.entries())
            result = result.with(key, merged(live[key], value, division.member(key)));
        return result;
    }
    if (live.isList() && config.isList() && division.dividesList())
        return mergedLists(live, config, division);
    return config;
}

Value toFieldsV1(const FieldPaths &paths)
{
    Value fields = Value::map({});
    bool isMember = false;
    std::map<std::string, FieldPaths> children;
    for (const FieldPath &path : paths) {
        if (path.empty())
            isMember = true;
        else
            insertInto(children, path);
    }
    if (children.empty())
        return fields;
    if (isMember)
        fields = fields.with(kSelf, Value::map({}));
    for (const auto &[element, below] : children)
        fields = fields.with(element, toFieldsV1(below));
    return fields;
}

FieldPaths fromFieldsV1(const Value &fieldsV1)
{
    FieldPaths paths;
    FieldPath path;
    readInto(fieldsV1, path, paths);
    return paths;
}

std::string pathText(const FieldPath &path)
{
    std::string text;
    for (const std::string &element : path) {
        const std::string_view rest = std::string_view(element).substr(2);
        if (element.starts_with("f:")) {
            text += "." + std::string(rest);
            continue;
        }
        if (element.starts_with("v:")) {
            text += "[=" + std::string(rest) + "]";
            continue;
        }
        const auto keys = object::parseJson(rest);
        std::string inner;
        for (const auto &[key, value] : keys ? keys->sortedEntries() : std::vector<Value::Member>())
            inner += (inner.empty() ? "" : ",") + std::string(key) + "=" + object::toJson(value);
        text += "[" + inner + "]";
    }
    return text;
}

} // namespace tiphys::demo
