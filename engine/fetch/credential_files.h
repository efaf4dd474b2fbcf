// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::fetch {

/// A repository that somebody added to Helm.
struct HelmRepository
{
    std::string name;
    std::string url;
    std::string username;
    std::string password;
    std::string certificateFile;
    std::string keyFile;
    std::string caFile;
    bool skipsVerification = false;
    bool passesCredentials = false;
};

/// Helm's repositories.yaml. Errors: InvalidInput.
/// Source: helm pkg/repo/v1/{repo,chartrepo}.go (File, Entry)@v4.2.4
Expected<std::vector<HelmRepository>> helmRepositoriesIn(std::string_view text);

/// What a registry's entry in a Docker configuration file says.
struct RegistryLogin
{
    std::string username;
    std::string password;
    std::string identityToken;
};

/// ~/.docker/config.json, and Helm's registry configuration, which has the same form.
struct RegistryLogins
{
    std::map<std::string, RegistryLogin, std::less<>> logins; ///< by host
    std::map<std::string, std::string, std::less<>> helpers;  ///< host to the name of its credential helper
    std::string commonHelper;                                 ///< of hosts without their own; ""

    /// The name of the helper that \p host's credentials come from; "" if none.
    std::string helperOf(std::string_view host) const;
};

/// Errors: InvalidInput, never with the content. Source: oras-go registry/remote/credentials/internal/config@v2.6.1
Expected<RegistryLogins> registryLoginsIn(std::string_view text);

/// Docker Hub is known by an address of its own there.
std::string loginHostOf(std::string_view host);

} // namespace tiphys::fetch
