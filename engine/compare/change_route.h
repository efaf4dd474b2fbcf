// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/ignore_rules.h"
#include "compare/refresh_decision.h"
#include "compare/tracking.h"
#include "health/health.h"
#include "tree/live_graph.h"

#include <string>
#include <vector>

namespace tiphys::compare {

/// An object of a cluster before and after an event; null where it was not there, or is no more.
struct ObjectChange
{
    object::Object before;
    object::Object after;
};

/// An Application that must look again.
struct ChangeRoute
{
    std::string instance; ///< as tracking names it
    CompareLevel level = CompareLevel::Nothing;

    bool operator==(const ChangeRoute &) const = default;
};

/// Whom a change concerns.
struct ChangeRoutes
{
    std::vector<ChangeRoute> instances; ///< sorted by name
    /// Namespace of an object that belongs to nobody: Applications with this destination whose project watches orphans
    /// look again at level Recent. "" if there is nothing to look for.
    std::string orphanNamespace;

    bool operator==(const ChangeRoutes &) const = default;
};

/// The Applications that \p change concerns: those that track the object itself compare again, those that track what
/// owns it rebuild their tree. An Application is not concerned by a change of its own object: that is for the caller.
/// Source: argo-cd controller/cache/cache.go (getApp), controller/appcontroller.go (handleObjectUpdated)@v3.5.1
ChangeRoutes routesOf(const ObjectChange &change, const tree::LiveGraph &live, const TrackingSettings &settings);

/// True for a change whose content decides whether it counts: both states are there, and are of a tracked object, an
/// Application or an object that asks for it. Every other change counts.
bool isContentWatched(const ObjectChange &change, const TrackingSettings &settings);

/// False for a change that nobody needs to hear of: a tracked object, an Application or an object that asks for it
/// whose health and content are the same, apart from what \p rules ignore.
/// \p rules  compiled from CompareSettings::updateOverrides
/// Source: argo-cd controller/cache/cache.go (skipResourceUpdate, shouldHashManifest)@v3.5.1
bool isWorthARefresh(const ObjectChange &change, const IgnoreRules &rules, const TrackingSettings &settings,
                     const health::ScriptHealth *scripts = nullptr);

} // namespace tiphys::compare
