// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/decision.h"
#include "rollout/observed.h"

#include <optional>
#include <vector>

namespace tiphys::rollout {

/// Services that \p rollout leads traffic by: active and preview, or canary, stable, ping and pong.
/// Source: argo-rollouts utils/service/service.go (GetRolloutServiceKeys)@v1.9.3
std::vector<std::string> servicesOf(const Rollout &rollout);

/// What becomes of a Service that bears a hash and the name of the Rollout that manages it: nothing while that Rollout
/// (\p manager, of any instance id) leads traffic by it, else both are taken from it.
/// Source: argo-rollouts service/service.go (syncService)@v1.9.3
Decision releaseService(const Service &service, const std::optional<Rollout> &manager);

/// What becomes of a DestinationRule of Istio that bears the name of the Rollout that manages it, likewise.
/// Source: argo-rollouts rollout/trafficrouting/istio/controller.go (syncDestinationRule)@v1.9.3
Decision releaseDestinationRule(const object::Object &rule, const std::optional<Rollout> &manager);

} // namespace tiphys::rollout
