// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fetch/oci_reference.h"
#include "object/value.h"
#include "ports/artifacts.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::fetch {

/// A part of an artifact as its manifest names it.
struct OciDescriptor
{
    std::string mediaType;
    std::string digest;
    std::size_t size = 0;
    std::string title; ///< annotation org.opencontainers.image.title
};

/// The manifest of an artifact.
struct OciManifest
{
    std::string digest;
    std::string configMediaType;
    std::vector<OciDescriptor> layers;

    /// The layer of \p mediaType; null if there is none.
    const OciDescriptor *layer(std::string_view mediaType) const;
};

inline constexpr std::string_view kHelmConfigType = "application/vnd.cncf.helm.config.v1+json";
inline constexpr std::string_view kHelmLayerType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
inline constexpr std::string_view kHelmOldLayerType = "application/tar+gzip";

/// One repository of a registry that speaks the OCI distribution protocol. Asks for tokens as the registry wants them;
/// credentials go to the registry and to the realm that it names, over https unless the registry itself is reached
/// without. Source: oras-go registry/remote@v2.6.1
class Registry : public std::enable_shared_from_this<Registry>
{
public:
    Registry(ports::HttpPtr http, OciRepository repository, ports::RepositoryAccess access)
        : m_http(std::move(http)), m_repository(std::move(repository)), m_access(std::move(access))
    {
    }

    /// All tags, at most 100,000. Errors: as Artifacts.
    Async<std::vector<std::string>> tags(CancelToken cancel);
    /// The manifest at a tag or digest, its digest checked.
    Async<OciManifest> manifest(std::string reference, CancelToken cancel);
    /// The bytes of \p descriptor, digest and size checked; LimitExceeded beyond \p limitBytes.
    Async<std::string> blob(OciDescriptor descriptor, std::size_t limitBytes, CancelToken cancel);

    const ports::RepositoryAccess &access() const { return m_access; }

private:
    std::string url(const std::string &path) const;
    Async<ports::HttpAnswer> got(std::string path, std::string accept, std::size_t limitBytes, CancelToken cancel);
    Async<std::string> authorization(std::string challenge, CancelToken cancel);
    Async<std::string> token(std::string realm, std::string service, std::string scope, CancelToken cancel);

    ports::HttpPtr m_http;
    OciRepository m_repository;
    ports::RepositoryAccess m_access;
    std::string m_authorization; ///< what the registry took last
};

/// Reads a manifest. Errors: InvalidInput; Unsupported for an index of several images.
Expected<OciManifest> ociManifestOf(std::string_view text);

} // namespace tiphys::fetch
