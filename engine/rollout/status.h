// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/field_reader.h"
#include "crd/timestamp.h"
#include "object/value.h"
#include "rollout/conditions.h"
#include "rollout/same_text.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout {

/// Phase of an analysis run, a metric, a measurement or an experiment.
enum class AnalysisPhase { None, Pending, Running, Successful, Failed, Error, Inconclusive };
std::string_view text(AnalysisPhase phase);
/// None for an unknown word.
AnalysisPhase analysisPhaseOf(std::string_view text);
/// Successful, Failed, Error or Inconclusive.
bool isCompleted(AnalysisPhase phase);

struct PauseCondition
{
    std::string reason;
    crd::Timestamp startTime;
    bool operator==(const PauseCondition &) const = default;
};

struct WeightDestination
{
    int weight = 0;
    std::string serviceName;
    std::string podTemplateHash;
    bool operator==(const WeightDestination &) const = default;
};

struct TrafficWeights
{
    WeightDestination canary;
    WeightDestination stable;
    std::vector<WeightDestination> additional;
    std::optional<bool> verified;
    bool operator==(const TrafficWeights &) const = default;
};

/// An analysis run as the status of its Rollout names it.
struct AnalysisRunReference
{
    std::string name;
    AnalysisPhase status = AnalysisPhase::None;
    std::string message;
    bool operator==(const AnalysisRunReference &) const = default;
};

struct StepPluginStatus
{
    int index = 0;
    std::string name;
    std::string operation; ///< "Run", "Terminate" or "Abort"
    std::string phase;     ///< "Running", "Successful", "Failed" or "Error"
    bool isDisabled = false;
    object::Value value; ///< the entry as written
    bool operator==(const StepPluginStatus &) const = default;
};

struct CanaryStatus
{
    std::optional<AnalysisRunReference> stepRun;
    std::optional<AnalysisRunReference> backgroundRun;
    std::string currentExperiment;
    std::optional<TrafficWeights> weights;
    std::string stablePingPong; ///< "ping", "pong" or ""
    std::vector<StepPluginStatus> stepPlugins;
    bool operator==(const CanaryStatus &) const = default;
};

struct BlueGreenStatus
{
    std::string previewSelector;
    std::string activeSelector;
    bool scaleUpPreviewCheckPoint = false;
    std::optional<AnalysisRunReference> prePromotionRun;
    std::optional<AnalysisRunReference> postPromotionRun;
    bool operator==(const BlueGreenStatus &) const = default;
};

/// `status` of a Rollout.
/// Source: argo-rollouts pkg/apis/rollouts/v1alpha1/types.go (RolloutStatus)@v1.9.1
struct Status
{
    bool abort = false;
    std::optional<crd::Timestamp> abortedAt;
    SharedList<PauseCondition> pauseConditions;
    bool controllerPause = false;
    std::string currentPodHash;
    std::string currentStepHash;
    int replicas = 0;
    int updatedReplicas = 0;
    int readyReplicas = 0;
    int availableReplicas = 0;
    int hpaReplicas = 0;
    std::optional<int> currentStepIndex;
    std::optional<int> collisionCount;
    std::string observedGeneration;
    std::string workloadObservedGeneration;
    Conditions conditions;
    CanaryStatus canary;
    BlueGreenStatus blueGreen;
    std::string selector;
    std::string stableRs;
    std::optional<crd::Timestamp> restartedAt;
    bool promoteFull = false;
    std::string phase; ///< "Healthy", "Progressing", "Paused" or "Degraded"
    std::string message;
    object::Value alb;  ///< as written
    object::Value albs; ///< as written

    const PauseCondition *pauseCondition(std::string_view reason) const;
    const Condition *condition(std::string_view type) const { return conditions.find(type); }
    bool isFullyPromoted() const { return isSame(stableRs, currentPodHash); }
    bool operator==(const Status &) const = default;
};

/// What a change of conditions alone changes in a status.
struct StatusVerdict
{
    std::string observedGeneration;
    Conditions conditions;
    std::string phase;
    std::string message;
};

/// Reads a status tolerantly: a field of a wrong type counts as absent.
Status readStatus(const object::Value &value);
/// The status with all fields that it owns, zero values left out as the controller does.
object::Value valueOf(const Status &status);
/// The JSON merge patch of a Rollout that makes its status \p after of \p before, as valueOf() writes them:
/// {"status": {…}}, an empty map in it if they are equal.
object::Value patchOf(const Status &before, const Status &after);
/// The same for a status that differs from \p before by \p verdict at most.
object::Value patchOf(const Status &before, const StatusVerdict &verdict);
/// True if the condition of \p type has this status and reason: setCondition() would change nothing.
bool isConditionSet(const Status &status, std::string_view type, std::string_view state, std::string_view reason);
/// Conditions::set() of its conditions.
inline bool setCondition(Status &status, Condition condition)
{
    return status.conditions.set(std::move(condition));
}

} // namespace tiphys::rollout
