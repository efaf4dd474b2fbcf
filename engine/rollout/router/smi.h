// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// Service Mesh Interface: a TrafficSplit of the Rollout's own, in the version that Options name or that stands there.
/// Source: argo-rollouts rollout/trafficrouting/smi/smi.go@v1.9.3
class SmiRouter final : public Router
{
public:
    std::string type() const override { return "smi"; }
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
};

} // namespace tiphys::rollout
