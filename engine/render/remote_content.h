// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/file_tree.h"
#include "render/kustomize/repo_spec.h"

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// A chart in a chart repository or registry.
struct ChartReference
{
    std::string repository; ///< http(s) URL, oci:// URL, or "@name" and "alias:name" of a repository that Helm knows
    std::string name;
    std::string version;            ///< exact version or constraint; "" is the highest release
    bool allowsPrereleases = false; ///< `--devel`: "" means pre-releases too

    auto operator<=>(const ChartReference &) const = default;
    /// "chart NAME VERSION of REPOSITORY", for messages.
    std::string text() const;
};

/// An artifact of a registry whose layer holds files, as an `oci://` source names it.
struct ArtifactReference
{
    std::string url;      ///< oci://host/path
    std::string revision; ///< tag, digest or version constraint

    auto operator<=>(const ArtifactReference &) const = default;
};

/// Something outside of the files at hand that a source refers to: exactly one of a file (only the URL is set), a
/// repository, a chart, an artifact.
struct RemoteNeed
{
    std::string url; ///< as written
    /// The repository that is wanted. A file is wanted where this is unset.
    std::optional<kustomize::RepoSpec> repository;
    std::optional<ChartReference> chart;
    std::optional<ArtifactReference> artifact;

    bool operator==(const RemoteNeed &other) const
    {
        return url == other.url && repository.has_value() == other.repository.has_value() && chart == other.chart
               && artifact == other.artifact;
    }
    /// What it is, for messages: "file https://…".
    std::string text() const;
};

/// What a fetch gave: nothing while nobody has tried, an error where it failed.
template <typename T>
using Fetched = std::optional<Expected<T>>;
using ArchivePtr = std::shared_ptr<const std::string>;

/// What has been fetched so far. Immutable, read from any thread.
class RemoteContent
{
public:
    virtual ~RemoteContent() = default;
    /// The files of a repository at the wanted revision.
    virtual Fetched<std::shared_ptr<const FileTree>> repository(const kustomize::RepoSpec &spec) const = 0;
    /// The bytes of a file, asked by the URL as written.
    virtual Fetched<std::string> file(std::string_view url) const = 0;
    /// The archive (.tgz) of a chart.
    virtual Fetched<ArchivePtr> chart(const ChartReference &chart) const = 0;
    /// The files of an artifact.
    virtual Fetched<std::shared_ptr<const FileTree>> artifact(const ArtifactReference &artifact) const = 0;
    /// The URL of the repository that Helm calls \p name; "" if it knows none.
    virtual std::string repositoryNamed(std::string_view name) const = 0;
};

/// What of the outside rendering may read, and where it notes what it misses.
struct RemoteAccess
{
    const RemoteContent *content = nullptr;   ///< null: nothing was fetched
    std::vector<RemoteNeed> *needs = nullptr; ///< null: nobody asks

    /// Notes \p need once.
    void note(RemoteNeed need) const;
};

/// Unavailable means "not fetched yet" to those who render: \p error of a fetch that failed has another code.
Error fetchFailure(const Error &error);

} // namespace tiphys::render
