// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "crd/duration.h"
#include "crd/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::compare {

/// How much a refresh looks at, in ascending order; requests for one Application merge to the highest.
enum class CompareLevel : std::uint8_t {
    Nothing,            ///< only tree and summary, from what was compared last
    Recent,             ///< compare with the revision that was compared last
    Latest,             ///< resolve the target revision, then compare
    LatestForceResolve, ///< the same without the cache of revisions
};

/// When a comparison is too old.
struct RefreshTimeouts
{
    crd::Duration soft = crd::Duration::ofSeconds(120); ///< 0: never
    crd::Duration hard;                                 ///< 0: never; a hard refresh bypasses caches of manifests
};

/// The timeouts that \p settings, the data of argocd-cm, ask for; what cannot be read leaves the usual ones.
/// Source: argo-cd cmd/argocd-application-controller/commands/argocd_application_controller.go@v3.5.1
RefreshTimeouts refreshTimeoutsOf(const object::Value &settings);

/// A duration of the controller's environment in whole seconds: \p text in Go's syntax or in days ("2d"), \p usual where it
/// cannot be read or is negative.
/// Source: argo-cd util/env/env.go (ParseDurationFromEnv)@v3.5.1
crd::Duration environmentDuration(std::string_view text, crd::Duration usual);

/// What to do about an Application now.
struct RefreshDecision
{
    bool isNeeded = false;
    bool isHard = false; ///< bypass the caches of manifests
    CompareLevel level = CompareLevel::Latest;
    std::string reason; ///< for people; "" if nothing is needed
};

/// Whether \p app must be refreshed, and how: by annotation, by a changed spec, by age, else as \p requested.
/// Source: argo-cd controller/appcontroller.go (needRefreshAppStatus)@v3.5.1
RefreshDecision refreshDecision(const crd::Application &app, const RefreshTimeouts &timeouts,
                                std::optional<CompareLevel> requested, crd::Timestamp now);

/// What is left of \p requested after a refresh by \p decision: a level above the one that it looked at.
std::optional<CompareLevel> leftAfter(std::optional<CompareLevel> requested, const RefreshDecision &decision);

/// Failures to load what Git wants that leave the status as it is: of refreshes that were not asked for, the first one and
/// those within a time after it.
/// Source: argo-cd controller/state.go (CompareAppState: repoErrorCache)@v3.5.1
class RepositoryErrorGrace
{
public:
    /// Whether a failure at \p level leaves the status alone; \p grace: controller.repo.error.grace.period.seconds.
    bool covers(CompareLevel level, crd::Timestamp now, crd::Duration grace = crd::Duration::ofSeconds(180));
    void succeeded() { m_since.reset(); }

private:
    std::optional<crd::Timestamp> m_since;
};

/// True if the sources of the spec are those that the stored status was compared with.
bool isComparedWithItsSources(const crd::Application &app);

} // namespace tiphys::compare
