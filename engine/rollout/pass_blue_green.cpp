// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/names.h"
#include "rollout/pass.h"

namespace tiphys::rollout {

Pass::Outcome Pass::blueGreen()
{
    const BlueGreen &strategy = *ro().blueGreen;
    if (!service(strategy.activeService))
        return failure(ErrorCode::NotFound, "service \"" + strategy.activeService + "\" not found");
    syncRevision();
    if (!strategy.previewService.empty() && !isHalted()) {
        if (const Service *preview = service(strategy.previewService))
            switchService(*preview, m_new->hash);
    }
    if (!ro().status.currentPodHash.empty() && ro().status.currentPodHash != m_new->hash) {
        finishBlueGreen();
        return {};
    }
    restartPods();
    reconcileBlueGreenReplicaSets();
    reconcileBlueGreenPause();
    reconcileActiveService();
    if (const Outcome analysis = reconcileAnalysis(); !analysis)
        return analysis;
    syncPodMetadata();
    finishBlueGreen();
    return {};
}

void Pass::reconcileBlueGreenReplicaSets()
{
    removeDeadlines();
    const std::size_t before = m_decision.acts.size();
    if (m_stable)
        scale(*m_stable, ro().desiredReplicas());
    // One that is both has been written; it is looked at anew when that is seen.
    if (m_stable != m_new || m_decision.acts.size() == before)
        reconcileNewReplicaSet();
    reconcileOthers();
    cleanUpHistory();
}

bool Pass::isReadyForPause() const
{
    const int wanted = previewReplicas(ro(), m_all, *m_new);
    return m_new->replicas == wanted && m_new->availableReplicas == wanted;
}

bool Pass::isFastTracked() const
{
    const Service *active = service(ro().blueGreen->activeService);
    return m_new->hasDeadline() || ro().status.promoteFull || active->hash.empty() || active->hash == m_new->hash;
}

bool Pass::isPrePromotionDone() const
{
    return !ro().blueGreen->prePromotionAnalysis
           || (m_runs.prePromotion && m_runs.prePromotion->status.phase == AnalysisPhase::Successful);
}

void Pass::reconcileBlueGreenPause()
{
    const BlueGreen &strategy = *ro().blueGreen;
    if (ro().status.abort || !isReadyForPause() || isHalted())
        return;
    const bool isManaged = !strategy.autoPromotionEnabled.value_or(true) || strategy.autoPromotionSeconds > 0;
    if (isFastTracked() || ro().status.blueGreen.scaleUpPreviewCheckPoint || !isManaged) {
        m_pause.remove(kBlueGreenPause);
        return;
    }
    if (!isPrePromotionDone())
        return;
    const PauseCondition *pause = ro().status.pauseCondition(kBlueGreenPause);
    if (!pause) {
        // Already paused once and resumed by a user: not again.
        if (!ro().status.controllerPause)
            m_pause.add(kBlueGreenPause);
    } else if (m_pause.isBlueGreenPauseOver(ro(), m_now)) {
        m_pause.remove(kBlueGreenPause);
    } else if (strategy.autoPromotionSeconds > 0) {
        const Moment end = Moment::of(pause->startTime).plusSeconds(strategy.autoPromotionSeconds);
        if (end >= m_now)
            lookAgainAfter(end);
    }
}

void Pass::reconcileActiveService()
{
    if (isHalted() || !isReadyForPause() || !isSaturated(ro(), m_new))
        return;
    const Service &active = *service(ro().blueGreen->activeService);
    std::string hash = active.hash;
    if (isFastTracked() || (m_pause.isBlueGreenPauseOver(ro(), m_now) && isPrePromotionDone()))
        hash = m_new->hash;
    if (ro().status.abort)
        hash = ro().status.stableRs;
    switchService(active, hash);
}

bool Pass::previewCheckPoint() const
{
    const std::optional<int> &count = ro().blueGreen->previewReplicaCount;
    if (!count)
        return false;
    if (ro().status.blueGreen.scaleUpPreviewCheckPoint)
        return true;
    if (!isPrePromotionDone() || !m_pause.isBlueGreenPauseOver(ro(), m_now))
        return false;
    return m_new && m_new->availableReplicas == *count;
}

void Pass::finishBlueGreen()
{
    const BlueGreen &strategy = *ro().blueGreen;
    Status &status = baseStatus();
    status.stableRs = ro().status.stableRs;
    if (!ro().status.currentPodHash.empty() && ro().status.currentPodHash != newHash())
        resetStatus(status);
    if (ro().status.promoteFull || isRollbackWithinWindow()) {
        m_pause.clear();
        m_pause.removeAbort();
    }
    const auto hashOf = [this](const std::string &name) {
        const Service *found = name.empty() ? nullptr : service(name);
        return found ? found->hash : std::string();
    };
    status.blueGreen.previewSelector = hashOf(strategy.previewService);
    status.blueGreen.activeSelector = hashOf(strategy.activeService);
    if (const std::string reason = promotionReason(status); !reason.empty())
        promote(status, reason);
    else
        status.blueGreen.scaleUpPreviewCheckPoint = previewCheckPoint();
    if (const ReplicaSet *active = replicaSetWithHash(m_all, status.blueGreen.activeSelector)) {
        status.hpaReplicas = active->currentReplicas;
        status.selector = selectorOf(active->selector()).text;
        status.availableReplicas = active->availableReplicas;
        status.readyReplicas = active->readyReplicas;
    } else {
        status.hpaReplicas = currentReplicasOf(m_all);
        status.selector = ro().selector.text;
        status.availableReplicas = availableReplicasOf(m_all);
    }
    updateConditions(status);
    persist(status);
}

} // namespace tiphys::rollout
