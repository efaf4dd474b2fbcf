// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/struct_reader.h"

#include "base/text.h"
#include "object/json.h"
#include "object/number_text.h"

#include <utility>

namespace tiphys::render::kustomize {

using object::Value;

namespace {

std::string_view jsonKind(const Value &value)
{
    if (value.isBool())
        return "bool";
    if (value.isNumber())
        return "number";
    if (value.isString())
        return "string";
    return value.isList() ? "array" : "object";
}

std::string convertedText(const Value &value)
{
    if (!value.isNumber() || value.isInteger())
        return object::toJson(value);
    std::string text;
    object::detail::appendShortest(text, *value.asNumber());
    return text;
}

} // namespace

bool StructReader::fits(std::string_view key, std::string_view name, Match match)
{
    return match == Match::Exact ? key == name : key.size() == name.size() && asciiLower(key) == asciiLower(name);
}

void StructReader::note(std::string problem)
{
    if (!m_problem)
        m_problem = std::move(problem);
}

void StructReader::mismatch(const Value &value, const std::string &type, const std::string &literal)
{
    std::string text = "json: cannot unmarshal " + std::string(jsonKind(value));
    if (!literal.empty())
        text += " " + literal;
    if (m_path.empty())
        note(text + " into Go value of type " + type);
    else
        note(text + " into Go struct field " + m_struct + "." + m_path + " of type " + type);
}

void StructReader::readValue(const Value &value, std::string &into)
{
    if (value.isNull())
        return;
    if (value.isString())
        into = *value.asString();
    else if (m_scalars == Scalars::Converted && (value.isBool() || value.isNumber()))
        into = convertedText(value);
    else
        mismatch(value, "string");
}

void StructReader::readValue(const Value &value, bool &into)
{
    if (value.isNull())
        return;
    if (!value.isBool())
        return mismatch(value, "bool");
    into = *value.asBool();
}

void StructReader::readValue(const Value &value, std::int64_t &into)
{
    if (value.isNull())
        return;
    if (!value.isNumber())
        return mismatch(value, "int64");
    if (const auto integer = value.asInt())
        into = *integer;
    else
        mismatch(value, "int64", object::toJson(value));
}

void StructReader::readValue(const Value &value, std::map<std::string, std::string> &into)
{
    if (value.isNull())
        return;
    if (!value.isMap())
        return mismatch(value, "map[string]string");
    for (const auto &[key, member] : value.sortedEntries())
        readValue(member, into[std::string(key)]);
}

void StructReader::readValue(const Value &value, Value &into)
{
    if (value.isNull())
        return;
    if (!value.isMap())
        return mismatch(value, "map[string]interface {}");
    into = value;
}

} // namespace tiphys::render::kustomize
