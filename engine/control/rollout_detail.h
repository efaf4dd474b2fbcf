// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/info/rollout_info.h"
#include "service/rollouts.h"

#include <string>
#include <vector>

namespace tiphys::control {

/// Objects around a Rollout, beyond its children.
struct RolloutSurroundings
{
    std::vector<object::Object> services; ///< of its namespace
    std::vector<object::Object> routers;  ///< objects of the kinds that route its traffic
};

/// What the page of a Rollout shows, told from objects; row, acts and advice are left to the caller.
service::RolloutDetail rolloutDetailOf(const rollout::RolloutObjects &objects, const RolloutSurroundings &around);

/// The pod template of a replica set as it was written: without the version's own label.
object::Object templateOf(const object::Object &replicaSet);

/// Lines of Argo CD's policies (ConfigMap argocd-rbac-cm) that speak of acts on Rollouts of \p project.
std::vector<std::string> rolloutPolicies(const object::Object &rbacConfig, const std::string &project);

} // namespace tiphys::control
