// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/store.h"
#include "rollout/observed.h"

#include <string_view>

namespace tiphys::demo {

/// Puts into \p observed what decisions about Rollouts and about Experiments both depend on: ReplicaSets, Services, AnalysisRuns
/// and templates of \p ns, and the templates of the cluster.
template <typename Observed>
void observeNamespace(const Store &store, std::string_view ns, Observed &observed)
{
    for (const object::Object &set : store.objectsIn({"apps", "ReplicaSet"}, ns))
        observed.replicaSets.push_back(rollout::readReplicaSet(set));
    for (const object::Object &service : store.objectsIn({"", "Service"}, ns))
        observed.services.push_back(rollout::readService(service));
    for (const object::Object &run : store.objectsIn({"argoproj.io", "AnalysisRun"}, ns))
        observed.analysisRuns.push_back(rollout::readAnalysisRun(run));
    for (const object::Object &found : store.objectsIn({"argoproj.io", "AnalysisTemplate"}, ns))
        observed.templates.push_back(rollout::readAnalysisTemplate(found));
    for (const object::Object &found : store.objectsIn({"argoproj.io", "ClusterAnalysisTemplate"}, ""))
        observed.templates.push_back(rollout::readAnalysisTemplate(found));
}

} // namespace tiphys::demo
