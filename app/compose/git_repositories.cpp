// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/git_repositories.h"

#include "async/run_on.h"
#include "async/shared_turns.h"
#include "base/text.h"
#include "git/mirror.h"
#include "git/qt_http_transport.h"
#include "git/repository.h"
#include "git/signed_history.h"
#include "git/url.h"

#include <list>
#include <map>
#include <mutex>
#include <stop_token>

namespace tiphys::compose {

namespace {

using TreePtr = std::shared_ptr<const render::FileTree>;

/// What was resolved is believed for this long where any answer will do.
constexpr ports::WallTime kResolvedFor = 3 * 60 * 1000;
/// Keys may expire meanwhile.
constexpr ports::WallTime kVerifiedFor = 15 * 60 * 1000;
constexpr std::size_t kMostTrees = 256;
constexpr std::size_t kMostSubmodules = 100;

/// Runs \p job on \p pool; a cancelled one is asked to stop and is waited for.
template <typename T>
Async<T> runStoppable(QThreadPool *pool, std::function<Expected<T>(std::stop_token)> job, CancelToken cancel)
{
    std::stop_source stop;
    const async::CancelRegistration registration = cancel.onCancel([stop]() mutable { stop.request_stop(); });
    const Expected<T> result =
        co_await async::runOn(pool, [job = std::move(job), token = stop.get_token()] { return job(token); });
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    co_return result;
}

using RefsPtr = std::shared_ptr<const std::vector<git::Ref>>;

/// The files of a revision, and whether the same call would give the same ones another time.
struct ReadTree
{
    TreePtr files;
    bool isLasting = true;
};

/// The work on pool threads; several at once. A stop request ends what waits for a server or a program.
class RepositoryPool
{
public:
    RepositoryPool(std::string cacheFolder, git::CredentialConsent mayAskHelper)
        : m_cacheFolder(std::move(cacheFolder)), m_mayAskHelper(std::move(mayAskHelper)),
          m_http(std::make_shared<git::QtHttpTransport>())
    {
    }

    /// Branches and tags of \p url as they are now.
    Expected<RefsPtr> refs(const std::string &url, const std::stop_token &stop)
    {
        Expected<std::vector<git::Ref>> found =
            isLocal(url) ? localRefs(url) : fetched(git::Mirror(m_cacheFolder, url), {}, stop);
        if (!found)
            return std::unexpected(found.error().in("repository " + shownUrl(url)));
        return std::make_shared<const std::vector<git::Ref>>(std::move(*found));
    }

    Expected<ReadTree> tree(const std::string &url, const std::string &revision, const std::stop_token &stop)
    {
        const Expected<git::Repository> repository = at(url, revision, stop);
        if (!repository)
            return std::unexpected(repository.error().in("repository " + shownUrl(url)));
        const Expected<git::Revision> found = repository->resolve(revision);
        if (!found)
            return std::unexpected(found.error().in("repository " + shownUrl(url)));
        Descent descent{.left = kMostSubmodules, .stop = stop};
        const Expected<TreePtr> files =
            isLocal(url) ? repository->tree(*found) : withSubmodules(*repository, *found, url, descent);
        if (!files)
            return std::unexpected(files.error());
        return ReadTree{*files, descent.isLasting};
    }

    Expected<ports::CommitFacts> commit(const std::string &url, const std::string &revision,
                                        const std::stop_token &stop)
    {
        const Expected<git::Repository> repository = at(url, revision, stop);
        if (!repository)
            return std::unexpected(repository.error());
        const Expected<git::Revision> found = repository->resolve(revision);
        if (!found)
            return std::unexpected(found.error());
        const Expected<git::CommitMetadata> commit = repository->commit(*found);
        if (!commit)
            return std::unexpected(commit.error());
        return ports::CommitFacts{commit->id, std::string(commit->subject()), commit->author.name,
                                  commit->committer.seconds};
    }

    Expected<std::vector<ports::RevisionSignature>> signatures(const ports::SignatureRequest &request,
                                                               const std::stop_token &stop)
    {
        const std::string &url = request.revision.repoUrl;
        const Expected<git::Repository> repository = at(url, request.commit, stop);
        if (!repository)
            return std::unexpected(repository.error());
        Expected<git::Revision> revision = repository->resolve(request.commit);
        const Expected<std::vector<git::Ref>> refs = repository->refs();
        if (!revision || !refs)
            return std::unexpected(revision ? refs.error() : revision.error());
        // A tag counts only if it leads to the very commit that is used.
        const Expected<git::Revision> named =
            git::revisionAmong(*refs, request.revision.targetRevision, request.revision.tagPrefix);
        if (named && named->commit == revision->commit)
            revision->ref = named->ref;
        const Expected<std::vector<git::SignedRevision>> found = git::signedRevisions(
            *repository, *revision,
            request.depth == ports::SignatureDepth::History ? git::HistoryDepth::Sealed : git::HistoryDepth::Head,
            request.armoredKeys, stop);
        if (!found)
            return std::unexpected(found.error());
        std::vector<ports::RevisionSignature> signatures;
        for (const git::SignedRevision &one : *found)
            signatures.push_back({one.revision, one.author, std::string(git::signatureText(one.check.state)),
                                  one.check.keyId, one.isTag});
        return signatures;
    }

private:
    /// What all levels of submodules share.
    struct Descent
    {
        std::size_t left = 0; ///< counts down: a repository may hold itself
        std::stop_token stop;
        bool isLasting = true; ///< none is missing that may be had later
    };

    /// The files of \p revision with those of its submodules, which are fetched now: nothing is fetched when they are read.
    /// One that cannot be had is an error where it is read.
    Expected<TreePtr> withSubmodules(const git::Repository &repository, const git::Revision &revision,
                                     const std::string &url, Descent &descent)
    {
        const Expected<std::vector<git::Submodule>> submodules = repository.submodules(revision);
        if (!submodules || submodules->empty())
            return repository.tree(revision);
        const auto trees = std::make_shared<std::map<std::string, Expected<TreePtr>>>();
        for (const git::Submodule &submodule : *submodules) {
            if (!git::isCommitId(submodule.commit) || descent.left == 0)
                continue;
            --descent.left;
            const Expected<TreePtr> tree =
                submoduleTree(git::submoduleUrl(url, submodule.url), submodule.commit, descent);
            descent.isLasting = descent.isLasting && (tree || isLasting(tree.error().code()));
            trees->emplace(submodule.path, tree);
        }
        if (descent.stop.stop_requested())
            return failure(ErrorCode::Cancelled, "cancelled while fetching submodules");
        return repository.tree(revision, [trees](const git::Submodule &submodule) -> Expected<TreePtr> {
            const auto found = trees->find(submodule.path);
            return found != trees->end() ? found->second
                                         : failure(ErrorCode::NotFound,
                                                   "submodule " + tiphys::quoted(submodule.path) + " is not fetched");
        });
    }

    Expected<TreePtr> submoduleTree(const std::string &url, const std::string &commit, Descent &descent)
    {
        if (isLocal(url))
            return failure(ErrorCode::Denied, "a fetched repository may not name folders of this machine: " + url);
        const Expected<git::Repository> repository = at(url, commit, descent.stop);
        if (!repository)
            return std::unexpected(repository.error());
        const Expected<git::Revision> revision = repository->resolve(commit);
        return revision ? withSubmodules(*repository, *revision, url, descent) : std::unexpected(revision.error());
    }

    static bool isLasting(ErrorCode code)
    {
        return code != ErrorCode::Unavailable && code != ErrorCode::Timeout && code != ErrorCode::Unauthorized
               && code != ErrorCode::Cancelled;
    }

    static bool isLocal(const std::string &url) { return git::parsedUrl(url).kind == git::UrlKind::Local; }

    git::RemoteAccess access(const std::string &url, const std::stop_token &stop)
    {
        git::RemoteAccess access;
        access.http = m_http;
        access.cancel = stop;
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_credentials.find(url); known != m_credentials.end())
            access.credentials = known->second;
        return access;
    }

    /// Fetches; where the other side wants a password, the user's credential helper is asked once.
    Expected<std::vector<git::Ref>> fetched(const git::Mirror &mirror, const git::FetchOptions &options,
                                            const std::stop_token &stop)
    {
        Expected<std::vector<git::Ref>> refs = mirror.fetch(access(mirror.url(), stop), options);
        const bool isHttp = mirror.url().starts_with("http");
        if (refs || refs.error().code() != ErrorCode::Unauthorized || !isHttp)
            return refs;
        const Expected<git::Credentials> credentials = git::credentialsFromGit(mirror.url(), m_mayAskHelper, stop);
        if (!credentials && credentials.error().code() == ErrorCode::Cancelled)
            return std::unexpected(credentials.error());
        if (!credentials)
            return refs;
        {
            const std::lock_guard lock(m_mutex);
            m_credentials.insert_or_assign(mirror.url(), *credentials);
        }
        return mirror.fetch(access(mirror.url(), stop), options);
    }

    static Expected<std::vector<git::Ref>> localRefs(const std::string &url)
    {
        const Expected<git::Repository> repository = git::Repository::open(url);
        if (!repository)
            return std::unexpected(repository.error());
        return repository->refs();
    }

    /// The repository with \p revision in it.
    Expected<git::Repository> at(const std::string &url, const std::string &revision, const std::stop_token &stop)
    {
        if (isLocal(url))
            return git::Repository::open(url);
        const git::Mirror mirror(m_cacheFolder, url);
        Expected<git::Repository> repository = mirror.repository();
        if (repository && repository->resolve(revision))
            return repository;
        const Expected<std::vector<git::Ref>> refs = fetched(mirror, {}, stop);
        if (!refs)
            return std::unexpected(refs.error());
        return mirror.repository();
    }

    std::string m_cacheFolder;
    git::CredentialConsent m_mayAskHelper;
    std::shared_ptr<git::HttpTransport> m_http;
    std::mutex m_mutex; ///< guards m_credentials
    std::map<std::string, git::Credentials> m_credentials;
};

class GitRepositories final : public ports::Repositories, public std::enable_shared_from_this<GitRepositories>
{
public:
    GitRepositories(std::shared_ptr<RepositoryPool> repositories, QThreadPool *pool,
                    std::shared_ptr<const ports::Clock> clock)
        : m_repositories(std::move(repositories)), m_pool(pool), m_clock(std::move(clock))
    {
    }

    Async<std::string> resolve(ports::RevisionRequest request, ports::Consistency consistency,
                               CancelToken cancel) override
    {
        const std::shared_ptr<GitRepositories> self = shared_from_this();
        const std::string key = request.repoUrl + "\n" + request.targetRevision + "\n" + request.tagPrefix;
        const auto known = m_resolved.find(key);
        // A local repository is asked each time: it costs nothing, and shows a commit at once.
        const bool isLocal = git::parsedUrl(request.repoUrl).kind == git::UrlKind::Local;
        if (!isLocal && consistency == ports::Consistency::Any && known != m_resolved.end()
            && m_clock->now() - known->second.at < kResolvedFor)
            co_return known->second.revision;
        if (!isLocal && git::isCommitId(request.targetRevision))
            co_return request.targetRevision;
        const auto fetch = [repositories = m_repositories, pool = m_pool, url = request.repoUrl](CancelToken given) {
            return runStoppable<RefsPtr>(
                pool, [repositories, url](const std::stop_token &stop) { return repositories->refs(url, stop); },
                given);
        };
        // Applications of one repository that look at the same moment fetch it once.
        const auto freshness =
            consistency == ports::Consistency::Any ? async::Freshness::UnderWay : async::Freshness::Begun;
        const Expected<RefsPtr> refs = co_await m_fetches.run(request.repoUrl, freshness, fetch, cancel);
        if (!refs)
            co_return std::unexpected(refs.error());
        const Expected<git::Revision> revision = git::revisionAmong(**refs, request.targetRevision, request.tagPrefix);
        if (!revision)
            co_return std::unexpected(revision.error().in("repository " + shownUrl(request.repoUrl)));
        m_resolved.insert_or_assign(key, Resolved{revision->reported(), m_clock->now()});
        co_return revision->reported();
    }

    Async<TreePtr> tree(std::string repoUrl, std::string revision, CancelToken cancel) override
    {
        const std::shared_ptr<GitRepositories> self = shared_from_this();
        const std::pair<std::string, std::string> key{repoUrl, revision};
        if (const auto known = m_trees.find(key); known != m_trees.end())
            co_return known->second;
        const Expected<ReadTree> tree = co_await runStoppable<ReadTree>(
            m_pool,
            [repositories = m_repositories, repoUrl, revision](const std::stop_token &stop) {
                return repositories->tree(repoUrl, revision, stop);
            },
            cancel);
        if (!tree)
            co_return std::unexpected(tree.error());
        // Others may have asked for the same meanwhile.
        if (tree->isLasting && git::isCommitId(revision) && m_trees.insert_or_assign(key, tree->files).second) {
            m_order.push_back(key);
            if (m_order.size() > kMostTrees) {
                m_trees.erase(m_order.front());
                m_order.pop_front();
            }
        }
        co_return tree->files;
    }

    Async<ports::CommitFacts> commit(std::string repoUrl, std::string revision, CancelToken cancel) override
    {
        const Expected<ports::CommitFacts> facts = co_await runStoppable<ports::CommitFacts>(
            m_pool,
            [repositories = m_repositories, repoUrl, revision](const std::stop_token &stop) {
                return repositories->commit(repoUrl, revision, stop);
            },
            cancel);
        co_return facts;
    }

    Async<std::vector<ports::RevisionSignature>> signatures(ports::SignatureRequest request,
                                                            CancelToken cancel) override
    {
        const std::shared_ptr<GitRepositories> self = shared_from_this();
        std::string key = request.revision.repoUrl + '\n' + request.revision.targetRevision + '\n'
                          + request.revision.tagPrefix + '\n' + request.commit
                          + (request.depth == ports::SignatureDepth::Head ? "\nhead" : "\nhistory");
        for (const std::string &armored : request.armoredKeys)
            key += '\n' + armored;
        if (const auto known = m_signatures.find(key);
            known != m_signatures.end() && m_clock->now() - known->second.at < kVerifiedFor)
            co_return known->second.signatures;
        const Expected<std::vector<ports::RevisionSignature>> signatures =
            co_await runStoppable<std::vector<ports::RevisionSignature>>(
                m_pool,
                [repositories = m_repositories, request](const std::stop_token &stop) {
                    return repositories->signatures(request, stop);
                },
                cancel);
        if (m_signatures.size() > kMostTrees)
            m_signatures.clear();
        if (signatures && git::isCommitId(request.commit))
            m_signatures.insert_or_assign(key, Verified{*signatures, m_clock->now()});
        co_return signatures;
    }

private:
    struct Verified
    {
        std::vector<ports::RevisionSignature> signatures;
        ports::WallTime at = 0;
    };
    struct Resolved
    {
        std::string revision;
        ports::WallTime at = 0;
    };

    std::shared_ptr<RepositoryPool> m_repositories;
    QThreadPool *m_pool;
    std::shared_ptr<const ports::Clock> m_clock;
    async::SharedTurns<RefsPtr> m_fetches; ///< by address
    std::map<std::string, Resolved> m_resolved;
    std::map<std::string, Verified> m_signatures;
    std::map<std::pair<std::string, std::string>, TreePtr> m_trees;
    std::list<std::pair<std::string, std::string>> m_order;
};

} // namespace

ports::RepositoriesPtr gitRepositories(const std::string &cacheFolder, git::CredentialConsent mayAskHelper,
                                       QThreadPool *pool, std::shared_ptr<const ports::Clock> clock)
{
    return std::make_shared<GitRepositories>(std::make_shared<RepositoryPool>(cacheFolder, std::move(mayAskHelper)),
                                             pool, std::move(clock));
}

} // namespace tiphys::compose
