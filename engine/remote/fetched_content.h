// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/artifacts.h"
#include "ports/repositories.h"
#include "render/remote_content.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::remote {

/// Everything that was fetched for a rendering. Immutable: more makes a new one.
class FetchedContent final : public render::RemoteContent
{
public:
    render::Fetched<std::shared_ptr<const render::FileTree>>
    repository(const render::kustomize::RepoSpec &spec) const override;
    render::Fetched<std::string> file(std::string_view url) const override;
    render::Fetched<render::ArchivePtr> chart(const render::ChartReference &chart) const override;
    render::Fetched<std::shared_ptr<const render::FileTree>>
    artifact(const render::ArtifactReference &artifact) const override;
    std::string repositoryNamed(std::string_view name) const override;

    /// What a source came to: the version of a chart, the digest of an artifact; "" while it is not here.
    std::string revisionOf(const render::RemoteNeed &need) const;

private:
    friend class Fetching;
    using TreePtr = std::shared_ptr<const render::FileTree>;

    std::map<std::pair<std::string, std::string>, Expected<TreePtr>> m_repositories; ///< by address and ref
    std::map<std::string, Expected<std::string>, std::less<>> m_files;
    std::map<render::ChartReference, Expected<ports::FetchedChart>> m_charts;
    std::map<render::ArtifactReference, Expected<ports::FetchedArtifact>> m_artifacts;
    ports::ArtifactsPtr m_source;
};
using FetchedContentPtr = std::shared_ptr<const FetchedContent>;

/// How the repository or registry at an address is reached; nothing leaves it to the user's own settings.
using AccessOf = std::function<std::optional<ports::RepositoryAccess>(const std::string &url)>;

/// Where things come from.
struct RemoteParts
{
    ports::ArtifactsPtr artifacts;
    ports::RepositoriesPtr repositories;
    AccessOf accessOf; ///< may be empty
};

/// \p known (may be null) and \p needs. What cannot be fetched is kept as its error, for the rendering to tell; the
/// only error here is Cancelled.
Async<FetchedContentPtr> withFetched(RemoteParts parts, FetchedContentPtr known, std::vector<render::RemoteNeed> needs,
                                     CancelToken cancel);

} // namespace tiphys::remote
