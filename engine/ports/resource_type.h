// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"

#include <compare>
#include <string>

namespace tiphys::ports {

/// How objects of one kind are addressed at an API server.
struct ResourceType
{
    std::string group;   ///< "" for the core group
    std::string version; ///< "v1"
    std::string plural;  ///< "deployments"
    std::string kind;    ///< "Deployment"
    bool isNamespaced = true;

    auto operator<=>(const ResourceType &) const = default;
    object::Gvk gvk() const { return {group, version, kind}; }
    object::GroupKind groupKind() const { return {group, kind}; }
    /// "apps/v1", or "v1" for the core group.
    std::string apiVersion() const { return gvk().apiVersion(); }
    /// "deployments.apps", or "pods" for the core group.
    std::string text() const;
};

/// One object at an API server; \c ns is "" for kinds that are not namespaced.
struct ObjectRef
{
    ResourceType type;
    std::string ns;
    std::string name;

    auto operator<=>(const ObjectRef &) const = default;
    object::ObjectKey key() const { return {type.group, type.kind, ns, name}; }
    /// "deployments.apps 'web' in namespace 'shop'".
    std::string text() const;
};

} // namespace tiphys::ports
