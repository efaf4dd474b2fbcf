// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/step.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::rollout {

struct AntiAffinity
{
    std::optional<int> preferredWeight; ///< preferredDuringSchedulingIgnoredDuringExecution.weight
    bool isRequired = false;            ///< requiredDuringSchedulingIgnoredDuringExecution is set
};

struct BlueGreen
{
    std::string activeService;
    std::string previewService;
    std::optional<int> previewReplicaCount;
    std::optional<bool> autoPromotionEnabled;
    int autoPromotionSeconds = 0;
    std::optional<IntOrText> maxUnavailable;
    std::optional<int> scaleDownDelaySeconds;
    std::optional<int> scaleDownDelayRevisionLimit;
    std::optional<int> abortScaleDownDelaySeconds;
    std::optional<AnalysisReference> prePromotionAnalysis;
    std::optional<AnalysisReference> postPromotionAnalysis;
    std::optional<AntiAffinity> antiAffinity;
    std::optional<PodMetadata> previewMetadata;
    std::optional<PodMetadata> activeMetadata;
};

struct PingPong
{
    std::string pingService;
    std::string pongService;
};

struct ProgressThreshold
{
    bool isPercent = false; ///< else pods
    int value = 0;
};

/// `trafficRouting.nginx`.
struct NginxSettings
{
    std::vector<std::string> stableIngresses;
    bool hasList = false; ///< they are a list in the spec
    /// Annotations of a canary Ingress that do not depend on the weight or on the stable one.
    crd::TextMap annotations;
    std::string weightKey; ///< of the annotation that is the weight
};

/// `trafficRouting`: which routers there are. Each router reads its own field of `value`.
struct TrafficRouting
{
    object::Value value;
    std::vector<std::string> managedRoutes;
    bool hasManagedRoutes = false;
    std::optional<int> maxTrafficWeight;
    bool hasIstio = false;
    bool hasNginx = false;
    bool hasAlb = false;
    bool hasSmi = false;
    bool hasAmbassador = false;
    bool hasAppMesh = false;
    bool hasTraefik = false;
    bool hasApisix = false;
    NginxSettings nginx;
    std::vector<std::string> plugins;    ///< names, sorted
    std::vector<std::string> configured; ///< what routers() gives

    /// Configured routers in the order they are worked on: "istio", "nginx", "alb", "smi", "ambassador", "appMesh",
    /// "traefik", "apisix", then "plugins:NAME".
    /// Source: argo-rollouts rollout/trafficrouting.go (NewTrafficRoutingReconciler)@v1.9.1
    const std::vector<std::string> &routers() const { return configured; }
    bool istioHasDestinationRule() const { return !value.path({"istio", "destinationRule"}).isNull(); }
};

struct Canary
{
    std::string canaryService;
    std::string stableService;
    std::vector<Step> steps;
    object::Value stepsValue; ///< as written
    std::string stepHash;     ///< of stepsValue
    std::optional<TrafficRouting> trafficRouting;
    std::optional<IntOrText> maxUnavailable;
    std::optional<IntOrText> maxSurge;
    std::optional<AnalysisReference> analysis;
    std::optional<AntiAffinity> antiAffinity;
    std::optional<PodMetadata> canaryMetadata;
    std::optional<PodMetadata> stableMetadata;
    std::optional<int> scaleDownDelaySeconds;
    std::optional<int> scaleDownDelayRevisionLimit;
    std::optional<int> abortScaleDownDelaySeconds;
    bool dynamicStableScale = false;
    std::optional<PingPong> pingPong;
    std::optional<int> minPodsPerReplicaSet;
    std::optional<ProgressThreshold> replicaProgressThreshold;

    int stepCount() const { return static_cast<int>(steps.size()); }
};

BlueGreen readBlueGreen(const crd::FieldReader &reader);
Canary readCanary(const crd::FieldReader &reader);

} // namespace tiphys::rollout
