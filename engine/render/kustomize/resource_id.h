// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// Group, version and kind; as a selector an empty part fits everything.
/// Source: kustomize kyaml/resid/gvk.go@v5.8.1
struct Gvk
{
    std::string group;
    std::string version;
    std::string kind;

    bool operator==(const Gvk &) const = default;
    bool isEmpty() const { return group.empty() && version.empty() && kind.empty(); }
    bool isSelectedBy(const Gvk &selector) const;
    std::string apiVersion() const { return group.empty() ? version : group + "/" + version; }
    /// "Deployment.v1.apps", blanks as "[noKind]", "[noVer]" and "[noGrp]".
    std::string text() const;
};

/// What stands before and after the first slash of an apiVersion.
struct GroupVersion
{
    std::string_view group;
    std::string_view version;
};
GroupVersion groupVersionOf(std::string_view apiVersion);

inline constexpr std::string_view kNoNamespace = "_non_namespaceable_";

/// Which object.
/// Source: kustomize kyaml/resid/resid.go@v5.8.1
struct ResourceId
{
    Gvk gvk;
    std::string name;
    std::string ns;
    bool isClusterScoped = false; ///< known to live outside of namespaces

    /// kNoNamespace for what is outside of namespaces, "default" for none.
    std::string_view effectiveNamespace() const;
    bool hasNamespaceOf(const ResourceId &other) const { return effectiveNamespace() == other.effectiveNamespace(); }
    /// Same group, version, kind, name and effective namespace.
    bool isSameAs(const ResourceId &other) const
    {
        return name == other.name && gvk == other.gvk && hasNamespaceOf(other);
    }
    /// \p selector names parts; empty ones fit everything.
    bool isSelectedBy(const ResourceId &selector) const;
    bool isEmpty() const { return gvk.isEmpty() && name.empty() && ns.empty(); }
    /// "Deployment.v1.apps/name.namespace", blanks as "[noName]" and "[noNs]".
    std::string text() const;
    /// Equal for ids that are the same.
    std::uint64_t hash() const;
};

/// Equal for the same kind and name.
std::uint64_t nameHash(std::string_view kind, std::string_view name);

} // namespace tiphys::render::kustomize
