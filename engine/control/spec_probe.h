// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/app_observer.h"
#include "control/spec_check.h"

#include <memory>
#include <optional>

namespace tiphys::control {

/// How much of a spec is looked at.
enum class SpecDepth {
    Permissions, ///< project and destination: nobody but the cluster of the Application is asked
    Sources,     ///< repositories and the manifests that come of them too
};

/// Finds out what the spec of an Application names, which need not be stored anywhere. Engine thread only.
class SpecProbe
{
public:
    /// \p destination is the session of the cluster that the spec names, null if none is at hand.
    SpecProbe(ContextSession &home, ContextSession *destination, ObserverParts parts);

    /// What \p app names as it is now. An error means that the look was cut off (Cancelled).
    Async<SpecFindings> findings(crd::Application app, SpecDepth depth, CancelToken cancel);

private:
    struct Look;
    struct Rendered;

    /// True where another control plane than that of the session looks after \p app: its projects and clusters are not at hand.
    bool isForeign(const crd::Application &app) const;
    std::string foreignText(const crd::Application &app) const;
    FoundDestination destinationOf(const crd::Application &app) const;
    /// Adds the repositories, and what was fetched of them.
    Async<void> askRepositories(std::shared_ptr<Look> look, CancelToken cancel);
    Async<FoundRepository> repositoryOf(std::shared_ptr<Look> look, crd::ApplicationSource source, CancelToken cancel);
    /// Why the chart or artifact \p need is out of reach; nothing where its server answers.
    Async<std::optional<Error>> fetchProblem(std::shared_ptr<Look> look, render::RemoteNeed need, CancelToken cancel);
    /// Whether the instance may reach what was \p found where this machine does not.
    Async<bool> mayAnswerOthers(std::shared_ptr<Look> look, FoundRepository found, CancelToken cancel);
    /// Notes whether any of the \p needs was not reached, and may be by the instance.
    Async<void> askWays(std::shared_ptr<Look> look, std::vector<render::RemoteNeed> needs, CancelToken cancel);
    /// Reads what rendering needs of sources, cluster and settings.
    Async<void> prepare(std::shared_ptr<Look> look, CancelToken cancel);
    /// Adds the manifests, and what a sync of them would refuse.
    Async<void> render(std::shared_ptr<Look> look, CancelToken cancel);
    static std::shared_ptr<const Rendered> renderedAll(const Look &look);
    static void takeManifests(Look &look, const Rendered &rendered);

    ContextSession &m_home;
    ContextSession *m_destination;
    ObserverParts m_parts;
    SourceReader m_sources;
};

} // namespace tiphys::control
