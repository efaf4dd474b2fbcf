// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/istio_routes.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// Private to the folder.
namespace tiphys::rollout {

/// Who gets which part of the traffic of a VirtualService's routes.
/// Source: argo-rollouts rollout/trafficrouting/istio/istio.go (processRoutes)@v1.9.3
class IstioShares
{
public:
    IstioShares(const IstioTargets &targets, int weight, const Router::Destinations &additional);

    /// \p routes with new destinations in those with \p indexes.
    object::Value ofRoutes(object::Value routes, const std::vector<std::size_t> &indexes) const;
    /// \p destinations with their parts: new services at the end, strangers taken out.
    object::Value of(const object::Value &destinations) const;

private:
    bool isAdditionalSubset(const object::Value &destination) const;
    int stableShare(const object::Value &destinations) const;
    std::optional<int> shareOf(const object::Value &destination, const std::string &host, int stable,
                               std::map<std::string, int> &missing) const;

    IstioTargets m_targets;
    int m_canary;
    int m_stable;
    std::map<std::string, int> m_additional;
};

} // namespace tiphys::rollout
