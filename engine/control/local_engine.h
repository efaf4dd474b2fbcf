// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/completion.h"
#include "control/app_worker.h"
#include "control/engine_lease.h"
#include "control/machine_lock.h"
#include "control/registered_sessions.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace tiphys::control {

/// The local reconciler of one instance: takes the Lease and keeps a worker per Application. Engine thread only.
class LocalEngine
{
public:
    /// The session of a destination among those at hand, else null: then what the instance registers by a Secret counts.
    using DestinationOf = std::function<ContextSession *(const crd::Destination &)>;

    /// \p only limits the work to these names; empty: every Application that the session knows.
    LocalEngine(ContextSession &home, DestinationOf destinationOf, ObserverParts parts, std::string identity,
                std::set<std::string> only = {});
    ~LocalEngine();

    /// Takes the Lease, or says who has it; from then on Applications are reconciled until close().
    /// Errors: Denied where a controller is at work, Conflict where another engine is.
    Async<void> start(CancelToken cancel);
    /// Stops the workers and gives the Lease back; whoever calls it again waits for the same end.
    Async<void> close();
    /// Was \p app looked at, is no operation of it in progress, and what one made compared. True for one nobody works on.
    bool isAtRest(const service::AppId &app) const;
    /// Returns once every Application has been at rest.
    Async<void> firstPass(CancelToken cancel);

    /// The session's Applications changed: workers come and go.
    void applicationsChanged();
    void applicationChanged(const service::AppId &app);
    bool isRunning() const { return m_lease && m_lease->isHeld(); }
    /// What keeps it from working, "" if nothing does.
    const std::string &problem() const { return m_problem; }

private:
    Async<void> takeLease(CancelToken cancel);
    Async<void> keepLease(CancelToken cancel);
    Async<void> updateWorkersSoon(CancelToken cancel);
    void updateWorkers();
    void startWorkers();
    /// Lets go of the worker of \p app; another may start when it has ended.
    Async<void> endWorker(service::AppId app, std::shared_ptr<AppWorker> worker);
    struct Found
    {
        ContextSession *session = nullptr;
        std::string problem; ///< why there is none, where more is known than that
    };
    Found destinationOf(const crd::Application &app);
    Found lookedUp(const crd::Destination &destination);
    bool isOurs(const service::AppId &app, const KnownApp &known) const;
    bool mayWrite(const service::AppId &app) const;

    ContextSession &m_home;
    DestinationOf m_destinationOf;
    ObserverParts m_parts;
    std::string m_identity;
    std::set<std::string> m_only;
    std::unique_ptr<MachineLock> m_lock;
    std::shared_ptr<EngineLease> m_lease;
    RegisteredSessions m_registered;
    std::map<service::AppId, std::shared_ptr<AppWorker>> m_workers;
    std::set<service::AppId> m_ending;                            ///< their workers
    std::map<std::pair<std::string, std::string>, Found> m_found; ///< of one update, by server and name
    std::set<LiveViewPtr> m_views;                                ///< kept from one look to the next
    std::string m_problem;
    bool m_isUpdating = false;
    bool m_isClosing = false;
    async::Completion<void> m_closed;
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
