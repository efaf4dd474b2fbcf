// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/diff.h"
#include "compare/tracking_targets.h"
#include "object/object.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tiphys::compare {

/// Live objects by their key.
using LiveObjects = std::map<object::ObjectKey, object::Object>;

/// Which namespaces a cluster connection covers; an empty list covers the whole cluster.
struct NamespacedMode
{
    std::vector<std::string> namespaces;
    bool coversClusterResources = false;
};

/// Looks up one live object by key; a null object if it is not there.
using FindLive = std::function<object::Object(const object::ObjectKey &)>;

/// The live objects that belong to an Application: those of \p topLevel (objects without owners) that are tracked by
/// \p instance, and whatever stands at the key of a target.
/// Errors: InvalidInput for a target outside of the namespaces that the connection covers.
/// Source: argo-cd gitops-engine/pkg/cache/cluster.go (GetManagedLiveObjs)@v3.5.1
Expected<LiveObjects> managedLiveObjects(const std::vector<object::Object> &topLevel,
                                         const std::vector<object::Object> &targets, std::string_view instance,
                                         const TrackingSettings &settings, const FindLive &findLive,
                                         const NamespacedMode &mode = {});

/// The result of pairing.
struct ManagedPairs
{
    std::vector<Pair> pairs;           ///< targets in their order, then live objects without target by key
    std::vector<object::Object> hooks; ///< rendered hooks that a sync would run
};

/// Pairs \p targets with \p live by group, kind, namespace (of the target, else \p defaultNamespace) and name; a
/// cluster-scoped or unknown kind is also looked for without namespace. Hooks are split off, ignored ones dropped;
/// of live objects that are one object in several groups those that no target names go.
/// Source: argo-cd gitops-engine/pkg/sync/reconcile.go@v3.5.1
ManagedPairs managedPairs(const std::vector<object::Object> &targets, LiveObjects live,
                          std::string_view defaultNamespace, const ScopeOf &scopeOf);

} // namespace tiphys::compare
