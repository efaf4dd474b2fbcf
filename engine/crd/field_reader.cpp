// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/field_reader.h"

#include <cmath>

namespace tiphys::crd {

namespace {

using object::Type;
using object::Value;

std::string_view typeName(const Value &value)
{
    switch (value.type()) {
    case Type::Null: return "null";
    case Type::Bool: return "a boolean";
    case Type::Int:
    case Type::Uint:
    case Type::Double: return "a number";
    case Type::String: return "text";
    case Type::List: return "a list";
    case Type::Map: return "a map";
    }
    return "nothing";
}

std::optional<std::int64_t> integerOf(const Value &value)
{
    if (const std::optional<std::int64_t> integer = value.asInt())
        return integer;
    const std::optional<double> number = value.asNumber();
    constexpr double limit = 9.2e18;
    if (!number || std::trunc(*number) != *number || std::fabs(*number) > limit)
        return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

} // namespace

FieldReader::FieldReader(Value map, std::string path, std::optional<Error> *error)
    : m_map(std::move(map)), m_path(std::move(path)), m_error(error)
{
    if (!m_map.isMap() && !m_map.isNull()) {
        failType(m_path.empty() ? "document" : m_path, "a map", m_map);
        m_map = Value();
    }
}

std::string FieldReader::pathOf(std::string_view key) const
{
    return m_path.empty() ? std::string(key) : m_path + "." + std::string(key);
}

void FieldReader::failType(const std::string &path, std::string_view wanted, const Value &found) const
{
    if (*m_error)
        return;
    *m_error = Error(ErrorCode::InvalidInput,
                     path + ": must be " + std::string(wanted) + ", is " + std::string(typeName(found)));
}

void FieldReader::fail(std::string_view key, std::string_view problem) const
{
    if (!*m_error)
        *m_error = Error(ErrorCode::InvalidInput, pathOf(key) + ": " + std::string(problem));
}

std::optional<std::string> FieldReader::optionalText(std::string_view key) const
{
    const Value value = m_map[key];
    if (value.isNull())
        return std::nullopt;
    if (const std::optional<std::string_view> text = value.asString())
        return std::string(*text);
    failType(pathOf(key), "text", value);
    return std::nullopt;
}

std::string FieldReader::text(std::string_view key) const
{
    return optionalText(key).value_or(std::string());
}

std::optional<bool> FieldReader::optionalBoolean(std::string_view key) const
{
    const Value value = m_map[key];
    if (value.isNull())
        return std::nullopt;
    if (const std::optional<bool> boolean = value.asBool())
        return boolean;
    failType(pathOf(key), "a boolean", value);
    return std::nullopt;
}

bool FieldReader::boolean(std::string_view key) const
{
    return optionalBoolean(key).value_or(false);
}

std::optional<std::int64_t> FieldReader::optionalInteger(std::string_view key) const
{
    const Value value = m_map[key];
    if (value.isNull())
        return std::nullopt;
    if (const std::optional<std::int64_t> integer = integerOf(value))
        return integer;
    failType(pathOf(key), "an integer", value);
    return std::nullopt;
}

std::int64_t FieldReader::integer(std::string_view key) const
{
    return optionalInteger(key).value_or(0);
}

std::vector<std::string> FieldReader::texts(std::string_view key) const
{
    std::vector<std::string> result;
    const Value list = m_map[key];
    if (!list.isNull() && !list.isList())
        failType(pathOf(key), "a list of text", list);
    std::size_t index = 0;
    for (const Value &item : list.items()) {
        if (const std::optional<std::string_view> text = item.asString())
            result.emplace_back(*text);
        else
            failType(pathOf(key) + "[" + std::to_string(index) + "]", "text", item);
        ++index;
    }
    return result;
}

TextMap FieldReader::textMap(std::string_view key) const
{
    TextMap result;
    const Value map = m_map[key];
    if (!map.isNull() && !map.isMap())
        failType(pathOf(key), "a map of text", map);
    for (const auto &[name, value] : map.entries()) {
        if (const std::optional<std::string_view> text = value.asString())
            result.emplace(name, *text);
        else if (value.isNull())
            result.emplace(name, std::string());
        else
            failType(pathOf(key) + "." + std::string(name), "text", value);
    }
    return result;
}

std::optional<FieldReader> FieldReader::object(std::string_view key) const
{
    const Value value = m_map[key];
    if (value.isNull())
        return std::nullopt;
    return FieldReader(value, pathOf(key), m_error);
}

FieldReader FieldReader::objectOrEmpty(std::string_view key) const
{
    return FieldReader(m_map[key], pathOf(key), m_error);
}

std::vector<FieldReader> FieldReader::objects(std::string_view key) const
{
    std::vector<FieldReader> result;
    const Value list = m_map[key];
    if (!list.isNull() && !list.isList())
        failType(pathOf(key), "a list", list);
    std::size_t index = 0;
    for (const Value &item : list.items())
        result.emplace_back(item, pathOf(key) + "[" + std::to_string(index++) + "]", m_error);
    return result;
}

} // namespace tiphys::crd
