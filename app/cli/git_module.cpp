// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/diff_report.h"
#include "cli/module.h"
#include "compose/git_reader.h"
#include "git/repository.h"
#include "offline/comparison.h"

namespace tiphys::cli {

namespace {

int renderCommit(const Invocation &invocation)
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
    return renderFrom(**files, invocation.render.source, invocation);
}

int diffCommits(const Invocation &invocation)
{
    const DiffFlags &flags = invocation.diff;
    const auto reader = compose::openReader(flags.repository);
    if (!reader)
        return fail(reader.error(), 2);
    const offline::ComparisonRequest request{.a = flags.a,
                                             .b = flags.b,
                                             .fromMergeBase = flags.fromMergeBase,
                                             .paths = flags.paths,
                                             .appFiles = flags.appFiles};
    const Expected<offline::Comparison> comparison =
        offline::compare(**reader, request, compose::parallelForEach());
    if (!comparison)
        return fail(comparison.error(), 2);
    printReport(*comparison, invocation);
    if (comparison->errorCount() > 0)
        return 2;
    return comparison->applications.empty() ? 0 : 1;
}

} // namespace

} // namespace tiphys::cli

TIPHYS_MODULE_EXPORT int tiphysModuleMain(const tiphys::cli::Invocation *invocation)
{
    using Command = tiphys::cli::Invocation::Command;
    return invocation->command == Command::Render ? tiphys::cli::renderCommit(*invocation)
                                                  : tiphys::cli::diffCommits(*invocation);
}
