// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/field_writer.h"

#include <algorithm>

namespace tiphys::crd {

namespace {

using object::Value;

bool isZero(const Value &value)
{
    return value.isEmpty() || value.asBool() == false || value.asInt() == 0;
}

} // namespace

FieldWriter::FieldWriter(const Value &original)
{
    for (const auto &[key, value] : original.entries())
        m_members.emplace_back(std::string(key), value);
}

void FieldWriter::set(std::string_view key, const Value &value)
{
    const auto found = std::ranges::find(m_members, key, &std::pair<std::string, Value>::first);
    if (found == m_members.end())
        m_members.emplace_back(std::string(key), value);
    else
        found->second = value;
}

void FieldWriter::clear(std::string_view key)
{
    const auto found = std::ranges::find(m_members, key, &std::pair<std::string, Value>::first);
    if (found != m_members.end() && !isZero(found->second))
        m_members.erase(found);
}

FieldWriter &FieldWriter::text(std::string_view key, std::string_view text)
{
    return text.empty() ? any(key, {}) : any(key, Value(text));
}

FieldWriter &FieldWriter::requiredText(std::string_view key, std::string_view text)
{
    set(key, Value(text));
    return *this;
}

FieldWriter &FieldWriter::boolean(std::string_view key, bool value)
{
    return value ? any(key, Value(true)) : any(key, {});
}

FieldWriter &FieldWriter::optionalBoolean(std::string_view key, std::optional<bool> value)
{
    if (value)
        set(key, Value(*value));
    else
        clear(key);
    return *this;
}

FieldWriter &FieldWriter::integer(std::string_view key, std::int64_t value)
{
    return value != 0 ? any(key, Value(value)) : any(key, {});
}

FieldWriter &FieldWriter::optionalInteger(std::string_view key, std::optional<std::int64_t> value)
{
    if (value)
        set(key, Value(*value));
    else
        clear(key);
    return *this;
}

FieldWriter &FieldWriter::texts(std::string_view key, const std::vector<std::string> &texts)
{
    return any(key, listOf(texts, [](const std::string &text) { return Value(text); }));
}

FieldWriter &FieldWriter::textMap(std::string_view key, const TextMap &map)
{
    if (map.empty())
        return any(key, {});
    std::vector<std::pair<std::string, Value>> members;
    for (const auto &[name, text] : map)
        members.emplace_back(name, Value(text));
    return any(key, Value::map(members));
}

FieldWriter &FieldWriter::any(std::string_view key, const Value &value)
{
    if (value.isNull())
        clear(key);
    else
        set(key, value);
    return *this;
}

FieldWriter &FieldWriter::required(std::string_view key, const Value &value)
{
    set(key, value);
    return *this;
}

} // namespace tiphys::crd
