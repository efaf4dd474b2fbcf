// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "kube/cluster_cache.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::kube {

/// One cache: objects of one type in one scope, kept up to date by one watch, or by one for each namespace.
class ResourceCache : public std::enable_shared_from_this<ResourceCache>
{
public:
    class User;

    ResourceCache(ports::CacheKey key, ports::ClusterPtr cluster, CacheOptions options,
                  std::vector<std::string> knownNamespaces);

    void start();
    const ports::CacheKey &key() const { return m_key; }
    ports::CacheSnapshotPtr snapshot() const { return m_snapshot; }
    std::shared_ptr<User> addUser(std::function<void(ports::CacheSnapshotPtr)> onChange, std::function<void()> onGone);
    bool hasUsers() const { return !m_users.empty(); }
    void refresh();
    void setKnownNamespaces(std::vector<std::string> namespaces);
    Async<ports::CacheSnapshotPtr> synced(CancelToken cancel);
    /// Whoever waits for the first list, now or later, gets Cancelled.
    void end();
    Async<void> close();

private:
    /// One list and watch.
    struct Part
    {
        ports::CacheState state = ports::CacheState::Listing;
        std::optional<Error> error;
        std::string resourceVersion;
        ports::WallTime retryAt = 0;
        ports::WallTime lastContact = 0;
        int failures = 0;
        bool hasListed = false;
        bool isInherited = false;         ///< its objects are those of a list in another way, until it has listed
        CancelSource interrupt;           ///< ends a wait or a watch: refresh
        std::optional<CancelSource> stop; ///< ends the part; only when split
    };
    /// What to do after a failure.
    struct Pause
    {
        std::chrono::milliseconds duration{0};
        bool mayGiveUp = false;
    };
    using Self = std::shared_ptr<ResourceCache>;

    static Async<void> run(Self self, CancelToken cancel);
    static Async<void> runSplit(Self self, CancelToken cancel);
    static Async<void> keepPart(Self self, std::string ns, CancelToken cancel);
    static Async<void> listPart(Self self, std::string ns, CancelToken cancel);
    static Async<void> watchPart(Self self, std::string ns, CancelToken cancel);
    /// Those to watch one by one; notes which of the known ones are gone.
    static Async<std::set<std::string>> namespaces(Self self, CancelToken cancel);
    /// Those of \p names that the server says do not exist. Only those that it refuses are asked for.
    static Async<std::set<std::string>> gone(Self self, std::set<std::string> names, CancelToken cancel);
    static Async<bool> mayListAll(Self self, CancelToken cancel);

    bool isWhole() const { return !m_isSplit; }
    ports::Selection selection(const std::string &ns) const;
    Part &part(const std::string &ns) { return m_parts[ns]; }
    Pause noteFailure(const std::string &ns, const Error &error);
    std::chrono::milliseconds backoff(int failures) const;
    void applyList(const std::string &ns, const std::vector<object::Object> &items);
    void applyEvents(const std::string &ns, const std::vector<ports::WatchEvent> &events);
    void setLive(const std::string &ns);
    void dropPart(const std::string &ns);
    /// Takes away the objects of \p isGone, and gives them as changes.
    std::vector<ports::CacheChange> dropObjects(const std::function<bool(const object::Object &)> &isGone);
    ports::CacheState stateOfParts() const;
    /// Last contact of \p state: while old objects are shown that of the oldest of them.
    ports::WallTime contactOfParts(ports::CacheState state) const;
    void noteContact(Part &part);
    void publish(std::vector<ports::CacheChange> changes);

    ports::CacheKey m_key;
    ports::ClusterPtr m_cluster;
    CacheOptions m_options;
    std::vector<std::string> m_knownNamespaces;
    std::set<std::string> m_absent; ///< of the known ones
    std::map<std::string, Part> m_parts;
    bool m_isSplit = false;
    CancelSource m_reconsider; ///< ends the wait of a split cache for new namespaces
    ports::ObjectMap m_objects;
    ports::CacheSnapshotPtr m_snapshot;
    std::set<User *> m_users;
    std::vector<async::Completion<ports::CacheSnapshotPtr>> m_waiting;
    ports::WallTime m_lastContact = 0;
    bool m_wasKnown =
        false; ///< the objects were told once: until they are listed anew in another way they stay, as Stale
    bool m_hasEnded = false;
    async::TaskScope m_tasks;
};

/// One user of a cache; its end is its unsubscription.
class ResourceCache::User final : public ports::CacheUser
{
public:
    User(std::shared_ptr<ResourceCache> cache, std::function<void(ports::CacheSnapshotPtr)> onChange,
         std::function<void()> onGone);
    ~User() override;
    const ports::CacheKey &key() const override { return m_cache->key(); }
    ports::CacheSnapshotPtr snapshot() const override { return m_cache->snapshot(); }
    Async<ports::CacheSnapshotPtr> synced(CancelToken cancel) override;
    void refresh() override { m_cache->refresh(); }

private:
    friend class ResourceCache;
    std::shared_ptr<ResourceCache> m_cache;
    std::function<void(ports::CacheSnapshotPtr)> m_onChange;
    std::function<void()> m_onGone;
};

} // namespace tiphys::kube
