// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/analysis_reference.h"
#include "rollout/int_or_text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::rollout {

struct PauseStep
{
    std::optional<IntOrText> duration;
    /// Seconds of the pause: 0 without duration, -1 for a text that is no duration.
    /// Source: argo-rollouts pkg/apis/rollouts/v1alpha1/types.go (DurationSeconds)@v1.9.1
    std::int64_t seconds() const;
};

struct CanaryScaleStep
{
    std::optional<int> weight;
    std::optional<int> replicas;
    bool matchesTrafficWeight = false;
};

/// exact, prefix or regex.
struct TextMatch
{
    std::string exact;
    std::string prefix;
    std::string regex;
    object::Value value() const;
};

struct HeaderMatch
{
    std::string headerName;
    std::optional<TextMatch> headerValue;
};

struct HeaderRouteStep
{
    std::string name;
    std::vector<HeaderMatch> match; ///< empty removes the route
};

struct RouteMatch
{
    std::optional<TextMatch> method;
    std::optional<TextMatch> path;
    std::vector<std::pair<std::string, TextMatch>> headers; ///< sorted by name
};

struct MirrorRouteStep
{
    std::string name;
    std::vector<RouteMatch> match; ///< empty removes the route
    std::optional<int> percentage;
};

struct PluginStep
{
    std::string name;
    object::Value config;
};

struct ExperimentTemplateStep
{
    std::string name;
    std::string specRef; ///< "canary" or "stable"
    std::optional<int> replicas;
    PodMetadata metadata;
    object::Value selector; ///< null uses the ReplicaSet's
    std::optional<int> weight;
    bool hasService = false;
    std::string serviceName;
};

struct ExperimentAnalysisStep
{
    std::string name;
    TemplateReference reference;
    std::vector<AnalysisArgument> arguments;
    bool isRequiredForCompletion = false;
};

struct ExperimentStep
{
    std::vector<ExperimentTemplateStep> templates;
    std::string duration;
    std::vector<ExperimentAnalysisStep> analyses;
    std::vector<std::string> dryRun;
    PodMetadata runMetadata;
    std::optional<int> scaleDownDelaySeconds;
};

/// One step of a canary. More than one member may be set; what counts then is decided by the order of the members.
struct Step
{
    std::optional<int> setWeight;
    std::optional<PauseStep> pause;
    std::optional<ExperimentStep> experiment;
    std::optional<AnalysisReference> analysis;
    std::optional<CanaryScaleStep> setCanaryScale;
    std::optional<HeaderRouteStep> setHeaderRoute;
    std::optional<MirrorRouteStep> setMirrorRoute;
    std::optional<PluginStep> plugin;

    object::Value value; ///< the step as written, other fields included
    /// True if no member is set: a kind of step that this version does not know.
    bool isUnknown() const;
};

Step readStep(const crd::FieldReader &reader);

/// As in events: "setWeight: 20", "pause: 10m", …; "invalid" for an unknown kind.
/// Source: argo-rollouts utils/rollout/rolloututil.go (CanaryStepString)@v1.9.1
std::string textOf(const Step &step);

/// The hash of \p steps as `status.currentStepHash` holds it.
/// Source: argo-rollouts utils/conditions/conditions.go (ComputeStepHash)@v1.9.1
std::string stepHashOf(const object::Value &steps);

/// Parts of steps as the controller prints them in messages.
std::string headerRouteJson(const HeaderRouteStep &step);
std::string mirrorRouteJson(const MirrorRouteStep &step);
std::string argumentsJson(const std::vector<AnalysisArgument> &arguments);

} // namespace tiphys::rollout
