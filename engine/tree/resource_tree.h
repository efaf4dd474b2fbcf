// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "crd/project.h"
#include "tree/live_graph.h"
#include "tree/node.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::tree {

/// One resource of a comparison: its key, and the version of its target where it is not live.
struct ManagedResource
{
    object::ObjectKey key;
    std::string version;
    bool isLive = false;
};

/// How much of one resource of a cluster node is spoken for, in thousandths.
struct HostResource
{
    std::string name; ///< cpu, memory, storage
    std::int64_t requestedByApp = 0;
    std::int64_t requestedByNeighbors = 0;
    std::int64_t capacity = 0;

    bool operator==(const HostResource &) const = default;
};

/// A cluster node that runs pods of the Application.
struct Host
{
    std::string name;
    object::Value systemInfo;            ///< status.nodeInfo
    std::vector<HostResource> resources; ///< sorted by name
    crd::TextMap labels;                 ///< the allowed ones

    bool operator==(const Host &) const = default;
};

/// Everything that belongs to an Application, sorted by "group/kind/namespace/name".
struct ApplicationTree
{
    std::vector<Node> nodes;
    std::vector<Node> orphans; ///< what lies around in the destination namespace, with children
    std::vector<Host> hosts;

    bool operator==(const ApplicationTree &) const = default;
};

/// What a tree is made of. Functions must be set.
struct TreeInput
{
    const LiveGraph *live = nullptr;
    std::vector<ManagedResource> managed;
    std::string destinationNamespace;
    std::optional<crd::OrphanedResources> orphanedResources; ///< of the project; nothing: not monitored
    /// Whether the project permits an object (kind and namespace); what it does not goes with all below it.
    std::function<bool(const object::ObjectKey &)> allows;
    /// Whether a top-level object is tracked by another Application that exists.
    std::function<bool(const object::Object &)> belongsToAnother;
    std::vector<std::string> allowedNodeLabels;
    NodeOptions options;
};

/// The tree of an Application.
/// Source: argo-cd controller/appcontroller.go (getResourceTree, getAppHosts)@v3.5.1
ApplicationTree applicationTree(const TreeInput &input);

/// `status.summary`: URLs and images of the nodes, the links of \p app, whether there are child Applications.
/// Source: argo-cd pkg/apis/application/v1alpha1/types.go (GetSummary)@v3.5.1
crd::Summary summaryOf(const ApplicationTree &tree, const crd::Application &app);

/// The OrphanedResourceWarning of a tree; nothing if there are no orphans or the project does not want to be warned.
std::optional<crd::Condition> orphanWarning(const ApplicationTree &tree,
                                            const std::optional<crd::OrphanedResources> &orphanedResources);

/// True for objects that are never orphans: what Kubernetes makes in every namespace, and what the project ignores.
bool isKnownOrphan(const object::ObjectKey &key, const crd::OrphanedResources &orphanedResources);

/// Place of a health when the worst comes first: Missing, Degraded, Unknown, Progressing, Suspended, Healthy, none.
int worstFirst(const std::optional<health::Health> &health);

} // namespace tiphys::tree
