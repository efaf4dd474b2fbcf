// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/rollout.h"

#include <string>
#include <string_view>

/// Words that follow from a spec and a status.
namespace tiphys::rollout {

/// status.phase and status.message.
struct PhaseWords
{
    std::string phase;
    std::string message;
};
/// Source: argo-rollouts utils/rollout/rolloututil.go (CalculateRolloutPhase)@v1.9.1
PhaseWords phaseOf(const Rollout &rollout, const Status &status);
/// The same with \p conditions in place of those of \p status.
PhaseWords phaseOf(const Rollout &rollout, const Status &status, const Conditions &conditions);

/// True if all pods are updated and available, traffic goes to them and no old pod is left.
/// Source: argo-rollouts utils/conditions/conditions.go (RolloutHealthy)@v1.9.1
bool isHealthy(const Rollout &rollout, const Status &newStatus);
/// True if \p newStatus is further than the Rollout's own.
/// Source: argo-rollouts utils/conditions/conditions.go (RolloutProgressing)@v1.9.1
bool hasProgressed(const Rollout &rollout, const Status &newStatus);
/// True if there was no progress for progressDeadlineSeconds.
/// Source: argo-rollouts utils/conditions/conditions.go (RolloutTimedOut)@v1.9.1
bool isTimedOut(const Rollout &rollout, const Status &newStatus, Moment now);
/// True if the stable ReplicaSet is the current one.
bool isComplete(const Status &status);

Condition conditionAt(Moment now, std::string_view type, std::string_view status, std::string_view reason,
                      std::string message);

} // namespace tiphys::rollout
