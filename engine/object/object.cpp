// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/object.h"

#include <algorithm>

namespace tiphys::object {

std::string_view Object::group() const
{
    const std::string_view api = apiVersion();
    const auto slash = api.find('/');
    return slash == std::string_view::npos ? std::string_view() : api.substr(0, slash);
}

std::string_view Object::version() const
{
    const std::string_view api = apiVersion();
    const auto slash = api.find('/');
    return slash == std::string_view::npos ? api : api.substr(slash + 1);
}

ObjectKey Object::key() const
{
    return {std::string(group()), std::string(kind()), std::string(ns()), std::string(name())};
}

std::optional<std::string_view> Object::annotation(std::string_view name) const
{
    return m_value.path({"metadata", "annotations", name}).asString();
}

std::optional<std::string_view> Object::label(std::string_view name) const
{
    return m_value.path({"metadata", "labels", name}).asString();
}

std::vector<OwnerReference> Object::ownerReferences() const
{
    std::vector<OwnerReference> owners;
    const Value list = m_value.path({"metadata", "ownerReferences"});
    for (const Value &owner : list.items()) {
        owners.push_back({std::string(owner["apiVersion"].stringOr()), std::string(owner["kind"].stringOr()),
                          std::string(owner["name"].stringOr()), std::string(owner["uid"].stringOr()),
                          owner["controller"].boolOr(false), owner["blockOwnerDeletion"].boolOr(false)});
    }
    return owners;
}

std::vector<std::string> Object::finalizers() const
{
    std::vector<std::string> names;
    const Value list = m_value.path({"metadata", "finalizers"});
    for (const Value &name : list.items())
        names.emplace_back(name.stringOr());
    return names;
}

bool Object::hasFinalizer(std::string_view name) const
{
    return std::ranges::contains(finalizers(), name);
}

Object Object::withAnnotation(std::string_view name, std::string_view text) const
{
    return Object(m_value.withPath({"metadata", "annotations", name}, text));
}

Object Object::withoutAnnotation(std::string_view name) const
{
    return Object(m_value.withoutPath({"metadata", "annotations", name}));
}

Object Object::withLabel(std::string_view name, std::string_view text) const
{
    return Object(m_value.withPath({"metadata", "labels", name}, text));
}

Object Object::withNamespace(std::string_view ns) const
{
    return Object(m_value.withPath({"metadata", "namespace"}, ns));
}

} // namespace tiphys::object
