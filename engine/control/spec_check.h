// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "policy/project.h"

#include <optional>
#include <string>
#include <vector>

/// Whether the spec of an Application would be taken by Argo CD's server, told from what was found out about it.
namespace tiphys::control {

/// What is known of the cluster that a spec names.
struct FoundDestination
{
    std::optional<policy::Cluster> cluster; ///< nothing where it is not known
    std::string problem; ///< why it is no destination, in the words of Argo CD; "" if nothing is wrong
    std::string doubt;   ///< why it cannot be told whether it is one; "" if it can
};

/// What is known of the repository of one source.
struct FoundRepository
{
    std::string url;
    std::optional<Error> error; ///< why it did not answer; nothing if it did
    bool mayAnswerOthers =
        false; ///< it is registered with credentials, or by an address inside the cluster: what fails here may work there
};

/// What came of one source.
struct FoundManifests
{
    std::string path;
    std::optional<Error> error; ///< why there are none
    bool isChart = false;       ///< they come of a chart, or would
    bool isOfThisMachine =
        false; ///< \c error tells of what this machine lacks (a plugin, credentials, a way), not of the source
};

/// What was found out about a spec; what would change nothing any more is left out.
struct SpecFindings
{
    Expected<policy::EffectiveProject> project;
    bool isProjectKnown = true; ///< false: \c project is an error because projects cannot be read
    FoundDestination destination;
    std::vector<FoundRepository> repositories = {}; ///< in the order of the sources, up to the first without an answer
    std::vector<FoundManifests> manifests = {};     ///< likewise; none where a repository did not answer
    bool isClusterAsked = true;                     ///< false: charts do not know the destination's version and kinds
    std::vector<std::string> unpermitted = {};      ///< kinds and namespaces that a sync would refuse, in its words
};

/// What Argo CD's server would say.
struct SpecVerdict
{
    std::string refusal;                ///< one sentence; "" where the spec is taken
    std::vector<std::string> unchecked; ///< what could not be checked from here, and why
    std::vector<std::string> warnings;  ///< what is taken and will not go well
};

/// What is wrong with \p app however the world around it is: two sources of one name, an address in an annotation that is
/// none. Errors: InvalidInput.
/// Source: argo-cd server/application/application.go (validateAndNormalizeApp), util/argo/argo.go (ValidateManagedByURL)@v3.5.1
Expected<void> checkSpecForm(const crd::Application &app);

/// Whether the spec of \p app is refused for its project, its destination, or what the project permits; repositories are not
/// looked at. Of several problems all that Argo CD would tell at once.
/// Source: argo-cd server/application/application.go (validateAndNormalizeApp), util/argo/argo.go (ValidatePermissions)@v3.5.1
SpecVerdict permissionVerdict(const crd::Application &app, const SpecFindings &findings);

/// The same and whether its repositories answer and manifests come of its sources. Permissions are told first, so that nothing is
/// fetched from where the project does not permit it; the original tells of repositories first.
/// Source: argo-cd util/argo/argo.go (ValidateRepo, validateRepo, verifyGenerateManifests)@v3.5.1
SpecVerdict specVerdict(const crd::Application &app, const SpecFindings &findings);

/// True where \p error tells of the way from this machine to a server.
bool isOfTheWay(const Error &error);

/// True for an address that only the cluster itself can resolve: "gitea.git.svc", "gitea.git.svc.cluster.local".
bool isInsideCluster(std::string_view repoUrl);

} // namespace tiphys::control
