// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/rollout.h"

namespace tiphys::rollout {

/// Affinity of the pods of a new ReplicaSet: the template's, and a term that keeps them off the nodes of the stable
/// pods where the strategy asks for it. Null if there is none.
/// Source: argo-rollouts utils/replicaset/replicaset.go (GenerateReplicaSetAffinity)@v1.9.1
object::Value replicaSetAffinity(const Rollout &rollout);
/// \p affinity without the term that was put in.
object::Value withoutInjectedAffinity(const object::Value &affinity, const Rollout &rollout);
/// True if \p affinity has the term of a stable ReplicaSet that no longer is the stable one.
bool isInjectedAffinityStale(const object::Value &affinity, const Rollout &rollout);

} // namespace tiphys::rollout
