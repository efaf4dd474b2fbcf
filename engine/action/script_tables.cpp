// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/script_tables.h"

#include <cmath>
#include <string>
#include <vector>

namespace tiphys::action {

using object::Value;
using Members = std::vector<std::pair<std::string, Value>>;

namespace {

/// Whole doubles below 1e21 print without point or exponent, and are read as integers where these can hold them.
Value printedNumber(double number)
{
    constexpr double kInt64End = 9223372036854775808.0;
    constexpr double kUint64End = 18446744073709551616.0;
    if (number != std::trunc(number))
        return number;
    if (number >= -kInt64End && number < kInt64End)
        return static_cast<std::int64_t>(number);
    if (number >= 0 && number < kUint64End)
        return static_cast<std::uint64_t>(number);
    return number;
}

} // namespace

Value scriptView(const Value &value)
{
    if (value.isNumber())
        return printedNumber(*value.asNumber());
    if (value.isList()) {
        std::vector<Value> items;
        for (const Value &item : value.items()) {
            if (!item.isNull())
                items.push_back(scriptView(item));
        }
        return Value::list(items);
    }
    if (!value.isMap())
        return value;
    Members members;
    for (const auto &[key, member] : value.entries()) {
        if (!member.isNull())
            members.emplace_back(key, scriptView(member));
    }
    return Value::map(members);
}

Value scriptResult(const Value &value)
{
    if (value.isMap() && value.size() == 0)
        return Value::list({});
    if (value.isList()) {
        std::vector<Value> items;
        for (const Value &item : value.items())
            items.push_back(scriptResult(item));
        return Value::list(items);
    }
    if (!value.isMap())
        return value;
    Members members;
    for (const auto &[key, member] : value.entries())
        members.emplace_back(key, scriptResult(member));
    return Value::map(members);
}

namespace {

Value restoredItems(const Value &changed, const Value &original)
{
    std::vector<Value> items;
    for (std::size_t index = 0; index < changed.size(); ++index) {
        const Value item = changed.at(index);
        const Value before = original.at(index);
        if (item.isMap() && before.isMap())
            items.push_back(restoredMaps(item, before));
        else if (item.isList() && before.isList())
            items.push_back(restoredItems(item, before));
        else
            items.push_back(item);
    }
    return Value::list(items);
}

} // namespace

Value restoredMaps(const Value &changed, const Value &original)
{
    if (!changed.isMap() || !original.isMap())
        return changed;
    Members members;
    for (const auto &[key, member] : changed.entries()) {
        const Value before = original[key];
        if (member.isMap() && before.isMap())
            members.emplace_back(key, restoredMaps(member, before));
        else if (member.isList() && member.size() == 0 && before.isMap())
            members.emplace_back(key, Value::map(Members()));
        else if (member.isList() && before.isList())
            members.emplace_back(key, restoredItems(member, before));
        else
            members.emplace_back(key, member);
    }
    return Value::map(members);
}

namespace {

Value copyWithoutEmpty(const Value &value, bool &hasGap)
{
    if (!value.isMap() && !value.isList())
        return value;
    if (value.size() == 0)
        return {};
    if (value.isList()) {
        std::vector<Value> items;
        bool isEnded = false;
        for (const Value &item : value.items()) {
            const Value copy = copyWithoutEmpty(item, hasGap);
            hasGap = hasGap || (isEnded && !copy.isNull());
            isEnded = isEnded || copy.isNull();
            if (!isEnded)
                items.push_back(copy);
        }
        return Value::list(items);
    }
    Members members;
    for (const auto &[key, member] : value.entries()) {
        const Value copy = copyWithoutEmpty(member, hasGap);
        if (!copy.isNull())
            members.emplace_back(key, copy);
    }
    return Value::map(members);
}

} // namespace

Expected<Value> withoutEmptyTables(const Value &value)
{
    bool hasGap = false;
    const Value copy = copyWithoutEmpty(value, hasGap);
    if (hasGap)
        return failure(ErrorCode::InvalidInput, "cannot encode sparse array");
    return copy;
}

} // namespace tiphys::action
