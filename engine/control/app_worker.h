// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "async/wake_up.h"
#include "compare/refresh_decision.h"
#include "control/app_refresher.h"
#include "control/operation_runner.h"

namespace tiphys::control {

/// Reconciles one application as the controller would: refresh, then operation or deletion, at each look.
/// Level-based: each look decides from the Application as it is stored. Engine thread only.
/// Source: argo-cd controller/appcontroller.go (processAppRefreshQueueItem, processAppOperationQueueItem)@v3.5.1
class AppWorker
{
public:
    /// \p mayWrite: this engine holds the Lease.
    AppWorker(ContextSession &home, ContextSession *destination, service::AppId app, ObserverParts parts,
              std::function<bool()> mayWrite);
    ~AppWorker();

    void start();
    Async<void> close();
    void applicationChanged();

    /// One look. Gives the time until the next one is due at the latest.
    Async<crd::Duration> reconcile(CancelToken cancel);
    const ContextSession *destination() const { return m_observer.destination(); }
    /// Why there is no destination, where more is known than that.
    void setDestinationProblem(std::string problem) { m_observer.setDestinationProblem(std::move(problem)); }
    /// True once a look has ended and none is under way, news of what it wrote has come, and what an operation made has been
    /// compared.
    bool hasLooked() const;
    /// The error of the last look, "" if there was none.
    const std::string &lastError() const { return m_lastError; }

private:
    Async<void> run(CancelToken cancel);
    /// The destination has not answered yet: nothing is told of it before it has, or has not in time.
    bool isConnecting() const;
    Async<void> refreshIfNeeded(CancelToken cancel);
    compare::RefreshDecision decisionOn(const crd::Application &app) const;
    /// The time until the next look where nothing happens: a comparison that expires by then is found expired.
    crd::Duration resync() const;
    /// Goes on with the operation or the deletion, if there is one. Gives the time until the next look.
    Async<crd::Duration> operate(CancelToken cancel);
    Async<crd::Duration> lookAtOperation(CancelToken cancel);
    /// Asks for a refresh where automated sync or self-heal was switched on since the last look.
    /// Source: argo-cd controller/appcontroller.go (automatedSyncEnabled)@v3.5.1
    void noticeAutomation(const crd::ApplicationSpec &spec);
    /// Asks for what a \p change of a live object asks for, where it counts.
    void heardOf(compare::CompareLevel level, const compare::ObjectChange &change);
    Async<void> weigh(compare::CompareLevel level, compare::ObjectChange change, CancelToken cancel);
    /// Asks for a refresh now.
    void request(compare::CompareLevel level);
    /// Asks for one when \p after has passed, or earlier where that is waited for already.
    void requestLater(compare::CompareLevel level, crd::Duration after);
    Async<crd::Duration> removeResources(crd::Application app, CancelToken cancel);
    /// Why objects of \p app may be there that \p evaluation has not seen; "" if it saw all.
    std::string unseenOf(const crd::Application &app, const Evaluation &evaluation) const;
    /// Why it cannot be told what a deletion has to remove; "" where it can, or where nothing is to be found.
    std::string deletionObstacle(const crd::Application &app) const;
    /// The destination, as the service account that \p project names where that is asked for; null if it is not known.
    Expected<ports::ClusterPtr> deletionCluster(const crd::Application &app,
                                                const Expected<policy::EffectiveProject> &project,
                                                const policy::Cluster &cluster) const;
    Async<void> tellDeletionProblem(crd::Application app, std::string problem, CancelToken cancel);

    ContextSession &m_home;
    service::AppId m_app;
    ObserverParts m_parts;
    std::function<bool()> m_mayWrite;
    AppObserver m_observer;
    OperationRunner m_operations;
    AppRefresher m_refresher;
    async::WakeUp m_wakeUp;
    std::optional<compare::CompareLevel> m_requested;
    std::optional<ports::WallTime> m_requestedAt; ///< when requestLater asks
    struct Automation
    {
        bool isOn = false;
        bool heals = false;
    };
    std::optional<Automation> m_automation; ///< at the last look
    std::string m_lastError;
    bool m_hasLooked = false;
    bool m_isLooking = false;
    bool m_owesComparison = false; ///< an operation has ended
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
