// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/http.h"
#include "render/remote_content.h"

#include <memory>
#include <optional>
#include <string>

namespace tiphys::ports {

/// How a chart repository or registry is reached. Never shown.
struct RepositoryAccess
{
    std::string username;
    std::string password;
    std::string bearerToken;   ///< goes before username and password
    std::string identityToken; ///< of a registry: exchanged for tokens
    HttpSecurity security;
    bool isPlainHttp = false;       ///< registries: http instead of https
    bool passesCredentials = false; ///< also to other servers that an index names
};

/// A chart that was fetched.
struct FetchedChart
{
    std::string version; ///< that the constraint came to
    std::string digest;  ///< "sha256:…" of the archive
    render::ArchivePtr archive;
};

/// An artifact that was fetched.
struct FetchedArtifact
{
    std::string digest; ///< "sha256:…" of its manifest
    std::shared_ptr<const render::FileTree> files;
};

/// Charts of chart repositories, artifacts of registries, and files at addresses. Engine thread only. What has been
/// fetched is kept on this machine by its digest.
///
/// \c access is how the server is reached; without it the user's own settings for Helm and registries count.
/// Errors name the address and what was wanted, never a credential: Unauthorized and Denied (401, 403, certificates),
/// NotFound, InvalidInput (what came is not what was asked for), LimitExceeded, Unavailable, Timeout, Cancelled.
class Artifacts
{
public:
    virtual ~Artifacts() = default;

    virtual Async<FetchedChart> chart(render::ChartReference chart, std::optional<RepositoryAccess> access,
                                      CancelToken cancel) = 0;
    virtual Async<FetchedArtifact> artifact(render::ArtifactReference artifact, std::optional<RepositoryAccess> access,
                                            CancelToken cancel) = 0;
    virtual Async<std::string> file(std::string url, CancelToken cancel) = 0;
    /// The URL of the repository that the user's Helm calls \p name; "" if it knows none.
    virtual std::string repositoryNamed(std::string_view name) const = 0;
};
using ArtifactsPtr = std::shared_ptr<Artifacts>;

} // namespace tiphys::ports
