// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/git_reader.h"

namespace tiphys::compose {

using offline::FoundRevision;

namespace {

class GitReader final : public offline::RepositoryReader
{
public:
    explicit GitReader(git::Repository repository) : m_repository(std::move(repository)) {}

    Expected<FoundRevision> resolve(const std::string &text) const override
    {
        const Expected<git::Revision> revision =
            m_repository.resolve(text.empty() ? std::string(git::kWorkingTreeText) : text);
        if (!revision)
            return std::unexpected(revision.error());
        return foundOf(*revision, text);
    }

    Expected<std::shared_ptr<const render::FileTree>> tree(const FoundRevision &revision) const override
    {
        return m_repository.tree(revisionOf(revision));
    }

    Expected<FoundRevision> mergeBase(const FoundRevision &a, const FoundRevision &b) const override
    {
        const Expected<git::Revision> base = m_repository.mergeBase(revisionOf(a), revisionOf(b));
        if (!base)
            return std::unexpected(base.error());
        return foundOf(*base, a.requested);
    }

    Expected<std::vector<std::string>> changedFiles(const FoundRevision &a, const FoundRevision &b) const override
    {
        const auto changed = m_repository.changedFiles(revisionOf(a), revisionOf(b));
        if (!changed)
            return std::unexpected(changed.error());
        std::vector<std::string> paths;
        for (const git::ChangedFile &file : *changed) {
            paths.push_back(file.path);
            if (!file.oldPath.empty())
                paths.push_back(file.oldPath);
        }
        return paths;
    }

    std::vector<std::string> urls() const override { return m_repository.remoteUrls(); }
    std::vector<std::string> branches() const override { return m_repository.branches(); }
    std::vector<std::string> tags() const override { return m_repository.tags(); }

    std::vector<FoundRevision> history(std::size_t limit) const override
    {
        std::vector<FoundRevision> commits;
        const Expected<git::Revision> head = m_repository.resolve("HEAD");
        if (!head)
            return commits;
        const auto history = m_repository.history(*head, {.limit = limit, .paths = {}});
        if (!history)
            return commits;
        for (const git::CommitMetadata &commit : *history)
            commits.push_back(foundOf(commit, ""));
        return commits;
    }

    std::string defaultBranch() const override
    {
        constexpr std::string_view remote = "refs/remotes/origin/";
        const auto refs = m_repository.refs();
        for (const git::Ref &ref : refs.value_or(std::vector<git::Ref>())) {
            if (ref.name == std::string(remote) + "HEAD" && ref.target.starts_with(remote))
                return ref.target.substr(remote.size());
        }
        return {};
    }

    std::string currentBranch() const override
    {
        const auto refs = m_repository.refs();
        if (!refs || refs->empty() || refs->front().name != "HEAD")
            return {};
        const std::string &target = refs->front().target;
        return target.starts_with("refs/heads/") ? target.substr(11) : std::string();
    }

private:
    static git::Revision revisionOf(const FoundRevision &revision)
    {
        return {.requested = revision.requested, .commit = revision.commit, .ref = {}};
    }

    Expected<FoundRevision> foundOf(const git::Revision &revision, const std::string &requested) const
    {
        FoundRevision found{.requested = requested, .commit = {}, .subject = {}, .author = {}};
        if (revision.isWorkingTree())
            return found;
        const Expected<git::CommitMetadata> commit = m_repository.commit(revision);
        if (!commit)
            return std::unexpected(commit.error());
        return foundOf(*commit, requested);
    }

    static FoundRevision foundOf(const git::CommitMetadata &commit, const std::string &requested)
    {
        return {.requested = requested,
                .commit = commit.id,
                .subject = std::string(commit.subject()),
                .author = commit.author.name,
                .seconds = commit.committer.seconds};
    }

    git::Repository m_repository;
};

} // namespace

Expected<std::shared_ptr<const offline::RepositoryReader>> openReader(const std::string &place)
{
    Expected<git::Repository> repository = git::Repository::open(place);
    if (!repository)
        return std::unexpected(repository.error());
    return std::make_shared<const GitReader>(std::move(*repository));
}

} // namespace tiphys::compose
