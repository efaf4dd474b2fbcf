// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/router_kinds.h"

#include "rollout/router/ambassador.h"
#include "rollout/router/gateway.h"
#include "rollout/router/traefik.h"

#include <algorithm>

namespace tiphys::rollout {

std::vector<object::GroupKind> routerKindsOf(const Rollout &rollout)
{
    std::vector<object::GroupKind> kinds;
    if (!rollout.hasTrafficRouting())
        return kinds;
    const TrafficRouting &routing = *rollout.canary->trafficRouting;
    if (routing.hasNginx || routing.hasAlb)
        kinds.push_back({"networking.k8s.io", "Ingress"});
    if (routing.hasIstio) {
        kinds.push_back({"networking.istio.io", "VirtualService"});
        kinds.push_back({"networking.istio.io", "DestinationRule"});
    }
    if (routing.hasSmi)
        kinds.push_back({"split.smi-spec.io", "TrafficSplit"});
    if (routing.hasAmbassador) {
        kinds.push_back({std::string(kAmbassadorGroup), std::string(kMapping)});
        kinds.push_back({std::string(kOtherAmbassadorGroup), std::string(kOtherMapping)});
    }
    if (routing.hasAppMesh) {
        for (const char *kind : {"VirtualService", "VirtualRouter", "VirtualNode"})
            kinds.push_back({"appmesh.k8s.aws", kind});
    }
    if (routing.hasTraefik) {
        kinds.push_back({std::string(kTraefikGroup), "TraefikService"});
        kinds.push_back({std::string(kOldTraefikGroup), "TraefikService"});
    }
    if (routing.hasApisix)
        kinds.push_back({"apisix.apache.org", "ApisixRoute"});
    if (std::ranges::contains(routing.plugins, kGatewayPlugin)) {
        for (const char *kind : {"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"})
            kinds.push_back({std::string(kGatewayGroup), kind});
    }
    return kinds;
}

} // namespace tiphys::rollout
