// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/job_pool.h"
#include "async/wait_for.h"
#include "cli/git_commands.h"
#include "cli/module.h"
#include "cli/quiet_locale.h"
#include "compose/artifacts.h"
#include "compose/git_repositories.h"
#include "compose/machine.h"
#include "ports/system_clock.h"
#include "remote/fetched_content.h"

#include <QCoreApplication>

#include <cstdio>

namespace tiphys::cli {

namespace {

int runFetched(const Invocation &invocation)
{
    const bool isRender = invocation.command == Invocation::Command::Render;
    const FetchFlags &flags = isRender ? invocation.render.fetch : invocation.diff.fetch;
    async::JobPool pool;
    const auto clock = std::make_shared<ports::SystemClock>();
    const bool isQuiet = invocation.isQuiet;
    const remote::RemoteParts parts{
        .artifacts = compose::artifacts({.mayRunHelper = [](const std::string &, const std::string &) { return true; },
                                         .pool = &pool,
                                         .clock = clock,
                                         .isPlainHttp = flags.isPlainHttp,
                                         .progress =
                                             [isQuiet](const std::string &what) {
                                                 if (!isQuiet)
                                                     std::fputs(("fetching " + what + "\n").c_str(), stderr);
                                             }}),
        .repositories = compose::gitRepositories(
            compose::cacheFolder(), [](const auto &...) { return true; }, &pool, clock),
        .accessOf = {}};
    remote::FetchedContentPtr content;
    const FetchMissing fetch =
        [&](const std::vector<render::RemoteNeed> &needs) -> std::shared_ptr<const render::RemoteContent> {
        const Expected<remote::FetchedContentPtr> more = async::waitFor(remote::withFetched(parts, content, needs, {}));
        if (more)
            content = *more;
        return content;
    };
    int code = 0;
    if (!isRender)
        code = diffCommits(invocation, fetch);
    else if (invocation.render.repository.empty())
        code = runRender(invocation, fetch);
    else
        code = renderCommit(invocation, fetch);
    pool.waitForDone();
    return code;
}

} // namespace

} // namespace tiphys::cli

TIPHYS_MODULE_EXPORT int tiphysModuleMain(const tiphys::cli::Invocation *invocation)
{
    int argc = 1;
    char name[] = "tiphysctl";
    char *argv[] = {name, nullptr};
    const tiphys::cli::QuietLocale quiet;
    const QCoreApplication application(argc, argv);
    return tiphys::cli::runFetched(*invocation);
}
