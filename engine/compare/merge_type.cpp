// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/merge_type.h"

#include "base/text.h"
#include "compare/field_set.h"
#include "object/json.h"

#include <set>

namespace tiphys::compare {

using object::Value;
using schema::Kind;
using schema::Relation;

namespace {

Error wrong(const std::string &path, std::string_view problem)
{
    return Error(ErrorCode::InvalidInput, path + ": " + std::string(problem));
}

bool isObjectSchema(const Value &schema)
{
    return schema["type"].stringOr() == "object" || schema.contains("properties")
           || schema.contains("additionalProperties");
}

/// What \p value is not, by the type of an OpenAPI schema; "" where it fits or anything goes.
std::string_view missedScalar(const Value &schema, const Value &value)
{
    const std::string_view type = schema["type"].stringOr();
    const std::string_view format = schema["format"].stringOr();
    if (schema["x-kubernetes-int-or-string"].boolOr(false))
        return "";
    if ((type == "integer" || type == "number") && !value.isNumber())
        return "numeric (int or float)";
    if (type == "boolean" && !value.isBool())
        return "boolean";
    const bool isOpen = format == "byte" || format == "date-time" || format == "int-or-string";
    return type == "string" && !isOpen && !value.isString() ? "string" : "";
}

bool fitsScalar(Kind kind, const Value &value)
{
    switch (kind) {
    case Kind::Bool: return value.isBool();
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Float: return value.isNumber();
    case Kind::String:
    case Kind::Bytes:
    case Kind::Duration: return value.isString();
    default: return !value.isMap() && !value.isList();
    }
}

} // namespace

MergeType::MergeType(const schema::Type *type) : m_source(Source::BuiltIn), m_type(type)
{
    if (!type || type->kind() == Kind::Any)
        *this = MergeType();
}

Expected<MergeType> MergeType::of(const object::Gvk &gvk, const Value &openApiSchema)
{
    if (const schema::Type *type = schema::typeOf(gvk)) {
        if (!type->isInApplySchema())
            return failure(ErrorCode::Unsupported, "unable to resolve parseableType for GroupVersionKind: " + gvk.group
                                                       + '/' + gvk.version + ", Kind=" + gvk.kind);
        return MergeType(type);
    }
    return openApiSchema.isMap() ? MergeType(openApiSchema) : MergeType();
}

/// Parts of a custom resource that its schema leaves open follow the values.
bool MergeType::isOpen() const
{
    return m_source == Source::OpenApi && !isObjectSchema(m_openApi) && m_openApi["type"].isNull();
}

bool MergeType::isAtomicList() const
{
    if (m_source == Source::BuiltIn)
        return m_type->kind() != Kind::List || m_type->relation() == Relation::Atomic;
    if (m_source != Source::OpenApi)
        return true;
    const std::string_view kind = m_openApi["x-kubernetes-list-type"].stringOr("atomic");
    return kind != "map" && kind != "set";
}

bool MergeType::isAtomicMap() const
{
    if (m_source == Source::BuiltIn)
        return m_type->relation() == Relation::Atomic;
    return m_source == Source::Atomic
           || (m_source == Source::OpenApi && m_openApi["x-kubernetes-map-type"].stringOr() == "atomic");
}

std::vector<std::string> MergeType::keys() const
{
    std::vector<std::string> keys;
    if (m_source == Source::BuiltIn) {
        for (const std::string_view key : m_type->keys())
            keys.emplace_back(key);
    } else if (m_source == Source::OpenApi && m_openApi["x-kubernetes-list-type"].stringOr() == "map") {
        const Value list = m_openApi["x-kubernetes-list-map-keys"];
        for (const Value &key : list.items())
            keys.emplace_back(key.stringOr());
    }
    return keys;
}

std::optional<Value> MergeType::keyDefault(std::string_view key) const
{
    if (m_source == Source::OpenApi)
        return m_openApi.path({"items", "properties", key}).find("default");
    const schema::Type *element = m_source == Source::BuiltIn ? m_type->element() : nullptr;
    const schema::Field *field = element ? element->exactField(key) : nullptr;
    if (!field || !field->hasDefault())
        return std::nullopt;
    const bool isNumber = field->type().kind() == Kind::Int32 || field->type().kind() == Kind::Int64;
    return isNumber ? Value(0) : Value(field->keyDefault());
}

MergeType MergeType::element() const
{
    if (m_source == Source::BuiltIn)
        return MergeType(m_type->element());
    if (m_source == Source::OpenApi)
        return m_openApi["items"].isMap() ? MergeType(m_openApi["items"]) : MergeType();
    MergeType atomic;
    atomic.m_source = Source::Atomic;
    return atomic;
}

MergeType MergeType::member(std::string_view name) const
{
    if (m_source == Source::BuiltIn) {
        if (m_type->kind() == Kind::Map)
            return MergeType(m_type->element());
        const schema::Field *field = m_type->exactField(name);
        return field ? MergeType(&field->type()) : MergeType();
    }
    if (m_source == Source::OpenApi) {
        if (name == "metadata" && m_openApi.path({"properties", "apiVersion"}).isMap())
            return MergeType(schema::typeNamed("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"));
        if (const Value own = m_openApi.path({"properties", name}); own.isMap())
            return MergeType(own);
        const Value others = m_openApi["additionalProperties"];
        return others.isMap() ? MergeType(others) : MergeType();
    }
    return *this;
}

bool MergeType::declares(std::string_view name) const
{
    if (m_source == Source::BuiltIn) {
        const schema::Field *field = m_type->kind() == Kind::Struct ? m_type->exactField(name) : nullptr;
        return field && field->isInApplySchema();
    }
    return m_source == Source::OpenApi && m_openApi.path({"properties", name}).isMap();
}

Expected<void> MergeType::validate(const Value &value) const
{
    return validateAt(value, "");
}

Expected<void> MergeType::validateMap(const Value &map, const std::string &path) const
{
    for (const auto &[key, value] : map.entries()) {
        const std::string place = path + "." + std::string(key);
        if (m_source == Source::BuiltIn && m_type->kind() == Kind::Struct && !declares(key))
            return std::unexpected(wrong(place, "field not declared in schema"));
        const bool isClosed = m_source == Source::OpenApi && m_openApi["properties"].isMap()
                              && !m_openApi["additionalProperties"].isMap()
                              && !m_openApi["x-kubernetes-preserve-unknown-fields"].boolOr(false);
        const bool isRootField = path.empty() && (key == "apiVersion" || key == "kind" || key == "metadata");
        if (isClosed && !declares(key) && !isRootField)
            return std::unexpected(wrong(place, "field not declared in schema"));
        if (const Expected<void> valid = member(key).validateAt(value, place); !valid)
            return valid;
    }
    return {};
}

Expected<void> MergeType::validateList(const Value &list, const std::string &path) const
{
    const MergeType items = element();
    std::set<std::string> seen;
    std::size_t index = 0;
    for (const Value &item : list.items()) {
        std::string place = path + "[" + std::to_string(index++) + "]";
        if (!isAtomicList()) {
            const Expected<std::string> own = elementOf(item);
            if (!own)
                return std::unexpected(own.error().in(path));
            if (!seen.insert(*own).second)
                return std::unexpected(wrong(path, "duplicate entries for key [" + own->substr(2) + "]"));
        }
        if (const Expected<void> valid = items.validateAt(item, place); !valid)
            return valid;
    }
    return {};
}

Expected<void> MergeType::validateAt(const Value &value, const std::string &path) const
{
    if (value.isNull() || m_source == Source::Deduced || m_source == Source::Atomic || isOpen())
        return {};
    const std::string_view openApi = m_source == Source::OpenApi ? m_openApi["type"].stringOr() : "";
    const bool wantsMap = m_source == Source::BuiltIn ? m_type->kind() == Kind::Struct || m_type->kind() == Kind::Map
                                                      : isObjectSchema(m_openApi);
    const bool wantsList = m_source == Source::BuiltIn ? m_type->kind() == Kind::List : openApi == "array";
    if (wantsMap)
        return value.isMap() ? validateMap(value, path) : std::unexpected(wrong(path, "expected map"));
    if (wantsList)
        return value.isList() ? validateList(value, path) : std::unexpected(wrong(path, "expected list"));
    if (m_source == Source::BuiltIn && !fitsScalar(m_type->kind(), value))
        return std::unexpected(wrong(path, "expected another kind of scalar"));
    if (m_source == Source::OpenApi) {
        if (const std::string_view missed = missedScalar(m_openApi, value); !missed.empty())
            return std::unexpected(wrong(path, "expected " + std::string(missed)));
    }
    return {};
}

Expected<std::string> MergeType::elementOf(const Value &item) const
{
    const std::vector<std::string> names = keys();
    if (names.empty()) {
        if (item.isMap() || item.isList() || item.isNull())
            return failure(ErrorCode::InvalidInput, "a set has an item that is no scalar");
        return "v:" + object::toJson(item);
    }
    if (!item.isMap())
        return failure(ErrorCode::InvalidInput, "associative list with keys may not have non-map elements");
    std::vector<std::pair<std::string, Value>> key;
    for (const std::string &name : names) {
        if (const std::optional<Value> own = item.find(name))
            key.emplace_back(name, *own);
        else if (const std::optional<Value> fallback = keyDefault(name))
            key.emplace_back(name, *fallback);
    }
    if (key.empty())
        return failure(ErrorCode::InvalidInput, "associative list with keys has an element that omits all key fields");
    return "k:" + object::toJson(Value::map(key));
}

} // namespace tiphys::compare
