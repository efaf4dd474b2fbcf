// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/application.h"
#include "policy/project.h"

#include <optional>
#include <string>

namespace tiphys::policy {

/// The user that a sync impersonates: "system:serviceaccount:<ns>:<name>" of the first entry of the project's
/// destinationServiceAccounts that matches; nothing if none does (an error where impersonation is enforced).
/// Errors: InvalidInput for a service account name that is blank or has any of "!*[]{}\/".
/// Source: argo-cd controller/sync.go (deriveServiceAccountToImpersonate)@v3.5.1
Expected<std::optional<std::string>> impersonatedUser(const crd::Application &app, const EffectiveProject &project,
                                                      const Cluster &cluster);

} // namespace tiphys::policy
