// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/local_repositories.h"

#include "cli/included_files.h"
#include "store/folder_tree.h"

namespace tiphys::cli {

namespace {

class LocalRepositories final : public ports::Repositories
{
public:
    LocalRepositories(ports::RepositoriesPtr others, const crd::ApplicationSource &source,
                      std::shared_ptr<const render::FileTree> files)
        : m_others(std::move(others)), m_repoUrl(source.repoUrl), m_revision(source.targetRevision),
          m_files(std::move(files))
    {
    }

    Async<std::string> resolve(ports::RevisionRequest request, ports::Consistency consistency,
                               CancelToken cancel) override
    {
        // What is built from local files is told the revision as it is written.
        if (isLocal(request.repoUrl, request.targetRevision))
            co_return m_revision;
        const Expected<std::string> revision = co_await m_others->resolve(request, consistency, cancel);
        co_return revision;
    }

    Async<std::shared_ptr<const render::FileTree>> tree(std::string repoUrl, std::string revision,
                                                        CancelToken cancel) override
    {
        if (isLocal(repoUrl, revision))
            co_return m_files;
        const auto files = co_await m_others->tree(repoUrl, revision, cancel);
        co_return files;
    }

    Async<ports::CommitFacts> commit(std::string repoUrl, std::string revision, CancelToken cancel) override
    {
        const Expected<ports::CommitFacts> facts = co_await m_others->commit(repoUrl, revision, cancel);
        co_return facts;
    }

    Async<std::vector<ports::RevisionSignature>> signatures(ports::SignatureRequest request,
                                                            CancelToken cancel) override
    {
        const Expected<std::vector<ports::RevisionSignature>> found = co_await m_others->signatures(request, cancel);
        co_return found;
    }

private:
    bool isLocal(const std::string &repoUrl, const std::string &revision) const
    {
        return repoUrl == m_repoUrl && revision == m_revision;
    }

    ports::RepositoriesPtr m_others;
    std::string m_repoUrl;
    std::string m_revision;
    std::shared_ptr<const render::FileTree> m_files;
};

} // namespace

Expected<ports::RepositoriesPtr> withLocalFiles(ports::RepositoriesPtr others, const crd::ApplicationSource &source,
                                                const std::filesystem::path &root,
                                                const std::vector<std::string> &included)
{
    const auto all = store::folderTree(root);
    if (!all)
        return std::unexpected(all.error());
    auto files = includedFiles(*all, included);
    if (!files)
        return std::unexpected(files.error());
    return std::make_shared<LocalRepositories>(std::move(others), source, std::move(*files));
}

} // namespace tiphys::cli
