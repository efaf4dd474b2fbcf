// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pause.h"

#include "rollout/names.h"

#include <algorithm>

namespace tiphys::rollout {

void PauseChanges::abort(std::string message)
{
    m_aborts = true;
    m_abortMessage = std::move(message);
}

bool PauseChanges::isAborted(const Rollout &rollout) const
{
    return !m_removesAbort && (m_aborts || rollout.status.abort);
}

bool PauseChanges::applyAbort(Status &newStatus, const Rollout &rollout, Moment now) const
{
    // Not isAborted(): a new abort wins over its removal here.
    newStatus.abort = m_aborts || (!m_removesAbort && rollout.status.abort);
    newStatus.abortedAt = std::nullopt;
    if (newStatus.abort)
        newStatus.abortedAt = rollout.status.abortedAt ? rollout.status.abortedAt : now.timestamp();
    return newStatus.abort;
}

void PauseChanges::applyTo(Status &newStatus, const Rollout &rollout, Moment now) const
{
    if (applyAbort(newStatus, rollout, now) || m_isCleared)
        return;
    const Status &old = rollout.status;
    bool isControllerPause = old.controllerPause;
    if (m_added.empty() && m_removed.empty()) {
        if (!old.pauseConditions.empty()) {
            newStatus.controllerPause = isControllerPause;
            newStatus.pauseConditions = old.pauseConditions;
        }
        return;
    }
    std::vector<PauseCondition> pauses;
    for (const PauseCondition &pause : old.pauseConditions) {
        if (!std::ranges::contains(m_removed, pause.reason))
            pauses.push_back(pause);
    }
    for (const std::string &reason : m_added) {
        if (old.pauseCondition(reason))
            continue;
        pauses.push_back({.reason = reason, .startTime = now.timestamp()});
        isControllerPause = true;
    }
    if (pauses.empty())
        return;
    newStatus.controllerPause = isControllerPause;
    newStatus.pauseConditions = std::move(pauses);
}

bool PauseChanges::isStepOver(const Rollout &rollout, const PauseStep &step, Moment now)
{
    const PauseCondition *pause = rollout.status.pauseCondition(kCanaryPauseStep);
    if (!pause)
        return rollout.status.controllerPause;
    return step.duration && now > Moment::of(pause->startTime).plusSeconds(step.seconds());
}

bool PauseChanges::isBlueGreenPauseOver(const Rollout &rollout, Moment now) const
{
    if (addsPause())
        return false;
    if (rollout.status.blueGreen.scaleUpPreviewCheckPoint)
        return true;
    const PauseCondition *pause = rollout.status.pauseCondition(kBlueGreenPause);
    if (!rollout.blueGreen->autoPromotionEnabled.value_or(true))
        return rollout.status.controllerPause && !pause;
    const int seconds = rollout.blueGreen->autoPromotionSeconds;
    if (seconds == 0)
        return true;
    return pause && now > Moment::of(pause->startTime).plusSeconds(seconds);
}

} // namespace tiphys::rollout
