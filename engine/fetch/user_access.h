// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fetch/credential_files.h"
#include "ports/artifacts.h"

#include <functional>
#include <string>

namespace tiphys::fetch {

/// Where this user keeps what Helm and Docker know.
struct UserFiles
{
    std::string repositories;            ///< Helm's repositories.yaml
    std::vector<std::string> registries; ///< Helm's registry configuration, then Docker's
};

/// The files by Helm's and Docker's own rules (HELM_REPOSITORY_CONFIG, HELM_CONFIG_HOME, DOCKER_CONFIG, …).
/// Source: helm pkg/helmpath/lazypath_*.go, pkg/cli/environment.go@v4.2.4
UserFiles userFiles();

/// Whether the credential helper may be run for a host.
using HelperConsent = std::function<bool(const std::string &helper, const std::string &host)>;

/// How this user reaches repositories and registries. Reads files and runs helpers: pool threads only.
class UserAccess
{
public:
    UserAccess(UserFiles files, HelperConsent consent) : m_files(std::move(files)), m_consent(std::move(consent)) {}

    /// For the chart repository at \p url; empty if nothing is known. Errors: InvalidInput for files that cannot be read.
    Expected<ports::RepositoryAccess> toRepository(const std::string &url) const;
    /// For the registry \p host.
    Expected<ports::RepositoryAccess> toRegistry(const std::string &host) const;
    /// The URL of the repository called \p name; "".
    std::string repositoryNamed(std::string_view name) const;

private:
    UserFiles m_files;
    HelperConsent m_consent;
};

} // namespace tiphys::fetch
