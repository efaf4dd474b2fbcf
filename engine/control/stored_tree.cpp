// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/stored_tree.h"

#include "control/app_views.h"
#include "control/tree_view.h"

#include <map>

namespace tiphys::control {

std::vector<service::TreeNode> storedTreeOf(const crd::Application &app, Seen seen)
{
    std::map<object::ObjectKey, object::Object> live;
    for (const object::Object &object : seen.evaluation.live)
        live.emplace(object.key(), object);
    std::map<object::ObjectKey, const crd::ResourceStatus *> stored;
    seen.evaluation.comparison.resources.clear();
    for (const crd::ResourceStatus &resource : app.status.resources) {
        stored.emplace(resource.key(), &resource);
        compare::ComparedResource one;
        one.status = resource;
        if (const auto found = live.find(resource.key()); found != live.end())
            one.live = found->second;
        seen.evaluation.comparison.resources.push_back(std::move(one));
    }
    std::vector<service::TreeNode> nodes = treeViewOf(app, seen.evaluation, seen.project).nodes;
    for (service::TreeNode &node : nodes) {
        const auto found = stored.find(node.key);
        // Metadata tell that an object is there, and nothing of its health.
        const bool isSeen = seen.missing.contains(node.key) || (live.contains(node.key) && !node.key.ns.empty());
        if (found == stored.end() || isSeen)
            continue;
        const std::optional<crd::HealthStatus> &health = found->second->health;
        node.isStored = true;
        node.isLive = true;
        node.isNotAssessed = false;
        node.health = health ? healthStatusOf(health->status) : service::HealthStatus::None;
        node.healthMessage = health ? health->message : std::string();
    }
    return nodes;
}

} // namespace tiphys::control
