// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/local_work.h"
#include "cli/online/operation_progress.h"
#include "cli/online/shown_app.h"
#include "cli/online/work_guards.h"
#include "control/requests.h"

#include <utility>
#include <vector>

namespace tiphys::cli {

namespace {

Waiting waitingFor(const NamedApp &named, const Invocation &invocation)
{
    const AppFlags &flags = invocation.app;
    const bool isAll = !flags.needsSync && !flags.needsHealth && !flags.needsSuspended && !flags.needsDegraded
                       && !flags.needsOperation && !flags.needsHydration;
    return {.session = named.session,
            .app = named.id,
            .needsSync = isAll || flags.needsSync,
            .needsHealth = isAll || flags.needsHealth,
            .needsSuspended = flags.needsSuspended,
            .needsDegraded = flags.needsDegraded,
            .needsHydration = flags.needsHydration,
            .resources = flags.resources,
            .needsNoOperation = isAll || flags.needsOperation,
            .needsComparison = flags.localEngine,
            .timeoutSeconds = flags.timeoutSeconds,
            .isQuiet = invocation.isQuiet};
}

/// Waits for one application.
Async<void> reached(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    if (const Expected<void> allowed = localWorkAllowed(named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Waiting waiting = waitingFor(named, invocation);
    const bool isDeletion = invocation.app.needsDeletion;
    // A status that nobody renews does not become another one.
    if (const Expected<void> allowed = somebodyWorks(named, invocation); !allowed && !isDeletion) {
        const std::string missing = whatIsMissing(waiting, named.app);
        if (!missing.empty())
            co_return std::unexpected(allowed.error().in("waiting:" + missing));
        co_return {};
    }
    if (invocation.app.localEngine && !isDeletion) {
        // What is stored may be old: a comparison first.
        const Expected<service::Done> asked = co_await control::requestRefresh(*named.session, named.id, false, cancel);
        if (!asked)
            co_return std::unexpected(asked.error());
    }
    const Expected<LocalWorkPtr> local = co_await startedLocalWork(session, named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    Expected<void> done;
    if (isDeletion)
        done = co_await applicationGone(waiting, cancel);
    else
        done = co_await applicationState(waiting, cancel);
    if (*local)
        ignoreError(co_await (*local)->close(), "the state is what counts");
    co_return done;
}

/// The same, told. Gives the exit code.
Async<int> waitedFor(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    const Expected<void> done = co_await reached(session, named, invocation, cancel);
    if (!done)
        co_return std::unexpected(done.error());
    printAct(invocation, named.id, invocation.app.needsDeletion ? "deleted" : "reached", "");
    if (invocation.app.needsDeletion || !isTree(invocation.output))
        co_return 0;
    const Expected<void> shown = co_await shownTree(session, asKnownNow(named), invocation.output, cancel);
    if (!shown)
        co_return std::unexpected(shown.error());
    co_return 0;
}

} // namespace

Async<int> runAppWait(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<std::vector<NamedApp>> apps = co_await namedApps(session, invocation, cancel);
    if (!apps)
        co_return std::unexpected(apps.error());
    const Expected<int> code = co_await oneByOne(*apps, invocation, [&session, &invocation, cancel](NamedApp named) {
        return waitedFor(session, std::move(named), invocation, cancel);
    });
    co_return code;
}

} // namespace tiphys::cli
