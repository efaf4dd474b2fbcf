// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/git_commands.h"

#include "cli/application_tools.h"
#include "cli/diff_report.h"
#include "cli/module.h"
#include "cli/plugins.h"
#include "compose/git_reader.h"
#include "compose/parallel_for_each.h"
#include "git/repository.h"
#include "offline/comparison.h"
#include "process/jsonnet_worker.h"
#include "store/template_world.h"

#include <algorithm>
#include <cstdio>

namespace tiphys::cli {

namespace {

constexpr int kMostRounds = 20;

/// Paths of the repository; those that begin with a dot are seen from the folder that the repository was opened at, as
/// Git takes them after a colon.
Expected<std::vector<std::string>> pathsFrom(const std::string &place, std::vector<std::string> paths)
{
    const auto isRelative = [](const std::string &path) {
        return path == "." || path == ".." || path.starts_with("./") || path.starts_with("../");
    };
    if (std::ranges::none_of(paths, isRelative))
        return paths;
    const Expected<git::Repository> repository = git::Repository::open(place);
    if (!repository)
        return std::unexpected(repository.error());
    for (std::string &path : paths)
        if (isRelative(path) && !repository->prefix().empty())
            path = repository->prefix() + '/' + path;
    return paths;
}

} // namespace

int renderCommit(const Invocation &invocation, const FetchMissing &fetch)
{
    const Expected<git::Repository> repository = git::Repository::open(invocation.render.repository);
    if (!repository)
        return fail(repository.error());
    const std::string wanted = invocation.render.revision.empty() ? "HEAD" : invocation.render.revision;
    const Expected<git::Revision> revision = repository->resolve(wanted);
    if (!revision)
        return fail(revision.error());
    const auto files = repository->tree(*revision);
    if (!files)
        return fail(files.error());
    return renderFrom(**files, invocation.render.source, invocation, fetch);
}

int diffCommits(const Invocation &invocation, const FetchMissing &fetch)
{
    const DiffFlags &flags = invocation.diff;
    const auto reader = compose::openReader(flags.repository);
    if (!reader)
        return fail(reader.error(), 2);
    const auto paths = pathsFrom(flags.repository, flags.paths);
    const auto appFiles = pathsFrom(flags.repository, flags.appFiles);
    if (!paths || !appFiles)
        return fail(!paths ? paths.error() : appFiles.error(), 2);
    offline::ComparisonRequest request{.a = flags.a,
                                       .b = flags.b,
                                       .fromMergeBase = flags.fromMergeBase,
                                       .paths = *paths,
                                       .appFiles = *appFiles,
                                       .urls = flags.repoUrls};
    process::JsonnetWorker jsonnet(programFile("tiphysctl"));
    request.context.jsonnet = &jsonnet;
    const std::shared_ptr<render::PluginHost> plugins = pluginHost(invocation.plugins, PluginPlaces::UserAndWorkspace);
    request.context.plugins = plugins.get();
    const auto tools = applicationTools();
    if (!tools)
        return fail(tools.error(), 2);
    request.context.tools = tools->get();
    request.context.world = store::machineWorld();
    request.context.kustomizeBuildOptions = flags.kustomizeOptions;
    const ForEach forEach = compose::parallelForEach();
    Expected<offline::Comparison> comparison = offline::compare(**reader, request, forEach);
    for (int round = 0; round < kMostRounds && fetch && comparison && !comparison->needs.empty(); ++round) {
        request.context.remote = fetch(comparison->needs);
        comparison = offline::compare(**reader, request, forEach);
    }
    if (!comparison)
        return fail(comparison.error(), 2);
    printReport(*comparison, invocation);
    if (!fetch && !comparison->needs.empty())
        std::fputs((fetchHint(comparison->needs) + "\n").c_str(), stderr);
    if (comparison->errorCount() > 0)
        return 2;
    return comparison->applications.empty() ? 0 : 1;
}

} // namespace tiphys::cli
