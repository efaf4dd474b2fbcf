// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

#include <string>
#include <vector>

/// Private to the folder: which routes of a VirtualService a Rollout means, and whether they fit.
/// Source: argo-rollouts rollout/trafficrouting/istio/istio.go@v1.9.3
namespace tiphys::rollout {

/// A VirtualService as the Rollout names it.
struct VirtualServiceReference
{
    std::string ns;
    std::string name;
    std::vector<std::string> routes;
    object::Value tlsRoutes; ///< null or a list of {port, sniHosts}
    object::Value tcpRoutes; ///< null or a list of {port}
};

/// virtualServices, else virtualService alone. A name may carry its namespace: "name.namespace".
std::vector<VirtualServiceReference> virtualServicesOf(const Rollout &rollout);

/// What makes a destination the canary's or the stable one's.
struct IstioTargets
{
    std::string canaryService;
    std::string stableService;
    bool hasRule = false; ///< a DestinationRule is configured
    std::string ruleName;
    std::string canarySubset;
    std::string stableSubset;
    std::vector<std::string> additionalSubsets;
};

IstioTargets targetsOf(const Rollout &rollout);

/// The host of a route's destination up to its first dot; "" if it begins with one.
std::string shortHost(const object::Value &destination);

/// Indexes of the http routes called \p names; without names the only route, or the first without a name.
Expected<std::vector<std::size_t>> httpRouteIndexes(const std::vector<std::string> &names, const object::Value &routes);
/// Indexes of the tls or tcp routes that \p wanted describes; without that the first one.
enum class StreamKind { Tls, Tcp };
Expected<std::vector<std::size_t>> streamRouteIndexes(StreamKind kind, const object::Value &wanted,
                                                      const object::Value &routes);

/// Nothing if \p routes can carry the traffic of \p rollout.
Expected<void> checkHttpRoutes(const Rollout &rollout, const VirtualServiceReference &reference,
                               const object::Value &routes);
Expected<void> checkStreamRoutes(StreamKind kind, const Rollout &rollout, const VirtualServiceReference &reference,
                                 const object::Value &routes);

/// Nothing if every member that is read has its type.
Expected<void> checkShape(const object::Value &routes);

/// What is wrong with \p service, which \p reference names.
/// Source: argo-rollouts pkg/apis/rollouts/validation/validation_references.go (ValidateVirtualService)@v1.9.3
FieldErrors virtualServiceErrors(const Rollout &rollout, const VirtualServiceReference &reference,
                                 const object::Object &service);

} // namespace tiphys::rollout
