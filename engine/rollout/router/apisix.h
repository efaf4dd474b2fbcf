// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// Apache APISIX: weights of two backends of an ApisixRoute; a header route is a copy of it that leads to the canary.
/// Source: argo-rollouts rollout/trafficrouting/apisix/apisix.go@v1.9.3
class ApisixRouter final : public Router
{
public:
    std::string type() const override { return "apisix"; }
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
    Expected<void> setHeaderRoute(RouterScene &scene, const HeaderRouteStep &step) const override;
    Expected<void> removeManagedRoutes(RouterScene &scene) const override;
};

} // namespace tiphys::rollout
