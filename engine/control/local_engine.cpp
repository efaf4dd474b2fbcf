// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/local_engine.h"

#include "async/delay.h"

#include <algorithm>
#include <chrono>
#include <ranges>
#include <set>
#include <utility>
#include <vector>

namespace tiphys::control {

using namespace std::chrono_literals;

namespace {

/// Changes of many Applications are taken together.
constexpr auto kUpdatePause = 20ms;

} // namespace

LocalEngine::LocalEngine(ContextSession &home, DestinationOf destinationOf, ObserverParts parts, std::string identity,
                         std::set<std::string> only)
    : m_home(home), m_destinationOf(std::move(destinationOf)), m_parts(std::move(parts)),
      m_identity(std::move(identity)), m_only(std::move(only)), m_registered(home, [this] { applicationsChanged(); })
{
}

LocalEngine::~LocalEngine() = default;

bool LocalEngine::mayWrite(const service::AppId &app) const
{
    // The Lease of one control plane keeps nobody away from another one.
    return m_lease && m_lease->isHeld() && m_lease->ns() == m_home.controlPlaneNamespace()
           && m_home.reconciler(app).mayRunLocal;
}

Async<void> LocalEngine::start(CancelToken cancel)
{
    // It may be closed while it asks for the Lease.
    return m_tasks.include(cancel, [this](CancelToken either) { return takeLease(either); });
}

Async<void> LocalEngine::takeLease(CancelToken cancel)
{
    const ReconcilerChoice choice = m_home.reconciler();
    if (!choice.mayRunLocal)
        co_return failure(ErrorCode::Denied, "the local engine must not run here: " + choice.reason);
    m_lock = std::make_unique<MachineLock>(m_home.state().server, m_home.controlPlaneNamespace());
    if (const Expected<void> locked = m_lock->take(); !locked) {
        m_problem = locked.error().text();
        m_lock.reset();
        co_return std::unexpected(locked.error());
    }
    m_lease =
        std::make_shared<EngineLease>(m_home.cluster(), m_home.controlPlaneNamespace(), m_identity, m_parts.clock);
    const Expected<void> taken = co_await m_lease->renew(cancel);
    if (!taken) {
        m_problem = taken.error().text();
        m_lease.reset();
        m_lock.reset();
        co_return std::unexpected(taken.error());
    }
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError()); // close() gives the Lease back
    m_lease->whenHeldAgain([this] {
        for (const auto &[app, worker] : m_workers)
            worker->applicationChanged();
    });
    m_home.setLocalEngine(true);
    m_tasks.start(keepLease(m_tasks.token()));
    updateWorkers();
    co_return {};
}

Async<void> LocalEngine::keepLease(CancelToken cancel)
{
    Expected<void> renewed;
    while (true) {
        const Expected<void> waited = co_await async::delay(renewalPause(renewed), cancel);
        if (!waited)
            co_return {};
        renewed = co_await m_lease->renew(cancel);
        m_problem = renewed ? "" : renewed.error().text();
        if (renewed && m_lease->ns() != m_home.controlPlaneNamespace())
            m_problem = "the control plane is in namespace " + m_home.controlPlaneNamespace()
                        + " now, and the engine was switched on for that in " + m_lease->ns();
        if (renewed)
            applicationsChanged();
    }
}

bool LocalEngine::isAtRest(const service::AppId &app) const
{
    const auto worker = m_workers.find(app);
    const KnownApp *known = m_home.find(app);
    return worker == m_workers.end()
           || (worker->second->hasLooked() && !(known && known->app && known->app->operation));
}

Async<void> LocalEngine::firstPass(CancelToken cancel)
{
    // Of many there is always one at work: each must have been at rest, not all at once.
    std::set<service::AppId> rested;
    const auto hasRested = [&](const service::AppId &app) {
        return rested.contains(app) || (isAtRest(app) && rested.insert(app).second);
    };
    while (!std::ranges::all_of(m_workers | std::views::keys, hasRested)) {
        const Expected<void> waited = co_await async::delay(200ms, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
    co_return {};
}

Async<void> LocalEngine::close()
{
    if (std::exchange(m_isClosing, true)) {
        const async::Completion<void> closed = m_closed; // this object may be gone
        const Expected<void> result = co_await closed;
        co_return result;
    }
    ignoreError(co_await m_tasks.close(), "the end of the Lease's keeper");
    for (const auto &[app, worker] : std::exchange(m_workers, {}))
        ignoreError(co_await worker->close(), "workers tell their errors themselves");
    m_views.clear();
    ignoreError(co_await m_registered.close(), "the engine ends");
    if (m_lease)
        ignoreError(co_await m_lease->release({}), "it expires by itself");
    m_lease.reset();
    m_lock.reset();
    m_home.setLocalEngine(false);
    m_closed.set({});
    co_return {};
}

void LocalEngine::applicationsChanged()
{
    if (!m_lease || m_isUpdating)
        return;
    m_isUpdating = true;
    m_tasks.start(updateWorkersSoon(m_tasks.token()));
}

Async<void> LocalEngine::updateWorkersSoon(CancelToken cancel)
{
    const Expected<void> waited = co_await async::delay(kUpdatePause, cancel);
    m_isUpdating = false;
    if (waited && m_lease)
        updateWorkers();
    co_return {};
}

bool LocalEngine::isOurs(const service::AppId &app, const KnownApp &known) const
{
    return known.app && (m_only.empty() || m_only.contains(app.name)) && m_home.reconciler(app).mayRunLocal;
}

void LocalEngine::startWorkers()
{
    // Most have one: what costs more is asked of the others alone.
    std::vector<std::pair<service::AppId, const KnownApp *>> newcomers;
    for (const auto &[id, known] : m_home.apps()) {
        if (!m_workers.contains(id) && isOurs(id, known))
            newcomers.emplace_back(id, &known);
    }
    // All namespaces are named before the first look: many are watched together from the start.
    std::map<ContextSession *, std::set<std::string>> namespaces;
    std::map<ContextSession *, std::string> servers;
    for (const auto &[id, known] : newcomers) {
        ContextSession *destination = destinationOf(*known->app).session;
        if (!destination || !destination->cluster())
            continue;
        const std::vector<std::string> used = namespacesOf(*known->app);
        namespaces[destination].insert(used.begin(), used.end());
        if (!servers.contains(destination))
            servers.emplace(destination, m_home.destinationCluster(known->app->spec.destination, destination).server);
    }
    for (const auto &[destination, names] : namespaces) {
        const LiveViewPtr view = m_home.liveView(*destination, servers.at(destination));
        view->announce({names.begin(), names.end()});
        m_views.insert(view);
    }
    for (const auto &[id, known] : newcomers) {
        if (m_ending.contains(id))
            continue;
        const Found found = destinationOf(*known->app);
        auto worker =
            std::make_shared<AppWorker>(m_home, found.session, id, m_parts, [this, id] { return mayWrite(id); });
        worker->setDestinationProblem(found.problem);
        worker->start();
        m_workers.emplace(id, std::move(worker));
    }
}

void LocalEngine::updateWorkers()
{
    m_found.clear();
    for (auto worker = m_workers.begin(); worker != m_workers.end();) {
        const KnownApp *known = m_home.find(worker->first);
        bool stays = known != nullptr;
        if (known && known->app) {
            // Contexts come and go, and an Application may name another destination.
            const Found found = destinationOf(*known->app);
            stays = found.session == worker->second->destination();
            worker->second->setDestinationProblem(found.problem);
        }
        if (stays) {
            ++worker;
            continue;
        }
        m_ending.insert(worker->first);
        m_tasks.start(endWorker(worker->first, worker->second));
        worker = m_workers.erase(worker);
    }
    startWorkers();
}

Async<void> LocalEngine::endWorker(service::AppId app, std::shared_ptr<AppWorker> worker)
{
    ignoreError(co_await worker->close(), "workers tell their errors themselves");
    m_ending.erase(app);
    applicationsChanged();
    co_return {};
}

LocalEngine::Found LocalEngine::destinationOf(const crd::Application &app)
{
    const crd::Destination &destination = app.spec.destination;
    const auto [known, isNew] = m_found.try_emplace({destination.server, destination.name});
    if (isNew)
        known->second = lookedUp(destination);
    return known->second;
}

LocalEngine::Found LocalEngine::lookedUp(const crd::Destination &destination)
{
    if (ContextSession *atHand = m_destinationOf(destination))
        return {atHand, {}};
    const std::string server = policy::destinationServer(m_home.registry(), destination).value_or(std::string());
    if (server.empty())
        return {};
    const Expected<ContextSession *> registered = m_registered.at(server);
    if (registered)
        return {*registered, {}};
    return {nullptr, registered.error().code() == ErrorCode::NotFound ? std::string() : registered.error().text()};
}

void LocalEngine::applicationChanged(const service::AppId &app)
{
    if (const auto worker = m_workers.find(app); worker != m_workers.end())
        worker->second->applicationChanged();
}

} // namespace tiphys::control
