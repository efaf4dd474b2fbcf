// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

#include <string>
#include <utility>
#include <vector>

namespace tiphys::rollout {

/// The JSON Patch that gives containers of a workload's pod template (that of a PodTemplate too) other images. Each
/// pair is container and image; the container "*" is every one, init and ephemeral ones too. Names and images that are
/// there are tested; of two images for one container the last counts.
/// Errors: InvalidInput "unable to find container named \"x\"".
/// Source: argo-rollouts pkg/kubectl-argo-rollouts/cmd/set/set_image.go (newRolloutSetImage)@v1.9.1
Expected<object::Value> imagePatch(const object::Object &workload,
                                   const std::vector<std::pair<std::string, std::string>> &images);

} // namespace tiphys::rollout
