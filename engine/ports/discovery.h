// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "ports/resource_type.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::ports {

/// One resource that an API server serves.
struct ApiResource
{
    ResourceType type;
    std::string singular;
    std::vector<std::string> verbs; ///< "get", "list", "watch", …
    std::vector<std::string> shortNames;
    std::vector<std::string> categories;
    std::vector<std::string> subresources; ///< "status", "scale", "log", …
    bool isPreferred = false;              ///< of the version that the server prefers for this kind

    bool can(std::string_view verb) const;
    bool hasSubresource(std::string_view name) const;

    bool operator==(const ApiResource &) const = default;
};

/// A group version that could not be asked for: its types are missing below.
struct FailedGroup
{
    std::string groupVersion; ///< "metrics.k8s.io/v1beta1"
    std::string message;

    bool operator==(const FailedGroup &) const = default;
};

/// What one API server serves, at one moment: finds resource types by kind. Immutable once made.
class Discovery
{
public:
    Discovery() = default;
    /// \p resources in the server's order (groups, then versions with the preferred one first).
    Discovery(std::vector<ApiResource> resources, std::vector<FailedGroup> failedGroups);

    const std::vector<ApiResource> &resources() const { return m_resources; }
    const std::vector<FailedGroup> &failedGroups() const { return m_failed; }
    /// True if a version of \p group could not be asked: an absent kind may still exist.
    bool isFailedGroup(std::string_view group) const;

    /// The resource of exactly this group, version and kind; null if not served.
    const ApiResource *find(const object::Gvk &gvk) const;
    /// The resource of \p kind in the version that the server prefers; null if not served.
    const ApiResource *find(const object::GroupKind &kind) const;
    /// The preferred resource that people call \p name: "deploy", "deployments", "deployment", "Deployment",
    /// "deployments.apps", "deployments.v1.apps"; null if there is none. The core group wins over others.
    const ApiResource *findByName(std::string_view name) const;
    /// The preferred resource of each kind, in the server's order.
    std::vector<const ApiResource *> preferred() const;
    /// All "group/version", preferred ones of each group first.
    std::vector<std::string> groupVersions() const;

    /// As find(), with an error: NotFound "no kind 'X' in group 'g' at version 'v'", Unavailable if the group failed.
    Expected<ResourceType> typeOf(const object::Gvk &gvk) const;
    Expected<ResourceType> typeOf(const object::GroupKind &kind) const;

private:
    Error missing(const std::string &group, const std::string &what) const;

    std::vector<ApiResource> m_resources;
    std::vector<FailedGroup> m_failed;
    std::map<object::Gvk, std::size_t> m_byGvk;
    std::map<object::GroupKind, std::size_t> m_byKind;
};
using DiscoveryPtr = std::shared_ptr<const Discovery>;

} // namespace tiphys::ports
