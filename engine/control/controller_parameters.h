// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/duration.h"
#include "object/value.h"
#include "sync/auto_sync.h"

#include <string_view>

namespace tiphys::control {

/// The ConfigMap by which an installation sets its controller's environment.
inline constexpr std::string_view kParametersName = "argocd-cmd-params-cm";

/// What of the controller's command line an engine of applications goes by.
struct ControllerParameters
{
    crd::Duration waveDelay = crd::Duration::ofSeconds(2); ///< between two waves of a sync
    sync::SelfHealBackoff selfHeal;
    crd::Duration syncTimeout; ///< longest time of an operation; 0: no limit
    /// So long failures to load what Git wants leave the status as it is.
    crd::Duration repositoryErrorGrace = crd::Duration::ofSeconds(180);

    bool comparesOnServer = false; ///< by dry runs, where an application does not say otherwise

    bool operator==(const ControllerParameters &) const = default;
};

/// The parameters in \p data, the `data` of argocd-cmd-params-cm; what is missing, malformed or out of range is as usual.
/// Source: argo-cd manifests/base/application-controller, cmd/argocd-application-controller/commands, controller/sync.go
/// (delayBetweenSyncWaves), util/env/env.go@v3.5.1
ControllerParameters controllerParametersOf(const object::Value &data);

} // namespace tiphys::control
