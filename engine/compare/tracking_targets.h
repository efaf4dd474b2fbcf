// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/tracking.h"
#include "crd/status.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::compare {

/// Whether objects of a kind live in namespaces; nothing if the cluster does not know the kind.
using ScopeOf = std::function<std::optional<bool>(const object::GroupKind &)>;

/// Rendered objects made ready for comparison.
struct NormalizedTargets
{
    std::vector<object::Object> objects;    ///< one of each key, in order of first appearance
    std::vector<crd::Condition> conditions; ///< repeated resources; without times
};

/// Gives rendered \p objects the namespace that they will have (the default one where a namespaced object has none,
/// none where a cluster-scoped one has any) and rewrites their marks where it changed; of objects with equal keys
/// the last one stays, with a RepeatedResourceWarning.
/// Errors: InvalidInput "failed to set app instance label on resource …".
/// Source: argo-cd controller/state.go (NormalizeTargetObjects)@v3.5.1
Expected<NormalizedTargets> normalizedTargets(const std::vector<object::Object> &objects, std::string_view instance,
                                              std::string_view defaultNamespace, const TrackingSettings &settings,
                                              const ScopeOf &scopeOf);

/// Every rendered object with the marks of \p instance: what rendering hands over.
Expected<std::vector<object::Object>> trackedTargets(const std::vector<object::Object> &objects,
                                                     std::string_view instance, std::string_view defaultNamespace,
                                                     const TrackingSettings &settings);

} // namespace tiphys::compare
