// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/context_session.h"

#include "async/delay.h"
#include "base/text.h"

#include <algorithm>
#include <chrono>

/// Which control planes a context has, and who reconciles the Applications of each.
namespace tiphys::control {

using ports::CacheSnapshotPtr;
using ports::CacheState;
using service::AppId;

namespace {

/// A clock that was set, or a machine that slept, is noticed after so long.
constexpr std::chrono::milliseconds kLongestSleep = std::chrono::minutes(1);

} // namespace

std::string ContextSession::controlPlaneNamespace() const
{
    // Where there are several, all that is asked of one is asked of the one whose settings are used; and what was found as
    // the only one counts more than what statuses say.
    if (m_planes.size() > 1 || (m_planes.size() == 1 && seesAllSettings()))
        return m_state.argoCdNamespace;
    if (!m_firstNamedPlane) {
        // Asked for each application: with many of them looking each time would take longer than all else.
        const auto named =
            std::ranges::find_if(m_apps, [](const auto &entry) { return !entry.second.namedPlane.empty(); });
        m_firstNamedPlane = named == m_apps.end() ? std::string() : named->second.namedPlane;
    }
    if (!m_firstNamedPlane->empty())
        return *m_firstNamedPlane;
    if (!m_state.argoCdNamespace.empty())
        return m_state.argoCdNamespace;
    if (!m_apps.empty())
        return m_apps.begin()->first.ns;
    return std::string(kUsualPlane);
}

bool ContextSession::seesAllSettings() const
{
    const CacheSnapshotPtr seen = m_configMaps ? m_configMaps->snapshot() : nullptr;
    return seen && (seen->state == CacheState::Live || seen->state == CacheState::Stale) && seen->limitedTo.empty();
}

std::string ContextSession::certainPlaneOf(const crd::Application &app) const
{
    const std::string ours = controlPlaneNamespace();
    if (!m_planes.contains(ours))
        return {}; // it is only assumed
    return app.ns() == ours || (seesAllSettings() && hasOneControlPlane()) ? ours : std::string();
}

std::set<std::string> ContextSession::controllerPlaces() const
{
    std::set<std::string> places = m_planes;
    places.insert(controlPlaneNamespace());
    for (const auto &[id, known] : m_apps) {
        places.insert(id.ns);
        if (!known.namedPlane.empty())
            places.insert(known.namedPlane);
    }
    return places;
}

std::set<std::string> ContextSession::controlPlanes() const
{
    std::set<std::string> planes = m_planes;
    if (m_controllers)
        planes.merge(m_controllers->namespaces());
    return planes;
}

bool ContextSession::isControlPlane(const std::string &ns) const
{
    return m_planes.contains(ns) || (m_controllers && m_controllers->isIn(ns));
}

std::string ContextSession::planeOf(const KnownApp &app) const
{
    const std::string &named = app.namedPlane;
    // Where not everything may be seen, what the status says is all there is.
    if (!named.empty() && (isControlPlane(named) || !m_controllers || !m_controllers->seesEverything()))
        return named;
    const std::string ns(app.object.ns());
    return isControlPlane(ns) ? ns : controlPlaneNamespace();
}

ReconcilerEvidence ContextSession::evidenceIn(const std::string &plane) const
{
    ReconcilerEvidence evidence = m_evidence;
    if (m_controllers) {
        evidence.unseenWhy = m_controllers->unseenWhy();
        // Before it is known what the Secrets add to projects nothing may be judged by them.
        const CacheSnapshotPtr secrets = m_secrets ? m_secrets->snapshot() : nullptr;
        const bool areSettled = secrets
                                && (secrets->state == CacheState::Live || secrets->state == CacheState::Stale
                                    || secrets->state == CacheState::Denied);
        if (areSettled)
            evidence.controllerWorkloads = m_controllers->workloadsIn(plane);
        else if (evidence.unseenWhy.empty() && secrets && secrets->state == CacheState::Failed && secrets->error)
            evidence.unseenWhy = secrets->error->text();
    }
    // What another control plane's own controller writes says nothing about this one.
    for (const auto &[ns, time] : m_foreignStatus) {
        if (ns == plane || !isControlPlane(ns))
            evidence.lastForeignStatus = std::max(evidence.lastForeignStatus, time);
    }
    return evidence;
}

void ContextSession::weighLater()
{
    const service::WallTime now = m_clock.now();
    service::WallTime next = m_leaseEnds >= now ? m_leaseEnds + 1 : 0;
    for (const auto &[ns, time] : m_foreignStatus) {
        const service::WallTime ages = time + kRecentStatus;
        if (time > 0 && ages > now && (next == 0 || ages < next))
            next = ages;
    }
    // One that comes earlier finds the next itself.
    if (next == 0 || (m_weighsAt > 0 && m_weighsAt <= next) || m_tasks->token().isCancelled())
        return;
    m_weighing.cancel();
    m_weighing = CancelSource(m_tasks->token());
    m_weighsAt = next;
    m_tasks->start(weighAt(next, m_weighing.token()));
}

Async<void> ContextSession::weighAt(service::WallTime at, CancelToken cancel)
{
    for (service::WallTime now = m_clock.now(); now < at; now = m_clock.now()) {
        const Expected<void> waited =
            co_await async::delay(std::min(std::chrono::milliseconds(at - now), kLongestSleep), cancel);
        if (!waited)
            co_return {};
    }
    m_weighsAt = 0;
    weighEvidence();
    co_return {};
}

ReconcilerChoice ContextSession::reconciler() const
{
    ReconcilerChoice choice = reconcilerOf(evidenceIn(controlPlaneNamespace()), m_clock.now());
    const std::set<std::string> planes = controlPlanes();
    if (planes.size() > 1 || (planes.size() == 1 && !planes.contains(controlPlaneNamespace())))
        choice.reason += "; control planes were found in namespaces " + join({planes.begin(), planes.end()}, ", ")
                         + ", this program works for that in " + controlPlaneNamespace() + " only";
    return choice;
}

bool ContextSession::hasOneControlPlane() const
{
    const std::set<std::string> planes = controlPlanes();
    return m_controllers && m_controllers->seesEverything()
           && (planes.empty() || (planes.size() == 1 && planes.contains(controlPlaneNamespace())));
}

ReconcilerChoice ContextSession::reconciler(const AppId &app) const
{
    const KnownApp *known = find(app);
    if (!known)
        return reconciler();
    const std::string plane = planeOf(*known);
    const std::string ours = controlPlaneNamespace();
    ReconcilerEvidence evidence = evidenceIn(plane);
    if (m_controllers && app.ns != plane) {
        const std::optional<std::vector<std::string>> own = m_controllers->workloadsIn(app.ns);
        if (!own)
            evidence.controllerWorkloads.reset();
        else if (evidence.controllerWorkloads)
            evidence.controllerWorkloads->insert(evidence.controllerWorkloads->end(), own->begin(), own->end());
        // Its status names no controller: any of them may be told to look into this namespace.
        if (known->app && known->namedPlane.empty()) {
            for (const std::string &other : m_controllers->namespaces()) {
                const std::vector<std::string> found =
                    m_controllers->workloadsIn(other).value_or(std::vector<std::string>());
                evidence.controllersElsewhere.insert(evidence.controllersElsewhere.end(), found.begin(), found.end());
            }
        }
    }
    if (plane != ours) {
        evidence.otherPlane = plane;
        evidence.ourPlane = ours;
    }
    return reconcilerOf(evidence, m_clock.now());
}

} // namespace tiphys::control
