// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// AWS App Mesh: weighted targets of the VirtualRouter behind a VirtualService; the VirtualNodes select the pods by hash.
/// Source: argo-rollouts rollout/trafficrouting/appmesh/{appmesh,resource_client}.go@v1.9.3
class AppMeshRouter final : public Router
{
public:
    std::string type() const override { return "appMesh"; }
    Expected<void> updateHash(RouterScene &scene, std::string_view canaryHash, std::string_view stableHash,
                              const Destinations &additional) const override;
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
    std::optional<FieldError> missingReference(const Rollout &rollout, const Observed &observed) const override;
    std::optional<FieldError> referenceError(const Rollout &rollout, const Observed &observed) const override;
};

} // namespace tiphys::rollout
