// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/status_rules.h"

#include "rollout/same_text.h"

namespace tiphys::rollout {

namespace {

PhaseWords progressing(const char *message)
{
    return {.phase = "Progressing", .message = message};
}

/// What keeps a blue-green Rollout from being healthy; no phase if nothing does.
PhaseWords blueGreenPhase(const Rollout &rollout, const Status &status)
{
    const BlueGreenStatus &blueGreen = status.blueGreen;
    if (blueGreen.activeSelector.empty() || blueGreen.activeSelector != status.currentPodHash)
        return progressing("active service cutover pending");
    if (!status.stableRs.empty() && status.isFullyPromoted())
        return {};
    const bool waitsForAnalysis = rollout.blueGreen->postPromotionAnalysis
                                  && (!blueGreen.postPromotionRun || !isCompleted(blueGreen.postPromotionRun->status));
    return progressing(waitsForAnalysis ? "waiting for analysis to complete"
                                        : "waiting for post-promotion verification to complete");
}

PhaseWords canaryPhase(const Rollout &rollout, const Status &status)
{
    if (!rollout.hasTrafficRouting() && status.replicas > status.updatedReplicas)
        return progressing("old replicas are pending termination");
    if (status.stableRs.empty() || !status.isFullyPromoted())
        return progressing("waiting for all steps to complete");
    return {};
}

} // namespace

PhaseWords phaseOf(const Rollout &rollout, const Status &status)
{
    return phaseOf(rollout, status, status.conditions);
}

PhaseWords phaseOf(const Rollout &rollout, const Status &status, const Conditions &conditions)
{
    for (const Condition &condition : conditions) {
        if (isSame(condition.type, "InvalidSpec"))
            return {.phase = "Degraded", .message = "InvalidSpec: " + condition.message};
        if (isSame(condition.reason, "RolloutAborted") || isSame(condition.reason, "ProgressDeadlineExceeded"))
            return {.phase = "Degraded", .message = condition.reason + ": " + condition.message};
    }
    if (rollout.isPaused)
        return {.phase = "Paused", .message = "manually paused"};
    if (!status.pauseConditions.empty())
        return {.phase = "Paused", .message = status.pauseConditions.front().reason};
    if (rollout.restartAt && rollout.restartAt != status.restartedAt)
        return progressing("rollout is restarting");
    if (status.updatedReplicas < rollout.desiredReplicas())
        return progressing("more replicas need to be updated");
    if (status.availableReplicas < status.updatedReplicas)
        return progressing("updated replicas are still becoming available");
    PhaseWords strategy;
    if (rollout.blueGreen)
        strategy = blueGreenPhase(rollout, status);
    else if (rollout.canary)
        strategy = canaryPhase(rollout, status);
    if (!strategy.phase.empty())
        return strategy;
    return {.phase = "Healthy", .message = {}};
}

bool isComplete(const Status &status)
{
    return !status.stableRs.empty() && status.isFullyPromoted();
}

bool isHealthy(const Rollout &rollout, const Status &newStatus)
{
    const int replicas = rollout.desiredReplicas();
    if (newStatus.updatedReplicas != replicas || newStatus.availableReplicas != replicas)
        return false;
    if (rollout.status.observedGeneration != rollout.generation)
        return false;
    if (rollout.blueGreen) {
        if (newStatus.blueGreen.activeSelector != newStatus.currentPodHash)
            return false;
        if (!rollout.blueGreen->previewService.empty()
            && newStatus.blueGreen.previewSelector != newStatus.currentPodHash)
            return false;
    }
    if (!rollout.canary)
        return true;
    const int steps = rollout.canary->stepCount();
    const bool didAllSteps = steps == 0 || !newStatus.currentStepIndex || *newStatus.currentStepIndex == steps;
    return didAllSteps && isComplete(newStatus) && newStatus.replicas == replicas;
}

bool hasProgressed(const Rollout &rollout, const Status &newStatus)
{
    const Status &old = rollout.status;
    bool strategyProgressed = false;
    if (rollout.blueGreen)
        strategyProgressed = old.blueGreen.activeSelector != newStatus.blueGreen.activeSelector
                             || old.blueGreen.previewSelector != newStatus.blueGreen.previewSelector;
    if (rollout.canary) {
        const bool stepped =
            newStatus.currentStepIndex && old.currentStepIndex && *newStatus.currentStepIndex != *old.currentStepIndex;
        strategyProgressed =
            newStatus.stableRs != old.stableRs || stepped || newStatus.currentStepHash != old.currentStepHash;
    }
    return newStatus.updatedReplicas != old.updatedReplicas
           || newStatus.replicas - newStatus.updatedReplicas < old.replicas - old.updatedReplicas
           || newStatus.readyReplicas > old.readyReplicas || newStatus.availableReplicas > old.availableReplicas
           || strategyProgressed;
}

bool isTimedOut(const Rollout &rollout, const Status &newStatus, Moment now)
{
    const Condition *progress = newStatus.condition("Progressing");
    if (!progress || isSame(progress->reason, "RolloutAborted") || isSame(progress->reason, "RolloutPaused"))
        return false;
    if (isSame(progress->reason, "ProgressDeadlineExceeded"))
        return true;
    return Moment::of(progress->lastUpdateTime).plusSeconds(rollout.progressDeadline()) < now;
}

Condition conditionAt(Moment now, std::string_view type, std::string_view status, std::string_view reason,
                      std::string message)
{
    return {.type = std::string(type),
            .status = std::string(status),
            .lastUpdateTime = now.timestamp(),
            .lastTransitionTime = now.timestamp(),
            .reason = std::string(reason),
            .message = std::move(message)};
}

} // namespace tiphys::rollout
