// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "control/live_index.h"
#include "ports/cluster.h"
#include "ports/cluster_cache.h"
#include "service/applications.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::control {

/// What of a cluster is watched for applications.
struct LiveScope
{
    std::vector<std::string> namespaces; ///< of namespaced types, until there are too many to watch them one by one
    /// True for kinds that are left out (argocd-cm resource.exclusions). Events and Leases always are.
    std::function<bool(const object::GroupKind &)> isExcluded;
};

/// Hears of one change, and what it asks for.
using LiveChangeHandler = std::function<void(compare::CompareLevel, const compare::ObjectChange &)>;

/// Somebody who wants to hear of changes that concern one application.
struct LiveListener
{
    std::string instance;        ///< Application::instanceName
    std::string orphanNamespace; ///< hears of objects without owner and mark in this namespace too; "" for none
    LiveChangeHandler onChange;  ///< called from the event loop
    /// Called from the event loop when LiveView::isStale() changed, or a list has come that was no longer waited for; may be
    /// empty.
    std::function<void()> onContactChange = {};
};

/// The live objects of one cluster that applications are made of, kept up to date and shared by everybody who looks
/// at this cluster: every type that can be listed and watched, cluster-scoped ones as metadata. Some namespaces are
/// watched one by one, many by one watch for all; where that is refused the caches go back to single ones.
/// Engine thread only.
class LiveView
{
public:
    LiveView(ports::ClusterPtr cluster, ports::ClusterCachePtr cache, LiveScope scope,
             compare::TrackingSettings tracking);
    ~LiveView();

    /// Namespaces that will be wanted: known beforehand, many are not opened one by one.
    void announce(const std::vector<std::string> &namespaces);
    /// Returns when all types of \p namespaces, and those announced, have listed, are refused, or failed. Looks for
    /// new types where definitions have changed. With a \p patience it goes on too when no list has come for so long: what
    /// has not come then stands in arrival(), and is not waited for again.
    Async<void> cover(std::vector<std::string> namespaces, CancelToken cancel,
                      std::optional<std::chrono::milliseconds> patience = {});
    /// Asks for the same without waiting for any list.
    Async<void> begin(std::vector<std::string> namespaces, CancelToken cancel);
    /// How many lists have been asked for, and have come so far, are refused, or failed.
    service::Arrival arrival() const;
    /// Counts up with each change of an object.
    std::uint64_t changes() const { return m_changes; }

    ports::DiscoveryPtr discovery() const { return m_discovery; }
    /// The objects that \p query asks for; those of cluster-scoped types have metadata only.
    std::vector<object::Object> concerning(const LiveQuery &query) const { return m_index.concerning(query); }
    /// The object of \p key, null if it is not known. Metadata only for cluster-scoped types.
    object::Object find(const object::ObjectKey &key) const { return m_index.find(key); }
    std::size_t size() const { return m_index.size(); }
    /// True if the types of \p kind are watched in \p ns, so that an absent object does not exist.
    bool isKnown(const object::GroupKind &kind, const std::string &ns) const;
    /// What could not be listed, each as a sentence.
    std::vector<std::string> refusals() const;
    /// Why some objects may be there that are not seen: a type cannot be listed for now, or one of \p kinds may not be in
    /// one of \p namespaces. "" where all are seen.
    std::string unseen(const std::set<object::GroupKind> &kinds, const std::set<std::string> &namespaces) const;
    /// Asks the server anew for those of \p namespaces that a cache was told are gone, which may be a minute ago. Gives why one
    /// may be there all the same, and has it looked into; "" where each is gone now. Whoever removes something because nothing
    /// is in a namespace asks here after it looked. Errors: Cancelled.
    Async<std::string> whyNotGone(std::set<std::string> namespaces, CancelToken cancel);
    /// Something was written in \p namespaces: caches that were told that one of them is gone ask again.
    void lookInto(const std::set<std::string> &namespaces);
    /// True if a cache lost its watch; the last contact of that one of them which is silent for longest (0 if none).
    bool isStale() const;
    ports::WallTime oldestContact() const;

    /// \p listener hears of changes as long as it lives.
    void listen(const std::shared_ptr<const LiveListener> &listener);
    void setTracking(compare::TrackingSettings tracking) { m_index.setTracking(std::move(tracking)); }
    /// Leaves out other kinds than before: what is watched of them is forgotten at once, what is no longer left out is
    /// watched from the next cover() or begin() on.
    void setExcluded(std::function<bool(const object::GroupKind &)> isExcluded);

private:
    struct Watched
    {
        ports::CacheUserPtr user;
        ports::CacheSnapshotPtr taken; ///< what the index has of it
        bool isLate = false;           ///< somebody went on without its first list
        bool isMissed = false;         ///< it had not come, nor been waited for, when somebody else went on
    };
    using Users = std::vector<ports::CacheUserPtr>;
    /// Waits for the first lists of \p users, with a \p patience until none has come for so long.
    Async<void> lists(Users users, std::optional<std::chrono::milliseconds> patience, CancelToken cancel);
    Async<void> losePatience(std::shared_ptr<CancelSource> enough, std::chrono::milliseconds patience,
                             CancelToken cancel);
    Async<void> findTypes(CancelToken cancel);
    void useTypes();
    /// Forgets what is watched of the types that the cluster serves no more.
    void forgetTypes();
    /// Ends what is watched of the keys that \p isGone names, and takes their objects away.
    void forget(const std::function<bool(const ports::CacheKey &)> &isGone);
    bool isLeftOut(const object::GroupKind &kind) const;
    /// True if \p ns does not exist, as far as \p snapshot and the Namespaces that are seen tell.
    bool isGone(const ports::CacheSnapshot &snapshot, const std::string &ns) const;
    void use(const ports::ApiResource &resource, const std::string &ns);
    void take(const ports::CacheKey &key, const ports::CacheSnapshotPtr &snapshot);
    /// Takes what \p snapshot has that \p before, which may be null, had not.
    void index(const ports::CacheSnapshotPtr &before, const ports::CacheSnapshotPtr &snapshot);
    void change(const object::Object &before, const object::Object &after);
    void tell(const compare::ChangeRoutes &routes, const compare::ObjectChange &change);
    void endNarrowWatches();
    /// Tells everybody where isStale() is not what it was.
    void noteContact();
    void tellContact() const;
    bool isWide() const;
    /// From the first complete answer on, changes are news; and for those who went on without it.
    bool hasSettled() const { return m_covered > 0 || m_hasGoneOn; }

    ports::ClusterPtr m_cluster;
    ports::ClusterCachePtr m_cache;
    LiveScope m_scope;
    LiveIndex m_index;
    ports::DiscoveryPtr m_discovery;
    std::map<ports::CacheKey, Watched> m_watched;
    std::multimap<std::string, std::weak_ptr<const LiveListener>, std::less<>> m_listeners;
    std::uint64_t m_wanted = 1;  ///< counts up with each namespace and look for types
    std::uint64_t m_covered = 0; ///< what of it has answered
    std::uint64_t m_changes = 0;
    std::size_t m_named = 0;  ///< namespaces that the caches were told of
    bool m_hasGoneOn = false; ///< without some lists
    bool m_haveTypesChanged = false;
    bool m_wasStale = false;
};
using LiveViewPtr = std::shared_ptr<LiveView>;

/// True for kinds that no application is ever made of: events, leases, metrics, access reviews.
bool isNeverManaged(const object::GroupKind &kind);

} // namespace tiphys::control
