// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// Istio: destinations of VirtualService routes (http, tls, tcp), subsets of a DestinationRule, header and mirror routes.
///
/// The objects are those of the cluster that the Rollout is in; a primary cluster of its own is not supported. Where the
/// controller multiplies routes of one name when it orders them, or takes away the wrong one of several destinations,
/// here each route and destination is handled once.
/// Source: argo-rollouts rollout/trafficrouting/istio/istio.go@v1.9.3
class IstioRouter final : public Router
{
public:
    std::string type() const override { return "istio"; }
    Expected<void> updateHash(RouterScene &scene, std::string_view canaryHash, std::string_view stableHash,
                              const Destinations &additional) const override;
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
    Expected<void> setHeaderRoute(RouterScene &scene, const HeaderRouteStep &step) const override;
    Expected<void> setMirrorRoute(RouterScene &scene, const MirrorRouteStep &step) const override;
    Expected<void> removeManagedRoutes(RouterScene &scene) const override;
    std::optional<FieldError> missingReference(const Rollout &rollout, const Observed &observed) const override;
    std::optional<FieldError> referenceError(const Rollout &rollout, const Observed &observed) const override;
};

} // namespace tiphys::rollout
