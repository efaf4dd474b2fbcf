// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "rollout/replica_set.h"
#include "rollout/rollout.h"

namespace tiphys::rollout {

/// The Experiment that \p step of \p rollout asks for. Errors: InvalidInput for a specRef or an argument that names
/// nothing.
/// Source: argo-rollouts rollout/experiment.go (GetExperimentFromTemplate)@v1.9.1
Expected<object::Object> experimentOf(const Rollout &rollout, const ExperimentStep &step, const ReplicaSet &newRs,
                                      const ReplicaSet &stableRs);
/// True if both specs ask for the same, terminated or not.
bool isSameExperimentSpec(const object::Value &left, const object::Value &right);

} // namespace tiphys::rollout
