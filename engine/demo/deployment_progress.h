// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "ports/clock.h"

#include <string>

namespace tiphys::demo {

/// What is known of a Deployment when its progress is judged.
struct DeploymentView
{
    object::Value status;       ///< the counts as they are now; zero counts may be absent
    std::string replicaSet;     ///< name of the current one
    bool hasReplicaSet = false; ///< false: it has just been made
    ports::WallTime now = 0;
    double speed = 1; ///< how much faster than the clock time passes
};

/// The condition Progressing of \p deployment, whose own status is the one before. The deadline counts from the last
/// progress (the condition's lastUpdateTime), which new ReplicaSets, resuming and better counts renew; a Deployment that
/// has once been complete is not late before it begins anew.
/// Source: kubernetes pkg/controller/deployment/progress.go (syncRolloutStatus), util/deployment_util.go
/// (DeploymentComplete, DeploymentProgressing, DeploymentTimedOut)@v1.36
object::Value progressOf(const object::Object &deployment, const DeploymentView &view);

} // namespace tiphys::demo
