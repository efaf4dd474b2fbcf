// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// Traefik: two services of a weighted TraefikService, of the group that Options name or of the other one.
/// Source: argo-rollouts rollout/trafficrouting/traefik/traefik.go@v1.9.3
class TraefikRouter final : public Router
{
public:
    std::string type() const override { return "traefik"; }
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
};

/// Groups of TraefikService: since Traefik 2.10, and before.
inline constexpr std::string_view kTraefikGroup = "traefik.io";
inline constexpr std::string_view kOldTraefikGroup = "traefik.containo.us";

} // namespace tiphys::rollout
