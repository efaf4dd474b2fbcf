// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/app_worker.h"
#include "control/engine_lease.h"
#include "control/machine_lock.h"

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
    using DestinationOf = std::function<ContextSession *(const crd::Destination &)>;

    /// \p only limits the work to these names; empty: every Application that the session knows.
    LocalEngine(ContextSession &home, DestinationOf destinationOf, ObserverParts parts, std::string identity,
                std::set<std::string> only = {});
    ~LocalEngine();

    /// Takes the Lease, or says who has it; from then on Applications are reconciled until close().
    /// Errors: Denied where a controller is at work, Conflict where another engine is.
    Async<void> start(CancelToken cancel);
    Async<void> close();
    /// Returns once every Application was looked at and no operation is in progress.
    Async<void> firstPass(CancelToken cancel);

    /// The session's Applications changed: workers come and go.
    void applicationsChanged();
    void applicationChanged(const service::AppId &app);
    bool isRunning() const { return m_lease && m_lease->isHeld(); }
    /// What keeps it from working, "" if nothing does.
    const std::string &problem() const { return m_problem; }

private:
    Async<void> keepLease(CancelToken cancel);
    Async<void> updateWorkersSoon(CancelToken cancel);
    void updateWorkers();
    void startWorkers();
    bool isOurs(const service::AppId &app, const KnownApp &known) const;
    bool mayWrite(const service::AppId &app) const;

    ContextSession &m_home;
    DestinationOf m_destinationOf;
    ObserverParts m_parts;
    std::string m_identity;
    std::set<std::string> m_only;
    std::unique_ptr<MachineLock> m_lock;
    std::shared_ptr<EngineLease> m_lease;
    std::map<service::AppId, std::shared_ptr<AppWorker>> m_workers;
    std::set<LiveViewPtr> m_views; ///< kept from one look to the next
    std::string m_problem;
    bool m_isUpdating = false;
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
