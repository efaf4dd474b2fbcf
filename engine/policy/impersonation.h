// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/application.h"
#include "policy/project.h"

#include <optional>
#include <string>

namespace tiphys::policy {

/// Whether syncs act as service accounts: `application.sync.impersonation.enabled` and `.enforced` of argocd-cm.
struct Impersonation
{
    bool isEnabled = false;
    bool isEnforced = true; ///< a destination without an account is an error

    bool operator==(const Impersonation &) const = default;
};

/// The settings in \p data, the `data` of argocd-cm.
/// Source: argo-cd util/settings/settings.go (IsImpersonationEnabled, IsImpersonationEnforced)@v3.5.1
Impersonation impersonationOf(const object::Value &data);

/// The service account that the project names for the destination, "system:serviceaccount:<ns>:<name>" of the first entry of
/// destinationServiceAccounts that matches; nothing if none does.
/// Errors: InvalidInput for a service account name that is blank or has any of "!*[]{}\/".
/// Source: argo-cd util/settings/impersonation.go (DeriveServiceAccountToImpersonate)@v3.5.1
Expected<std::optional<std::string>> serviceAccountOf(const crd::Application &app, const EffectiveProject &project,
                                                      const Cluster &cluster);

/// Whom a sync acts as; nothing: itself. Errors, in the words of an operation: an invalid account, none where one is enforced.
/// Source: argo-cd controller/sync.go (SyncAppState)@v3.5.1
Expected<std::optional<std::string>> syncUser(const Impersonation &settings, const crd::Application &app,
                                              const EffectiveProject &project, const Cluster &cluster);
/// The same for the removal of a deleted Application's resources, where no account is no error.
/// Source: argo-cd controller/appcontroller.go (applyImpersonationConfig)@v3.5.1
Expected<std::optional<std::string>> deletionUser(const Impersonation &settings, const crd::Application &app,
                                                  const EffectiveProject &project, const Cluster &cluster);

} // namespace tiphys::policy
