// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "crd/project.h"
#include "object/gvk.h"
#include "policy/registry.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::policy {

/// How a kind is served: the lists of a project differ for both.
enum class Scope { Namespaced, Cluster };

/// A project with everything that adds to it.
struct EffectiveProject
{
    std::string name;
    crd::ProjectSpec spec;
    std::vector<Cluster> scopedClusters; ///< whose Secret names this project
    std::string unseen;                  ///< why it is not known what Secrets add to it; "" if it is
};

/// \p project with the repositories and clusters of \p registry that name it, and with the lists of global projects
/// appended (\p globals: those whose selector matches its labels, itself excluded).
/// Source: argo-cd util/argo/argo.go (GetAppProjectByName, GetAppVirtualProject)@v3.5.1
EffectiveProject effectiveProject(const crd::Project &project, const std::vector<crd::Project> &globals = {},
                                  const Registry &registry = {});

/// Why project \p name could not be loaded, as an operation or a deletion says it: \p error, and of one that does not exist
/// more than the condition of a spec says.
/// Source: argo-cd util/argo/argo.go (GetAppProjectByName)@v3.5.1
std::string loadingProblem(std::string_view name, const Error &error);

/// A git URL in its normal form: lower case, "user@host:path" as host and path, no "ssh://", no ".git".
/// Source: argo-cd util/git/git.go (NormalizeGitURL)@v3.5.1
std::string normalizedRepoUrl(std::string_view url);

/// May manifests come from \p repoUrl. Source: (AppProject.IsSourcePermitted)@v3.5.1
bool permitsSource(const EffectiveProject &project, std::string_view repoUrl);
/// May \p ns of \p cluster be a destination. Source: (AppProject.IsDestinationPermitted)@v3.5.1
bool permitsDestination(const EffectiveProject &project, const Cluster &cluster, std::string_view ns);
/// May objects of this kind be managed; names matter for cluster-scoped kinds only.
/// Source: (AppProject.IsGroupKindNamePermitted)@v3.5.1
bool permitsKind(const EffectiveProject &project, const object::GroupKind &kind, std::string_view name, Scope scope);
/// May \p key be touched on \p cluster; an object with a namespace counts as namespaced.
bool permitsLive(const EffectiveProject &project, const object::ObjectKey &key, const Cluster &cluster);
/// Why \p key must not be synced to \p cluster, in the words of a sync result; nothing if it may.
std::optional<std::string> syncViolation(const EffectiveProject &project, const object::ObjectKey &key,
                                         const Cluster &cluster, Scope scope);

/// Answers whether a regular expression (.NET style in the original) matches a text somewhere.
using RegexMatches = std::function<bool(std::string_view pattern, std::string_view text)>;
/// May Applications of namespace \p appNamespace use the project: the control plane's namespace always, others if
/// `sourceNamespaces` lists them as text, glob, or regular expression between slashes (never without \p regex).
bool permitsAppNamespace(const EffectiveProject &project, std::string_view appNamespace,
                         std::string_view controlPlaneNamespace, const RegexMatches &regex = {});

/// Conditions of a spec that keep the Application from being compared: sources and destination that are incomplete
/// or not permitted; what is not permitted says so too where Secrets that may permit it are not known. \p cluster is the destination's, nothing if it could not be told (then its condition is
/// made by who looked it up).
/// Source: argo-cd util/argo/argo.go (ValidatePermissions)@v3.5.1
std::vector<crd::Condition> specConditions(const crd::Application &app, const EffectiveProject &project,
                                           const std::optional<Cluster> &cluster);
/// What is wrong with how \p destination names its cluster; nothing if exactly one of server and name is set.
std::optional<std::string> destinationProblem(const crd::Destination &destination);

} // namespace tiphys::policy
