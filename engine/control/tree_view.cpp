// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/tree_view.h"

#include "control/app_views.h"
#include "tree/live_graph.h"
#include "tree/pod_trouble.h"
#include "tree/resource_tree.h"

#include <algorithm>
#include <map>

namespace tiphys::control {

using service::TreeNode;

namespace {

std::string infoOf(const tree::Node &node)
{
    std::string text;
    for (const tree::InfoItem &item : node.info) {
        // Requests are sums in thousandths of a core and of a byte: nothing for people.
        if (item.name == "Node" || item.name == "cpu" || item.name == "memory")
            continue;
        text += (text.empty() ? "" : " · ") + item.value;
        if (item.name == "Restart Count")
            text += item.value == "1" ? " restart" : " restarts";
    }
    return text;
}

TreeNode nodeOf(const tree::Node &node)
{
    TreeNode shown;
    shown.key = node.key;
    shown.version = node.version;
    shown.uid = node.uid;
    shown.isLive = !node.uid.empty();
    shown.info = infoOf(node);
    shown.created = wallTimeOf(node.createdAt);
    shown.images = node.images;
    if (node.health) {
        shown.health = healthStatusOf(node.health->status);
        shown.healthMessage = node.health->message;
        shown.isNotAssessed = node.health->notAssessed;
    }
    return shown;
}

/// Puts parents before children and turns references into indexes.
std::vector<TreeNode> ordered(const std::vector<tree::Node> &nodes, const std::vector<TreeNode> &shown)
{
    std::map<object::ObjectKey, std::size_t> byKey;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        byKey.emplace(nodes[i].key, i);
    std::multimap<std::size_t, std::size_t> children;
    std::vector<std::size_t> roots;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto parent = std::ranges::find_if(nodes[i].parents, [&](const tree::NodeReference &reference) {
            const auto found = byKey.find(reference.key());
            return found != byKey.end() && found->second != i;
        });
        if (parent == nodes[i].parents.end())
            roots.push_back(i);
        else
            children.emplace(byKey.at(parent->key()), i);
    }
    std::vector<TreeNode> list;
    std::vector<char> done(nodes.size(), 0);
    std::vector<std::pair<std::size_t, int>> open;
    for (auto root = roots.rbegin(); root != roots.rend(); ++root)
        open.emplace_back(*root, -1);
    while (!open.empty()) {
        const auto [index, parent] = open.back();
        open.pop_back();
        if (done[index])
            continue;
        done[index] = 1;
        const int place = static_cast<int>(list.size());
        list.push_back(shown[index]);
        list.back().parent = parent;
        const auto [first, last] = children.equal_range(index);
        std::vector<std::size_t> below;
        for (auto child = first; child != last; ++child)
            below.push_back(child->second);
        for (auto child = below.rbegin(); child != below.rend(); ++child)
            open.emplace_back(*child, place);
    }
    return list;
}

bool isUnwell(const TreeNode &node)
{
    return node.health == service::HealthStatus::Degraded || node.health == service::HealthStatus::Progressing;
}

/// Says of every workload that is not well what is wrong with the pods below it.
void addPodTroubles(std::vector<TreeNode> &nodes, const tree::LiveGraph &graph)
{
    std::map<std::size_t, std::vector<object::Object>> podsBelow;
    for (const TreeNode &node : nodes) {
        if (!node.key.group.empty() || node.key.kind != "Pod")
            continue;
        const object::Object pod = graph.find(node.key);
        for (int above = node.parent; above >= 0; above = nodes[static_cast<std::size_t>(above)].parent)
            podsBelow[static_cast<std::size_t>(above)].push_back(pod);
        if (isUnwell(node))
            podsBelow[static_cast<std::size_t>(&node - nodes.data())].push_back(pod);
    }
    for (const auto &[index, pods] : podsBelow) {
        TreeNode &node = nodes[index];
        if (!isUnwell(node))
            continue;
        const bool isPod = node.key.group.empty() && node.key.kind == "Pod";
        node.podTrouble = isPod ? tree::podTrouble(pods.front()) : tree::podsTrouble(pods);
    }
}

} // namespace

TreeView treeViewOf(const crd::Application &app, const Evaluation &evaluation,
                    const std::optional<policy::EffectiveProject> &project)
{
    const tree::LiveGraph graph(evaluation.live);
    tree::TreeInput input;
    input.live = &graph;
    std::map<object::ObjectKey, const compare::ComparedResource *> managed;
    for (const compare::ComparedResource &resource : evaluation.comparison.resources) {
        input.managed.push_back({resource.status.key(), resource.status.version, !resource.live.isNull()});
        managed.emplace(resource.status.key(), &resource);
    }
    input.destinationNamespace = app.spec.destination.ns;
    if (project)
        input.orphanedResources = project->spec.orphanedResources;
    input.allows = [&](const object::ObjectKey &key) {
        return !project || policy::permitsLive(*project, key, evaluation.cluster);
    };
    input.belongsToAnother = [&](const object::Object &object) {
        return belongsToAnApplication(evaluation, compare::trackedInstance(object, evaluation.tracking));
    };
    input.options.scripts = evaluation.scripts.get();
    const tree::ApplicationTree tree = tree::applicationTree(input);

    TreeView view;
    view.news = {tree::summaryOf(tree, app), tree::orphanWarning(tree, input.orphanedResources)};
    std::vector<TreeNode> shown;
    for (const tree::Node &node : tree.nodes) {
        TreeNode one = nodeOf(node);
        if (const auto found = managed.find(node.key); found != managed.end()) {
            const compare::ComparedResource &resource = *found->second;
            one.sync = syncStatusOf(resource.status.status);
            one.hasSync = resource.status.status != crd::SyncCode::None;
            one.wave = static_cast<int>(resource.status.syncWave);
            one.isHook = resource.status.hook;
            one.requiresPruning = resource.status.requiresPruning;
            if (!resource.unread.empty()) {
                one.isLive = true;
                one.health = service::HealthStatus::Unknown;
                one.healthMessage = resource.unread;
            } else if (resource.live.isNull()) {
                one.health = service::HealthStatus::Missing;
            }
        }
        shown.push_back(std::move(one));
    }
    view.nodes = ordered(tree.nodes, shown);
    addPodTroubles(view.nodes, graph);
    std::vector<TreeNode> orphans;
    for (const tree::Node &node : tree.orphans) {
        orphans.push_back(nodeOf(node));
        orphans.back().isOrphaned = true;
    }
    const int offset = static_cast<int>(view.nodes.size());
    for (TreeNode &orphan : orphans = ordered(tree.orphans, orphans)) {
        if (orphan.parent >= 0)
            orphan.parent += offset;
        view.nodes.push_back(std::move(orphan));
    }
    return view;
}

} // namespace tiphys::control
