// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/resource_cache.h"

#include "async/delay.h"

#include <QRandomGenerator>

#include <algorithm>

namespace tiphys::kube {

using object::Object;
using ports::CacheChange;
using ports::CacheSnapshot;
using ports::CacheSnapshotPtr;
using ports::CacheState;

namespace {

constexpr ports::WallTime kLived = 1000; ///< of a watch that counts as one

/// True if the server answered that it cannot go on from the place it was asked for, as after its store was restored:
/// asking again would never end. One that is not reached, overloaded or at fault may go on later.
/// Source: client-go tools/cache/reflector.go (isWatchErrorRetriable)@v0.36.1
bool isPlaceRefused(const Error &error)
{
    const bool isStatus = error.reason() == "Timeout" || error.reason() == "Invalid" || error.reason() == "BadRequest";
    return isStatus && (error.code() == ErrorCode::Timeout || error.code() == ErrorCode::InvalidInput);
}

} // namespace

ResourceCache::User::User(std::shared_ptr<ResourceCache> cache, std::function<void(CacheSnapshotPtr)> onChange,
                          std::function<void()> onGone)
    : m_cache(std::move(cache)), m_onChange(std::move(onChange)), m_onGone(std::move(onGone))
{
}

ResourceCache::User::~User()
{
    m_cache->m_users.erase(this);
    if (m_onGone)
        m_onGone();
}

Async<CacheSnapshotPtr> ResourceCache::User::synced(CancelToken cancel)
{
    const Self cache = m_cache;
    const Expected<CacheSnapshotPtr> snapshot = co_await cache->synced(cancel);
    co_return snapshot;
}

ResourceCache::ResourceCache(ports::CacheKey key, ports::ClusterPtr cluster, CacheOptions options,
                             std::vector<std::string> knownNamespaces)
    : m_key(std::move(key)), m_cluster(std::move(cluster)), m_options(std::move(options)),
      m_knownNamespaces(std::move(knownNamespaces)), m_snapshot(std::make_shared<CacheSnapshot>())
{
}

void ResourceCache::start()
{
    m_tasks.start(run(shared_from_this(), m_tasks.token()));
}

std::shared_ptr<ResourceCache::User> ResourceCache::addUser(std::function<void(CacheSnapshotPtr)> onChange,
                                                            std::function<void()> onGone)
{
    auto user = std::make_shared<User>(shared_from_this(), std::move(onChange), std::move(onGone));
    m_users.insert(user.get());
    return user;
}

void ResourceCache::refresh()
{
    // A part that is interrupted lists again.
    for (auto &[ns, part] : m_parts) {
        part.resourceVersion.clear();
        part.interrupt.cancel();
    }
    m_reconsider.cancel();
}

void ResourceCache::setKnownNamespaces(std::vector<std::string> namespaces)
{
    m_knownNamespaces = std::move(namespaces);
    m_reconsider.cancel();
}

Async<CacheSnapshotPtr> ResourceCache::synced(CancelToken cancel)
{
    const Self self = shared_from_this();
    while (m_snapshot->state == CacheState::Listing) {
        if (m_hasEnded)
            co_return std::unexpected(async::cancelledError());
        const async::Completion<CacheSnapshotPtr> next;
        m_waiting.push_back(next);
        const async::CancelRegistration registration = cancel.onCancel([next] { next.fail(async::cancelledError()); });
        const Expected<CacheSnapshotPtr> snapshot = co_await next;
        if (!snapshot)
            co_return std::unexpected(snapshot.error());
    }
    const bool hasFailed = m_snapshot->state == CacheState::Denied || m_snapshot->state == CacheState::Failed;
    if (hasFailed && m_snapshot->error)
        co_return std::unexpected(*m_snapshot->error);
    co_return m_snapshot;
}

Async<void> ResourceCache::close()
{
    const Self self = shared_from_this();
    const Expected<void> closed = co_await m_tasks.close();
    end();
    co_return closed;
}

void ResourceCache::end()
{
    m_hasEnded = true;
    for (const async::Completion<CacheSnapshotPtr> &waiting : std::exchange(m_waiting, {}))
        waiting.fail(async::cancelledError());
}

ports::Selection ResourceCache::selection(const std::string &ns) const
{
    const bool keepsManagedFields = std::ranges::contains(m_options.keepsManagedFields, m_key.type.groupKind());
    return {.ns = ns,
            .labelSelector = m_key.labelSelector,
            .fieldSelector = m_key.fieldSelector,
            .detail = m_key.detail,
            .managedFields = keepsManagedFields ? ports::ManagedFields::Kept : m_options.managedFields,
            .transform = m_options.transform};
}

Async<void> ResourceCache::run(Self self, CancelToken cancel)
{
    while (!cancel.isCancelled()) {
        self->m_isSplit = false;
        self->m_parts.clear();
        const Expected<void> whole = co_await keepPart(self, self->m_key.ns, cancel);
        if (whole || cancel.isCancelled())
            break;
        // Refused everywhere at once: namespace by namespace it may work.
        self->m_isSplit = true;
        self->m_parts.clear();
        const Expected<void> split = co_await runSplit(self, cancel);
        if (!split)
            break;
    }
    co_return std::unexpected(async::cancelledError());
}

Async<void> ResourceCache::keepPart(Self self, std::string ns, CancelToken cancel)
{
    while (!cancel.isCancelled()) {
        self->part(ns).interrupt = CancelSource(cancel);
        const CancelToken interrupt = self->part(ns).interrupt.token();
        const bool mustList = self->part(ns).resourceVersion.empty();
        const Expected<void> result =
            mustList ? co_await listPart(self, ns, interrupt) : co_await watchPart(self, ns, interrupt);
        if (cancel.isCancelled())
            break;
        if (result || interrupt.isCancelled())
            continue;
        const Pause pause = self->noteFailure(ns, result.error());
        if (pause.mayGiveUp)
            co_return std::unexpected(result.error());
        const Expected<void> waited = co_await async::delay(pause.duration, interrupt);
        ignoreError(waited, "an interrupted wait is a wait that ended");
    }
    co_return std::unexpected(async::cancelledError());
}

Async<void> ResourceCache::listPart(Self self, std::string ns, CancelToken cancel)
{
    ports::ListOptions options;
    static_cast<ports::Selection &>(options) = self->selection(ns);
    const Expected<ports::ObjectList> list = co_await self->m_cluster->list(self->m_key.type, options, cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (!list)
        co_return std::unexpected(list.error());
    self->part(ns).resourceVersion = list->resourceVersion;
    self->applyList(ns, list->items);
    co_return {};
}

Async<void> ResourceCache::watchPart(Self self, std::string ns, CancelToken cancel)
{
    ports::WatchOptions options;
    static_cast<ports::Selection &>(options) = self->selection(ns);
    options.resourceVersion = self->part(ns).resourceVersion;
    const auto accepted = std::make_shared<ports::WallTime>(0);
    options.onStarted = [self, ns, cancel, accepted] {
        *accepted = self->m_options.clock->now();
        if (!cancel.isCancelled())
            self->setLive(ns);
    };
    const ports::WallTime began = self->m_options.clock->now();
    const auto onEvents = [self, ns, cancel](std::vector<ports::WatchEvent> events) {
        if (!cancel.isCancelled())
            self->applyEvents(ns, events);
    };
    const Expected<void> ended = co_await self->m_cluster->watch(self->m_key.type, options, onEvents, cancel);
    const ports::WallTime now = self->m_options.clock->now();
    // One that breaks as soon as it is accepted counts as a failure like one that is refused.
    if (*accepted > 0 && now - *accepted >= kLived && !cancel.isCancelled())
        self->part(ns).failures = 0;
    if (ended && now - began < kLived && !cancel.isCancelled()) {
        // A server that ends watches at once must not be asked in a tight loop.
        const Expected<void> waited = co_await async::delay(self->m_options.firstBackoff, cancel);
        co_return waited;
    }
    co_return ended;
}

std::vector<CacheChange> ResourceCache::dropObjects(const std::function<bool(const Object &)> &isGone)
{
    std::vector<CacheChange> changes;
    m_objects.forEach([&](const Object &before) {
        if (isGone(before))
            changes.push_back({before, {}});
    });
    for (const CacheChange &change : changes)
        m_objects = m_objects.without(change.before.ns(), change.before.name());
    return changes;
}

ResourceCache::Pause ResourceCache::noteFailure(const std::string &ns, const Error &error)
{
    Part &failed = part(ns);
    ++failed.failures;
    if (error.code() == ErrorCode::Expired) {
        failed.resourceVersion.clear();
        return {failed.failures == 1 ? std::chrono::milliseconds(0) : backoff(failed.failures)};
    }
    if (isPlaceRefused(error))
        failed.resourceVersion.clear();
    const bool wasLive = failed.state == CacheState::Live;
    if (wasLive && failed.failures == 1 && error.code() != ErrorCode::Denied)
        return {}; // watches break all the time: the second failure counts
    Pause pause{backoff(failed.failures)};
    failed.error = error;
    failed.state = failed.state == CacheState::Live || failed.state == CacheState::Stale || m_wasKnown
                       ? CacheState::Stale
                       : CacheState::Failed;
    std::vector<CacheChange> changes;
    if (error.code() == ErrorCode::Denied) {
        // Who may list but not watch reads again from time to time.
        const bool mayList = !failed.resourceVersion.empty();
        pause.duration = m_options.deniedRetry;
        pause.mayGiveUp = !mayList && isWhole() && m_key.ns.empty() && m_key.type.isNamespaced;
        failed.state = mayList ? CacheState::Stale : CacheState::Denied;
        failed.resourceVersion.clear();
        if (pause.mayGiveUp)
            return pause;
        // What was known here from a list of all cannot be followed.
        if (!isWhole() && !mayList && !failed.hasListed)
            changes = dropObjects([&](const Object &before) { return before.ns() == ns; });
    }
    if (error.code() == ErrorCode::NotFound) {
        failed.state = CacheState::Failed; // the type itself is gone
        failed.resourceVersion.clear();
    }
    failed.retryAt = m_options.clock->now() + pause.duration.count();
    publish(std::move(changes));
    return pause;
}

std::chrono::milliseconds ResourceCache::backoff(int failures) const
{
    const double random = m_options.random ? m_options.random() : QRandomGenerator::global()->generateDouble();
    const double doubled =
        static_cast<double>(m_options.firstBackoff.count()) * static_cast<double>(1 << std::min(failures - 1, 10));
    const double bounded = std::min(doubled, static_cast<double>(m_options.lastBackoff.count()));
    return std::chrono::milliseconds(static_cast<std::int64_t>(bounded * (0.5 + random / 2)));
}

void ResourceCache::setLive(const std::string &ns)
{
    Part &live = part(ns);
    noteContact(live);
    if (live.state == CacheState::Live)
        return;
    live.state = CacheState::Live;
    live.error.reset();
    live.retryAt = 0;
    publish({});
}

void ResourceCache::applyList(const std::string &ns, const std::vector<Object> &items)
{
    const ports::ObjectMap listed = ports::ObjectMap::of(items);
    std::vector<CacheChange> changes;
    m_objects.forEach([&](const Object &before) {
        const bool isCovered = isWhole() || before.ns() == ns;
        if (isCovered && !listed.find(before.ns(), before.name()))
            changes.push_back({before, {}});
    });
    listed.forEach([&](const Object &after) {
        const std::optional<Object> before = m_objects.find(after.ns(), after.name());
        if (!before)
            changes.push_back({{}, after});
        else if (before->resourceVersion() != after.resourceVersion() || before->uid() != after.uid())
            changes.push_back({*before, after});
    });
    if (isWhole()) {
        m_objects = listed;
    } else {
        for (const CacheChange &change : changes)
            m_objects = change.after.isNull() ? m_objects.without(change.before.ns(), change.before.name())
                                              : m_objects.with(change.after);
    }
    Part &live = part(ns);
    live.state = CacheState::Live;
    live.error.reset();
    live.retryAt = 0;
    live.hasListed = true;
    noteContact(live);
    publish(std::move(changes));
}

void ResourceCache::applyEvents(const std::string &ns, const std::vector<ports::WatchEvent> &events)
{
    std::vector<CacheChange> changes;
    for (const ports::WatchEvent &event : events) {
        const Object &object = event.object;
        part(ns).resourceVersion = object.resourceVersion();
        if (event.type == ports::WatchEventType::Bookmark)
            continue;
        const Object before = m_objects.find(object.ns(), object.name()).value_or(Object());
        if (event.type == ports::WatchEventType::Deleted) {
            if (before.isNull())
                continue;
            m_objects = m_objects.without(object.ns(), object.name());
            changes.push_back({before, {}});
        } else {
            m_objects = m_objects.with(object);
            changes.push_back({before, object});
        }
    }
    part(ns).failures = 0;
    noteContact(part(ns));
    if (!changes.empty())
        publish(std::move(changes));
}

CacheState ResourceCache::stateOfParts() const
{
    const auto any = [&](CacheState state) {
        return std::ranges::any_of(m_parts, [&](const auto &entry) { return entry.second.state == state; });
    };
    if (!m_wasKnown && any(CacheState::Listing))
        return CacheState::Listing;
    // The worst of them: what one of them has is old, or not there.
    const bool isOld = std::ranges::any_of(m_parts, [](const auto &entry) {
        return entry.second.state == CacheState::Listing && entry.second.isInherited;
    });
    if (any(CacheState::Failed))
        return CacheState::Failed;
    if (any(CacheState::Stale) || isOld)
        return CacheState::Stale;
    if (any(CacheState::Live))
        return CacheState::Live;
    if (m_wasKnown && (m_parts.empty() || any(CacheState::Listing)))
        return CacheState::Stale;
    if (any(CacheState::Denied))
        return CacheState::Denied;
    return m_isSplit ? CacheState::Denied : CacheState::Listing;
}

void ResourceCache::noteContact(Part &part)
{
    part.lastContact = m_lastContact = m_options.clock->now();
}

ports::WallTime ResourceCache::contactOfParts(CacheState state) const
{
    if (state != CacheState::Stale)
        return m_lastContact;
    ports::WallTime oldest = 0;
    for (const auto &[ns, part] : m_parts) {
        const bool isOld = part.state == CacheState::Stale || (part.state == CacheState::Listing && part.isInherited);
        if (isOld && part.lastContact > 0 && (oldest == 0 || part.lastContact < oldest))
            oldest = part.lastContact;
    }
    return oldest > 0 ? oldest : m_lastContact;
}

void ResourceCache::publish(std::vector<CacheChange> changes)
{
    auto next = std::make_shared<CacheSnapshot>();
    next->number = m_snapshot->number + 1;
    next->state = stateOfParts();
    m_wasKnown = m_wasKnown || next->state == CacheState::Live || next->state == CacheState::Stale;
    next->objects = m_objects;
    next->changes = std::move(changes);
    next->lastContact = contactOfParts(next->state);
    for (const auto &[ns, part] : m_parts) {
        if (isWhole())
            next->resourceVersion = part.resourceVersion;
        else
            next->limitedTo.push_back(ns);
        if (part.state == CacheState::Denied && !isWhole())
            next->deniedNamespaces.push_back(ns);
        if (!isWhole() && !part.hasListed && !part.isInherited)
            next->unlistedNamespaces.push_back(ns);
        if (part.error && !next->error)
            next->error = part.error;
        if (part.retryAt > 0 && (next->retryAt == 0 || part.retryAt < next->retryAt))
            next->retryAt = part.retryAt;
    }
    if (!isWhole())
        next->absentNamespaces.assign(m_absent.begin(), m_absent.end());
    m_snapshot = next;
    if (next->state != CacheState::Listing) {
        for (const async::Completion<CacheSnapshotPtr> &waiting : std::exchange(m_waiting, {}))
            waiting.set(m_snapshot);
    }
    // A user may go away, or others come, while it is told.
    const std::set<User *> users = m_users;
    for (User *user : users) {
        if (m_users.contains(user) && user->m_onChange)
            user->m_onChange(next);
    }
}

} // namespace tiphys::kube
