// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/signed_history.h"

#include "base/text.h"

#include <map>
#include <set>

namespace tiphys::git {

namespace {

constexpr std::size_t kMostCommits = 20'000;
constexpr std::string_view kSeal = "argocd-gpg-seal:";

using Commits = std::map<std::string, const CommitMetadata *>;

/// One verification with its place in the history.
class Verifier
{
public:
    Verifier(const Repository &repository, const std::vector<std::string> &keys, std::stop_token cancel)
        : m_repository(repository), m_keys(keys), m_cancel(std::move(cancel))
    {
    }

    Expected<SignatureCheck> of(const CommitMetadata &commit)
    {
        if (commit.signature == SignatureKind::None)
            return SignatureCheck();
        if (const auto known = m_known.find(commit.id); known != m_known.end())
            return known->second;
        const Expected<SignatureCheck> check =
            checkSignature(m_repository, {commit.id, commit.id, ""}, m_keys, m_cancel);
        if (check)
            m_known.emplace(commit.id, *check);
        return check;
    }

private:
    const Repository &m_repository;
    const std::vector<std::string> &m_keys;
    std::stop_token m_cancel;
    std::map<std::string, SignatureCheck> m_known;
};

/// Ids of \p starts and of all their ancestors.
std::set<std::string> withAncestors(std::vector<std::string> starts, const Commits &commits)
{
    std::set<std::string> all;
    while (!starts.empty()) {
        const std::string id = std::move(starts.back());
        starts.pop_back();
        const auto found = commits.find(id);
        if (found == commits.end() || !all.insert(id).second)
            continue;
        starts.insert(starts.end(), found->second->parents.begin(), found->second->parents.end());
    }
    return all;
}

/// The well signed seals of a history.
Expected<std::vector<std::string>> sealsIn(const std::vector<CommitMetadata> &history, Verifier &verifier)
{
    std::vector<std::string> seals;
    for (const CommitMetadata &commit : history) {
        if (!asciiLower(commit.message).contains(kSeal))
            continue;
        const Expected<SignatureCheck> check = verifier.of(commit);
        if (!check)
            return std::unexpected(check.error());
        if (check->state == SignatureState::Signed)
            seals.push_back(commit.id);
    }
    return seals;
}

/// The commits from \p start on that must be signed: those that no seal covers, then those just behind them. A history is not
/// sorted by its own times: clocks of people differ.
Expected<std::vector<const CommitMetadata *>> uncovered(const std::vector<CommitMetadata> &history,
                                                        const std::string &start, const std::vector<std::string> &seals)
{
    Commits commits;
    for (const CommitMetadata &commit : history)
        commits.emplace(commit.id, &commit);
    const std::set<std::string> covered = withAncestors(seals, commits);
    std::set<std::string> seen{start};
    std::vector<std::string> open{start};
    std::vector<const CommitMetadata *> wanted;
    std::vector<const CommitMetadata *> border;
    for (std::size_t i = 0; i < open.size(); ++i) {
        const auto found = commits.find(open[i]);
        if (found == commits.end())
            return failure(ErrorCode::InvalidInput, "the history is cut off at " + open[i] + ": it cannot be verified");
        const bool isBorder = covered.contains(open[i]);
        (isBorder ? border : wanted).push_back(found->second);
        if (isBorder)
            continue;
        for (const std::string &parent : found->second->parents) {
            if (seen.insert(parent).second)
                open.push_back(parent);
        }
    }
    wanted.insert(wanted.end(), border.begin(), border.end());
    return wanted;
}

/// The value of the line "tagger " of a tag object: "Name <address>".
std::string taggerOf(std::string_view tag)
{
    for (std::string_view line : split(tag, '\n')) {
        if (line.empty())
            break;
        if (line.starts_with("tagger ")) {
            line.remove_prefix(7);
            return std::string(line.substr(0, line.find('>') + 1));
        }
    }
    return {};
}

/// The annotated tag of \p revision; nothing where it was not found by one.
Expected<std::optional<SignedRevision>> tagOf(const Repository &repository, const Revision &revision,
                                              const std::vector<std::string> &keys, const std::stop_token &cancel)
{
    constexpr std::string_view tags = "refs/tags/";
    if (!revision.ref.starts_with(tags))
        return std::nullopt;
    const Expected<SignedText> text = repository.signedText(revision);
    if (!text)
        return std::unexpected(text.error());
    // The text of a tag object begins with what it points at; that of a commit with its tree.
    if (!text->payload.starts_with("object "))
        return std::nullopt;
    const Expected<SignatureCheck> check = checkSignature(repository, revision, keys, cancel);
    if (!check)
        return std::unexpected(check.error());
    return SignedRevision{.revision = revision.ref.substr(tags.size()),
                          .author = taggerOf(text->payload),
                          .check = *check,
                          .isTag = true};
}

} // namespace

Expected<std::vector<SignedRevision>> signedRevisions(const Repository &repository, const Revision &revision,
                                                      HistoryDepth depth, const std::vector<std::string> &armoredKeys,
                                                      std::stop_token cancel)
{
    std::vector<SignedRevision> result;
    if (revision.isWorkingTree())
        return failure(ErrorCode::Unsupported, "a working tree has no signature");
    const Expected<std::optional<SignedRevision>> tag = tagOf(repository, revision, armoredKeys, cancel);
    if (!tag)
        return std::unexpected(tag.error());
    if (*tag)
        result.push_back(**tag);
    if (*tag && depth == HistoryDepth::Head)
        return result;
    const Expected<CommitMetadata> start = repository.commit(revision);
    if (!start)
        return std::unexpected(start.error());
    Verifier verifier(repository, armoredKeys, cancel);
    std::vector<const CommitMetadata *> wanted{&*start};
    Expected<std::vector<CommitMetadata>> history;
    if (depth == HistoryDepth::Sealed) {
        HistoryOptions options;
        options.limit = kMostCommits + 1;
        history = repository.history(revision, options);
        if (!history)
            return std::unexpected(history.error());
        if (history->size() > kMostCommits)
            return failure(ErrorCode::LimitExceeded, "the history of " + tiphys::quoted(revision.requested)
                                                         + " has more than " + std::to_string(kMostCommits)
                                                         + " commits to verify");
        const Expected<std::vector<std::string>> seals = sealsIn(*history, verifier);
        if (!seals)
            return std::unexpected(seals.error());
        const auto found = uncovered(*history, start->id, *seals);
        if (!found)
            return std::unexpected(found.error());
        wanted = *found;
    }
    for (const CommitMetadata *commit : wanted) {
        const Expected<SignatureCheck> check = verifier.of(*commit);
        if (!check)
            return std::unexpected(check.error());
        result.push_back({.revision = commit->id, .author = commit->author.text(), .check = *check, .isTag = false});
    }
    return result;
}

} // namespace tiphys::git
