// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace tiphys::object {

/// Group and kind; the core group is "".
struct GroupKind
{
    std::string group;
    std::string kind;

    auto operator<=>(const GroupKind &) const = default;
    /// "Deployment.apps", or "Pod" for the core group.
    std::string text() const;
};

/// Group, version and kind.
struct Gvk
{
    std::string group;
    std::string version;
    std::string kind;

    auto operator<=>(const Gvk &) const = default;
    GroupKind groupKind() const { return {group, kind}; }
    /// "apps/v1", or "v1" for the core group.
    std::string apiVersion() const;
    /// "apps/v1 Deployment".
    std::string text() const;
};

/// The parts of an apiVersion: "apps/v1" gives group and version, "v1" the core group.
Gvk gvkOf(std::string_view apiVersion, std::string_view kind);

/// Which object: group, kind, namespace ("" when cluster-scoped) and name. Sorted in this order.
struct ObjectKey
{
    std::string group;
    std::string kind;
    std::string ns;
    std::string name;

    auto operator<=>(const ObjectKey &) const = default;
    GroupKind groupKind() const { return {group, kind}; }
    /// "Deployment.apps web in namespace shop", "ClusterRole.rbac.authorization.k8s.io admin".
    std::string text() const;
    /// "apps/Deployment/shop/web": all four parts, as Argo CD writes keys.
    std::string path() const;
};

} // namespace tiphys::object
