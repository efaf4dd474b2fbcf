// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tiphys::render {

/// What `$VAR` in sources stands for. "" where it is not known.
struct BuildEnvironment
{
    std::string appName;
    std::string appNamespace; ///< of the destination
    std::string project;
    std::string revision; ///< resolved commit
    std::string repoUrl;
    std::string path;
    std::string targetRevision;

    /// The variables ARGOCD_APP_NAME, ARGOCD_APP_REVISION_SHORT and so on.
    /// Source: argo-cd reposerver/repository/repository.go (newEnv)@v3.5.1
    std::map<std::string, std::string> variables() const;
    /// \p text with `$NAME` and `${NAME}` replaced; unknown names become nothing, `$$` a dollar.
    /// Source: argo-cd pkg/apis/application/v1alpha1/types.go (Env.Envsubst)@v3.5.1
    std::string substituted(std::string_view text) const;
};

} // namespace tiphys::render
