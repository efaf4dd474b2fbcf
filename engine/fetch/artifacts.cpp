// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/artifacts.h"

#include "async/run_on.h"
#include "base/semver.h"
#include "base/text.h"
#include "fetch/archive_store.h"
#include "fetch/chart_repository.h"
#include "fetch/exchange.h"
#include "fetch/oci_reference.h"
#include "fetch/registry.h"
#include "render/helm/chart_archive.h"
#include "render/helm/chart_index.h"
#include "render/layer_archive.h"

#include <algorithm>
#include <map>

namespace tiphys::fetch {

using ports::FetchedArtifact;
using ports::FetchedChart;
using ports::RepositoryAccess;
using render::ArtifactReference;
using render::ChartReference;

namespace {

constexpr ports::WallTime kIndexFor = 3 * 60 * 1000;
constexpr std::size_t kFileLimit = std::size_t(16) << 20;
constexpr std::size_t kMostIndexes = 64;

/// Chart repositories have a scheme that is not oci; registries may have none.
bool isRegistry(const std::string &repository)
{
    return repository.starts_with("oci://") || !repository.contains("://");
}

render::Prereleases prereleasesOf(const ChartReference &chart)
{
    return chart.allowsPrereleases ? render::Prereleases::Allow : render::Prereleases::Skip;
}

bool isExact(const std::string &version)
{
    return SemVersion::parse(version).has_value();
}

/// The layer of an artifact that holds files.
/// Source: argo-cd util/oci/client.go (extract)@v3.5.1
Expected<OciDescriptor> contentLayer(const OciManifest &manifest)
{
    if (manifest.layers.size() > 10)
        return failure(ErrorCode::LimitExceeded,
                       "expected no more than 10 oci layers, got " + std::to_string(manifest.layers.size()));
    std::vector<OciDescriptor> found;
    for (const OciDescriptor &layer : manifest.layers) {
        const bool isContent = layer.mediaType.ends_with("tar+gzip") || layer.mediaType.ends_with("tar.gzip")
                               || layer.mediaType.ends_with("tar");
        if (manifest.configMediaType == kHelmConfigType ? layer.mediaType == kHelmLayerType : isContent)
            found.push_back(layer);
    }
    if (found.size() != 1)
        return failure(ErrorCode::InvalidInput,
                       "expected only a single oci content layer, got " + std::to_string(found.size()));
    return found.front();
}

class NetArtifacts final : public ports::Artifacts, public std::enable_shared_from_this<NetArtifacts>
{
public:
    explicit NetArtifacts(ArtifactParts parts) : m_parts(std::move(parts)), m_store(m_parts.cacheFolder) {}

    Async<FetchedChart> chart(ChartReference chart, std::optional<RepositoryAccess> access, CancelToken cancel) override
    {
        const auto self = shared_from_this();
        if (chart.repository.starts_with('@') || chart.repository.starts_with("alias:")) {
            const std::string url =
                repositoryNamed(std::string_view(chart.repository).substr(chart.repository.starts_with('@') ? 1 : 6));
            if (url.empty())
                co_return failure(ErrorCode::NotFound,
                                  "no repository definition for " + chart.repository + "; add it with 'helm repo add'");
            chart.repository = url;
        }
        if (std::optional<FetchedChart> known = kept(chart))
            co_return std::move(*known);
        Expected<FetchedChart> fetched = failure(ErrorCode::Internal, "");
        if (isRegistry(chart.repository))
            fetched = co_await chartOfRegistry(chart, access, cancel);
        else
            fetched = co_await chartOfRepository(chart, access, cancel);
        if (!fetched)
            co_return std::unexpected(fetched.error().in(chart.text()));
        if (const auto files = render::chartArchiveFiles(*fetched->archive); !files)
            co_return std::unexpected(files.error().in(chart.text() + " is no chart archive"));
        m_store.keep(fetched->digest, *fetched->archive);
        m_store.keepName(nameOf(chart, fetched->version), fetched->digest);
        co_return fetched;
    }

    Async<FetchedArtifact> artifact(ArtifactReference artifact, std::optional<RepositoryAccess> access,
                                    CancelToken cancel) override
    {
        const auto self = shared_from_this();
        const std::string shown =
            "artifact " + artifact.url + (artifact.revision.empty() ? "" : " " + artifact.revision);
        const auto registry = co_await registryAt(artifact.url, access, cancel);
        if (!registry)
            co_return std::unexpected(registry.error().in(shown));
        const Expected<OciManifest> manifest = co_await manifestOf(*registry, artifact.revision, cancel);
        if (!manifest)
            co_return std::unexpected(manifest.error().in(shown));
        const Expected<OciDescriptor> layer = contentLayer(*manifest);
        if (!layer)
            co_return std::unexpected(layer.error().in(shown));
        const Expected<std::string> bytes = co_await layerBytes(*registry, *layer, cancel);
        if (!bytes)
            co_return std::unexpected(bytes.error().in(shown));
        const bool isChart = layer->mediaType == kHelmLayerType;
        const auto files = isChart ? render::chartArchiveTree(*bytes) : render::layerTree(*bytes);
        if (!files)
            co_return std::unexpected(files.error().in(shown));
        co_return FetchedArtifact{manifest->digest, *files};
    }

    Async<std::string> file(std::string url, CancelToken cancel) override
    {
        const auto self = shared_from_this();
        tell(shownUrl(url));
        ports::HttpRequest request{.url = url, .limitBytes = kFileLimit};
        const Expected<ports::HttpAnswer> answer = co_await got(m_parts.http, std::move(request), cancel);
        if (!answer)
            co_return std::unexpected(answer.error());
        co_return answer->body;
    }

    std::string repositoryNamed(std::string_view name) const override { return m_parts.user.repositoryNamed(name); }

private:
    struct KnownIndex
    {
        ChartIndexPtr index;
        ports::WallTime at = 0;
    };
    using RegistryPtr = std::shared_ptr<Registry>;

    void tell(const std::string &what) const
    {
        if (m_parts.progress)
            m_parts.progress(what);
    }

    static std::string nameOf(const ChartReference &chart, const std::string &version)
    {
        return chart.repository + "\n" + chart.name + "\n" + version;
    }

    /// A version that was fetched before.
    std::optional<FetchedChart> kept(const ChartReference &chart) const
    {
        if (!isExact(chart.version))
            return std::nullopt;
        const std::optional<std::string> digest = m_store.digestNamed(nameOf(chart, chart.version));
        std::optional<std::string> bytes = digest ? m_store.bytes(*digest) : std::nullopt;
        if (!bytes)
            return std::nullopt;
        return FetchedChart{chart.version, *digest, std::make_shared<const std::string>(std::move(*bytes))};
    }

    template <typename Ask>
    Async<RepositoryAccess> userAccess(Ask ask)
    {
        if (m_parts.pool) {
            const Expected<RepositoryAccess> access = co_await async::runOn(m_parts.pool, ask);
            co_return access;
        }
        co_return ask();
    }

    Async<FetchedChart> chartOfRepository(ChartReference chart, std::optional<RepositoryAccess> access,
                                          CancelToken cancel)
    {
        if (!access) {
            const Expected<RepositoryAccess> own =
                co_await userAccess([user = m_parts.user, url = chart.repository] { return user.toRepository(url); });
            if (!own)
                co_return std::unexpected(own.error());
            access = *own;
        }
        const ChartRepository repository(m_parts.http, chart.repository, *access, m_parts.pool);
        const Expected<ChartIndexPtr> index = co_await indexOf(repository, chart.repository, *access, cancel);
        if (!index)
            co_return std::unexpected(index.error());
        const Expected<render::ChartVersion> version = (*index)->find(chart.name, chart.version, prereleasesOf(chart));
        if (!version)
            co_return std::unexpected(version.error().in(shownUrl(chart.repository)));
        const std::string digest = "sha256:" + version->digest;
        if (std::optional<std::string> bytes = m_store.bytes(digest))
            co_return FetchedChart{version->version, digest, std::make_shared<const std::string>(std::move(*bytes))};
        const std::string &url = version->urls.front();
        if (url.starts_with("oci://")) {
            const OciChart place = ociChartOf(url, version->version);
            Expected<FetchedChart> fetched =
                co_await taggedChart(place.repository, place.reference, std::nullopt, cancel);
            if (fetched)
                fetched->version = version->version;
            co_return fetched;
        }
        tell(shownUrl(render::resolvedChartUrl(chart.repository, url)));
        const Expected<std::string> archive = co_await repository.archive(*version, cancel);
        if (!archive)
            co_return std::unexpected(archive.error());
        co_return FetchedChart{version->version, digestOf(*archive), std::make_shared<const std::string>(*archive)};
    }

    Async<ChartIndexPtr> indexOf(ChartRepository repository, std::string url, RepositoryAccess access,
                                 CancelToken cancel)
    {
        const std::string key = url + "\n" + access.username + "\n" + access.password + "\n" + access.bearerToken;
        const auto known = m_indexes.find(key);
        if (known != m_indexes.end() && m_parts.clock->now() - known->second.at < kIndexFor)
            co_return known->second.index;
        tell(shownUrl(render::indexUrlOf(url)));
        const Expected<ChartIndexPtr> index = co_await repository.index(cancel);
        if (!index)
            co_return std::unexpected(index.error());
        if (m_indexes.size() >= kMostIndexes)
            m_indexes.clear();
        m_indexes.insert_or_assign(key, KnownIndex{*index, m_parts.clock->now()});
        co_return index;
    }

    Async<RegistryPtr> registryAt(std::string url, std::optional<RepositoryAccess> access, CancelToken)
    {
        const Expected<OciRepository> repository = ociRepositoryOf(url);
        if (!repository)
            co_return std::unexpected(repository.error());
        if (!access) {
            const Expected<RepositoryAccess> own =
                co_await userAccess([user = m_parts.user, host = repository->host] { return user.toRegistry(host); });
            if (!own)
                co_return std::unexpected(own.error());
            access = *own;
            access->isPlainHttp = m_parts.isPlainHttp;
        }
        co_return std::make_shared<Registry>(m_parts.http, *repository, *access);
    }

    Async<FetchedChart> chartOfRegistry(ChartReference chart, std::optional<RepositoryAccess> access,
                                        CancelToken cancel)
    {
        std::string base = chart.repository;
        while (base.ends_with('/'))
            base.pop_back();
        const std::string url = base + "/" + chart.name;
        std::string version = chart.version;
        if (!isExact(version) && !isSha256Digest(version)) {
            const auto registry = co_await registryAt(url, access, cancel);
            if (!registry)
                co_return std::unexpected(registry.error());
            const Expected<std::vector<std::string>> tags = co_await (*registry)->tags(cancel);
            if (!tags)
                co_return std::unexpected(tags.error());
            std::vector<std::string> versions;
            for (const std::string &tag : *tags)
                versions.push_back(versionOfTag(tag));
            const Expected<std::string> match = render::matchingVersion(version, versions, prereleasesOf(chart));
            if (!match)
                co_return std::unexpected(match.error().in("tags of " + url));
            version = *match;
            chart.version = version;
            if (std::optional<FetchedChart> known = kept(chart))
                co_return std::move(*known);
        }
        const Expected<FetchedChart> fetched = co_await taggedChart(url, version, access, cancel);
        co_return fetched;
    }

    Async<FetchedChart> taggedChart(std::string url, std::string version, std::optional<RepositoryAccess> access,
                                    CancelToken cancel)
    {
        const auto registry = co_await registryAt(url, access, cancel);
        if (!registry)
            co_return std::unexpected(registry.error());
        const std::string reference = isSha256Digest(version) ? version : tagOfVersion(version);
        const Expected<OciManifest> manifest = co_await (*registry)->manifest(reference, cancel);
        if (!manifest)
            co_return std::unexpected(manifest.error());
        const OciDescriptor *layer = manifest->layer(kHelmLayerType);
        if (!layer)
            layer = manifest->layer(kHelmOldLayerType);
        if (manifest->configMediaType != kHelmConfigType || !layer)
            co_return failure(ErrorCode::InvalidInput, url + ":" + reference + " is no chart: config of type "
                                                           + tiphys::quoted(manifest->configMediaType));
        const OciDescriptor wanted = *layer;
        const Expected<std::string> bytes = co_await layerBytes(*registry, wanted, cancel);
        if (!bytes)
            co_return std::unexpected(bytes.error());
        co_return FetchedChart{version, wanted.digest, std::make_shared<const std::string>(*bytes)};
    }

    /// The manifest at a tag or digest; what is neither there nor a plain tag is a constraint over the tags.
    Async<OciManifest> manifestOf(RegistryPtr registry, std::string revision, CancelToken cancel)
    {
        const std::string reference = isSha256Digest(revision) ? revision : tagOfVersion(revision);
        const bool mayBeTag = isSha256Digest(reference) || isTag(reference);
        Expected<OciManifest> manifest = failure(ErrorCode::NotFound, tiphys::quoted(revision) + " is no tag");
        if (mayBeTag)
            manifest = co_await registry->manifest(reference, cancel);
        const bool isConstraint = SemConstraint::parse(revision).has_value() && !isExact(revision);
        if (manifest || manifest.error().code() != ErrorCode::NotFound || !isConstraint)
            co_return manifest;
        const Expected<std::vector<std::string>> tags = co_await registry->tags(cancel);
        if (!tags)
            co_return std::unexpected(tags.error());
        std::vector<std::string> versions;
        for (const std::string &tag : *tags)
            versions.push_back(versionOfTag(tag));
        const std::optional<std::string> match = highestVersion(revision, versions);
        if (!match)
            co_return failure(ErrorCode::NotFound,
                              "no version for constraints: no tag matches " + tiphys::quoted(revision));
        manifest = co_await registry->manifest(tagOfVersion(*match), cancel);
        co_return manifest;
    }

    Async<std::string> layerBytes(RegistryPtr registry, OciDescriptor layer, CancelToken cancel)
    {
        if (std::optional<std::string> known = m_store.bytes(layer.digest))
            co_return std::move(*known);
        tell(layer.digest);
        const Expected<std::string> bytes = co_await registry->blob(layer, render::kChartLimit, cancel);
        if (bytes)
            m_store.keep(layer.digest, *bytes);
        co_return bytes;
    }

    ArtifactParts m_parts;
    ArchiveStore m_store;
    std::map<std::string, KnownIndex> m_indexes;
};

} // namespace

ports::ArtifactsPtr artifacts(ArtifactParts parts)
{
    return std::make_shared<NetArtifacts>(std::move(parts));
}

} // namespace tiphys::fetch
