// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "ports/artifacts.h"
#include "ports/cluster.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::control {

/// The repositories and credential templates of an Argo CD instance: its labelled Secrets, and the certificates of
/// argocd-tls-certs-cm. Never shown.
class RepositorySecrets
{
public:
    RepositorySecrets() = default;
    /// \p certificates is argocd-tls-certs-cm, or null.
    RepositorySecrets(const std::vector<object::Object> &secrets, const object::Object &certificates);

    /// How the chart repository or registry at \p url is reached by applications of \p project: the Secret of the project
    /// alone, else that of all projects; where it has no credentials the template with the longest address that \p url
    /// begins with. Nothing if neither is there and the host has no certificates.
    /// Source: argo-cd util/db/repository_secrets.go (getRepositorySecret, getRepositoryCredentialIndex)@v3.5.1
    std::optional<ports::RepositoryAccess> accessTo(const std::string &url, const std::string &project) const;

private:
    struct Entry
    {
        std::string url;     ///< normalised
        std::string project; ///< the only one that may use it; "": all of them
        ports::RepositoryAccess access;
        bool hasCredentials = false;
    };
    static Entry entryOf(const object::Object &secret);
    const Entry *ownOf(std::string_view normalizedUrl, std::string_view project) const;

    std::vector<Entry> m_repositories;
    std::vector<Entry> m_templates;
    std::map<std::string, std::string, std::less<>> m_certificates; ///< by host
};

/// Reads them. Errors: Denied where Secrets may not be listed.
Async<RepositorySecrets> readRepositorySecrets(ports::ClusterPtr cluster, std::string controlPlaneNamespace,
                                               CancelToken cancel);

} // namespace tiphys::control
