// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// ingress-nginx: a canary Ingress beside each stable one, with its weight in an annotation.
/// Source: argo-rollouts rollout/trafficrouting/nginx/nginx.go@v1.9.1
class NginxRouter final : public Router
{
public:
    std::string type() const override { return "nginx"; }
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
    std::optional<FieldError> missingReference(const Rollout &rollout, const Observed &observed) const override;
    std::optional<FieldError> referenceError(const Rollout &rollout, const Observed &observed) const override;
};

} // namespace tiphys::rollout
