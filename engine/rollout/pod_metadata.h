// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/replica_set.h"
#include "rollout/rollout.h"

#include <optional>

namespace tiphys::rollout {

/// Labels and annotations that were put on the pods of \p replicaSet, from its annotation ephemeral-metadata.
std::optional<PodMetadata> injectedMetadata(const ReplicaSet &replicaSet);

/// \p metadata (an ObjectMeta) with \p desired put in and what was put in before (\p existing) and is not desired any
/// more taken out; nothing if it stays as it is.
/// Source: argo-rollouts utils/replicaset/canary.go (SyncEphemeralPodMetadata)@v1.9.1
std::optional<object::Value> syncedMetadata(const object::Value &metadata, const std::optional<PodMetadata> &existing,
                                            const std::optional<PodMetadata> &desired);

/// \p replicaSet (an object) with \p desired in its template and its annotation; nothing if it stays as it is.
/// Source: argo-rollouts utils/replicaset/canary.go (SyncReplicaSetEphemeralPodMetadata)@v1.9.1
std::optional<object::Object> withPodMetadata(const ReplicaSet &replicaSet, const std::optional<PodMetadata> &desired);

} // namespace tiphys::rollout
