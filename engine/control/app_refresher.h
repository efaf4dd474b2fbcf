// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/refresh_decision.h"
#include "control/app_observer.h"
#include "crd/duration.h"
#include "sync/operation.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::control {

/// What a refresh leaves to be done.
struct RefreshOutcome
{
    std::optional<crd::Duration> lookAgainAfter; ///< self-heal waits
};

/// Refreshes one application as the controller would: compares it, starts an automated sync, and writes the status.
/// Engine thread only.
/// Source: argo-cd controller/appcontroller.go (processAppRefreshQueueItem)@v3.5.1
class AppRefresher
{
public:
    /// \p mayWrite is asked before each write: false when the Lease was lost.
    AppRefresher(AppObserver &observer, ObserverParts parts, std::function<bool()> mayWrite);

    /// Refreshes \p app as it was read last. Errors: what kept the look or a write from being done; the next one repeats.
    Async<RefreshOutcome> refresh(crd::Application app, compare::RefreshDecision decision, CancelToken cancel);

    /// Is \p app older than what a refresh wrote last: news of it has not come yet.
    bool isOvertaken(const crd::Application &app) const;

private:
    /// Writes \p patch while this engine may, and gives the Application as it is stored then.
    Async<crd::Application> write(crd::Application app, object::Value patch, CancelToken cancel);
    /// Can the tree be made again of what was compared last.
    bool knowsTree(const crd::Application &app) const;
    /// Brings what the tree says for the status up to date, and nothing else.
    Async<RefreshOutcome> renewTree(crd::Application app, CancelToken cancel);
    Async<RefreshOutcome> automate(crd::Application app, EvaluationPtr evaluation, crd::ApplicationStatus status,
                                   CancelToken cancel);
    /// Sets \p operation on the Application as it is stored now, as often as others write in between. Gives why that is not
    /// possible; "" where it is done, told by \p event, or another one is in progress.
    /// Source: argo-cd util/argo/argo.go (SetAppOperation)@v3.5.1
    Async<std::string> startOperation(crd::Application app, crd::Operation operation, sync::Event event,
                                      CancelToken cancel);
    /// Gives \p app the finalizers that its rendered hooks ask for.
    Async<void> mirrorHooks(crd::Application app, EvaluationPtr evaluation, CancelToken cancel);
    /// The same for the Application as it is stored now, unless somebody writes in between: Conflict.
    Async<void> writeFinalizers(service::AppId app, EvaluationPtr evaluation, CancelToken cancel);
    /// Writes what is to be normalised in the spec of \p app, and gives \p app with it; the rest is as it was.
    /// Source: argo-cd controller/appcontroller.go (normalizeApplication)@v3.5.1
    Async<crd::Application> normalize(crd::Application app, CancelToken cancel);
    /// Brings the status of \p app to \p status, which takes the refresh annotation away; gives the Application as it is
    /// stored then. One that is too large is told in a condition instead.
    /// Source: argo-cd controller/appcontroller.go (persistAppStatus)@v3.5.1
    Async<crd::Application> persist(crd::Application app, crd::ApplicationStatus status, CancelToken cancel);

    AppObserver &m_observer;
    ContextSession &m_home;
    ObserverParts m_parts;
    std::function<bool()> m_mayWrite;
    compare::RepositoryErrorGrace m_repositoryErrors;
    std::vector<sync::Event> m_told; ///< of a status that could not be written yet
    std::string m_writtenVersion;    ///< resourceVersion that the last write made; "" while there was none
    EvaluationPtr m_compared; ///< its part for trees, of the last refresh that compared; null while there is none
};

/// Is the resource version \p version older than \p other. One that is no number cannot be told: it is where they differ.
bool isOlderVersion(std::string_view version, std::string_view other);

/// What a refresh at the level of \p decision compares \p app with.
ObserveRequest requestFor(const crd::Application &app, const compare::RefreshDecision &decision);

} // namespace tiphys::control
