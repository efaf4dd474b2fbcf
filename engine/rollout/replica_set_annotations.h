// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/rollout.h"

#include <cstdint>

namespace tiphys::rollout {

struct AnnotationSync
{
    crd::TextMap annotations;
    bool isChanged = false;
};
enum class IsNew { No, Yes };

/// Annotations of a ReplicaSet with those of \p rollout copied, at least \p revision, and the desired replicas if it
/// is new.
/// Source: argo-rollouts utils/annotations/annotations.go (SetNewReplicaSetAnnotations)@v1.9.1
AnnotationSync syncedAnnotations(const Rollout &rollout, const crd::TextMap &current, std::int64_t revision,
                                 IsNew isNew);

/// True if that would change nothing of \p current for a ReplicaSet that is not new.
bool areAnnotationsSynced(const Rollout &rollout, const crd::TextMap &current, std::int64_t revision);

} // namespace tiphys::rollout
