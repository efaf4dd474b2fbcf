// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/clock.h"
#include "ports/requests.h"
#include "ports/resource_type.h"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::ports {

/// What a cache holds: one resource type in one scope.
struct CacheKey
{
    ResourceType type;
    std::string ns; ///< "" for all namespaces
    std::string labelSelector;
    std::string fieldSelector;
    Detail detail = Detail::Full;

    auto operator<=>(const CacheKey &) const = default;
    /// "pods in all namespaces".
    std::string text() const;
};

/// Objects of one type by namespace and name: immutable, a change shares almost everything with the old one.
class ObjectMap
{
public:
    /// The object; nothing if absent.
    std::optional<object::Object> find(std::string_view ns, std::string_view name) const;
    std::size_t size() const { return m_size; }
    bool isEmpty() const { return m_size == 0; }
    /// Calls \p visit with each object, in no order.
    void forEach(const std::function<void(const object::Object &)> &visit) const;
    /// All objects by namespace and name.
    std::vector<object::Object> sorted() const;

    /// This map with \p object in place of one of the same namespace and name.
    ObjectMap with(const object::Object &object) const;
    ObjectMap without(std::string_view ns, std::string_view name) const;
    static ObjectMap of(const std::vector<object::Object> &objects);

private:
    using Shard = std::vector<object::Object>; ///< sorted by namespace and name
    static constexpr std::size_t kShards = 128;
    using Shards = std::array<std::shared_ptr<const Shard>, kShards>;

    std::shared_ptr<const Shards> m_shards;
    std::size_t m_size = 0;
};

enum class CacheState {
    Listing, ///< the first list has not arrived
    Live,    ///< the watch runs
    Stale,   ///< was live; the objects stay, retrying
    Denied,  ///< the server refuses; asked again from time to time
    Failed,  ///< never listed, retrying
};

/// One change of a snapshot against the one before. Added: only \c after, Deleted: only \c before.
struct CacheChange
{
    object::Object before;
    object::Object after;
};

/// The state of a cache at one moment. Immutable, any thread.
struct CacheSnapshot
{
    std::uint64_t number = 0; ///< counts up by 1 with each snapshot of a cache
    CacheState state = CacheState::Listing;
    ObjectMap objects;
    /// Against snapshot number - 1. A reader that missed one compares the maps itself.
    std::vector<CacheChange> changes;
    std::string resourceVersion; ///< of the last event; "" while the scope is split into namespaces
    std::optional<Error> error;  ///< why it is Stale, Denied or Failed
    WallTime lastContact = 0; ///< last answer or event of the server, while Stale for the oldest of objects; 0 if none
    WallTime retryAt = 0;     ///< next attempt while Stale, Denied or Failed
    /// Namespaces that are watched one by one because all together are refused; empty if not.
    std::vector<std::string> limitedTo;
    /// Those of limitedTo that are refused too.
    std::vector<std::string> deniedNamespaces;
    /// Those of limitedTo that have never been listed: their objects are not known.
    std::vector<std::string> unlistedNamespaces;
    /// Those of setKnownNamespaces that the server said do not exist when it was asked last: nothing of them is watched until
    /// they do.
    std::vector<std::string> absentNamespaces;
};
using CacheSnapshotPtr = std::shared_ptr<const CacheSnapshot>;

/// The use of one cache; the cache stops some time after its last user is gone. Engine thread only.
class CacheUser
{
public:
    virtual ~CacheUser() = default;
    virtual const CacheKey &key() const = 0;
    virtual CacheSnapshotPtr snapshot() const = 0;
    /// Returns when the first list has arrived (success), is refused (Denied) or has failed (its error), or Cancelled.
    virtual Async<CacheSnapshotPtr> synced(CancelToken cancel) = 0;
    /// Lists again now: after a long sleep, or when rights changed.
    virtual void refresh() = 0;
};
using CacheUserPtr = std::shared_ptr<CacheUser>;

/// The caches of one cluster, shared by everybody who asks for the same key. Engine thread only.
class ClusterCache
{
public:
    virtual ~ClusterCache() = default;
    /// Starts (or joins) the cache of \p key. \p onChange gets each new snapshot, from the event loop, as long as
    /// the answer lives; not the current one.
    virtual CacheUserPtr use(CacheKey key, std::function<void(CacheSnapshotPtr)> onChange) = 0;
    /// Namespaces to watch one by one where the cluster-wide list is refused and namespaces cannot be listed. One that is gone
    /// is left out for as long as the server says so, and not where it only refuses to tell.
    virtual void setKnownNamespaces(std::vector<std::string> namespaces) = 0;
    /// Stops all watches and waits for them: before the cluster ends. Whoever asks for a cache from then on gets an
    /// empty one that stays Listing; waiting for it is Cancelled.
    virtual Async<void> close() = 0;
};
using ClusterCachePtr = std::shared_ptr<ClusterCache>;

} // namespace tiphys::ports
