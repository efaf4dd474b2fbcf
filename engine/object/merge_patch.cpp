// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/merge_patch.h"

#include "object/builder.h"

namespace tiphys::object {

namespace {

bool hasNullMember(const Value &value)
{
    for (const auto &[key, held] : value.entries()) {
        if (held.isNull() || hasNullMember(held))
            return true;
    }
    for (const Value &item : value.items()) {
        if (hasNullMember(item))
            return true;
    }
    return false;
}

void addWithoutNulls(Builder &builder, const Value &value)
{
    if (value.isMap()) {
        builder.beginMap();
        for (const auto &[key, held] : value.entries()) {
            if (held.isNull())
                continue;
            builder.key(key);
            addWithoutNulls(builder, held);
        }
        builder.endMap();
    } else if (value.isList()) {
        builder.beginList();
        for (const Value &item : value.items())
            addWithoutNulls(builder, item);
        builder.endList();
    } else {
        builder.value(value);
    }
}

Value withoutNulls(const Value &value)
{
    if (!hasNullMember(value))
        return value;
    Builder builder;
    addWithoutNulls(builder, value);
    return builder.finish();
}

/// Equality as JSON has it: 1 and 1.0 are one number.
bool isSame(const Value &a, const Value &b)
{
    if (a.isNumber() && b.isNumber()) {
        if (a.isInteger() && b.isInteger())
            return a == b;
        return *a.asNumber() == *b.asNumber();
    }
    if (a.type() != b.type() || a.size() != b.size())
        return false;
    if (a.isMap()) {
        for (const auto &[key, held] : a.entries()) {
            const std::optional<Value> other = b.find(key);
            if (!other || !isSame(held, *other))
                return false;
        }
        return true;
    }
    if (a.isList()) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!isSame(a.at(i), b.at(i)))
                return false;
        }
        return true;
    }
    return a == b;
}

/// Adds what makes the map \p after of the map \p before. One builder for all: as a local of each level many of them would
/// take the stack.
void addMergePatch(Builder &patch, const Value &before, const Value &after)
{
    patch.beginMap();
    for (const auto &[key, now] : after.entries()) {
        const std::optional<Value> was = before.find(key);
        if (was && (was->isSameAs(now) || isSame(*was, now)))
            continue;
        patch.key(key);
        if (was && was->isMap() && now.isMap())
            addMergePatch(patch, *was, now);
        else
            patch.value(now);
    }
    for (const auto &[key, was] : before.entries()) {
        if (after.contains(key))
            continue;
        patch.key(key);
        patch.null();
    }
    patch.endMap();
}

} // namespace

Value applyMergePatch(const Value &value, const Value &patch)
{
    if (!patch.isMap())
        return patch.isList() && !value.isMap() ? withoutNulls(patch) : patch;
    if (!value.isMap())
        return withoutNulls(patch);
    Value merged = value;
    for (const auto &[key, change] : patch.entries()) {
        const std::optional<Value> current = value.find(key);
        if (change.isNull())
            merged = merged.without(key);
        else if (!current || current->isNull())
            merged = merged.with(key, withoutNulls(change));
        else
            merged = merged.with(key, applyMergePatch(*current, change));
    }
    return merged;
}

Value mergePatchOf(const Value &before, const Value &after)
{
    if (!before.isMap() || !after.isMap())
        return isSame(before, after) ? Value::map(std::initializer_list<Value::Member>{}) : after;
    Builder patch;
    addMergePatch(patch, before, after);
    return patch.finish();
}

} // namespace tiphys::object
