// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/fetched_content.h"

namespace tiphys::remote {

using render::ArtifactReference;
using render::ChartReference;
using render::FileTree;
using render::RemoteNeed;

namespace {

template <typename Map, typename Key>
std::optional<typename Map::mapped_type> found(const Map &map, const Key &key)
{
    const auto known = map.find(key);
    return known == map.end() ? std::nullopt : std::optional(known->second);
}

bool isNamed(const std::string &repository)
{
    return repository.starts_with('@') || repository.starts_with("alias:");
}

} // namespace

render::Fetched<std::shared_ptr<const FileTree>>
FetchedContent::repository(const render::kustomize::RepoSpec &spec) const
{
    return found(m_repositories, std::pair(spec.cloneUrl(), spec.ref));
}

render::Fetched<std::string> FetchedContent::file(std::string_view url) const
{
    return found(m_files, url);
}

render::Fetched<render::ArchivePtr> FetchedContent::chart(const ChartReference &chart) const
{
    const auto known = found(m_charts, chart);
    if (!known)
        return std::nullopt;
    return *known ? Expected<render::ArchivePtr>((*known)->archive)
                  : Expected<render::ArchivePtr>(std::unexpected(known->error()));
}

render::Fetched<std::shared_ptr<const FileTree>> FetchedContent::artifact(const ArtifactReference &artifact) const
{
    const auto known = found(m_artifacts, artifact);
    if (!known)
        return std::nullopt;
    return *known ? Expected<TreePtr>((*known)->files) : Expected<TreePtr>(std::unexpected(known->error()));
}

std::string FetchedContent::repositoryNamed(std::string_view name) const
{
    return m_source ? m_source->repositoryNamed(name) : std::string();
}

std::string FetchedContent::revisionOf(const RemoteNeed &need) const
{
    if (need.chart) {
        const auto chart = found(m_charts, *need.chart);
        return chart && *chart ? (*chart)->version : std::string();
    }
    const auto artifact = need.artifact ? found(m_artifacts, *need.artifact) : std::nullopt;
    return artifact && *artifact ? (*artifact)->digest : std::string();
}

/// Adds to a content that nobody else sees yet.
class Fetching
{
public:
    static Async<void> add(RemoteParts parts, std::shared_ptr<FetchedContent> into, RemoteNeed need, CancelToken cancel)
    {
        const auto access = [&parts](const std::string &url) {
            return parts.accessOf ? parts.accessOf(url) : std::optional<ports::RepositoryAccess>();
        };
        into->m_source = parts.artifacts;
        if (need.chart) {
            if (isNamed(need.chart->repository))
                co_return {}; // asked for by its address as soon as that is known
            const Expected<ports::FetchedChart> chart =
                co_await parts.artifacts->chart(*need.chart, access(need.chart->repository), cancel);
            into->m_charts.insert_or_assign(*need.chart, chart);
        } else if (need.artifact) {
            const Expected<ports::FetchedArtifact> artifact =
                co_await parts.artifacts->artifact(*need.artifact, access(need.artifact->url), cancel);
            into->m_artifacts.insert_or_assign(*need.artifact, artifact);
        } else if (need.repository) {
            const Expected<std::shared_ptr<const FileTree>> tree = co_await files(parts, *need.repository, cancel);
            into->m_repositories.insert_or_assign({need.repository->cloneUrl(), need.repository->ref}, tree);
        } else {
            const Expected<std::string> file = co_await parts.artifacts->file(need.url, cancel);
            into->m_files.insert_or_assign(need.url, file);
        }
        co_return {};
    }

private:
    static Async<std::shared_ptr<const FileTree>> files(RemoteParts parts, render::kustomize::RepoSpec spec,
                                                        CancelToken cancel)
    {
        const std::string url = spec.cloneUrl();
        const Expected<std::string> revision =
            co_await parts.repositories->resolve({url, spec.ref, {}}, ports::Consistency::Any, cancel);
        if (!revision)
            co_return std::unexpected(revision.error());
        const Expected<std::shared_ptr<const FileTree>> tree =
            co_await parts.repositories->tree(url, *revision, cancel);
        co_return tree;
    }
};

Async<FetchedContentPtr> withFetched(RemoteParts parts, FetchedContentPtr known, std::vector<RemoteNeed> needs,
                                     CancelToken cancel)
{
    const auto content = known ? std::make_shared<FetchedContent>(*known) : std::make_shared<FetchedContent>();
    for (const RemoteNeed &need : needs) {
        ignoreError(co_await Fetching::add(parts, content, need, cancel), "kept in the content");
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
    }
    co_return content;
}

} // namespace tiphys::remote
