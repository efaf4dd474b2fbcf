// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/router/router.h"

namespace tiphys::rollout {

/// Ambassador (Emissary): a weighted copy of each Mapping for the canary.
///
/// At weight 0 the copy gets weight 0 and is deleted five seconds later, so that nothing is sent to pods that go. The
/// controller waits for that inside of its pass; here the copy carries the moment in an annotation.
/// Source: argo-rollouts rollout/trafficrouting/ambassador/ambassador.go@v1.9.3
class AmbassadorRouter final : public Router
{
public:
    std::string type() const override { return "ambassador"; }
    Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const override;
    std::optional<FieldError> missingReference(const Rollout &rollout, const Observed &observed) const override;
    std::optional<FieldError> referenceError(const Rollout &rollout, const Observed &observed) const override;
};

/// Groups and kinds of Mappings.
inline constexpr std::string_view kAmbassadorGroup = "getambassador.io";
inline constexpr std::string_view kMapping = "Mapping";
inline constexpr std::string_view kOtherAmbassadorGroup = "x.getambassador.io";
inline constexpr std::string_view kOtherMapping = "AmbassadorMapping";

/// When the weight of a canary Mapping became 0.
inline constexpr std::string_view kIdleSinceAnnotation = "tiphys.dev/idle-since";

} // namespace tiphys::rollout
