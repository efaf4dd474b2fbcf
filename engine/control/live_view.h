// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "ports/cluster.h"
#include "ports/cluster_cache.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tiphys::control {

/// What of a cluster is watched for applications.
struct LiveScope
{
    std::vector<std::string> namespaces; ///< of namespaced types; empty: all
    /// True for kinds that are left out (argocd-cm resource.exclusions). Events and Leases always are.
    std::function<bool(const object::GroupKind &)> isExcluded;
};

/// The live objects of a cluster in some namespaces, kept up to date: every type that can be listed and watched,
/// cluster-scoped ones as metadata. Engine thread only.
class LiveView
{
public:
    /// \p onChange is called from the event loop after any change, as long as the view lives.
    LiveView(ports::ClusterPtr cluster, ports::ClusterCachePtr cache, LiveScope scope,
             std::function<void()> onChange);
    ~LiveView();

    /// Finds the types and starts their caches; returns when each has listed, is refused, or failed.
    Async<void> start(CancelToken cancel);
    /// Watches further namespaces too.
    Async<void> addNamespaces(std::vector<std::string> namespaces, CancelToken cancel);
    /// Looks for types that appeared since (a CRD was applied).
    Async<void> refreshTypes(CancelToken cancel);

    ports::DiscoveryPtr discovery() const { return m_discovery; }
    /// All objects; those of cluster-scoped types have metadata only.
    std::vector<object::Object> objects() const;
    /// The object of \p key, null if it is not known. Metadata only for cluster-scoped types.
    object::Object find(const object::ObjectKey &key) const;
    /// True if the types of \p kind are watched, so that an absent object does not exist.
    bool isKnown(const object::GroupKind &kind, const std::string &ns) const;
    /// What could not be listed, each as a sentence.
    std::vector<std::string> refusals() const;
    /// True if a cache lost its watch; since when the oldest of them is silent (0 if none).
    bool isStale() const;
    ports::WallTime oldestContact() const;

private:
    Async<void> useTypes(CancelToken cancel);
    void use(const ports::ApiResource &resource, const std::string &ns);

    ports::ClusterPtr m_cluster;
    ports::ClusterCachePtr m_cache;
    LiveScope m_scope;
    std::function<void()> m_onChange;
    ports::DiscoveryPtr m_discovery;
    std::map<ports::CacheKey, ports::CacheUserPtr> m_users;
};

/// True for kinds that no application is ever made of: events, leases, metrics, access reviews.
bool isNeverManaged(const object::GroupKind &kind);

} // namespace tiphys::control
