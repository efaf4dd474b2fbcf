// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/application.h"
#include "object/value.h"
#include "policy/window.h"

#include <cstdint>
#include <string>
#include <vector>

/// What is written to an Application to ask its reconciler for something. Raw writes pass by the guards of Argo CD's
/// API server, so they are made here. Every patch is a JSON merge patch with the resourceVersion it was planned on.
namespace tiphys::sync {

/// A sync that somebody asks for.
struct SyncRequest
{
    std::string revision;               ///< as asked for; "" is the target revision
    std::vector<std::string> revisions; ///< the same for several sources, one each
    /// The commits that the plan was made for; the operation is pinned to them. For several sources one each.
    std::vector<std::string> plannedRevisions;
    bool prunes = false;
    bool isDryRun = false;
    bool forces = false;
    bool appliesOnly = false;                 ///< strategy apply: no hooks
    std::vector<crd::SyncResource> resources; ///< empty: everything
    std::vector<std::string> manifests;       ///< local manifests as JSON texts
    /// Options instead of those of spec.syncPolicy; nothing takes the spec's.
    std::optional<std::vector<std::string>> syncOptions;
    std::optional<crd::RetryStrategy> retry; ///< instead of the spec's
    std::vector<crd::NamedText> info;
};

/// Who asks, and what the sync windows say to it.
struct Asking
{
    std::string user;
    policy::WindowAnswer window; ///< for a manual sync
};

/// The operation that \p request starts. Errors (Conflict, Denied, InvalidInput), one clear reason each: an operation
/// is in progress, the application is being deleted, a window denies, automated sync is on and another revision, or
/// local manifests, are asked for, the number of revisions is wrong.
/// Source: argo-cd server/application/application.go (Sync)@v3.5.1
Expected<crd::Operation> syncOperationOf(const crd::Application &app, const SyncRequest &request, const Asking &asking);
/// The patch for it: sets operation, clears status.operationState.
Expected<object::Value> syncPatch(const crd::Application &app, const SyncRequest &request, const Asking &asking);

/// A return to an entry of the history.
struct RollbackRequest
{
    std::int64_t id = 0; ///< of status.history
    bool prunes = false;
    bool isDryRun = false;
};
/// Errors also for an unknown entry, one without source, and automated sync.
/// Source: argo-cd server/application/application.go (Rollback)@v3.5.1
Expected<object::Value> rollbackPatch(const crd::Application &app, const RollbackRequest &request,
                                      const std::string &user);

/// The patch that stops the operation in progress. Error: Conflict if there is none.
/// Source: argo-cd server/application/application.go (TerminateOperation)@v3.5.1
Expected<object::Value> terminatePatch(const crd::Application &app);

/// How thorough a refresh is: Hard also forgets rendered manifests.
enum class Refresh : std::uint8_t { Normal, Hard };
/// The patch of the refresh annotation; no resourceVersion, since it disturbs nobody.
object::Value refreshPatch(Refresh refresh);

/// The patch that starts \p operation (of automated sync): refused with Conflict when one is in progress.
/// Source: argo-cd util/argo/argo.go (SetAppOperation)@v3.5.1
Expected<object::Value> startPatch(const crd::Application &app, const crd::Operation &operation);

/// The patch that approves a deletion or pruning that waits for it, from \p now on.
object::Value approvalPatch(crd::Timestamp now);
/// The same for what \p app waits for at the moment. Error: Conflict where neither an operation nor a deletion is in progress.
/// Source: argo-cd cmd/argocd/commands/app.go (NewApplicationConfirmDeletionCommand)@v3.5.1
Expected<object::Value> approvalPatch(const crd::Application &app, crd::Timestamp now);

} // namespace tiphys::sync
