// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/clock.h"
#include "ports/cluster.h"
#include "ports/cluster_cache.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::kube {

struct CacheOptions
{
    std::shared_ptr<const ports::Clock> clock;
    /// Applied to every object (drops Secret data); pure, any thread.
    ports::Transform transform;
    ports::ManagedFields managedFields = ports::ManagedFields::Dropped;
    /// Kinds that keep their managedFields all the same.
    std::vector<object::GroupKind> keepsManagedFields;
    std::chrono::milliseconds linger{30'000};    ///< a cache lives on after its last user
    std::chrono::milliseconds firstBackoff{800}; ///< doubled with each failure, with jitter
    std::chrono::milliseconds lastBackoff{30'000};
    std::chrono::milliseconds deniedRetry{60'000}; ///< until a refused list is tried again
    /// Watched one by one, beside those of setKnownNamespaces, where the list of all namespaces is refused.
    std::vector<std::string> knownNamespaces;
    /// A number from 0 to 1, for jitter; the system's generator if empty.
    std::function<double()> random;
};

/// Caches over \p cluster by list and watch: any Cluster will do, the demo cluster and a real one alike.
///
/// A watch that ends is resumed from its last resource version, one that expired lists again; failures back off
/// with jitter while the last objects stay (Stale). A refused list of all namespaces falls back to the namespaces
/// that can be listed, else to the context's own and those that the options and setKnownNamespaces name. Several may
/// name some with setKnownNamespaces: all of them count until no cache is used any more.
/// Source: client-go tools/cache/reflector.go@v0.36.1
ports::ClusterCachePtr makeClusterCache(ports::ClusterPtr cluster, CacheOptions options);

} // namespace tiphys::kube
