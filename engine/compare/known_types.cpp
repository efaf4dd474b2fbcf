// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/known_types.h"

#include "base/text.h"
#include "schema/schema.h"
#include "schema/typed.h"

namespace tiphys::compare {

using object::Value;
using schema::Type;

namespace {

constexpr std::string_view kCorePackage = "io.k8s.api.core.v1.";

const Type *fieldType(std::string_view model, std::string_view field)
{
    const Type *type = schema::typeNamed(model);
    const schema::Field *found = type ? type->exactField(field) : nullptr;
    return found ? &found->type() : nullptr;
}

const Type *typeOfName(std::string_view name)
{
    constexpr std::string_view core = "core/v1/";
    const Type *amounts = fieldType("io.k8s.api.core.v1.ResourceRequirements", "limits");
    if (name == "core/v1/ResourceList")
        return amounts;
    if (name == "core/Quantity")
        return amounts ? amounts->element() : nullptr;
    if (!name.starts_with(core))
        return nullptr;
    return schema::typeNamed(std::string(kCorePackage) + std::string(name.substr(core.size())));
}

Expected<Value> asKnownType(const Value &value, std::string_view name)
{
    if (name == "meta/v1/Duration")
        return schema::asDuration(value);
    return schema::asTyped(value, *typeOfName(name), schema::UnknownFields::Drop);
}

/// Gives nothing where a value does not fit, which leaves the object as it was.
std::optional<Value> rewritten(const Value &object, const std::vector<std::string_view> &path, std::string_view name)
{
    Value at = object;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const std::optional<Value> next = at.find(path[i]);
        if (!next)
            return object;
        at = *next;
        if (!at.isList())
            continue;
        const std::vector<std::string_view> rest(path.begin() + static_cast<std::ptrdiff_t>(i) + 1, path.end());
        std::vector<Value> items;
        for (const Value &item : at.items()) {
            if (!item.isMap()) {
                items.push_back(item);
                continue;
            }
            if (rest.empty()) {
                Expected<Value> typed = asKnownType(item, name);
                if (!typed)
                    return std::nullopt;
                items.push_back(std::move(*typed));
            } else {
                std::optional<Value> inner = rewritten(item, rest, name);
                if (!inner)
                    return std::nullopt;
                items.push_back(std::move(*inner));
            }
        }
        return object.withPath({path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i) + 1}, Value::list(items));
    }
    Expected<Value> typed = asKnownType(at, name);
    return typed ? std::optional(object.withPath(path, *typed)) : std::nullopt;
}

} // namespace

bool isKnownType(std::string_view name)
{
    return name == "meta/v1/Duration" || typeOfName(name) != nullptr;
}

Value withKnownTypeAt(const Value &object, const KnownTypeField &field)
{
    if (!isKnownType(field.type))
        return object;
    return rewritten(object, split(field.field, '.'), field.type).value_or(object);
}

} // namespace tiphys::compare
