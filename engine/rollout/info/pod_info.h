// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/info/rollout_info.h"

namespace tiphys::rollout {

/// What is shown of \p pod.
/// Source: argo-rollouts pkg/kubectl-argo-rollouts/info/pod_info.go (newPodInfo)@v1.9.1
PodInfo podInfo(const object::Object &pod);

} // namespace tiphys::rollout
