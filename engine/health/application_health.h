// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "health/health.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::health {

/// One resource of an Application: what it should be and what it is; null objects where one is absent.
struct ManagedPair
{
    object::Object target;
    object::Object live;
};

/// Health of an Application and of each of its resources.
struct ApplicationHealth
{
    HealthCode status = HealthCode::Healthy;
    /// In the order of the pairs; nothing where health is not evaluated or not stored.
    std::vector<std::optional<Health>> resources;
    /// What went wrong in the first check that failed: "failed to get resource health for …".
    std::optional<std::string> problem;
    /// Resources whose health could not be told because their script is not there.
    std::size_t notAssessed = 0;
};

/// The worst health of the resources: skipped targets and live hooks do not count, neither do objects that ask to
/// be ignored, the Application itself, and child Applications that are Missing or Unknown. A missing resource
/// worsens nothing, but when resources are expected and none is live the Application is Missing.
/// Source: argo-cd controller/health.go (setApplicationHealth)@v3.5.1
ApplicationHealth applicationHealth(const crd::Application &app, const std::vector<ManagedPair> &pairs,
                                    const ScriptHealth *scripts = nullptr);

} // namespace tiphys::health
