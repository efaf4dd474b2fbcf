// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "control/context_session.h"
#include "ports/repositories.h"
#include "service/service.h"

/// What is asked of whoever reconciles an Application: each writes one patch to it, after the guards that the API
/// server of Argo CD would apply, with the resourceVersion that the decision was made on.
namespace tiphys::control {

/// May these acts be done now, and if not, why not: level, connection, reconciler, state, and the server's word.
Async<service::Permissions> permissionsOf(ContextSession &session, service::AppId app, CancelToken cancel);

/// What a sync is asked for with: the request of a person and the commit it was planned for.
struct SyncAsk
{
    service::SyncRequest request;
    std::vector<std::string> revisions; ///< resolved, one per source; empty keeps the target revisions
};

/// Asks for a sync. Errors: Denied with the guard's reason, Conflict when the Application changed since it was read.
Async<service::Done> requestSync(ContextSession &session, SyncAsk ask, CancelToken cancel);
/// The same with the sources resolved now. Conflict if \p request was planned for another commit: the branch moved.
Async<service::Done> resolveAndSync(ContextSession &session, ports::RepositoriesPtr repositories,
                                    service::SyncRequest request, CancelToken cancel);
/// Sets the refresh annotation.
Async<service::Done> requestRefresh(ContextSession &session, service::AppId app, bool isHard, CancelToken cancel);
/// Sets the running operation to Terminating.
Async<service::Done> requestTerminate(ContextSession &session, service::AppId app, CancelToken cancel);
/// Confirms that the running operation may prune, or the deletion may delete, what asks for a confirmation first.
Async<service::Done> requestApproval(ContextSession &session, service::AppId app, CancelToken cancel);
/// Asks for a sync to an entry of the history.
Async<service::Done> requestRollback(ContextSession &session, service::AppId app, std::int64_t historyId, bool prunes,
                                     CancelToken cancel);
/// Deletes the Application. \p cascade: "foreground", "background", or "" for none: its resources stay.
Async<service::Done> requestDelete(ContextSession &session, service::AppId app, std::string cascade,
                                   CancelToken cancel);

} // namespace tiphys::control
