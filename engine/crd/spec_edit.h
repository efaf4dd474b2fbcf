// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "crd/duration.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Changes of an Application's spec beside its sources, stored as Argo CD stores them.
namespace tiphys::crd {

/// What `argocd app set` can say of an Application beside its source. Nothing and an empty list leave a field as it is.
struct SpecEdit
{
    std::optional<std::string> project; ///< "" is "default"
    // destination; "" takes a field away
    std::optional<std::string> destinationServer;
    std::optional<std::string> destinationName;
    std::optional<std::string> destinationNamespace;
    std::optional<std::int64_t> revisionHistoryLimit;
    // sync policy
    std::optional<std::string>
        syncPolicy; ///< none or manual; automated, automatic or auto: without its own options then
    std::vector<std::string> syncOptions; ///< "OPTION" is added, "!OPTION" taken away
    std::optional<bool> prunes;           ///< of automated sync, which is made, switched off, where there is none
    std::optional<bool> selfHeals;
    std::optional<bool> allowsEmpty;
    std::optional<std::int64_t> retryLimit; ///< 0 takes the retry away
    std::optional<bool> retryRefresh;
    // what counts with retryLimit only
    std::optional<Duration> retryDuration;    ///< 5s
    std::optional<Duration> retryMaxDuration; ///< 3m0s
    std::optional<std::int64_t> retryFactor;  ///< 2
    // hydrator, which is made where there is none; "" takes a field away
    std::optional<std::string> dryRepoUrl;
    std::optional<std::string> dryRevision;
    std::optional<std::string> dryPath;
    std::optional<std::string> syncBranch;
    std::optional<std::string> syncPath;
    std::optional<std::string> hydrateToBranch;

    bool isEmpty() const { return *this == SpecEdit{}; }
    /// True if a field of the hydrator is set.
    bool hasHydrator() const
    {
        return dryRepoUrl || dryRevision || dryPath || syncBranch || syncPath || hydrateToBranch;
    }
    bool operator==(const SpecEdit &) const = default;
};

/// \p spec (the map of an Application) with \p edit; fields that are not named stay.
/// Errors: InvalidInput for another sync policy, and for a negative retry limit.
/// Source: argo-cd cmd/util/app.go (SetAppSpecOptions, constructSourceHydrator), util/argo/argo.go (NormalizeApplicationSpec)@v3.5.1
Expected<object::Value> edited(const object::Value &spec, const SpecEdit &edit);

} // namespace tiphys::crd
