// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// Key of the Gateway API plugin in trafficRouting.plugins.
inline constexpr std::string_view kGatewayPlugin = "argoproj-labs/gatewayAPI";
inline constexpr std::string_view kGatewayGroup = "gateway.networking.k8s.io";

/// Gateway API: weights of backends in HTTPRoutes, GRPCRoutes, TCPRoutes and TLSRoutes, as the public plugin sets them.
/// Source: rollouts-plugin-trafficrouter-gatewayapi pkg/plugin/*.go@v0.15.0
class GatewayRouter final : public Router
{
public:
    std::string type() const override { return "plugins:" + std::string(kGatewayPlugin); }
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
    Expected<void> setHeaderRoute(RouterScene &scene, const HeaderRouteStep &step) const override;
    /// Always true, as the plugin says.
    Expected<std::optional<bool>> verifyWeight(RouterScene &scene, int weight,
                                               const Destinations &additional) const override;
    Expected<void> removeManagedRoutes(RouterScene &scene) const override;
};

} // namespace tiphys::rollout
