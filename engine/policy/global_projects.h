// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/project.h"
#include "object/value.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::policy {

/// An entry of `globalProjects` of argocd-cm: a project whose lists are appended to those of the projects that the
/// selector matches.
struct GlobalProjectRule
{
    std::string projectName;
    object::Value labelSelector; ///< matchLabels and matchExpressions; without both every project

    bool operator==(const GlobalProjectRule &) const = default;
};

/// The entries in \p yaml, the text of `globalProjects`; "" gives none. Errors: InvalidInput with the line.
/// Source: argo-cd util/settings/settings.go (GetGlobalProjectsSettings)@v3.5.1
Expected<std::vector<GlobalProjectRule>> globalProjectRulesOf(std::string_view yaml);

/// Looks a project up by name.
using FindProject = std::function<std::optional<crd::Project>(const std::string &name)>;
/// The global projects of \p project, in the order of \p rules. As in the original an entry whose selector is invalid, or
/// whose project is not there, ends the list: later ones do not count.
/// Source: argo-cd util/argo/argo.go (GetGlobalProjects)@v3.5.1
std::vector<crd::Project> globalProjectsOf(const crd::Project &project, const std::vector<GlobalProjectRule> &rules,
                                           const FindProject &find);

} // namespace tiphys::policy
