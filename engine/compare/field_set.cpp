// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/field_set.h"

#include "base/text.h"
#include "object/json.h"

#include <algorithm>
#include <vector>

namespace tiphys::compare {

using object::Value;

namespace {

/// One spelling for each element, whatever the order of its keys was.
Expected<std::string> canonicalElement(std::string_view text)
{
    const std::string_view prefix = text.substr(0, 2);
    if (prefix == "f:" || prefix == "i:")
        return std::string(text);
    if (prefix != "k:" && prefix != "v:")
        return failure(ErrorCode::InvalidInput, "unknown element " + quoted(text) + " in managed fields");
    const Expected<Value> value = object::parseJson(text.substr(2));
    if (!value)
        return std::unexpected(value.error().in("managed fields"));
    return std::string(prefix) + object::toJson(*value);
}

} // namespace

std::string fieldElement(std::string_view name)
{
    return "f:" + std::string(name);
}

Expected<FieldSet> FieldSet::parsed(const Value &fieldsV1)
{
    FieldSet set;
    for (const auto &[key, below] : fieldsV1.entries()) {
        if (key == ".")
            continue;
        const Expected<std::string> element = canonicalElement(key);
        if (!element)
            return std::unexpected(element.error());
        // An element is a member itself when it says so by "." or when nothing is below it.
        if (below.size() == 0 || below.contains("."))
            set.members.insert(*element);
        Expected<FieldSet> child = parsed(below);
        if (!child)
            return child;
        if (!child->isEmpty())
            set.children.insert_or_assign(*element, std::move(*child));
    }
    return set;
}

Value FieldSet::toFieldsV1() const
{
    std::vector<std::pair<std::string, Value>> entries;
    std::set<std::string> all = members;
    for (const auto &[element, child] : children)
        all.insert(element);
    for (const std::string &element : all) {
        const FieldSet *child = below(element);
        Value value = child ? child->toFieldsV1() : Value::map({});
        if (child && has(element))
            value = value.with(".", Value::map({}));
        entries.emplace_back(element, std::move(value));
    }
    return Value::map(entries);
}

const FieldSet *FieldSet::below(std::string_view element) const
{
    const auto found = children.find(std::string(element));
    return found == children.end() ? nullptr : &found->second;
}

FieldSet FieldSet::united(const FieldSet &other) const
{
    FieldSet result = *this;
    result.members.insert(other.members.begin(), other.members.end());
    for (const auto &[element, child] : other.children) {
        const auto [place, isNew] = result.children.try_emplace(element, child);
        if (!isNew)
            place->second = place->second.united(child);
    }
    return result;
}

FieldSet FieldSet::without(const FieldSet &other) const
{
    FieldSet result;
    std::ranges::set_difference(members, other.members, std::inserter(result.members, result.members.end()));
    for (const auto &[element, child] : children) {
        const FieldSet *taken = other.below(element);
        FieldSet rest = taken ? child.without(*taken) : child;
        if (!rest.isEmpty())
            result.children.emplace(element, std::move(rest));
    }
    return result;
}

FieldSet FieldSet::intersected(const FieldSet &other) const
{
    FieldSet result;
    std::ranges::set_intersection(members, other.members, std::inserter(result.members, result.members.end()));
    for (const auto &[element, child] : children) {
        const FieldSet *shared = other.below(element);
        FieldSet both = shared ? child.intersected(*shared) : FieldSet();
        if (!both.isEmpty())
            result.children.emplace(element, std::move(both));
    }
    return result;
}

} // namespace tiphys::compare
