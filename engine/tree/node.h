// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"
#include "health/health.h"
#include "object/object.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::tree {

/// A line of a node's details: "Revision" "Rev:3", "Containers" "1/2".
struct InfoItem
{
    std::string name;
    std::string value;

    bool operator==(const InfoItem &) const = default;
};

/// Names another object from a node. Sorted by group, kind, namespace and name.
struct NodeReference
{
    std::string group;
    std::string kind;
    std::string ns;
    std::string name;
    std::string version;
    std::string uid;

    object::ObjectKey key() const { return {group, kind, ns, name}; }
    auto operator<=>(const NodeReference &) const = default;
};

/// An address at which traffic enters: one of them is set.
struct IngressAddress
{
    std::string hostname;
    std::string ip;

    bool operator==(const IngressAddress &) const = default;
};

/// How traffic passes a node.
struct Networking
{
    crd::TextMap targetLabels;          ///< labels of the pods that it leads to
    std::vector<NodeReference> targets; ///< objects that it leads to, sorted
    crd::TextMap labels;                ///< of a pod
    std::vector<IngressAddress> ingress;
    std::vector<std::string> externalUrls; ///< of link annotations, then generated; "title|URL" or URL

    bool operator==(const Networking &) const = default;
};

/// One object in the tree of an Application.
struct Node
{
    object::ObjectKey key;
    std::string version;
    std::string uid; ///< "" for an object that is not in the cluster
    std::vector<NodeReference> parents;
    std::vector<InfoItem> info;
    std::optional<Networking> networking;
    std::string resourceVersion;
    std::vector<std::string> images; ///< of a pod, each once, sorted
    std::optional<health::Health> health;
    std::string createdAt; ///< RFC 3339

    bool operator==(const Node &) const = default;
};

/// What the details of a node depend on beside the object.
struct NodeOptions
{
    std::vector<std::string> customLabels; ///< `resource.customLabels`: labels shown as details
    const health::ScriptHealth *scripts = nullptr;
};

/// The node of \p object, without parents.
/// Source: argo-cd controller/cache/info.go (populateNodeInfo)@v3.5.1
Node nodeOf(const object::Object &object, const NodeOptions &options = {});

/// "Rev:n" number of a ReplicaSet, Rollout revision or ControllerRevision; 0 if there is none.
/// Source: argo-cd util/resource/revision.go@v3.5.1
std::int64_t revisionOf(const object::Object &object);

} // namespace tiphys::tree
