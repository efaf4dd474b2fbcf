// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/artifacts.h"
#include "render/helm/chart_index.h"

#include <QThreadPool>

#include <memory>
#include <string>

namespace tiphys::fetch {

using ChartIndexPtr = std::shared_ptr<const render::ChartIndex>;

/// A chart repository: an index.yaml and archives over http or https.
class ChartRepository
{
public:
    /// \p pool reads the index; null reads it where it came.
    ChartRepository(ports::HttpPtr http, std::string url, ports::RepositoryAccess access, QThreadPool *pool)
        : m_http(std::move(http)), m_url(std::move(url)), m_access(std::move(access)), m_pool(pool)
    {
    }

    /// The index; at most 128 MiB. Errors: as Artifacts.
    Async<ChartIndexPtr> index(CancelToken cancel) const;
    /// The archive of \p version; the digest of the index is checked. Credentials go to the repository's own server
    /// only, unless access says otherwise.
    Async<std::string> archive(render::ChartVersion version, CancelToken cancel) const;

private:
    void authorize(ports::HttpRequest &request) const;

    ports::HttpPtr m_http;
    std::string m_url;
    ports::RepositoryAccess m_access;
    QThreadPool *m_pool;
};

} // namespace tiphys::fetch
