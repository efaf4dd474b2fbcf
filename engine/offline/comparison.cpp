// SPDX-License-Identifier: GPL-3.0-or-later
#include "offline/comparison.h"

#include "base/repo_url.h"
#include "base/text.h"

#include <algorithm>

namespace tiphys::offline {

using render::FileTree;
using TreePtr = std::shared_ptr<const FileTree>;

namespace {

/// The branch in "main~20", "origin/main", "refs/heads/main^2".
std::string branchIn(std::string_view revision)
{
    revision = revision.substr(0, revision.find_first_of("~^@"));
    for (const std::string_view prefix : {"refs/heads/", "refs/remotes/", "origin/"}) {
        if (revision.starts_with(prefix))
            revision.remove_prefix(prefix.size());
    }
    return std::string(revision);
}

/// The branch that HEAD of the remote is; the usual ones where that is not known.
std::vector<std::string> mainBranches(const RepositoryReader &repository)
{
    const std::string known = repository.defaultBranch();
    return known.empty() ? std::vector<std::string>{"main", "master"} : std::vector<std::string>{known};
}

RepositoryNames namesOf(const RepositoryReader &repository, const ComparisonRequest &request)
{
    RepositoryNames names;
    for (const std::string &url : repository.urls())
        names.urls.push_back(repoPlace(url));
    for (const std::string &url : request.urls)
        names.urls.push_back(repoPlace(url));
    names.branches = {branchIn(request.a), branchIn(request.b), repository.currentBranch()};
    std::erase(names.branches, "");
    names.main = mainBranches(repository);
    return names;
}

OfflineApps applicationsOf(const FileTree &files, const ComparisonRequest &request, const RepositoryNames &names)
{
    if (!request.appFiles.empty())
        return applicationsInFiles(files, request.appFiles, names);
    if (!request.paths.empty())
        return applicationsAt(files, request.paths);
    return applicationsIn(files, names);
}

void mergeInto(std::vector<std::string> &list, const std::vector<std::string> &more)
{
    list.insert(list.end(), more.begin(), more.end());
    std::ranges::sort(list);
    const auto same = std::ranges::unique(list);
    list.erase(same.begin(), same.end());
}

/// Problems of the second revision, and those of the first that are not in it too. A file that nobody named, cannot be
/// read and is the same in both is none.
std::vector<OfflineProblem> problemsOf(const OfflineApps &before, const OfflineApps &after,
                                       const std::function<bool(const std::string &)> &isSame)
{
    std::vector<OfflineProblem> problems;
    std::ranges::copy_if(after.problems, std::back_inserter(problems),
                         [&](const OfflineProblem &problem) { return !problem.isUnread || !isSame(problem.file); });
    for (const OfflineProblem &problem : before.problems) {
        if (problem.isUnread && isSame(problem.file))
            continue;
        const bool isKnown = std::ranges::any_of(after.problems, [&](const OfflineProblem &other) {
            return other.file == problem.file && other.message == problem.message;
        });
        if (!isKnown)
            problems.push_back({problem.file, problem.message + " (in the first revision)"});
    }
    return problems;
}

Expected<void> checkNamedPaths(const ComparisonRequest &request, const FileTree &before, const FileTree &after)
{
    for (const std::vector<std::string> *paths : {&request.paths, &request.appFiles}) {
        for (const std::string &path : *paths) {
            const Expected<std::string> clean = render::cleanPath(path);
            if (!clean)
                return std::unexpected(clean.error());
            if (!clean->empty() && !before.entry(*clean) && !after.entry(*clean))
                return failure(ErrorCode::NotFound, "neither revision has " + quoted(path));
        }
    }
    return {};
}

} // namespace

int Comparison::errorCount() const
{
    const auto failed = std::ranges::count(applications, ChangeKind::Error, &AppChange::change);
    return static_cast<int>(failed) + static_cast<int>(problems.size());
}

Expected<Comparison> compare(const RepositoryReader &repository, const ComparisonRequest &request,
                             const ForEach &forEach)
{
    Comparison result;
    Expected<FoundRevision> a = repository.resolve(request.a);
    if (!a)
        return std::unexpected(a.error());
    Expected<FoundRevision> b = repository.resolve(request.b);
    if (!b)
        return std::unexpected(b.error());
    if (request.fromMergeBase) {
        Expected<FoundRevision> base = repository.mergeBase(*a, *b);
        if (!base)
            return std::unexpected(base.error());
        base->requested = request.a + "..." + request.b;
        a = base;
    }
    const Expected<TreePtr> before = repository.tree(*a);
    if (!before)
        return std::unexpected(before.error());
    const Expected<TreePtr> after = repository.tree(*b);
    if (!after)
        return std::unexpected(after.error());
    const Expected<void> checked = checkNamedPaths(request, **before, **after);
    if (!checked)
        return std::unexpected(checked.error());

    RepositoryNames names = namesOf(repository, request);
    OfflineApps sides[2];
    const std::function<void(std::size_t)> find = [&](std::size_t side) {
        sides[side] = applicationsOf(side == 0 ? **before : **after, request, names);
    };
    runEach(forEach, 2, find);
    const bool isNamed = sides[0].followsByName || sides[1].followsByName;
    if (!isNamed && (sides[0].mayFollowMain || sides[1].mayFollowMain)) {
        // Of no branch that an Application names, as a person's own or a detached HEAD: on its way to the main one.
        names.branches.insert(names.branches.end(), names.main.begin(), names.main.end());
        runEach(forEach, 2, find);
    }
    const std::size_t first = sides[0].applications.size();
    runEach(forEach, first + sides[1].applications.size(), [&](std::size_t i) {
        const bool isFirst = i < first;
        OfflineApp &app = isFirst ? sides[0].applications[i] : sides[1].applications[i - first];
        app.reach = reachOf(app, isFirst ? **before : **after);
    });

    const std::vector<AppPair> pairs = pairsOf(sides[0], sides[1]);
    std::vector<std::optional<AppChange>> changes(pairs.size());
    runEach(forEach, pairs.size(),
            [&](std::size_t i) { changes[i] = changeOf(pairs[i], **before, **after, request.context); });

    for (std::optional<AppChange> &change : changes) {
        if (!change)
            continue;
        for (const render::RemoteNeed &need : change->needs)
            render::RemoteAccess{nullptr, &result.needs}.note(need);
        result.applications.push_back(std::move(*change));
    }
    result.applicationCount = static_cast<int>(pairs.size());
    for (const OfflineApps &side : sides) {
        mergeInto(result.pinned, side.pinned);
        mergeInto(result.elsewhere, side.elsewhere);
        mergeInto(result.sets, side.sets);
    }
    result.problems = problemsOf(sides[0], sides[1], [&](const std::string &file) {
        const Expected<render::FileEntry> old = (*before)->entry(file);
        const Expected<render::FileEntry> now = (*after)->entry(file);
        return request.appFiles.empty() && old && now && !old->id.empty() && old->id == now->id;
    });
    const Expected<std::vector<std::string>> changed = repository.changedFiles(*a, *b);
    if (!changed)
        return std::unexpected(changed.error());
    if (request.paths.empty() && request.appFiles.empty())
        result.unmatched = unmatchedFiles(*changed, sides[0], sides[1]);
    result.a = *a;
    result.b = *b;
    return result;
}

} // namespace tiphys::offline
