// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

/// How the kinds of Numaflow differ.
struct NumaflowKind
{
    std::string_view name;
    /// The message of an unhealthy one; empty takes it from the condition.
    std::string_view unhealthy;
    bool canFailProgressively = true;
    bool canPause = true;
    bool hasPausing = false;
};

Health numaflow(const NumaflowKind &kind, const Field &object)
{
    const std::string name(kind.name);
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for " + name + " status");
    bool isUnhealthy = false;
    Term message = kind.unhealthy.empty() ? Term() : Term(kind.unhealthy);
    const Field conditions = status["conditions"];
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (!(condition["status"] == "False"))
                continue;
            isUnhealthy = true;
            if (kind.unhealthy.empty())
                message = condition["message"];
        }
    }
    bool hasFailedProgressively = false;
    if (kind.canFailProgressively) {
        const Field labels = object["metadata"]["labels"];
        hasFailedProgressively =
            labels.exists() && labels["numaplane.numaproj.io/progressive-result-state"] == "failed";
    }
    if (!isGeneration(object, status, "observedGeneration"))
        return progressing("Waiting for " + name + " status");
    const Field phase = status["phase"];
    if (phase == "Failed")
        return degraded(status["message"]);
    if (hasFailedProgressively)
        return degraded("Failed progressive upgrade");
    if (isUnhealthy)
        return degraded(message);
    if (kind.canPause && (phase == "Paused" || (kind.hasPausing && phase == "Pausing")))
        return healthy(name + " is paused");
    if (phase == "Running")
        return healthy(name + " is healthy");
    return progressing("Waiting for " + name + " status");
}

constexpr NumaflowKind kBuffer{"InterStepBufferService", "", true, false};
constexpr NumaflowKind kMonoVertex{"MonoVertex", "Subresources are unhealthy"};
constexpr NumaflowKind kPipeline{"Pipeline", "Subresources are unhealthy", true, true, true};
constexpr NumaflowKind kVertex{"Vertex", "", false};

/// How the rollouts of Numaplane differ.
struct NumaplaneKind
{
    std::string_view childFailed; ///< reason of a failed child; empty: any but Progressing
    std::string_view pausing;     ///< condition of a paused one; empty: it cannot pause
    std::string_view unknown;
    bool isProgressive = true;
};

/// True if a condition has this type, status and reason; an empty reason matches any.
bool hasCondition(const Field &conditions, std::string_view type, std::string_view status, std::string_view reason = {})
{
    for (const auto &[key, condition] : conditions.items()) {
        if (condition["type"] == type && condition["status"] == status
            && (reason.empty() || condition["reason"] == reason))
            return true;
    }
    return false;
}

std::string_view numaplaneProgress(const NumaplaneKind &kind, const Field &object)
{
    const Field status = object["status"];
    if (status.isNil() || !isGeneration(object, status, "observedGeneration"))
        return "Not yet reconciled";
    const Field conditions = status["conditions"];
    const Field upgrade = status["upgradeInProgress"];
    if ((upgrade.exists() && !(upgrade == "")) || status["phase"] == "Pending") {
        if (!kind.isProgressive || conditions.isNil()
            || !hasCondition(conditions, "ProgressiveUpgradeSucceeded", "False"))
            return "Update in progress";
    }
    if (conditions.exists() && hasCondition(conditions, "ChildResourcesHealthy", "False", "Progressing"))
        return "Child Progressing";
    return {};
}

std::optional<Health> numaplaneFailure(const NumaplaneKind &kind, const Field &status)
{
    if (status["phase"] == "Failed")
        return degraded(status["message"]);
    const Field conditions = status["conditions"];
    if (conditions.isNil())
        return std::nullopt;
    for (const auto &[key, condition] : conditions.items()) {
        const bool isFalse = condition["status"] == "False";
        if (condition["type"] == "ChildResourcesHealthy" && isFalse
            && (kind.childFailed.empty() ? !(condition["reason"] == "Progressing")
                                         : condition["reason"] == kind.childFailed))
            return degraded(condition["message"]);
        if (kind.isProgressive && condition["type"] == "ProgressiveUpgradeSucceeded" && isFalse)
            return degraded("Progressive upgrade failed");
    }
    return std::nullopt;
}

Health numaplane(const NumaplaneKind &kind, const Field &object)
{
    if (const std::string_view progress = numaplaneProgress(kind, object); !progress.empty())
        return progressing(progress);
    const Field status = object["status"];
    if (const std::optional<Health> failure = numaplaneFailure(kind, status))
        return *failure;
    const Field conditions = status["conditions"];
    if (conditions.isNil())
        return unknown(kind.unknown);
    if (!kind.pausing.empty()) {
        for (const auto &[key, condition] : conditions.items()) {
            if (condition["type"] == kind.pausing && condition["status"] == "True")
                return healthy(condition["message"]);
        }
    }
    return hasCondition(conditions, "ChildResourcesHealthy", "True") ? healthy("Healthy") : unknown(kind.unknown);
}

constexpr NumaplaneKind kBufferRollout{"ISBSvcFailed", "", "Unknown status"};
constexpr NumaplaneKind kMonoVertexRollout{"MonoVertexFailed", "MonoVertexPausingOrPaused",
                                           "Unknown MonoVertex status"};
constexpr NumaplaneKind kControllerRollout{"", "", "Unknown status", false};
constexpr NumaplaneKind kPipelineRollout{"PipelineFailed", "PipelinePausingOrPaused", "Unknown Pipeline status"};

constexpr std::string_view kNumaflowWords =
    "A generation that was not observed is **Progressing**; phase `Failed`, the label of a failed progressive upgrade "
    "(not of a Vertex) or a condition False is **Degraded**; phase `Running` or, where there is one, `Paused` is "
    "**Healthy** (a Pipeline while `Pausing`, too); else **Progressing**.";
constexpr std::string_view kNumaplaneWords =
    "A generation that was not observed, an upgrade in progress, phase `Pending` (unless the progressive upgrade "
    "failed) or a progressing child is **Progressing**; phase `Failed`, a failed child or progressive upgrade is "
    "**Degraded**; paused (MonoVertexRollout, PipelineRollout) or `ChildResourcesHealthy=True` is **Healthy**; else "
    "**Unknown**.";

constexpr KindRule kRules[] = {
    {"numaflow.numaproj.io", "InterStepBufferService",
     OwnRule{[](const Field &object) { return numaflow(kBuffer, object); }, kNumaflowWords}},
    {"numaflow.numaproj.io", "MonoVertex",
     OwnRule{[](const Field &object) { return numaflow(kMonoVertex, object); }, kNumaflowWords}},
    {"numaflow.numaproj.io", "Pipeline",
     OwnRule{[](const Field &object) { return numaflow(kPipeline, object); }, kNumaflowWords}},
    {"numaflow.numaproj.io", "Vertex",
     OwnRule{[](const Field &object) { return numaflow(kVertex, object); }, kNumaflowWords}},
    {"numaplane.numaproj.io", "ISBServiceRollout",
     OwnRule{[](const Field &object) { return numaplane(kBufferRollout, object); }, kNumaplaneWords}},
    {"numaplane.numaproj.io", "MonoVertexRollout",
     OwnRule{[](const Field &object) { return numaplane(kMonoVertexRollout, object); }, kNumaplaneWords}},
    {"numaplane.numaproj.io", "NumaflowControllerRollout",
     OwnRule{[](const Field &object) { return numaplane(kControllerRollout, object); }, kNumaplaneWords}},
    {"numaplane.numaproj.io", "PipelineRollout",
     OwnRule{[](const Field &object) { return numaplane(kPipelineRollout, object); }, kNumaplaneWords}},
};

} // namespace

std::span<const KindRule> numaRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
