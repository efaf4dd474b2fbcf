// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/local_work.h"
#include "cli/online/operation_progress.h"
#include "cli/online/work_guards.h"
#include "control/requests.h"

#include <string>
#include <utility>
#include <vector>

namespace tiphys::cli {

Async<void> comparedAnew(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    if (const Expected<void> allowed = workAllowed(named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<service::Done> asked =
        co_await control::requestRefresh(*named.session, named.id, invocation.app.isHard, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    const Expected<LocalWorkPtr> local = co_await startedLocalWork(session, named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const Expected<void> refreshed = co_await refreshedApplication({.session = named.session,
                                                                    .app = named.id,
                                                                    .timeoutSeconds = invocation.app.timeoutSeconds,
                                                                    .isQuiet = invocation.isQuiet},
                                                                   cancel);
    if (*local)
        ignoreError(co_await (*local)->close(), "the refresh is what counts");
    co_return refreshed;
}

Async<int> runAppRefresh(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (invocation.app.localEngine || invocation.app.waitsForEnd) {
        const Expected<void> refreshed = co_await comparedAnew(session, *named, invocation, cancel);
        if (!refreshed)
            co_return std::unexpected(refreshed.error());
        printAct(invocation, named->id, "refreshed", named->id.name + " was refreshed");
        co_return 0;
    }
    if (const Expected<void> allowed = workAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<service::Done> asked =
        co_await control::requestRefresh(*named->session, named->id, invocation.app.isHard, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    printAct(invocation, named->id, "requested", "refresh of " + named->id.name + " was asked for");
    co_return 0;
}

Async<int> runAppTerminate(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = workAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<service::Done> asked = co_await control::requestTerminate(*named->session, named->id, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    if (!invocation.app.localEngine) {
        printAct(invocation, named->id, "terminating", "the operation of " + named->id.name + " is terminating");
        co_return 0;
    }
    const Expected<LocalWorkPtr> local = co_await startedLocalWork(session, *named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const Expected<crd::OperationState> state =
        co_await finishedOperation({.session = named->session,
                                    .app = named->id,
                                    .timeoutSeconds = invocation.app.timeoutSeconds,
                                    .isQuiet = invocation.isQuiet,
                                    .wayOn = wayOnWithOperation(*named, invocation)},
                                   cancel);
    if (*local)
        ignoreError(co_await (*local)->close(), "the operation's end is what counts");
    if (!state)
        co_return std::unexpected(state.error());
    printAct(invocation, named->id, "ended",
             "the operation of " + named->id.name + " has ended: " + std::string(crd::text(state->phase)) + ": "
                 + state->message);
    co_return 0;
}

namespace {

std::string cascadeOf(const Invocation &invocation)
{
    return invocation.app.cascade == "none" ? "" : invocation.app.cascade;
}

/// "Delete application argocd/shop and its 3 resources", or of several how many and which.
std::string deletionQuestion(const std::vector<NamedApp> &apps, bool isCascading)
{
    std::size_t resources = 0;
    std::string names;
    for (const NamedApp &named : apps) {
        resources += named.app.status.resources.size();
        names += (names.empty() ? "" : ", ") + named.id.ns + "/" + named.id.name;
    }
    const bool isOne = apps.size() == 1;
    return "Delete " + (isOne ? "application " + names : std::to_string(apps.size()) + " applications (" + names + ")")
           + (isCascading ? (isOne ? " and its " : " and their ") + std::to_string(resources) + " resources"
                          : std::string(isOne ? " (its resources stay)" : " (their resources stay)"));
}

/// Asks for the deletion of one application, and waits for it where that is wanted. Gives the exit code.
Async<int> deleted(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    const std::string cascade = cascadeOf(invocation);
    const control::ReconcilerChoice choice = named.session->reconciler(named.id);
    if (!cascade.empty() && !invocation.app.localEngine && choice.reconciler == service::Reconciler::Nobody)
        co_return failure(ErrorCode::Denied,
                          "nobody would delete the resources: " + choice.reason
                              + "; --local-engine lets this program do it, --cascade none leaves them");
    const Expected<service::Done> asked = co_await control::requestDelete(*named.session, named.id, cascade, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    const bool needsLocal = invocation.app.localEngine && !cascade.empty();
    if (!needsLocal && !invocation.app.waitsForEnd) {
        printAct(invocation, named.id, "requested", "deletion of " + named.id.name + " was asked for");
        co_return 0;
    }
    Expected<LocalWorkPtr> local = LocalWorkPtr();
    if (needsLocal)
        local = co_await startedLocalWork(session, named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const Expected<void> gone =
        co_await applicationGone({.session = named.session,
                                  .app = named.id,
                                  .timeoutSeconds = invocation.app.timeoutSeconds,
                                  .isQuiet = invocation.isQuiet,
                                  .wayOn = needsLocal ? wayOnWithDeletion(named, invocation) : std::string()},
                                 cancel);
    if (*local)
        ignoreError(co_await (*local)->close(), "the deletion is what counts");
    if (!gone)
        co_return std::unexpected(gone.error());
    printAct(invocation, named.id, "deleted", named.id.name + " was deleted");
    co_return 0;
}

} // namespace

Async<int> runAppDelete(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<std::vector<NamedApp>> apps = co_await namedApps(session, invocation, cancel);
    if (!apps)
        co_return std::unexpected(apps.error());
    for (const NamedApp &named : *apps) {
        if (const Expected<void> allowed = localWorkAllowed(named, invocation); !allowed)
            co_return std::unexpected(allowed.error());
    }
    if (const Expected<void> agreed = confirmed(invocation, deletionQuestion(*apps, !cascadeOf(invocation).empty()));
        !agreed)
        co_return std::unexpected(agreed.error());
    const Expected<int> code = co_await oneByOne(*apps, invocation, [&session, &invocation, cancel](NamedApp named) {
        return deleted(session, std::move(named), invocation, cancel);
    });
    co_return code;
}

} // namespace tiphys::cli
