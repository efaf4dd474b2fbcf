// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/replica_set.h"
#include "rollout/rollout.h"

/// How many pods the ReplicaSets of a Rollout should have, and the weights that follow from steps.
/// Source: argo-rollouts utils/replicaset/{canary,replicaset}.go@v1.9.1
namespace tiphys::rollout {

int specReplicasOf(const ReplicaSets &replicaSets);
int availableReplicasOf(const ReplicaSets &replicaSets);
int currentReplicasOf(const ReplicaSets &replicaSets);
int readyReplicasOf(const ReplicaSets &replicaSets);

/// Pods above spec.replicas that a canary may have.
int maxSurgeOf(const Rollout &rollout);
/// Pods below spec.replicas that may be missing.
int maxUnavailableOf(const Rollout &rollout);

/// True if \p replicaSet (may be null) has enough available pods of \p desired.
bool isProgressEnough(const Canary &canary, const ReplicaSet *replicaSet, int desired);

/// Pods of canary and stable.
struct CanaryCounts
{
    int canary = 0;
    int stable = 0;
    bool operator==(const CanaryCounts &) const = default;
};
/// The closest whole numbers to a weight, without regard to what runs now.
CanaryCounts approximateCounts(int replicas, int weight, int maxWeight, int maxSurge);
/// The next counts of a canary without traffic routing; \p others are neither new nor stable.
CanaryCounts basicCanaryCounts(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs,
                               const ReplicaSets &others);
/// The counts of a canary with traffic routing; \p weights (may be null) are those in force.
CanaryCounts routedCanaryCounts(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs,
                                const TrafficWeights *weights);
/// True if the pods that the current step wants are there.
bool isAtDesiredCounts(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs,
                       const ReplicaSets &others, const TrafficWeights *weights);
/// The same of counts that are known already.
bool isAtCounts(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs, const ReplicaSets &others,
                CanaryCounts desired);
/// Pods that the preview of a blue-green Rollout should have.
int previewReplicas(const Rollout &rollout, const ReplicaSets &all, const ReplicaSet &newRs);

/// Weight of the setWeight in force: 0 if aborted, the whole after the last step.
int currentSetWeight(const Rollout &rollout);
/// The same, but on an abort with dynamicStableScale the weight of the next lower step.
int desiredCanaryWeight(const Rollout &rollout, const ReplicaSet *newRs, const ReplicaSet *stableRs);
/// ReplicaSet of \p all with this hash, null if there is none or \p hash is "".
const ReplicaSet *replicaSetWithHash(const ReplicaSets &all, std::string_view hash);

/// scaleDownDelaySeconds with its default; 0 for a canary without traffic routing.
int scaleDownDelay(const Rollout &rollout);
struct AbortDelay
{
    std::optional<int> seconds; ///< nothing: keep the pods up for ever
    bool isSet = false;         ///< given in the spec
};
AbortDelay abortScaleDownDelay(const Rollout &rollout);
/// Most ReplicaSets that may wait for their scale-down deadline.
int scaleDownRevisionLimit(const Rollout &rollout);

/// True if the desired replicas of \p replicaSet, its annotation and its available pods all are the Rollout's.
/// Source: argo-rollouts utils/annotations/annotations.go (IsSaturated)@v1.9.1
bool isSaturated(const Rollout &rollout, const ReplicaSet *replicaSet);

} // namespace tiphys::rollout
