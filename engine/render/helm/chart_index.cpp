// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_index.h"

#include "base/semver.h"
#include "base/text.h"
#include "object/json.h"
#include "object/yaml.h"

#include <algorithm>
#include <optional>

namespace tiphys::render {

using object::Value;

namespace {

constexpr std::size_t kMostVersions = 1'000'000;

std::string textOf(const Value &value)
{
    if (value.isString())
        return std::string(value.stringOr());
    return value.isNull() || value.isMap() || value.isList() ? std::string() : object::toJson(value);
}

/// Nothing if Helm would leave the entry out.
std::optional<ChartVersion> versionOf(const Value &entry)
{
    if (!entry.isMap())
        return std::nullopt;
    const std::string name = textOf(entry["name"]);
    ChartVersion version{.version = textOf(entry["version"]),
                         .urls = {},
                         .digest = textOf(entry["digest"]),
                         .appVersion = textOf(entry["appVersion"]),
                         .description = textOf(entry["description"]),
                         .isDeprecated = entry["deprecated"].boolOr(false)};
    if (name.empty() || name.contains('/') || !SemVersion::parse(version.version))
        return std::nullopt;
    if (version.digest.starts_with("sha256:"))
        version.digest.erase(0, 7);
    const Value urls = entry["urls"];
    for (const Value &url : urls.items())
        version.urls.emplace_back(url.stringOr());
    return version;
}

bool isHigher(const ChartVersion &left, const ChartVersion &right)
{
    const Expected<SemVersion> a = SemVersion::parse(left.version);
    const Expected<SemVersion> b = SemVersion::parse(right.version);
    return a && b && *a > *b;
}

/// "" means every release, or every version with pre-releases.
Expected<SemConstraint> constraintOf(std::string_view wanted, Prereleases prereleases)
{
    if (wanted.empty())
        wanted = prereleases == Prereleases::Allow ? ">0.0.0-0" : "*";
    return SemConstraint::parse(wanted);
}

struct UrlParts
{
    std::string origin; ///< scheme://authority
    std::string path;
    std::string query; ///< with its '?'
};

std::optional<UrlParts> partsOf(std::string_view url)
{
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos || url.substr(0, scheme).contains('/'))
        return std::nullopt;
    UrlParts parts;
    url = url.substr(0, url.find('#'));
    const auto query = url.find('?');
    if (query != std::string_view::npos) {
        parts.query = url.substr(query);
        url = url.substr(0, query);
    }
    const auto path = url.find('/', scheme + 3);
    parts.origin = url.substr(0, path);
    if (path != std::string_view::npos)
        parts.path = url.substr(path);
    return parts;
}

/// \p path without "." and "..", absolute.
std::string withoutDots(std::string_view path)
{
    std::vector<std::string_view> kept;
    const std::vector<std::string_view> parts = split(path, '/');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool isLast = i + 1 == parts.size();
        if (parts[i] == "..") {
            if (!kept.empty())
                kept.pop_back();
        } else if (parts[i] != "." && (i > 0 || !parts[i].empty()) && (!parts[i].empty() || isLast)) {
            kept.push_back(parts[i]);
            continue;
        }
        if (isLast)
            kept.emplace_back();
    }
    std::string text;
    for (const std::string_view part : kept)
        text += "/" + std::string(part);
    return text.empty() ? "/" : text;
}

} // namespace

Expected<ChartIndex> ChartIndex::parse(std::string_view text)
{
    if (trimmed(text).empty())
        return failure(ErrorCode::InvalidInput, "empty index.yaml file");
    const Expected<Value> document = trimmed(text).starts_with('{') ? object::parseJson(text) : object::parseYaml(text);
    if (!document)
        return std::unexpected(document.error());
    if (!document->isMap())
        return failure(ErrorCode::InvalidInput, "the index of a chart repository is a map");
    const Value entries = (*document)["entries"];
    if (!entries.isMap() && !entries.isNull())
        return failure(ErrorCode::InvalidInput, "entries of the index is no map");
    ChartIndex index;
    std::size_t count = 0;
    for (const auto &[name, versions] : entries.entries()) {
        std::vector<ChartVersion> &known = index.m_entries[std::string(name)];
        for (const Value &entry : versions.items()) {
            if (++count > kMostVersions)
                return failure(ErrorCode::LimitExceeded, "the index has more than 1000000 chart versions");
            if (std::optional<ChartVersion> version = versionOf(entry))
                known.push_back(std::move(*version));
        }
        std::ranges::stable_sort(known, isHigher);
    }
    if (textOf((*document)["apiVersion"]).empty())
        return failure(ErrorCode::InvalidInput, "no API version specified");
    return index;
}

std::vector<std::string> ChartIndex::names() const
{
    std::vector<std::string> names;
    for (const auto &[name, versions] : m_entries)
        names.push_back(name);
    return names;
}

const std::vector<ChartVersion> &ChartIndex::versions(std::string_view chart) const
{
    static const std::vector<ChartVersion> none;
    const auto found = m_entries.find(chart);
    return found == m_entries.end() ? none : found->second;
}

Expected<ChartVersion> ChartIndex::find(std::string_view chart, std::string_view wanted, Prereleases prereleases) const
{
    const std::string shown =
        "chart \"" + std::string(chart) + "\"" + (wanted.empty() ? "" : " version \"" + std::string(wanted) + "\"");
    const std::vector<ChartVersion> &known = versions(chart);
    std::vector<std::string> candidates;
    for (const ChartVersion &version : known)
        candidates.push_back(version.version);
    const Expected<std::string> match = matchingVersion(wanted, candidates, prereleases);
    if (!match && match.error().code() == ErrorCode::InvalidInput)
        return std::unexpected(match.error().in(shown));
    const auto found = match ? std::ranges::find(known, *match, &ChartVersion::version) : known.end();
    if (found == known.end())
        return failure(ErrorCode::NotFound, shown + " not found in the repository");
    if (found->urls.empty())
        return failure(ErrorCode::NotFound, shown + " has no downloadable URLs");
    return *found;
}

Expected<std::string> matchingVersion(std::string_view wanted, const std::vector<std::string> &candidates,
                                      Prereleases prereleases)
{
    const Expected<SemConstraint> constraint = constraintOf(wanted, prereleases);
    if (!constraint)
        return std::unexpected(constraint.error());
    if (!wanted.empty() && std::ranges::contains(candidates, wanted))
        return std::string(wanted);
    std::optional<SemVersion> best;
    for (const std::string &candidate : candidates) {
        Expected<SemVersion> version = SemVersion::parse(candidate);
        if (version && constraint->allows(*version) && (!best || *version > *best))
            best = std::move(*version);
    }
    if (!best)
        return failure(ErrorCode::NotFound, "no version matches " + quoted(wanted));
    return best->original();
}

std::string resolvedChartUrl(std::string_view repositoryUrl, std::string_view reference)
{
    if (partsOf(reference))
        return std::string(reference);
    const std::optional<UrlParts> base = partsOf(repositoryUrl);
    if (!base)
        return std::string(reference);
    if (reference.starts_with("//"))
        return base->origin.substr(0, base->origin.find(':') + 1) + std::string(reference);
    const auto query = reference.find('?');
    const std::string_view path = reference.substr(0, query);
    std::string folder = base->path;
    if (!folder.ends_with('/'))
        folder += '/';
    const std::string whole = path.starts_with('/') ? std::string(path) : folder + std::string(path);
    return base->origin + withoutDots(whole) + base->query;
}

std::string indexUrlOf(std::string_view repositoryUrl)
{
    const std::optional<UrlParts> base = partsOf(repositoryUrl);
    if (!base)
        return std::string(repositoryUrl) + "/index.yaml";
    std::string path = base->path;
    while (path.ends_with('/'))
        path.pop_back();
    return base->origin + path + "/index.yaml" + base->query;
}

} // namespace tiphys::render
