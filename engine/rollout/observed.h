// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/analysis_run.h"
#include "rollout/experiment.h"
#include "rollout/replica_set.h"
#include "rollout/rollout.h"
#include "rollout/shared_items.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout {

/// A Service decoded once per resource version.
struct Service
{
    object::Object object;
    std::string name;
    std::string resourceVersion;
    crd::TextMap selector;
    std::string hash;                     ///< of the selector, "" if absent
    std::optional<std::string> managedBy; ///< annotation managed-by-rollouts
};

Service readService(const object::Object &object);

/// What the state of the cluster is, as far as one Rollout is concerned. All objects are of its namespace, save cluster
/// templates and router objects of other namespaces. A list that holds more than the Rollout's own is fine.
struct Observed
{
    Rollout rollout;
    SharedItems<ReplicaSet> replicaSets;
    std::vector<object::Object> pods; ///< of its ReplicaSets
    SharedItems<Service> services;
    /// Ingresses, VirtualServices, DestinationRules, TrafficSplits, Mappings, routes, …
    std::vector<object::Object> routerObjects;
    SharedItems<AnalysisRun> analysisRuns;
    SharedItems<AnalysisTemplate> templates; ///< of the namespace and of the cluster
    SharedItems<Experiment> experiments;
    std::optional<object::Object> workload; ///< that workloadRef names

    const Service *service(std::string_view name) const;
    const AnalysisTemplate *analysisTemplate(const TemplateReference &reference) const;
    /// The router object with this key, null if it was not observed.
    const object::Object *routerObject(std::string_view group, std::string_view kind, std::string_view ns,
                                       std::string_view name) const;
};

/// Settings of the engine, the controller's flags.
struct Options
{
    std::string instanceId;
    int resyncSeconds = 900;
    int verifyRetrySeconds = 10;
    bool verifiesTargetGroups = false;
    std::string istioVersion = "v1alpha3";
    std::string smiVersion = "v1alpha1";
    std::string ambassadorVersion = "getambassador.io/v2";
    std::string traefikVersion = "traefik.containo.us/v1alpha1";
    std::string apisixVersion = "apisix.apache.org/v2";
    std::string appMeshVersion = "v1beta2";
};

} // namespace tiphys::rollout
