// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/field_error.h"

#include "object/json.h"

namespace tiphys::rollout {

namespace {

std::string_view wordOf(FieldError::Kind kind)
{
    switch (kind) {
    case FieldError::Kind::Invalid: return "Invalid value";
    case FieldError::Kind::Required: return "Required value";
    case FieldError::Kind::NotSupported: return "Unsupported value";
    case FieldError::Kind::NotFound: return "Not found";
    case FieldError::Kind::Duplicate: return "Duplicate value";
    case FieldError::Kind::Forbidden: return "Forbidden";
    case FieldError::Kind::TooLong: return "Too long";
    case FieldError::Kind::Internal: return "Internal error";
    }
    return {};
}

} // namespace

std::string FieldError::body() const
{
    std::string result(wordOf(kind));
    const bool hasValue =
        kind != Kind::Required && kind != Kind::Forbidden && kind != Kind::TooLong && kind != Kind::Internal;
    if (hasValue)
        result += ": " + value;
    if (!detail.empty())
        result += ": " + detail;
    return result;
}

FieldError invalidField(std::string field, const object::Value &value, std::string detail)
{
    // A text is quoted, anything else is JSON as Go escapes it.
    const std::string json = object::toJson(value, {.order = object::KeyOrder::Kept, .escapesHtml = !value.isString()});
    return invalidFieldJson(std::move(field), json, std::move(detail));
}

FieldError invalidFieldJson(std::string field, std::string json, std::string detail)
{
    return {.field = std::move(field),
            .kind = FieldError::Kind::Invalid,
            .value = std::move(json),
            .detail = std::move(detail)};
}

FieldError requiredField(std::string field, std::string detail)
{
    return {.field = std::move(field), .kind = FieldError::Kind::Required, .value = {}, .detail = std::move(detail)};
}

} // namespace tiphys::rollout
