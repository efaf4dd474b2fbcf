// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// One version of a chart in a repository's index.
struct ChartVersion
{
    std::string version;
    std::vector<std::string> urls; ///< as written; relative ones stand below the repository
    std::string digest;            ///< 64 hex digits of the archive's SHA-256, "" if the index does not say
    std::string appVersion;
    std::string description;
    bool isDeprecated = false;
};

enum class Prereleases { Skip, Allow };

/// The index.yaml of a chart repository. Entries that are no charts are left out, as Helm does.
class ChartIndex
{
public:
    /// Reads YAML or JSON. Errors: InvalidInput "empty index.yaml file", "no API version specified", YAML errors.
    /// Source: helm pkg/repo/v1/index.go (loadIndex)@v4.2.4
    static Expected<ChartIndex> parse(std::string_view text);

    /// Names of all charts, sorted.
    std::vector<std::string> names() const;
    /// The versions of \p chart, highest first; empty if the repository has no such chart.
    const std::vector<ChartVersion> &versions(std::string_view chart) const;

    /// The version that is written like \p wanted, else the highest that the constraint \p wanted allows ("" is the
    /// highest release).
    ///
    /// Errors: NotFound for an absent chart or version and for one without addresses; InvalidInput for a bad
    /// constraint.
    /// Source: helm pkg/repo/v1/{index,chartrepo}.go (Get, FindChartInRepoURL)@v4.2.4
    Expected<ChartVersion> find(std::string_view chart, std::string_view wanted,
                                Prereleases prereleases = Prereleases::Skip) const;

private:
    std::map<std::string, std::vector<ChartVersion>, std::less<>> m_entries;
};

/// Where \p reference of an index leads in the repository at \p repositoryUrl, whose query is kept.
/// Source: helm pkg/repo/v1/chartrepo.go (ResolveReferenceURL)@v4.2.4
std::string resolvedChartUrl(std::string_view repositoryUrl, std::string_view reference);

/// The address of the index of the repository at \p repositoryUrl.
/// Source: helm pkg/repo/v1/chartrepo.go (DownloadIndexFile)@v4.2.4
std::string indexUrlOf(std::string_view repositoryUrl);

/// The version among \p candidates that \p wanted means to Helm: the highest that the constraint allows. An exact
/// version needs no candidates. NotFound, InvalidInput as ChartIndex::find.
Expected<std::string> matchingVersion(std::string_view wanted, const std::vector<std::string> &candidates,
                                      Prereleases prereleases);

} // namespace tiphys::render
