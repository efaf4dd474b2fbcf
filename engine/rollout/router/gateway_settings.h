// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

#include <string>
#include <string_view>
#include <vector>

/// Private to the folder: what the Gateway API plugin is told.
namespace tiphys::rollout {

enum class RouteKind { Http, Grpc, Tcp, Tls };

/// "HTTPRoute" and the like.
std::string_view kindOf(RouteKind kind);
/// "httproutes" and the like.
std::string_view resourceOf(RouteKind kind);
/// "httpRoute" and the like.
std::string_view fieldOf(RouteKind kind);

struct GatewayRoute
{
    RouteKind kind = RouteKind::Http;
    std::string name;
    bool usesHeaderRoutes = false;
};

struct GatewaySettings
{
    std::string ns;
    std::vector<GatewayRoute> routes; ///< in the order they are worked on
    std::string labelKey;             ///< of routes in use; "" for none
    std::string labelValue;
};

/// Settings with the routes that selectors find.
/// Source: rollouts-plugin-trafficrouter-gatewayapi pkg/plugin/{plugin,types}.go@v0.15.0
GatewaySettings gatewaySettingsOf(const RouterScene &scene);

} // namespace tiphys::rollout
