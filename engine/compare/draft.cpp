// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/draft.h"

#include "object/builder.h"

#include <algorithm>

namespace tiphys::compare {

using object::Value;

namespace {

const Value kNullValue;

template <typename Map>
auto positionOf(Map &map, std::string_view key)
{
    return std::lower_bound(map.begin(), map.end(), key,
                            [](const DraftMember &member, std::string_view wanted) { return member.key < wanted; });
}

void write(const Draft &draft, object::Builder &builder)
{
    if (draft.isMap()) {
        builder.beginMap();
        for (const DraftMember &member : draft.members()) {
            builder.key(member.key);
            write(member.value, builder);
        }
        builder.endMap();
    } else if (draft.isList()) {
        builder.beginList();
        for (const Draft &item : draft.items())
            write(item, builder);
        builder.endList();
    } else {
        builder.value(draft.leaf());
    }
}

} // namespace

Draft::Draft(const Value &value)
{
    if (value.isMap()) {
        Map members;
        members.reserve(value.size());
        for (const auto &[key, member] : value.sortedEntries())
            members.push_back({std::string(key), Draft(member)});
        m_content = std::move(members);
    } else if (value.isList()) {
        List items;
        items.reserve(value.size());
        for (const Value &item : value.items())
            items.emplace_back(item);
        m_content = std::move(items);
    } else {
        m_content = value;
    }
}

bool Draft::isZero() const
{
    if (isMap())
        return members().empty();
    if (isList())
        return items().empty();
    const Value &value = leaf();
    return value.isEmpty() || value == Value(false) || value == Value(0) || value == Value(0.0);
}

const Value &Draft::leaf() const
{
    const Value *value = std::get_if<Value>(&m_content);
    return value ? *value : kNullValue;
}

Draft *Draft::find(std::string_view key)
{
    return const_cast<Draft *>(std::as_const(*this).find(key));
}

const Draft *Draft::find(std::string_view key) const
{
    const Map *map = std::get_if<Map>(&m_content);
    if (!map)
        return nullptr;
    const auto at = positionOf(*map, key);
    return at != map->end() && at->key == key ? &at->value : nullptr;
}

Draft &Draft::operator[](std::string_view key)
{
    if (!isMap())
        m_content = Map();
    Map &map = members();
    auto at = positionOf(map, key);
    if (at == map.end() || at->key != key)
        at = map.insert(at, DraftMember{std::string(key), Draft()});
    return at->value;
}

Draft &Draft::mapAt(std::string_view key)
{
    Draft &member = (*this)[key];
    if (!member.isMap())
        member = emptyMap();
    return member;
}

bool Draft::setIfZero(std::string_view key, const Value &value)
{
    const Draft *present = find(key);
    if (present && !present->isZero())
        return false;
    set(key, value);
    return true;
}

bool Draft::setIfNull(std::string_view key, const Value &value)
{
    const Draft *present = find(key);
    if (present && !present->isNull())
        return false;
    set(key, value);
    return true;
}

void Draft::erase(std::string_view key)
{
    if (!isMap())
        return;
    const auto at = positionOf(members(), key);
    if (at != members().end() && at->key == key)
        members().erase(at);
}

Value Draft::toValue() const
{
    object::Builder builder;
    write(*this, builder);
    return builder.finish();
}

bool Draft::operator==(const Draft &other) const
{
    return m_content == other.m_content;
}

} // namespace tiphys::compare
