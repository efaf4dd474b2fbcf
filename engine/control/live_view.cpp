// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/live_view.h"

#include <algorithm>

namespace tiphys::control {

using object::Object;
using ports::CacheKey;
using ports::CacheSnapshotPtr;
using ports::CacheState;

namespace {

/// Beyond so many namespaces one watch for all costs less than one for each.
constexpr std::size_t kMostNamespaces = 20;

bool definesTypes(const Object &object)
{
    return object.kind() == "CustomResourceDefinition" || object.kind() == "APIService";
}

bool covers(const ports::CacheSnapshot &snapshot, const std::string &ns)
{
    if (snapshot.state != CacheState::Live && snapshot.state != CacheState::Stale)
        return false;
    return snapshot.limitedTo.empty()
           || (std::ranges::contains(snapshot.limitedTo, ns)
               && !std::ranges::contains(snapshot.deniedNamespaces, ns) && !std::ranges::contains(snapshot.unlistedNamespaces, ns));
}

} // namespace

bool isNeverManaged(const object::GroupKind &kind)
{
    return kind.group == "events.k8s.io" || kind.group == "metrics.k8s.io"
           || kind == object::GroupKind{"", "Event"} || kind == object::GroupKind{"coordination.k8s.io", "Lease"}
           || kind.group == "authorization.k8s.io" || kind.group == "authentication.k8s.io";
}

LiveView::LiveView(ports::ClusterPtr cluster, ports::ClusterCachePtr cache, LiveScope scope,
                   compare::TrackingSettings tracking)
    : m_cluster(std::move(cluster)), m_cache(std::move(cache)), m_scope(std::move(scope)), m_index(std::move(tracking))
{
}

LiveView::~LiveView() = default;

bool LiveView::isWide() const
{
    return m_scope.namespaces.size() > kMostNamespaces;
}

void LiveView::announce(const std::vector<std::string> &namespaces)
{
    for (const std::string &ns : namespaces) {
        if (ns.empty() || std::ranges::contains(m_scope.namespaces, ns))
            continue;
        m_scope.namespaces.push_back(ns);
        ++m_wanted;
    }
}

Async<void> LiveView::cover(std::vector<std::string> namespaces, CancelToken cancel)
{
    announce(namespaces);
    if (!m_discovery || m_haveTypesChanged) {
        const Expected<void> found = co_await findTypes(cancel);
        if (!found)
            co_return std::unexpected(found.error());
    }
    // Whoever closed the caches meanwhile wants no new watches.
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (m_covered == m_wanted)
        co_return {};
    const std::uint64_t wanted = m_wanted;
    useTypes();
    std::vector<ports::CacheUserPtr> users;
    for (const auto &[key, watched] : m_watched)
        users.push_back(watched.user);
    for (const ports::CacheUserPtr &user : users) {
        if (user->snapshot()->state != CacheState::Listing)
            continue;
        // Refusals and failures stand in the snapshots and are told by refusals().
        const Expected<CacheSnapshotPtr> synced = co_await user->synced(cancel);
        if (!synced && synced.error().code() == ErrorCode::Cancelled)
            co_return std::unexpected(synced.error());
    }
    for (const ports::CacheUserPtr &user : users) {
        if (m_watched.contains(user->key()))
            take(user->key(), user->snapshot());
    }
    // Others may have asked for more meanwhile: they wait for it themselves.
    m_covered = std::max(m_covered, wanted);
    if (m_covered == m_wanted)
        endNarrowWatches();
    co_return {};
}

Async<void> LiveView::findTypes(CancelToken cancel)
{
    const bool isAgain = std::exchange(m_haveTypesChanged, false) && m_discovery;
    Async<ports::DiscoveryPtr> asking = isAgain ? m_cluster->refreshDiscovery(cancel) : m_cluster->discovery(cancel);
    const Expected<ports::DiscoveryPtr> discovery = co_await asking;
    if (!discovery) {
        m_haveTypesChanged = isAgain;
        co_return std::unexpected(discovery.error());
    }
    m_discovery = *discovery;
    ++m_wanted;
    co_return {};
}

void LiveView::useTypes()
{
    if (isWide())
        m_cache->setKnownNamespaces(m_scope.namespaces);
    for (const ports::ApiResource *resource : m_discovery->preferred()) {
        const object::GroupKind kind = resource->type.groupKind();
        if (!resource->can("list") || !resource->can("watch") || isNeverManaged(kind)
            || (m_scope.isExcluded && m_scope.isExcluded(kind)))
            continue;
        if (!resource->type.isNamespaced || isWide()) {
            use(*resource, "");
            continue;
        }
        for (const std::string &ns : m_scope.namespaces)
            use(*resource, ns);
    }
}

void LiveView::use(const ports::ApiResource &resource, const std::string &ns)
{
    const CacheKey key{.type = resource.type,
                       .ns = ns,
                       .labelSelector = {},
                       .fieldSelector = {},
                       .detail = resource.type.isNamespaced ? ports::Detail::Full : ports::Detail::Metadata};
    const auto [watched, isNew] = m_watched.try_emplace(key);
    if (!isNew)
        return;
    watched->second.user =
        m_cache->use(key, [this, key](const CacheSnapshotPtr &snapshot) { take(key, snapshot); });
    take(key, watched->second.user->snapshot());
}

void LiveView::endNarrowWatches()
{
    if (!isWide())
        return;
    for (auto narrow = m_watched.begin(); narrow != m_watched.end();) {
        CacheKey wideKey = narrow->first;
        wideKey.ns.clear();
        const auto wide = m_watched.find(wideKey);
        if (narrow->first.ns.empty() || wide == m_watched.end()) {
            ++narrow;
            continue;
        }
        // What went between the last event of the one and the list of the other.
        const ports::ObjectMap &all = wide->second.taken->objects;
        narrow->second.taken->objects.forEach([&](const Object &object) {
            if (!all.find(object.ns(), object.name()))
                change(object, {});
        });
        narrow = m_watched.erase(narrow);
    }
    noteContact();
}

void LiveView::noteContact()
{
    const bool stale = isStale();
    if (std::exchange(m_wasStale, stale) == stale)
        return;
    std::vector<std::shared_ptr<const LiveListener>> listeners;
    for (const auto &[instance, listener] : m_listeners) {
        if (auto living = listener.lock(); living && living->onContactChange)
            listeners.push_back(std::move(living));
    }
    for (const auto &listener : listeners)
        listener->onContactChange();
}

void LiveView::take(const CacheKey &key, const CacheSnapshotPtr &snapshot)
{
    const auto found = m_watched.find(key);
    if (found == m_watched.end() || found->second.taken == snapshot)
        return;
    const CacheSnapshotPtr before = std::exchange(found->second.taken, snapshot);
    const bool wasStale = before && before->state == CacheState::Stale;
    if (wasStale != (snapshot->state == CacheState::Stale))
        noteContact();
    if (before && snapshot->number == before->number + 1) {
        for (const ports::CacheChange &one : snapshot->changes)
            change(one.before, one.after);
        return;
    }
    if (before && snapshot->number <= before->number)
        return;
    if (before) {
        before->objects.forEach([&](const Object &object) {
            if (!snapshot->objects.find(object.ns(), object.name()))
                change(object, {});
        });
    }
    snapshot->objects.forEach([&](const Object &object) { change({}, object); });
}

void LiveView::change(const Object &before, const Object &after)
{
    const object::ObjectKey key = after.isNull() ? before.key() : after.key();
    const Object known = m_index.find(key);
    if (after.isNull()) {
        // One of the same name may have been created since.
        if (known.isNull() || known.uid() != before.uid())
            return;
    } else if (known.uid() == after.uid() && known.resourceVersion() == after.resourceVersion()) {
        return;
    }
    if (hasSettled()) {
        m_haveTypesChanged = m_haveTypesChanged || definesTypes(after.isNull() ? before : after);
        const compare::ObjectChange news{known, after};
        const compare::ChangeRoutes routes = m_index.routesOf(news);
        if (after.isNull())
            m_index.drop(key);
        else
            m_index.put(after);
        tell(routes, news);
        return;
    }
    if (after.isNull())
        m_index.drop(key);
    else
        m_index.put(after);
}

void LiveView::tell(const compare::ChangeRoutes &routes, const compare::ObjectChange &change)
{
    std::vector<std::pair<std::shared_ptr<const LiveListener>, compare::CompareLevel>> concerned;
    for (const compare::ChangeRoute &route : routes.instances) {
        const auto [first, last] = m_listeners.equal_range(route.instance);
        for (auto listener = first; listener != last; ++listener) {
            if (auto living = listener->second.lock())
                concerned.emplace_back(std::move(living), route.level);
        }
    }
    if (!routes.orphanNamespace.empty()) {
        for (const auto &[instance, listener] : m_listeners) {
            if (auto living = listener.lock(); living && living->orphanNamespace == routes.orphanNamespace)
                concerned.emplace_back(std::move(living), compare::CompareLevel::Recent);
        }
    }
    for (const auto &[listener, level] : concerned)
        listener->onChange(level, change);
}

void LiveView::listen(const std::shared_ptr<const LiveListener> &listener)
{
    std::erase_if(m_listeners, [](const auto &entry) { return entry.second.expired(); });
    m_listeners.emplace(listener->instance, listener);
}

bool LiveView::isKnown(const object::GroupKind &kind, const std::string &ns) const
{
    return std::ranges::any_of(m_watched, [&](const auto &entry) {
        return entry.first.type.groupKind() == kind && (entry.first.ns.empty() || entry.first.ns == ns)
               && covers(*entry.second.user->snapshot(), ns);
    });
}

std::vector<std::string> LiveView::refusals() const
{
    std::vector<std::string> texts;
    for (const auto &[key, watched] : m_watched) {
        const CacheSnapshotPtr snapshot = watched.user->snapshot();
        if ((snapshot->state == CacheState::Denied || snapshot->state == CacheState::Failed) && snapshot->error)
            texts.push_back(snapshot->error->text());
    }
    return texts;
}

std::string LiveView::unseen(const std::set<object::GroupKind> &kinds) const
{
    for (const auto &[key, watched] : m_watched) {
        const CacheSnapshotPtr snapshot = watched.user->snapshot();
        const bool isFailed = snapshot->state == CacheState::Failed || snapshot->state == CacheState::Listing;
        const bool isRefused = snapshot->state == CacheState::Denied && kinds.contains(key.type.groupKind());
        if (isFailed || isRefused)
            return snapshot->error ? snapshot->error->text() : key.type.plural + " are being listed";
        for (const std::string &ns : snapshot->unlistedNamespaces) {
            if (std::ranges::contains(m_scope.namespaces, ns) && !std::ranges::contains(snapshot->deniedNamespaces, ns))
                return key.type.plural + " in namespace " + ns + " are being listed";
        }
    }
    return {};
}

bool LiveView::isStale() const
{
    return std::ranges::any_of(m_watched, [](const auto &entry) {
        return entry.second.user->snapshot()->state == CacheState::Stale;
    });
}

ports::WallTime LiveView::oldestContact() const
{
    ports::WallTime oldest = 0;
    for (const auto &[key, watched] : m_watched) {
        const CacheSnapshotPtr snapshot = watched.user->snapshot();
        const ports::WallTime contact = snapshot->lastContact;
        if (snapshot->state == CacheState::Stale && contact > 0 && (oldest == 0 || contact < oldest))
            oldest = contact;
    }
    return oldest;
}

} // namespace tiphys::control
