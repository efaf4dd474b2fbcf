// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/resource_tree.h"

#include "base/glob.h"
#include "crd/names.h"
#include "tree/hosts.h"

#include <algorithm>
#include <set>

namespace tiphys::tree {

namespace {

using object::Object;
using object::ObjectKey;

std::vector<NodeReference> parentsOf(const LiveGraph &live, const ObjectKey &key)
{
    std::vector<NodeReference> parents;
    for (const object::OwnerReference &owner : live.ownersAt(key)) {
        const object::Gvk gvk = object::gvkOf(owner.apiVersion, owner.kind);
        // An owner that is not in the namespace of its child must be cluster-scoped.
        const bool isBeside = !live.find({gvk.group, gvk.kind, key.ns, owner.name}).isNull();
        parents.push_back({gvk.group, gvk.kind, isBeside ? key.ns : std::string(), owner.name, gvk.version, owner.uid});
    }
    return parents;
}

Node liveNode(const TreeInput &input, const Object &object)
{
    Node node = nodeOf(object, input.options);
    node.parents = parentsOf(*input.live, node.key);
    return node;
}

Node missingNode(const ManagedResource &resource)
{
    Node node;
    node.key = resource.key;
    node.version = resource.version;
    node.health = health::Health{health::HealthCode::Missing, {}, false, false};
    return node;
}

std::vector<Node> managedNodes(const TreeInput &input)
{
    std::vector<Node> nodes;
    std::vector<ObjectKey> roots;
    for (const ManagedResource &resource : input.managed) {
        if (resource.isLive)
            roots.push_back(resource.key);
        else
            nodes.push_back(missingNode(resource));
    }
    input.live->walk(roots, [&](const Object &object) {
        if (!input.allows(object.key()))
            return false;
        nodes.push_back(liveNode(input, object));
        return true;
    });
    return nodes;
}

std::vector<Node> orphanedNodes(const TreeInput &input)
{
    if (!input.orphanedResources || input.destinationNamespace.empty())
        return {};
    std::set<ObjectKey> managed;
    for (const ManagedResource &resource : input.managed)
        managed.insert(resource.key);
    std::vector<ObjectKey> roots;
    for (const Object &object : input.live->topLevel(input.destinationNamespace)) {
        const ObjectKey key = object.key();
        if (!managed.contains(key) && input.allows(key) && !isKnownOrphan(key, *input.orphanedResources)
            && !input.belongsToAnother(object))
            roots.push_back(key);
    }
    std::vector<Node> nodes;
    input.live->walk(roots, [&](const Object &object) {
        if (!input.allows(object.key()))
            return false;
        nodes.push_back(liveNode(input, object));
        return true;
    });
    return nodes;
}

void sortByName(std::vector<Node> &nodes)
{
    std::ranges::stable_sort(nodes, {}, [](const Node &node) { return node.key.path(); });
}

bool matches(const crd::KindPattern &pattern, const ObjectKey &key)
{
    return (pattern.kind.empty() || globMatches(pattern.kind, key.kind)) && globMatches(pattern.group, key.group)
           && (pattern.name.empty() || globMatches(pattern.name, key.name));
}

} // namespace

ApplicationTree applicationTree(const TreeInput &input)
{
    ApplicationTree tree;
    tree.nodes = managedNodes(input);
    tree.orphans = orphanedNodes(input);
    sortByName(tree.nodes);
    sortByName(tree.orphans);
    tree.hosts = hostsOf(*input.live, tree.nodes, input.allowedNodeLabels);
    return tree;
}

bool isKnownOrphan(const ObjectKey &key, const crd::OrphanedResources &orphanedResources)
{
    if (key.group.empty()) {
        if (key.kind == "Service" && key.ns == "default" && key.name == "kubernetes")
            return true;
        if (key.kind == "ServiceAccount" && key.name == "default")
            return true;
        if (key.kind == "ConfigMap" && key.name == "kube-root-ca.crt")
            return true;
    }
    return std::ranges::any_of(orphanedResources.ignore,
                               [&](const crd::KindPattern &pattern) { return matches(pattern, key); });
}

std::optional<crd::Condition> orphanWarning(const ApplicationTree &tree,
                                            const std::optional<crd::OrphanedResources> &orphanedResources)
{
    if (tree.orphans.empty() || !orphanedResources || !orphanedResources->warn.value_or(false))
        return std::nullopt;
    return crd::Condition{std::string(crd::kOrphanedResourceWarning),
                          "Application has " + std::to_string(tree.orphans.size()) + " orphaned resources",
                          {}};
}

crd::Summary summaryOf(const ApplicationTree &tree, const crd::Application &app)
{
    std::set<std::string> urls;
    std::set<std::string> images;
    crd::Summary summary;
    for (const Node &node : tree.nodes) {
        if (node.networking)
            urls.insert(node.networking->externalUrls.begin(), node.networking->externalUrls.end());
        images.insert(node.images.begin(), node.images.end());
        summary.isAppOfApps =
            summary.isAppOfApps || (node.key.group == crd::kGroup && node.key.kind == crd::kApplicationKind);
    }
    const object::Value annotations = app.object.path({"metadata", "annotations"});
    for (const auto &[name, value] : annotations.entries()) {
        if (name.starts_with(crd::kLinkAnnotationPrefix))
            urls.emplace(value.stringOr());
    }
    summary.externalUrls.assign(urls.begin(), urls.end());
    summary.images.assign(images.begin(), images.end());
    return summary;
}

int worstFirst(const std::optional<health::Health> &health)
{
    switch (health ? health->status : health::HealthCode::None) {
    case health::HealthCode::Missing: return 0;
    case health::HealthCode::Degraded: return 1;
    case health::HealthCode::Unknown: return 2;
    case health::HealthCode::Progressing: return 3;
    case health::HealthCode::Suspended: return 4;
    case health::HealthCode::Healthy: return 5;
    case health::HealthCode::None: return 6;
    }
    return 6;
}

} // namespace tiphys::tree
