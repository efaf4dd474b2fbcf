// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/joined.h"
#include "rollout/names.h"
#include "rollout/pass.h"
#include "rollout/reading.h"

#include <algorithm>

namespace tiphys::rollout {

namespace {

/// True if the template is another than the one the status was written for.
bool isTemplateChanged(const Rollout &rollout, const ReplicaSet *newRs)
{
    const std::string &recorded = rollout.status.currentPodHash;
    if (recorded.empty())
        return false;
    return newRs ? !isSame(recorded, newRs->hash) : recorded != rollout.computedHash();
}

bool areStepsChanged(const Rollout &rollout)
{
    return rollout.status.currentStepHash.empty() || !isSame(rollout.status.currentStepHash, rollout.canary->stepHash);
}

} // namespace

Pass::Outcome Pass::canary()
{
    syncRevision();
    if (areStepsChanged(ro()) || isTemplateChanged(ro(), m_new)) {
        finishCanary();
        return {};
    }
    // Counts of available pods cannot be trusted right after an eviction: one that is not refused ends the pass.
    restartPods();
    syncPodMetadata();
    cleanUpHistory();
    reconcileCanaryServices();
    if (const Outcome routed = routeTraffic(); !routed)
        return routed;
    if (const Outcome experiments = reconcileExperiments(); !experiments)
        return experiments;
    const Outcome analysis = reconcileAnalysis();
    if (m_pause.addsPause()) {
        finishCanary();
        return {};
    }
    if (!analysis)
        return analysis;
    if (!reconcileCanaryReplicaSets() && !reconcileCanaryPause())
        reconcileStepPlugin();
    finishCanary();
    return {};
}

bool Pass::reconcileCanaryReplicaSets()
{
    if (isHalted())
        return false;
    removeDeadlines();
    if (m_stable && (!m_new || m_new->name != m_stable->name)) {
        // With the weights of before this pass: stable follows the switch of traffic one pass later.
        const TrafficWeights *weights = ro().status.canary.weights ? &*ro().status.canary.weights : nullptr;
        const CanaryCounts counts =
            ro().hasTrafficRouting() ? routedCanaryCounts(ro(), m_new, m_stable, weights) : basicCounts();
        if (scale(*m_stable, counts.stable))
            return true;
    }
    return reconcileNewReplicaSet() || reconcileOthers();
}

bool Pass::reconcileCanaryPause()
{
    if (ro().isPaused || ro().status.promoteFull)
        return false;
    const Step *step = ro().currentStep();
    if (!step || !step->pause)
        return false;
    const PauseCondition *pause = ro().status.pauseCondition(kCanaryPauseStep);
    if (!pause) {
        // Already paused once and resumed by a user: not again.
        if (!ro().status.controllerPause)
            m_pause.add(kCanaryPauseStep);
    } else if (step->pause->duration) {
        const Moment end = Moment::of(pause->startTime).plusSeconds(step->pause->seconds());
        if (end >= m_now)
            lookAgainAfter(end);
    }
    return true;
}

void Pass::reconcileStepPlugin()
{
    if (m_pause.isAborted(ro()) || ro().status.promoteFull || ro().status.isFullyPromoted())
        return;
    const Step *step = ro().currentStep();
    if (!step || !step->plugin || ro().status.phase != "Progressing")
        return;
    event(true, "ReconciliationError",
          "Reconciliation failed with error: could not create step plugin at index " + std::to_string(ro().stepIndex())
              + " : step plugin '" + step->plugin->name + "' is not supported");
    m_stepPluginFailed = true;
    lookAgainIn(30'000);
}

bool Pass::isStepComplete() const
{
    const Step *step = ro().currentStep();
    if (ro().isPaused || !step)
        return false;
    const std::optional<TrafficWeights> &weights = m_status.canary.weights;
    const auto areCountsReached = [&] {
        if (!ro().hasTrafficRouting())
            return isAtCounts(ro(), m_new, m_stable, m_others, basicCounts());
        return isAtDesiredCounts(ro(), m_new, m_stable, m_others, weights ? &*weights : nullptr);
    };
    if (step->pause)
        return PauseChanges::isStepOver(ro(), *step->pause, m_now);
    if (step->setCanaryScale)
        return areCountsReached();
    if (step->setWeight)
        return areCountsReached() && !(weights && weights->verified == false);
    if (step->experiment)
        return m_experiment && m_experiment->status.phase == AnalysisPhase::Successful;
    if (step->analysis)
        return m_runs.step && m_runs.step->status.phase == AnalysisPhase::Successful;
    if (step->setHeaderRoute || step->setMirrorRoute)
        return true;
    if (!step->plugin || m_stepPluginFailed)
        return false;
    // Another engine may have run the plugin.
    return std::ranges::any_of(ro().status.canary.stepPlugins, [this](const StepPluginStatus &plugin) {
        return plugin.index == ro().stepIndex() && plugin.operation == "Run"
               && (plugin.isDisabled || plugin.phase == "Successful" || plugin.phase == "Failed");
    });
}

void Pass::resetCanary(Status &status)
{
    resetStatus(status);
    const int steps = ro().canary->stepCount();
    if (!m_new || steps == 0)
        return;
    if (ro().status.stableRs == m_new->hash) {
        event(false, "SkipSteps", "Rollback to stable ReplicaSets");
        status.currentStepIndex = steps;
    } else if (isRollbackWithinWindow() && m_new->replicas > 0) {
        event(false, "SkipSteps", "Rollback to active ReplicaSets within RollbackWindow");
        status.currentStepIndex = steps;
    }
}

void Pass::finishCanary()
{
    Status &status = baseStatus();
    status.availableReplicas = availableReplicasOf(m_all);
    status.hpaReplicas = currentReplicasOf(m_all);
    status.selector = ro().selector.text;
    status.canary.stablePingPong = ro().status.canary.stablePingPong;
    status.canary.stepPlugins = ro().status.canary.stepPlugins;
    status.stableRs = ro().status.stableRs;
    status.currentStepHash = ro().canary->stepHash;
    const int steps = ro().canary->stepCount();
    if (areStepsChanged(ro()) || isTemplateChanged(ro(), m_new)) {
        resetCanary(status);
        updateConditions(status);
        persist(status);
        return;
    }
    std::optional<int> index = steps > 0 ? std::optional(ro().stepIndex()) : std::nullopt;
    const bool skipsSteps = ro().status.promoteFull || isRollbackWithinWindow();
    if (skipsSteps) {
        m_pause.clear();
        m_pause.removeAbort();
        if (steps > 0)
            index = steps;
    }
    if (const std::string reason = promotionReason(status); !reason.empty()) {
        promote(status, reason);
    } else if (m_pause.isAborted(ro())) {
        if (steps > 0)
            status.currentStepIndex = status.stableRs == status.currentPodHash ? steps : 0;
    } else {
        // After the last step there is none to complete; the controller counts the step that it skips once more.
        if (!skipsSteps && isStepComplete()) {
            const Step &done = *ro().currentStep();
            index = *index + 1;
            status.canary.stepRun = std::nullopt;
            event(false, "RolloutStepCompleted",
                  joined({"Rollout step ", std::to_string(*index), "/", std::to_string(steps), " completed (",
                          textOf(done), ")"}));
            m_pause.remove(kCanaryPauseStep);
        }
        status.currentStepIndex = index;
    }
    updateConditions(status);
    persist(status);
}

} // namespace tiphys::rollout
