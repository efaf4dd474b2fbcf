// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// AWS load balancers: annotations of an Ingress that say how a request is forwarded, and which header leads to the canary.
///
/// Whether a target group has its weight is known to AWS alone, which is not asked: the weight is recorded as neither
/// verified nor refuted.
/// Source: argo-rollouts rollout/trafficrouting/alb/alb.go, utils/ingress/{ingress,wrapper}.go@v1.9.3
class AlbRouter final : public Router
{
public:
    std::string type() const override { return "alb"; }
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
    Expected<void> setHeaderRoute(RouterScene &scene, const HeaderRouteStep &step) const override;
    Expected<std::optional<bool>> verifyWeight(RouterScene &scene, int weight,
                                               const Destinations &additional) const override;
    Expected<void> removeManagedRoutes(RouterScene &scene) const override;
    std::optional<FieldError> missingReference(const Rollout &rollout, const Observed &observed) const override;
    std::optional<FieldError> referenceError(const Rollout &rollout, const Observed &observed) const override;
};

} // namespace tiphys::rollout
