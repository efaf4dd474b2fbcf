// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/decision.h"
#include "rollout/observed.h"

#include <string_view>

namespace tiphys::rollout {

/// What the Rollouts controller would do now, in one pass over the Rollout of \p observed.
///
/// The same state and moment give the same decision. Writes are patches of the fields that the engine owns, where the
/// controller puts whole objects. A Rollout of another instance id or one that is being deleted gets an idle decision.
/// Source: argo-rollouts rollout/{controller,context,sync,canary,bluegreen,replicaset,pause,restart,service,
/// trafficrouting,analysis,experiment,stepplugin,ephemeralmetadata}.go@v1.9.1
Decision reconcile(const Observed &observed, const Options &options, Moment now);

/// What to write when the ReplicaSet that a decision creates was refused with \p problem: a warning and the condition
/// ReplicaSetCreateError.
/// Source: argo-rollouts rollout/sync.go (createDesiredReplicaSet)@v1.9.1
Decision replicaSetCreateFailure(const Observed &observed, std::string_view name, std::string_view problem, Moment now);

} // namespace tiphys::rollout
