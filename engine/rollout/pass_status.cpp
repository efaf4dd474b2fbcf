// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/joined.h"
#include "object/view.h"
#include "rollout/names.h"
#include "rollout/number.h"
#include "rollout/pass.h"
#include "rollout/reading.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

Status &Pass::baseStatus()
{
    const Status &before = ro().status;
    Status &status = m_status;
    status.currentPodHash = m_new ? m_new->hash : ro().computedHash();
    status.replicas = currentReplicasOf(m_all);
    status.updatedReplicas = m_new ? m_new->currentReplicas : 0;
    status.readyReplicas = readyReplicasOf(m_all);
    status.collisionCount = before.collisionCount;
    status.conditions = before.conditions;
    // A pass that comes here found the spec valid.
    status.conditions.remove("InvalidSpec");
    status.promoteFull = before.promoteFull && !status.currentPodHash.empty();
    return status;
}

void Pass::resetStatus(Status &status)
{
    m_pause.clear();
    m_pause.removeAbort();
    // A restart that was asked for stands: the pods of before are still to go.
    status.promoteFull = false;
    status.blueGreen.prePromotionRun = std::nullopt;
    status.blueGreen.postPromotionRun = std::nullopt;
    status.blueGreen.scaleUpPreviewCheckPoint = false;
    status.canary.stepRun = std::nullopt;
    status.canary.backgroundRun = std::nullopt;
    status.canary.stepPlugins.clear();
    status.currentStepIndex = ro().canary && ro().canary->stepCount() > 0 ? std::optional(0) : std::nullopt;
}

bool Pass::isRollbackWithinWindow() const
{
    if (!m_new || !m_stable || ro().rollbackRevisions.value_or(0) <= 0)
        return false;
    if (!(m_new->created < m_stable->created))
        return false;
    const auto isBetween = [this](const ReplicaSet *replicaSet) {
        return textAt(replicaSet->annotations, kExperimentNameAnnotation).empty()
               && replicaSet->created < m_stable->created && m_new->created < replicaSet->created;
    };
    return std::ranges::count_if(m_all, isBetween) < *ro().rollbackRevisions;
}

std::string Pass::promotionReason(const Status &status) const
{
    if (!m_stable)
        return "Initial deploy";
    if (ro().canary) {
        if (m_pause.isAborted(ro()))
            return {};
        const int replicas = ro().desiredReplicas();
        if (!m_new || (m_new->availableReplicas < replicas && !isProgressEnough(*ro().canary, m_new, replicas)))
            return {};
        if (ro().status.promoteFull)
            return "Full promotion requested";
        if (isRollbackWithinWindow())
            return "Rollback within window";
        const int steps = ro().canary->stepCount();
        if (steps == 0 || ro().stepIndex() == steps)
            return "Completed all " + std::to_string(steps) + " canary steps";
        return {};
    }
    if (status.blueGreen.activeSelector.empty())
        return "Initial deploy";
    if (status.blueGreen.activeSelector != status.currentPodHash)
        return {};
    if (ro().status.promoteFull)
        return "Full promotion requested";
    if (isRollbackWithinWindow())
        return "Rollback within window";
    if (m_pause.isAborted(ro()))
        return {};
    if (ro().blueGreen->postPromotionAnalysis) {
        if (m_new && m_new->hasDeadline())
            return "Rollback to '" + m_new->name + "' within scaleDownDelay";
        if (!m_runs.postPromotion || m_runs.postPromotion->status.phase != AnalysisPhase::Successful)
            return {};
    }
    return "Completed blue-green update";
}

void Pass::promote(Status &status, const std::string &reason)
{
    m_pause.clear();
    m_pause.removeAbort();
    status.promoteFull = false;
    status.blueGreen.scaleUpPreviewCheckPoint = false;
    if (ro().canary)
        status.currentStepIndex = ro().canary->stepCount() > 0 ? std::optional(ro().canary->stepCount()) : std::nullopt;
    const std::int64_t revision = ro().revision();
    if (status.stableRs != status.currentPodHash) {
        if (ro().canary && ro().canary->pingPong)
            status.canary.stablePingPong = ro().status.canary.stablePingPong == "ping" ? "pong" : "ping";
        status.stableRs = status.currentPodHash;
        event(false, "RolloutCompleted",
              "Rollout completed update to revision " + std::to_string(revision) + " (" + status.currentPodHash
                  + "): " + reason);
    }
    if (revision == 1 && ro().status.phase == "Healthy" && ro().workload && ro().workload->scaleDown == "onsuccess")
        scaleWorkload(0);
}

bool Pass::isAtIndefiniteStep() const
{
    const Step *step = ro().currentStep();
    if (step && (step->experiment || step->analysis || step->pause))
        return true;
    const Condition *paused = ro().status.condition("Paused");
    return paused && paused->status == "True";
}

void Pass::updateConditions(Status &status)
{
    const auto words = [](std::string_view text) { return [text] { return text; }; };
    const bool isPaused = !ro().status.pauseConditions.empty() || ro().isPaused;
    const bool isAborted = m_pause.isAborted(ro());
    bool becameUnhealthy = false;
    if (!isPaused && isHealthy(ro(), status))
        setCondition(status, "Healthy", "True", "RolloutHealthy", words("Rollout is healthy"));
    else if (ro().status.condition("Healthy"))
        becameUnhealthy = setCondition(status, "Healthy", "False", "RolloutHealthy", words("Rollout is not healthy"));
    if (isAborted) {
        const auto message = [this] {
            std::string text = "Rollout aborted update to revision " + std::to_string(ro().revision());
            return m_pause.abortMessage().empty() ? text : text + ": " + m_pause.abortMessage();
        };
        if (setCondition(status, "Progressing", "False", "RolloutAborted", message))
            event(true, "RolloutAborted", message());
    } else {
        updateProgress(status, becameUnhealthy);
    }
    updateAvailability(status);
    if (isComplete(status)) {
        setCondition(status, "Completed", "True", "RolloutCompleted", words("RolloutCompleted"));
    } else if (setCondition(status, "Completed", "False", "RolloutCompleted", words("RolloutCompleted"))) {
        event(false, "RolloutNotCompleted",
              "Rollout not completed, started update to revision " + std::to_string(ro().revision()) + " ("
                  + status.currentPodHash + ")");
    }
}

void Pass::updateProgress(Status &status, bool becameUnhealthy)
{
    const auto subject = [this](std::string_view predicate) {
        return m_new ? joined({"ReplicaSet \"", m_new->name, "\"", predicate})
                     : joined({"Rollout \"", ro().name, "\"", predicate});
    };
    if (isHealthy(ro(), status)) {
        setCondition(status, "Progressing", "True", "NewReplicaSetAvailable", [this] {
            return "ReplicaSet \"" + (m_new ? m_new->name : std::string()) + "\" has successfully progressed.";
        });
        return;
    }
    if (hasProgressed(ro(), status) || becameUnhealthy) {
        const bool lostPods = status.stableRs == status.currentPodHash && becameUnhealthy;
        Condition progress = lostPods
                                 ? condition("Progressing", "True", "ReplicaSetNotAvailable",
                                             "Rollout does not have minimum availability")
                                 : condition("Progressing", "True", "ReplicaSetUpdated", subject(" is progressing."));
        // The time of the update tells of progress even where the words stay.
        if (const Condition *current = ro().status.condition("Progressing")) {
            if (isSame(current->status, "True"))
                progress.lastTransitionTime = current->lastTransitionTime;
        }
        status.conditions.replace(std::move(progress));
        return;
    }
    const bool waitsForDeadline = std::ranges::any_of(m_others, &ReplicaSet::hasDeadline);
    if (isAtIndefiniteStep() || waitsForDeadline || !isTimedOut(ro(), status, m_now))
        return;
    const auto message = [&subject] { return subject(" has timed out progressing."); };
    const bool isNews = setCondition(status, "Progressing", "False", "ProgressDeadlineExceeded", message);
    if (ro().progressDeadlineAbort && (isNews || !m_pause.isAborted(ro()))) {
        m_pause.abort(message());
        // Else the full promotion would take the abort back, and both would go on for ever.
        status.promoteFull = false;
        // What is aborted already is not said in every pass.
        if (isNews || !ro().status.abort)
            event(true, "RolloutAborted", message());
    }
}

void Pass::updateAvailability(Status &status) const
{
    bool isAvailable = false;
    if (ro().blueGreen)
        isAvailable = isSaturated(ro(), replicaSetWithHash(m_all, status.blueGreen.activeSelector));
    else
        isAvailable = availableReplicasOf(m_all) >= ro().desiredReplicas();
    setCondition(status, "Available", isAvailable ? "True" : "False", "AvailableReason", [isAvailable] {
        return isAvailable ? "Rollout has minimum availability" : "Rollout does not have minimum availability";
    });
    const Condition *failed = m_new && !m_new->failures.empty() ? &m_new->failures.front() : nullptr;
    for (const ReplicaSet *replicaSet : m_all) {
        if (!failed && !replicaSet->failures.empty())
            failed = &replicaSet->failures.front();
    }
    if (failed)
        rollout::setCondition(status, *failed);
    else
        status.conditions.remove("ReplicaFailure");
}

void Pass::persist(Status &status)
{
    const Status &before = ro().status;
    m_pause.applyTo(status, ro(), m_now);
    if (ro().isTemplateFromWorkload) {
        const auto generation = smallDecimalOf(textAt(ro().annotations, kWorkloadGenerationAnnotation)).value_or(0);
        if (smallDecimalOf(status.workloadObservedGeneration).value_or(0) != generation)
            status.workloadObservedGeneration = std::to_string(generation);
    } else {
        status.workloadObservedGeneration.clear();
    }
    status.observedGeneration = ro().generation;
    PhaseWords words = phaseOf(ro(), status);
    status.phase = std::move(words.phase);
    status.message = std::move(words.message);
    if (status == before) {
        lookAgainForDeadline(status);
        return;
    }
    patchStatus(before, status);
    const bool wasPaused = !before.pauseConditions.empty();
    const bool isPaused = !status.pauseConditions.empty();
    if (isPaused && !wasPaused)
        event(false, "RolloutPaused", "Rollout is paused (" + status.pauseConditions.front().reason + ")");
    else if (wasPaused && !isPaused && !status.abortedAt)
        event(false, "RolloutResumed", "Rollout is resumed");
}

void Pass::patchStatus(const Status &before, const Status &after)
{
    writeStatusPatch(patchOf(before, after));
}

void Pass::writeStatusPatch(Value patch)
{
    if (object::View(patch)["status"].size() == 0)
        return;
    static const object::Gvk kind = rolloutGvk();
    Write &write = mergePatch(kind, ro().name);
    write.subresource = "status";
    write.body = std::move(patch);
}

void Pass::patchConditions(Conditions conditions)
{
    PhaseWords words = phaseOf(ro(), ro().status, conditions);
    const StatusVerdict verdict{.observedGeneration = ro().generation,
                                .conditions = std::move(conditions),
                                .phase = std::move(words.phase),
                                .message = std::move(words.message)};
    writeStatusPatch(patchOf(ro().status, verdict));
}

void Pass::lookAgainForDeadline(const Status &status)
{
    const Condition *progress = ro().status.condition("Progressing");
    if (!progress || progress->reason == "ProgressDeadlineExceeded" || ro().status.abort || ro().isPaused
        || !ro().status.pauseConditions.empty() || isHealthy(ro(), status) || isAtIndefiniteStep())
        return;
    // Nothing times out while an old ReplicaSet has a deadline, even one without pods.
    if (std::ranges::any_of(m_others, &ReplicaSet::hasDeadline))
        return;
    lookAgainAfter(Moment::of(progress->lastUpdateTime).plusSeconds(std::int64_t{ro().progressDeadline()} + 1));
}

} // namespace tiphys::rollout
