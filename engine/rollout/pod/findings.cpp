// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/findings.h"

#include "object/json.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

std::string jsonOf(const Value &value)
{
    // A text is quoted, anything else is JSON as Go escapes it.
    return object::toJson(value, {.order = object::KeyOrder::Kept, .escapesHtml = !value.isString()});
}

std::string namedText(std::string_view text)
{
    return object::toJson(Value(text), {.escapesHtml = true});
}

} // namespace

std::string rangeProblem(std::int64_t least, std::int64_t most)
{
    return "must be between " + std::to_string(least) + " and " + std::to_string(most) + ", inclusive";
}

void Findings::add(FieldError::Kind kind, const FieldPath &path, std::string value, std::string_view detail)
{
    m_errors.push_back({.field = path.text(), .kind = kind, .value = std::move(value), .detail = std::string(detail)});
}

void Findings::required(const FieldPath &path, std::string_view detail)
{
    add(FieldError::Kind::Required, path, {}, detail);
}

void Findings::forbidden(const FieldPath &path, std::string_view detail)
{
    add(FieldError::Kind::Forbidden, path, {}, detail);
}

void Findings::invalid(const FieldPath &path, const Value &value, std::string_view detail)
{
    add(FieldError::Kind::Invalid, path, jsonOf(value), detail);
}

void Findings::invalidJson(const FieldPath &path, std::string json, std::string_view detail)
{
    add(FieldError::Kind::Invalid, path, std::move(json), detail);
}

void Findings::notSupported(const FieldPath &path, std::string_view value,
                            std::initializer_list<std::string_view> supported)
{
    std::string words;
    for (const std::string_view word : supported)
        words += (words.empty() ? "\"" : ", \"") + std::string(word) + "\"";
    add(FieldError::Kind::NotSupported, path, namedText(value), "supported values: " + words);
}

void Findings::duplicate(const FieldPath &path, std::string_view value)
{
    add(FieldError::Kind::Duplicate, path, jsonOf(Value(value)), {});
}

void Findings::notFound(const FieldPath &path, std::string_view value, std::string_view detail)
{
    add(FieldError::Kind::NotFound, path, jsonOf(Value(value)), detail);
}

void Findings::tooLong(const FieldPath &path, std::size_t most)
{
    add(FieldError::Kind::TooLong, path, {}, "may not be more than " + std::to_string(most) + " bytes");
}

void Findings::each(const FieldPath &path, std::string_view value, const std::vector<std::string> &problems)
{
    for (const std::string &problem : problems)
        invalid(path, Value(value), problem);
}

void Findings::notNegative(const FieldPath &path, std::int64_t value)
{
    if (value < 0)
        invalid(path, Value(value), "must be greater than or equal to 0");
}

void Findings::inRange(const FieldPath &path, std::int64_t value, std::int64_t least, std::int64_t most)
{
    if (value < least || value > most)
        invalid(path, Value(value), rangeProblem(least, most));
}

void Findings::oneOf(const FieldPath &path, const Value &value, std::initializer_list<std::string_view> supported)
{
    if (const std::optional<std::string_view> text = value.asString(); text && !std::ranges::contains(supported, *text))
        notSupported(path, *text, supported);
}

} // namespace tiphys::rollout
