// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/context_session.h"

#include "control/app_views.h"
#include "control/application_access.h"
#include "control/permission.h"

#include <algorithm>

/// The Applications that a session knows.
namespace tiphys::control {

using object::Object;
using ports::CacheSnapshotPtr;
using ports::CacheState;
using service::AppId;

std::shared_ptr<const std::set<std::string>> ContextSession::instances() const
{
    const CacheSnapshotPtr listed =
        m_applications && m_scope.ns.empty() && m_scope.name.empty() ? m_applications->snapshot() : nullptr;
    if (!listed || listed->state != CacheState::Live)
        return nullptr;
    const std::string plane = controlPlaneNamespace();
    if (m_instances && m_instancesPlane == plane)
        return m_instances;
    std::set<std::string> instances;
    for (const auto &[id, known] : m_apps)
        instances.insert(id.ns == plane ? id.name : id.ns + '_' + id.name);
    m_instances = std::make_shared<const std::set<std::string>>(std::move(instances));
    m_instancesPlane = plane;
    return m_instances;
}

std::vector<AppId> ContextSession::takeApplications(const ports::CacheSnapshot &snapshot)
{
    const auto idOf = [this](const Object &object) {
        return AppId{m_facts.name, std::string(object.ns()), std::string(object.name())};
    };
    const std::uint64_t taken = std::exchange(m_applicationsNumber, snapshot.number);
    std::vector<AppId> updated;
    if (taken != 0 && snapshot.number == taken)
        return updated;
    if (taken != 0 && snapshot.number == taken + 1) {
        for (const ports::CacheChange &change : snapshot.changes) {
            updated.push_back(idOf(change.after.isNull() ? change.before : change.after));
            if (!change.after.isNull()) {
                updateApp(change.after);
                continue;
            }
            m_apps.erase(updated.back());
            m_firstNamedPlane.reset();
            m_instances.reset();
        }
        return updated;
    }
    m_instances.reset();
    std::map<AppId, KnownApp> old = std::exchange(m_apps, {});
    m_firstNamedPlane.reset();
    snapshot.objects.forEach([&](const Object &object) {
        const AppId id = idOf(object);
        const auto before = old.find(id);
        if (before != old.end() && before->second.object.resourceVersion() == object.resourceVersion()
            && before->second.object.uid() == object.uid()) {
            m_apps.insert(old.extract(before));
            return;
        }
        updateApp(object);
        updated.push_back(id);
    });
    for (const auto &[id, gone] : old)
        updated.push_back(id);
    return updated;
}

void ContextSession::updateApp(const Object &object)
{
    const AppId id{m_facts.name, std::string(object.ns()), std::string(object.name())};
    service::WallTime &foreign = m_foreignStatus[id.ns];
    foreign = std::max(foreign, foreignStatusTime(object));
    KnownApp known = knownOf(object);
    const auto before = m_apps.find(id);
    if (before == m_apps.end())
        m_instances.reset();
    if (before == m_apps.end() || before->second.namedPlane != known.namedPlane)
        m_firstNamedPlane.reset();
    m_apps.insert_or_assign(id, std::move(known));
}

KnownApp ContextSession::knownOf(const Object &object) const
{
    KnownApp known{.object = object, .app = {}, .error = {}, .row = {}};
    const bool isOurWord = namesItsPlaneHere(object);
    Expected<crd::Application> app = crd::applicationOf(object);
    if (app) {
        known.row = std::make_shared<const service::AppRow>(rowOf(m_facts.name, *app, m_clock.now()));
        known.namedPlane = isOurWord ? std::string() : app->status.controllerNamespace;
        known.app = std::move(*app);
    } else {
        known.error = app.error();
        known.row = std::make_shared<const service::AppRow>(unreadableRow(m_facts.name, object, app.error()));
    }
    return known;
}

const KnownApp *ContextSession::find(const AppId &app) const
{
    if (const auto found = m_apps.find(app); found != m_apps.end())
        return &found->second;
    const auto asked = m_asked.find(app);
    return asked == m_asked.end() ? nullptr : &asked->second;
}

bool ContextSession::isListed(const std::string &ns) const
{
    return m_applications && !unseenIn(m_applications->key(), *m_applications->snapshot(), ns);
}

bool ContextSession::knowsAll(const std::string &ns) const
{
    if (!m_hasAnswered || !isListed(ns))
        return false;
    return m_applications->snapshot()->state != CacheState::Stale || m_state.isWatchRefused;
}

Async<void> ContextSession::ask(AppId app, CancelToken cancel)
{
    if (!m_connection.cluster)
        co_return failure(ErrorCode::Unavailable, "still connecting to " + m_facts.name);
    const auto versionOf = [this](const AppId &id) {
        const KnownApp *known = find(id);
        return known ? std::string(known->object.resourceVersion()) : std::string();
    };
    const std::string before = versionOf(app);
    const Expected<Object> object = co_await m_connection.cluster->get(applicationRef(app.ns, app.name), {}, cancel);
    if (!object) {
        if (object.error().code() == ErrorCode::NotFound && m_asked.erase(app) > 0)
            m_news.applicationChanged(app);
        co_return std::unexpected(object.error());
    }
    // What came meanwhile is newer, and a list tells all changes; one that failed tells nothing.
    const bool isKnown = m_apps.contains(app);
    const bool isOvertaken = versionOf(app) != before || (!isKnown && m_hasAnswered && isListed(app.ns));
    if (cancel.isCancelled() || isOvertaken || object->resourceVersion() == before)
        co_return {};
    if (isKnown)
        updateApp(*object);
    else
        m_asked.insert_or_assign(app, knownOf(*object));
    m_news.applicationChanged(app);
    co_return {};
}

void ContextSession::setRow(const AppId &app, service::AppRowPtr row)
{
    if (const auto found = m_apps.find(app); found != m_apps.end())
        found->second.row = std::move(row);
}

} // namespace tiphys::control
