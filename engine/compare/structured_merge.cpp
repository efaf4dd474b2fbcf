// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/structured_merge.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

using MaybeValue = std::optional<Value>;

FieldSet ensureNamed(const FieldSet &set, const MergeType &type)
{
    FieldSet result;
    result.members = set.members;
    for (const auto &[element, child] : set.children) {
        MergeType below;
        if (element.starts_with("f:")) {
            const std::string_view name = std::string_view(element).substr(2);
            if (type.declares(name))
                result.members.insert(element);
            below = type.member(name);
        } else if (element.starts_with("k:")) {
            below = type.element();
        }
        result.children.emplace(element, ensureNamed(child, below));
    }
    return result;
}

/// Adds the paths inside \p value; true if the value itself is one, being a leaf.
bool collect(const Value &value, const MergeType &type, FieldSet &set);

void addChild(FieldSet &set, const std::string &element, const Value &value, const MergeType &type, bool isMember)
{
    FieldSet child;
    const bool isLeaf = collect(value, type, child);
    if (isMember || isLeaf)
        set.members.insert(element);
    if (!child.isEmpty())
        set.children.insert_or_assign(element, std::move(child));
}

void collectList(const Value &list, const MergeType &type, FieldSet &set)
{
    std::map<std::string, int> counts;
    for (const Value &item : list.items()) {
        if (const Expected<std::string> element = type.elementOf(item))
            ++counts[*element];
    }
    for (const Value &item : list.items()) {
        const Expected<std::string> element = type.elementOf(item);
        if (!element)
            continue;
        if (counts[*element] > 1)
            set.members.insert(*element);
        else
            addChild(set, *element, item, type.element(), true);
    }
}

bool collect(const Value &value, const MergeType &type, FieldSet &set)
{
    if (value.isList() && !type.isAtomicList()) {
        collectList(value, type, set);
        return false;
    }
    if (!value.isMap() || type.isAtomicMap())
        return true;
    for (const auto &[key, member] : value.entries()) {
        const bool isEmptyMap = member.isMap() && member.size() == 0;
        addChild(set, fieldElement(key), member, type.member(key),
                 member.isNull() || isEmptyMap || !type.declares(key));
    }
    return false;
}

MaybeValue merged(const MaybeValue &left, const MaybeValue &right, const MergeType &type);

bool isEmptyOrAbsent(const MaybeValue &value)
{
    return !value || value->size() == 0;
}

struct KeyedItems
{
    std::vector<std::string> order;
    std::map<std::string, Value> items;
};

KeyedItems keyed(const MaybeValue &list, const MergeType &type)
{
    KeyedItems result;
    if (!list)
        return result;
    for (const Value &item : list->items()) {
        const Expected<std::string> element = type.elementOf(item);
        if (!element)
            continue;
        result.order.push_back(*element);
        const auto [place, isNew] = result.items.try_emplace(*element, item);
        if (!isNew)
            place->second = Value();
    }
    return result;
}

/// Keeps both orders where they agree; where they do not, the right one's wins.
MaybeValue mergedLists(const MaybeValue &left, const MaybeValue &right, const MergeType &type)
{
    const KeyedItems lhs = keyed(left, type);
    const KeyedItems rhs = keyed(right, type);
    const MergeType items = type.element();
    const auto at = [](const KeyedItems &side, const std::string &element) -> MaybeValue {
        const auto found = side.items.find(element);
        return found == side.items.end() ? MaybeValue() : MaybeValue(found->second);
    };
    std::vector<std::string> shared;
    for (const std::string &element : rhs.order) {
        if (lhs.items.contains(element))
            shared.push_back(element);
    }
    std::size_t nextShared = 0;
    std::set<std::string> taken;
    std::vector<Value> out;
    const auto add = [&](const MaybeValue &a, const MaybeValue &b) {
        if (MaybeValue value = merged(a, b, items))
            out.push_back(std::move(*value));
    };
    std::size_t l = 0;
    std::size_t r = 0;
    while (l < lhs.order.size() || r < rhs.order.size()) {
        if (l < lhs.order.size() && r < rhs.order.size()) {
            const std::string &element = lhs.order[l];
            if (element == rhs.order[r]) {
                taken.insert(element);
                add(at(lhs, element), at(rhs, element));
                ++l;
                ++r;
                ++nextShared;
                continue;
            }
            if (rhs.items.contains(element) && nextShared < shared.size() && shared[nextShared] != element) {
                ++l;
                continue;
            }
        }
        if (l < lhs.order.size()) {
            const std::string &element = lhs.order[l];
            if (!rhs.items.contains(element)) {
                add(left->at(l), std::nullopt);
                ++l;
                continue;
            }
            if (taken.contains(element))
                ++l;
        }
        if (r < rhs.order.size()) {
            const std::string &element = rhs.order[r++];
            taken.insert(element);
            add(at(lhs, element), at(rhs, element));
            if (nextShared < shared.size() && shared[nextShared] == element)
                ++nextShared;
        }
    }
    return out.empty() ? MaybeValue() : MaybeValue(Value::list(out));
}

MaybeValue mergedMaps(const MaybeValue &left, const MaybeValue &right, const MergeType &type)
{
    std::set<std::string> keys;
    for (const MaybeValue *side : {&left, &right}) {
        if (!*side)
            continue;
        for (const auto &[key, value] : (*side)->entries())
            keys.emplace(key);
    }
    std::vector<std::pair<std::string, Value>> out;
    for (const std::string &key : keys) {
        const MaybeValue a = left ? left->find(key) : MaybeValue();
        const MaybeValue b = right ? right->find(key) : MaybeValue();
        if (MaybeValue value = merged(a, b, type.member(key)))
            out.emplace_back(key, std::move(*value));
    }
    return out.empty() ? MaybeValue() : MaybeValue(Value::map(out));
}

/// True for what is taken as a whole: scalars, values of different shapes, atomic and empty containers.
bool isLeaf(const MaybeValue &left, const MaybeValue &right, const MergeType &type)
{
    const auto isMap = [](const MaybeValue &value) { return value && value->isMap(); };
    const auto isList = [](const MaybeValue &value) { return value && value->isList(); };
    const auto isOpen = [](const MaybeValue &value) { return !value || value->isNull(); };
    if (isMap(left) || isMap(right)) {
        const bool areMaps = (isMap(left) || isOpen(left)) && (isMap(right) || isOpen(right));
        return !areMaps || type.isAtomicMap() || (isEmptyOrAbsent(left) && isEmptyOrAbsent(right));
    }
    if (isList(left) || isList(right)) {
        const bool areLists = (isList(left) || isOpen(left)) && (isList(right) || isOpen(right));
        return !areLists || type.isAtomicList() || (isEmptyOrAbsent(left) && isEmptyOrAbsent(right));
    }
    return true;
}

MaybeValue merged(const MaybeValue &left, const MaybeValue &right, const MergeType &type)
{
    if (isLeaf(left, right, type))
        return right ? right : left;
    const bool isMap = (left && left->isMap()) || (right && right->isMap());
    return isMap ? mergedMaps(left, right, type) : mergedLists(left, right, type);
}

MaybeValue removed(const Value &value, const FieldSet &set, const MergeType &type);

/// An item or member with a part of it taken out; an emptied container stays as an empty one.
Value reduced(const Value &value, const FieldSet &set, const MergeType &type)
{
    if (MaybeValue rest = removed(value, set, type); rest && !rest->isNull())
        return *rest;
    return value.isMap() ? Value::map({}) : value.isList() ? Value::list({}) : Value();
}

MaybeValue removedFromList(const Value &list, const FieldSet &set, const MergeType &type)
{
    if (list.size() == 0 || type.isAtomicList())
        return std::nullopt;
    std::vector<Value> items;
    bool hasMatches = false;
    for (const Value &item : list.items()) {
        const Expected<std::string> element = type.elementOf(item);
        if (element && set.has(*element))
            continue;
        const FieldSet *below = element ? set.below(*element) : nullptr;
        hasMatches = hasMatches || below;
        items.push_back(below ? reduced(item, *below, type.element()) : item);
    }
    return items.empty() && !hasMatches ? MaybeValue() : MaybeValue(Value::list(items));
}

MaybeValue removed(const Value &value, const FieldSet &set, const MergeType &type)
{
    if (value.isList())
        return removedFromList(value, set, type);
    if (!value.isMap())
        return value;
    if (value.size() == 0 || type.isAtomicMap())
        return std::nullopt;
    std::vector<std::pair<std::string, Value>> members;
    bool hasMatches = false;
    for (const auto &[key, member] : value.entries()) {
        const std::string element = fieldElement(key);
        if (set.has(element))
            continue;
        const FieldSet *below = set.below(element);
        hasMatches = hasMatches || below;
        members.emplace_back(key, below ? reduced(member, *below, type.member(key)) : member);
    }
    return members.empty() && !hasMatches ? MaybeValue() : MaybeValue(Value::map(members));
}

void compare(const MaybeValue &left, const MaybeValue &right, const MergeType &type, StructuredComparison &below,
             const std::string &element, StructuredComparison &above);

void join(FieldSet &set, const std::string &element, FieldSet child)
{
    if (!child.isEmpty())
        set.children.insert_or_assign(element, std::move(child));
}

void compareMember(const std::string &element, const MaybeValue &left, const MaybeValue &right, const MergeType &type,
                   StructuredComparison &into)
{
    StructuredComparison below;
    compare(left, right, type, below, element, into);
    join(into.added, element, std::move(below.added));
    join(into.modified, element, std::move(below.modified));
    join(into.removed, element, std::move(below.removed));
}

void compareItems(const MaybeValue &left, const MaybeValue &right, const MergeType &type, StructuredComparison &into)
{
    if ((left && left->isMap()) || (right && right->isMap())) {
        std::set<std::string> keys;
        for (const MaybeValue *side : {&left, &right}) {
            if (*side) {
                for (const auto &[key, value] : (*side)->entries())
                    keys.emplace(key);
            }
        }
        for (const std::string &key : keys)
            compareMember(fieldElement(key), left ? left->find(key) : MaybeValue(),
                          right ? right->find(key) : MaybeValue(), type.member(key), into);
        return;
    }
    const KeyedItems lhs = keyed(left, type);
    const KeyedItems rhs = keyed(right, type);
    std::set<std::string> elements(lhs.order.begin(), lhs.order.end());
    elements.insert(rhs.order.begin(), rhs.order.end());
    const auto at = [](const KeyedItems &side, const std::string &element) -> MaybeValue {
        const auto found = side.items.find(element);
        return found == side.items.end() ? MaybeValue() : MaybeValue(found->second);
    };
    for (const std::string &element : elements)
        compareMember(element, at(lhs, element), at(rhs, element), type.element(), into);
}

void compare(const MaybeValue &left, const MaybeValue &right, const MergeType &type, StructuredComparison &below,
             const std::string &element, StructuredComparison &above)
{
    if (isLeaf(left, right, type)) {
        if (!left)
            above.added.members.insert(element);
        else if (!right)
            above.removed.members.insert(element);
        else if (*left != *right)
            above.modified.members.insert(element);
        return;
    }
    compareItems(left, right, type, below);
    if (!left)
        above.added.members.insert(element);
    else if (!right)
        above.removed.members.insert(element);
}

/// Takes out what \p manager applied before and nobody owns now.
Value pruned(const Value &merged, const FieldSet &last, const FieldSet &owned, const MergeType &type)
{
    const Value reduced = withoutItems(merged, ensureNamed(last, type), type);
    const FieldSet all = fieldSetOf(merged, type);
    const FieldSet kept = ensureNamed(fieldSetOf(reduced, type), type).united(ensureNamed(owned, type));
    const Value withOwned = withoutItems(merged, ensureNamed(all, type).without(kept), type);
    // What nobody owned before stays, even inside of something that went.
    const FieldSet dangling = ensureNamed(all, type).without(ensureNamed(fieldSetOf(withOwned, type), type));
    return withoutItems(merged, dangling.intersected(ensureNamed(last, type)), type);
}

} // namespace

FieldSet fieldSetOf(const Value &value, const MergeType &type)
{
    FieldSet set;
    collect(value, type, set);
    return set;
}

Value structurallyMerged(const Value &live, const Value &config, const MergeType &type)
{
    return merged(live, config, type).value_or(Value());
}

Value withoutItems(const Value &value, const FieldSet &set, const MergeType &type)
{
    return removed(value, set, type).value_or(Value());
}

StructuredComparison structurallyCompared(const Value &before, const Value &after, const MergeType &type)
{
    StructuredComparison result;
    compareItems(before, after, type, result);
    return result;
}

Expected<FieldSet> fieldsOfManager(const Object &live, std::string_view manager, std::string_view operation)
{
    FieldSet fields;
    const Value entries = live.path({"metadata", "managedFields"});
    for (const Value &entry : entries.items()) {
        const bool isOperation = operation.empty() || entry["operation"].stringOr() == operation;
        if (entry["manager"].stringOr() != manager || !isOperation)
            continue;
        const Expected<FieldSet> own = FieldSet::parsed(entry["fieldsV1"]);
        if (!own)
            return own;
        fields = fields.united(*own);
    }
    return fields;
}

Expected<std::optional<Value>> structurallyApplied(const Object &live, const Object &config, const MergeType &type,
                                                   std::string_view manager)
{
    for (const auto &[name, object] : {std::pair("live", &live), std::pair("config", &config)}) {
        if (const Expected<void> valid = type.validate(object->value()); !valid)
            return std::unexpected(
                valid.error().in(std::string("error building typed value from ") + name + " resource"));
    }
    FieldSet last;
    FieldSet owned = fieldSetOf(config.value(), type);
    const Value entries = live.path({"metadata", "managedFields"});
    for (const Value &entry : entries.items()) {
        const Expected<FieldSet> own = FieldSet::parsed(entry["fieldsV1"]);
        if (!own)
            return std::unexpected(own.error());
        // Nothing converts the fields of another version here: they count as nobody's.
        if (entry["apiVersion"].stringOr() != live.apiVersion())
            continue;
        // Applied fields of subresources belong to a manager of their own.
        const bool isOurs = entry["manager"].stringOr() == manager && entry["operation"].stringOr() == "Apply"
                            && entry["subresource"].isEmpty();
        FieldSet &into = isOurs ? last : owned;
        into = into.united(*own);
    }
    Value result = structurallyMerged(live.value(), config.value(), type);
    if (!last.isEmpty())
        result = pruned(result, last, owned, type);
    if (result == live.value())
        return std::optional<Value>();
    return std::optional(result);
}

} // namespace tiphys::compare
