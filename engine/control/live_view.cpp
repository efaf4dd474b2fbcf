// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/live_view.h"

#include <algorithm>

namespace tiphys::control {

using object::Object;
using ports::CacheKey;
using ports::CacheSnapshotPtr;
using ports::CacheState;

bool isNeverManaged(const object::GroupKind &kind)
{
    return kind.group == "events.k8s.io" || kind.group == "metrics.k8s.io"
           || kind == object::GroupKind{"", "Event"} || kind == object::GroupKind{"coordination.k8s.io", "Lease"}
           || kind.group == "authorization.k8s.io" || kind.group == "authentication.k8s.io";
}

LiveView::LiveView(ports::ClusterPtr cluster, ports::ClusterCachePtr cache, LiveScope scope,
                   std::function<void()> onChange)
    : m_cluster(std::move(cluster)), m_cache(std::move(cache)), m_scope(std::move(scope)),
      m_onChange(std::move(onChange))
{
}

LiveView::~LiveView() = default;

Async<void> LiveView::start(CancelToken cancel)
{
    const Expected<ports::DiscoveryPtr> discovery = co_await m_cluster->discovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    m_discovery = *discovery;
    const Expected<void> used = co_await useTypes(cancel);
    co_return used;
}

Async<void> LiveView::addNamespaces(std::vector<std::string> namespaces, CancelToken cancel)
{
    if (m_scope.namespaces.empty() || !m_discovery)
        co_return {};
    bool isNew = false;
    for (const std::string &ns : namespaces) {
        if (ns.empty() || std::ranges::contains(m_scope.namespaces, ns))
            continue;
        m_scope.namespaces.push_back(ns);
        isNew = true;
    }
    if (!isNew)
        co_return {};
    const Expected<void> used = co_await useTypes(cancel);
    co_return used;
}

Async<void> LiveView::refreshTypes(CancelToken cancel)
{
    const Expected<ports::DiscoveryPtr> discovery = co_await m_cluster->refreshDiscovery(cancel);
    if (!discovery)
        co_return std::unexpected(discovery.error());
    m_discovery = *discovery;
    const Expected<void> used = co_await useTypes(cancel);
    co_return used;
}

Async<void> LiveView::useTypes(CancelToken cancel)
{
    for (const ports::ApiResource *resource : m_discovery->preferred()) {
        const object::GroupKind kind = resource->type.groupKind();
        if (!resource->can("list") || !resource->can("watch") || isNeverManaged(kind)
            || (m_scope.isExcluded && m_scope.isExcluded(kind)))
            continue;
        if (!resource->type.isNamespaced || m_scope.namespaces.empty()) {
            use(*resource, "");
            continue;
        }
        for (const std::string &ns : m_scope.namespaces)
            use(*resource, ns);
    }
    std::vector<ports::CacheUserPtr> users;
    for (const auto &[key, user] : m_users)
        users.push_back(user);
    for (const ports::CacheUserPtr &user : users) {
        // Refusals and failures stand in the snapshots and are told by refusals().
        const Expected<CacheSnapshotPtr> synced = co_await user->synced(cancel);
        if (!synced && synced.error().code() == ErrorCode::Cancelled)
            co_return std::unexpected(synced.error());
    }
    co_return {};
}

void LiveView::use(const ports::ApiResource &resource, const std::string &ns)
{
    const CacheKey key{.type = resource.type,
                       .ns = ns,
                       .labelSelector = {},
                       .fieldSelector = {},
                       .detail = resource.type.isNamespaced ? ports::Detail::Full : ports::Detail::Metadata};
    if (m_users.contains(key))
        return;
    m_users.emplace(key, m_cache->use(key, [this](const CacheSnapshotPtr &) { m_onChange(); }));
}

std::vector<Object> LiveView::objects() const
{
    std::vector<Object> objects;
    for (const auto &[key, user] : m_users)
        user->snapshot()->objects.forEach([&](const Object &object) { objects.push_back(object); });
    return objects;
}

Object LiveView::find(const object::ObjectKey &key) const
{
    for (const auto &[cacheKey, user] : m_users) {
        if (cacheKey.type.groupKind() != key.groupKind() || (!cacheKey.ns.empty() && cacheKey.ns != key.ns))
            continue;
        if (const auto found = user->snapshot()->objects.find(key.ns, key.name))
            return *found;
    }
    return {};
}

bool LiveView::isKnown(const object::GroupKind &kind, const std::string &ns) const
{
    return std::ranges::any_of(m_users, [&](const auto &entry) {
        const CacheSnapshotPtr snapshot = entry.second->snapshot();
        return entry.first.type.groupKind() == kind && (entry.first.ns.empty() || entry.first.ns == ns)
               && (snapshot->state == CacheState::Live || snapshot->state == CacheState::Stale);
    });
}

std::vector<std::string> LiveView::refusals() const
{
    std::vector<std::string> texts;
    for (const auto &[key, user] : m_users) {
        const CacheSnapshotPtr snapshot = user->snapshot();
        if ((snapshot->state == CacheState::Denied || snapshot->state == CacheState::Failed) && snapshot->error)
            texts.push_back(snapshot->error->text());
    }
    return texts;
}

bool LiveView::isStale() const
{
    return std::ranges::any_of(m_users, [](const auto &entry) {
        return entry.second->snapshot()->state == CacheState::Stale;
    });
}

ports::WallTime LiveView::oldestContact() const
{
    ports::WallTime oldest = 0;
    for (const auto &[key, user] : m_users) {
        const ports::WallTime contact = user->snapshot()->lastContact;
        if (contact > 0 && (oldest == 0 || contact < oldest))
            oldest = contact;
    }
    return oldest;
}

} // namespace tiphys::control
