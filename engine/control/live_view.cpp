// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/live_view.h"

#include "async/delay.h"
#include "async/task_scope.h"

#include <algorithm>

namespace tiphys::control {

using object::Object;
using ports::CacheKey;
using ports::CacheSnapshotPtr;
using ports::CacheState;

namespace {

/// Beyond so many namespaces one watch for all costs less than one for each.
constexpr std::size_t kMostNamespaces = 20;

const ports::ResourceType kNamespaces{"", "v1", "namespaces", "Namespace", false};

bool definesTypes(const Object &object)
{
    return object.kind() == "CustomResourceDefinition" || object.kind() == "APIService";
}

bool covers(const ports::CacheSnapshot &snapshot, const std::string &ns)
{
    if (snapshot.state != CacheState::Live && snapshot.state != CacheState::Stale)
        return false;
    return snapshot.limitedTo.empty()
           || (std::ranges::contains(snapshot.limitedTo, ns) && !std::ranges::contains(snapshot.deniedNamespaces, ns)
               && !std::ranges::contains(snapshot.unlistedNamespaces, ns));
}

} // namespace

bool isNeverManaged(const object::GroupKind &kind)
{
    return kind.group == "events.k8s.io" || kind.group == "metrics.k8s.io" || kind == object::GroupKind{"", "Event"}
           || kind == object::GroupKind{"coordination.k8s.io", "Lease"} || kind.group == "authorization.k8s.io"
           || kind.group == "authentication.k8s.io";
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

Async<void> LiveView::begin(std::vector<std::string> namespaces, CancelToken cancel)
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
    if (m_covered != m_wanted)
        useTypes();
    co_return {};
}

Async<void> LiveView::cover(std::vector<std::string> namespaces, CancelToken cancel,
                            std::optional<std::chrono::milliseconds> patience)
{
    const Expected<void> begun = co_await begin(std::move(namespaces), cancel);
    if (!begun)
        co_return std::unexpected(begun.error());
    if (m_covered == m_wanted)
        co_return {};
    const std::uint64_t wanted = m_wanted;
    Users all;
    Users users;
    for (const auto &[key, watched] : m_watched) {
        all.push_back(watched.user);
        if (!patience || !watched.isLate)
            users.push_back(watched.user);
    }
    const Expected<void> listed = co_await lists(users, patience, cancel);
    if (!listed)
        co_return std::unexpected(listed.error());
    bool isComplete = true;
    for (const ports::CacheUserPtr &user : all) {
        const auto watched = m_watched.find(user->key());
        if (watched == m_watched.end())
            continue;
        take(user->key(), user->snapshot());
        const bool isLate = user->snapshot()->state == CacheState::Listing;
        watched->second.isLate = isLate;
        isComplete = isComplete && !isLate;
    }
    // Those that others have asked for meanwhile are missing for this one too.
    for (auto &[key, watched] : m_watched)
        watched.isMissed = watched.isMissed || watched.user->snapshot()->state == CacheState::Listing;
    m_hasGoneOn = m_hasGoneOn || !isComplete;
    if (!isComplete)
        co_return {};
    // Others may have asked for more meanwhile: they wait for it themselves.
    m_covered = std::max(m_covered, wanted);
    if (m_covered == m_wanted)
        endNarrowWatches();
    co_return {};
}

Async<void> LiveView::lists(Users users, std::optional<std::chrono::milliseconds> patience, CancelToken cancel)
{
    const auto enough = std::make_shared<CancelSource>(cancel);
    async::TaskScope waiting(cancel);
    if (patience)
        waiting.start(losePatience(enough, *patience, waiting.token()));
    Expected<void> listed;
    for (const ports::CacheUserPtr &user : users) {
        if (enough->isCancelled() || !listed)
            break;
        if (user->snapshot()->state != CacheState::Listing)
            continue;
        // Refusals and failures stand in the snapshots and are told by refusals().
        const Expected<CacheSnapshotPtr> synced = co_await user->synced(enough->token());
        if (!synced && synced.error().code() == ErrorCode::Cancelled && !enough->isCancelled())
            listed = std::unexpected(synced.error());
    }
    ignoreError(co_await waiting.close(), "draining has no errors");
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    co_return listed;
}

Async<void> LiveView::losePatience(std::shared_ptr<CancelSource> enough, std::chrono::milliseconds patience,
                                   CancelToken cancel)
{
    for (int listed = -1; listed != arrival().listed;) {
        listed = arrival().listed;
        const Expected<void> waited = co_await async::delay(patience, cancel);
        if (!waited)
            co_return {};
    }
    enough->cancel();
    co_return {};
}

service::Arrival LiveView::arrival() const
{
    service::Arrival arrival{.listed = 0, .asked = static_cast<int>(m_watched.size()), .waitsFor = {}};
    for (const auto &[key, watched] : m_watched) {
        if (watched.user->snapshot()->state != CacheState::Listing)
            ++arrival.listed;
        else if (arrival.waitsFor.empty())
            arrival.waitsFor = key.text();
    }
    return arrival;
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
    if (isWide() && std::exchange(m_named, m_scope.namespaces.size()) != m_scope.namespaces.size())
        m_cache->setKnownNamespaces(m_scope.namespaces);
    forgetTypes();
    for (const ports::ApiResource *resource : m_discovery->preferred()) {
        if (!resource->can("list") || !resource->can("watch") || isLeftOut(resource->type.groupKind()))
            continue;
        if (!resource->type.isNamespaced || isWide()) {
            use(*resource, "");
            continue;
        }
        for (const std::string &ns : m_scope.namespaces)
            use(*resource, ns);
    }
}

bool LiveView::isLeftOut(const object::GroupKind &kind) const
{
    return isNeverManaged(kind) || (m_scope.isExcluded && m_scope.isExcluded(kind));
}

void LiveView::setExcluded(std::function<bool(const object::GroupKind &)> isExcluded)
{
    m_scope.isExcluded = std::move(isExcluded);
    ++m_wanted;
    forget([this](const CacheKey &key) { return isLeftOut(key.type.groupKind()); });
}

void LiveView::forgetTypes()
{
    // A server that just started may not know all its types yet, and a group that could not be asked may still have its own:
    // only what cannot be listed either is gone.
    forget([this](const CacheKey &key) {
        const ports::ApiResource *served = m_discovery->find(key.type.gvk());
        const bool mayBeServed = served ? served->type == key.type : m_discovery->isFailedGroup(key.type.group);
        return !mayBeServed && m_watched.at(key).user->snapshot()->state == CacheState::Failed;
    });
}

void LiveView::forget(const std::function<bool(const CacheKey &)> &isGone)
{
    std::vector<CacheKey> gone;
    for (const auto &[key, watched] : m_watched) {
        if (isGone(key))
            gone.push_back(key);
    }
    bool wasWaitedFor = false;
    for (const CacheKey &key : gone) {
        // Whoever hears of a change may look into this.
        const auto ended = m_watched.extract(key);
        if (ended.empty())
            continue;
        wasWaitedFor = wasWaitedFor || ended.mapped().isLate || ended.mapped().isMissed;
        if (!ended.mapped().taken)
            continue;
        std::vector<ports::ObjectMap> others;
        for (const auto &[other, watched] : m_watched) {
            if (watched.taken && other.type.groupKind() == key.type.groupKind())
                others.push_back(watched.taken->objects);
        }
        const auto isSeenStill = [&](const Object &object) {
            return std::ranges::any_of(others, [&](const ports::ObjectMap &objects) {
                return objects.find(object.ns(), object.name()).has_value();
            });
        };
        ended.mapped().taken->objects.forEach([&](const Object &object) {
            if (!isSeenStill(object))
                change(object, {});
        });
    }
    noteContact();
    if (wasWaitedFor)
        tellContact();
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
    watched->second.user = m_cache->use(key, [this, key](const CacheSnapshotPtr &snapshot) { take(key, snapshot); });
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
    if (std::exchange(m_wasStale, stale) != stale)
        tellContact();
}

void LiveView::tellContact() const
{
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
    // Its type may have gone, also where nobody tells of definitions: the next look asks what is served.
    const bool isRefused =
        snapshot->error
        && (snapshot->error->code() == ErrorCode::NotFound || snapshot->error->code() == ErrorCode::Denied);
    m_haveTypesChanged = m_haveTypesChanged || (snapshot->state == CacheState::Failed && isRefused);
    index(before, snapshot);
    // Whoever hears of it may look into this again.
    const auto now = m_watched.find(key);
    if (now == m_watched.end() || snapshot->state == CacheState::Listing)
        return;
    const bool wasLate = std::exchange(now->second.isLate, false);
    const bool wasMissed = std::exchange(now->second.isMissed, false);
    const bool wasLast =
        wasMissed && std::ranges::none_of(m_watched, [](const auto &entry) { return entry.second.isMissed; });
    if (wasLate || wasLast)
        tellContact();
}

void LiveView::index(const CacheSnapshotPtr &before, const CacheSnapshotPtr &snapshot)
{
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
    ++m_changes;
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
        const ports::CacheKey &key = entry.first;
        return (key.ns.empty() || key.ns == ns) && key.type.kind == kind.kind && key.type.group == kind.group
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

std::string LiveView::unseen(const std::set<object::GroupKind> &kinds, const std::set<std::string> &namespaces) const
{
    for (const auto &[key, watched] : m_watched) {
        const CacheSnapshotPtr snapshot = watched.user->snapshot();
        const std::string problem = snapshot->error ? snapshot->error->text() : "";
        // A kind that the cluster does not know has no objects.
        if (snapshot->state == CacheState::Failed && snapshot->error && snapshot->error->code() == ErrorCode::NotFound)
            continue;
        if (snapshot->state == CacheState::Failed || snapshot->state == CacheState::Listing)
            return !problem.empty() ? problem : key.type.plural + " are being listed";
        // One that was named a moment ago is not among those that are looked into yet.
        const auto isLookedInto = [&](const std::string &ns) {
            return snapshot->limitedTo.empty() || std::ranges::contains(snapshot->limitedTo, ns)
                   || isGone(*snapshot, ns);
        };
        if (const auto young = std::ranges::find_if_not(m_scope.namespaces, isLookedInto);
            young != m_scope.namespaces.end())
            return key.type.plural + " in namespace " + *young + " are being listed";
        for (const std::string &ns : snapshot->unlistedNamespaces) {
            if (std::ranges::contains(m_scope.namespaces, ns) && !std::ranges::contains(snapshot->deniedNamespaces, ns))
                return key.type.plural + " in namespace " + ns + " are being listed";
        }
        if (!kinds.contains(key.type.groupKind()))
            continue;
        // A refusal may last for ever: it counts only where it hides something.
        const bool isDenied = snapshot->state == CacheState::Denied;
        if (isDenied && snapshot->limitedTo.empty() && (key.ns.empty() || namespaces.contains(key.ns)))
            return !problem.empty() ? problem : key.type.plural + " may not be listed";
        // What was listed there before is old, and the cache as a whole does not tell.
        for (const std::string &ns : snapshot->deniedNamespaces) {
            if (namespaces.contains(ns))
                return isDenied && !problem.empty() ? problem
                                                    : key.type.plural + " in namespace " + ns + " may not be listed";
        }
    }
    return {};
}

bool LiveView::isGone(const ports::CacheSnapshot &snapshot, const std::string &ns) const
{
    // It may have been made since the cache asked.
    return std::ranges::contains(snapshot.absentNamespaces, ns) && m_index.find({"", "Namespace", "", ns}).isNull();
}

Async<std::string> LiveView::whyNotGone(std::set<std::string> namespaces, CancelToken cancel)
{
    std::set<std::string> asked;
    for (const auto &[key, watched] : m_watched) {
        for (const std::string &ns : watched.user->snapshot()->absentNamespaces) {
            if (namespaces.contains(ns))
                asked.insert(ns);
        }
    }
    std::set<std::string> there;
    std::string why;
    for (const std::string &ns : asked) {
        const Expected<Object> found = co_await m_cluster->get({kNamespaces, "", ns}, {}, cancel);
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        if (!found && found.error().code() == ErrorCode::NotFound)
            continue;
        there.insert(ns);
        if (why.empty())
            why = found ? "objects in namespace " + ns + " are being listed, which has come meanwhile"
                        : "whether namespace " + ns + " is there is not known: " + found.error().text();
    }
    lookInto(there);
    co_return why;
}

void LiveView::lookInto(const std::set<std::string> &namespaces)
{
    // Whoever hears of what comes of it may look into this.
    Users users;
    for (const auto &[key, watched] : m_watched) {
        if (std::ranges::any_of(watched.user->snapshot()->absentNamespaces,
                                [&](const std::string &ns) { return namespaces.contains(ns); }))
            users.push_back(watched.user);
    }
    for (const ports::CacheUserPtr &user : users)
        user->refresh();
}

bool LiveView::isStale() const
{
    return std::ranges::any_of(
        m_watched, [](const auto &entry) { return entry.second.user->snapshot()->state == CacheState::Stale; });
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
