// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/revision.h"

#include "base/semver.h"
#include "base/text.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace tiphys::git {

namespace {

constexpr std::string_view kTags = "refs/tags/";
constexpr std::string_view kHeads = "refs/heads/";
constexpr std::string_view kRemotes = "refs/remotes/";
constexpr std::string_view kRefs = "refs/";

bool isHex(std::string_view text)
{
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

std::size_t editDistance(std::string_view left, std::string_view right)
{
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t k = 0; k < right.size(); ++k) {
            const std::size_t changed = diagonal + (left[i] == right[k] ? 0 : 1);
            diagonal = row[k + 1];
            row[k + 1] = std::min({changed, row[k] + 1, row[k + 1] + 1});
        }
    }
    return row.back();
}

/// The text after version constraints have been replaced by the tag they lead to.
std::string withoutConstraint(std::span<const Ref> refs, const std::string &text, const std::string &tagPrefix)
{
    std::vector<std::string> versions;
    for (const Ref &ref : refs) {
        std::string_view name = ref.name;
        if (!name.starts_with(kTags) || !name.substr(kTags.size()).starts_with(tagPrefix))
            continue;
        versions.emplace_back(name.substr(kTags.size() + tagPrefix.size()));
    }
    const std::optional<std::string> version = highestVersion(text, versions);
    return version ? tagPrefix + *version : text;
}

const Ref *refNamed(std::span<const Ref> refs, std::string_view name)
{
    const Ref *found = nullptr;
    for (const Ref &ref : refs) {
        if (ref.name != name && ref.shortName() != name)
            continue;
        if (ref.name == name || ref.name.starts_with(kTags))
            return &ref;
        if (!found || ref.name.starts_with(kHeads))
            found = &ref;
    }
    return found;
}

} // namespace

std::string_view Ref::shortName() const
{
    const std::string_view view = name;
    for (const std::string_view prefix : {kTags, kHeads, kRemotes, kRefs})
        if (view.starts_with(prefix))
            return view.substr(prefix.size());
    return view;
}

std::string Revision::reported() const
{
    if (isShortCommitId(requested) && requested.size() < commit.size() && ref.empty())
        return requested;
    return commit;
}

bool isCommitId(std::string_view text)
{
    return text.size() == 40 && isHex(text);
}

bool isShortCommitId(std::string_view text)
{
    return text.size() >= 7 && isHex(text);
}

Expected<Revision> revisionAmong(std::span<const Ref> refs, const std::string &text, const std::string &tagPrefix)
{
    if (isCommitId(text))
        return Revision{text, asciiLower(text), ""};
    const std::string name = withoutConstraint(refs, text.empty() ? "HEAD" : text, tagPrefix);
    const Ref *ref = refNamed(refs, name);
    if (ref && ref->commit().empty() && !ref->target.empty())
        ref = refNamed(refs, ref->target);
    if (ref && !ref->commit().empty())
        return Revision{text, ref->commit(), ref->target.empty() ? ref->name : ref->target};
    if (isShortCommitId(name))
        return Revision{text, asciiLower(name), ""};
    std::string message = "unable to resolve " + quoted(name) + " to a commit SHA";
    if (const std::vector<std::string> similar = similarNames(refs, name); !similar.empty())
        message += " (similar: " + join(similar, ", ") + ")";
    return failure(ErrorCode::NotFound, std::move(message));
}

std::vector<std::string> similarNames(std::span<const Ref> refs, std::string_view text)
{
    struct Match
    {
        std::size_t distance;
        std::string name;
        auto operator<=>(const Match &) const = default;
    };
    constexpr std::size_t kMostNames = 3;
    const std::string wanted = asciiLower(text.substr(0, 100));
    std::vector<Match> matches;
    for (const Ref &ref : refs) {
        if (!ref.name.starts_with(kHeads) && !ref.name.starts_with(kTags) && !ref.name.starts_with(kRemotes))
            continue;
        const std::string name = asciiLower(ref.shortName().substr(0, 100));
        const bool contains = wanted.size() >= 3 && name.find(wanted) != std::string::npos;
        const std::size_t distance = contains ? 1 : editDistance(wanted, name);
        if (distance <= std::max<std::size_t>(1, wanted.size() / 3))
            matches.push_back({distance, std::string(ref.shortName())});
    }
    std::ranges::sort(matches);
    std::vector<std::string> names;
    for (Match &match : matches)
        if (names.size() < kMostNames && !std::ranges::contains(names, match.name))
            names.push_back(std::move(match.name));
    return names;
}

} // namespace tiphys::git
