// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/local_work.h"
#include "cli/online/operation_progress.h"
#include "cli/online/tables.h"
#include "cli/terminal.h"
#include "compose/machine.h"
#include "control/app_views.h"
#include "control/local_engine.h"
#include "control/requests.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace tiphys::cli {

using control::ContextSession;

namespace {

/// Seconds that the engine gets to store a comparison after a sync, before the program ends.
constexpr int kComparisonPatience = 30;

/// Asks on the terminal; without one only --yes will do.
Expected<void> confirmed(const Invocation &invocation, const std::string &question)
{
    if (invocation.app.isConfirmed)
        return {};
    if (!isTerminal())
        return failure(ErrorCode::InvalidInput, question + " needs --yes where no terminal can be asked");
    if (isAnsweredYes(question + "?"))
        return {};
    return failure(ErrorCode::Cancelled, "nothing was done");
}

/// Where nobody reconciles and the local engine is not asked for, a request would stay where it is.
Expected<void> somebodyWorks(const NamedApp &named, const Invocation &invocation)
{
    const control::ReconcilerChoice choice = named.session->reconciler(named.id);
    if (invocation.app.localEngine || choice.reconciler != service::Reconciler::Nobody)
        return {};
    return failure(ErrorCode::Denied, "nobody would do it: " + choice.reason
                                          + (choice.mayRunLocal ? "; --local-engine lets this program do it" : ""));
}

/// Asked before anything is written: where the local engine is refused, nobody else is to do the work instead.
Expected<void> localWorkAllowed(const NamedApp &named, const Invocation &invocation)
{
    const control::ReconcilerChoice choice = named.session->reconciler(named.id);
    if (!invocation.app.localEngine || choice.mayRunLocal)
        return {};
    return failure(ErrorCode::Denied, "the local engine must not run here: " + choice.reason);
}

/// Both of these.
Expected<void> workAllowed(const NamedApp &named, const Invocation &invocation)
{
    if (const Expected<void> allowed = localWorkAllowed(named, invocation); !allowed)
        return allowed;
    return somebodyWorks(named, invocation);
}

/// The resources of a partial sync that succeeded without them: "Deployment web".
std::vector<std::string> namesNotFound(const crd::OperationState &state)
{
    std::vector<std::string> names;
    if (state.phase != crd::OperationPhase::Succeeded || !state.operation.sync || !state.syncResult)
        return names;
    for (const crd::SyncResource &wanted : state.operation.sync->resources) {
        const bool isDone = std::ranges::any_of(state.syncResult->resources, [&](const crd::ResourceResult &result) {
            return result.group == wanted.group && result.kind == wanted.kind && result.name == wanted.name;
        });
        if (!isDone)
            names.push_back(wanted.kind + " " + wanted.name);
    }
    return names;
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// Prints what came out of an operation. Gives the exit code. Errors: NotFound where nothing of what was chosen is there.
Expected<int> toldOutcome(const NamedApp &named, const crd::OperationState &state, const Invocation &invocation)
{
    if (invocation.output != Output::Text) {
        printValue(crd::toValue(state), invocation.output);
    } else {
        std::vector<std::vector<std::string>> rows{{"PHASE", "GROUP", "KIND", "NAMESPACE", "NAME", "STATUS", "HOOK", "MESSAGE"}};
        if (state.syncResult) {
            for (const crd::ResourceResult &result : state.syncResult->resources)
                rows.push_back({result.syncPhase, result.group, result.kind, result.ns, result.name,
                                std::string(crd::text(result.status)),
                                result.hookType.empty() ? "" : std::string(crd::text(result.hookPhase)),
                                result.message});
        }
        if (rows.size() > 1)
            print(tableText(rows));
        print(std::string(crd::text(state.phase)) + ": " + state.message + "\n");
    }
    flushOutput();
    const std::vector<std::string> absent = namesNotFound(state);
    if (!absent.empty()) {
        const Error error(ErrorCode::NotFound, "application '" + named.id.name + "' has no " + joined(absent));
        if (state.syncResult && state.syncResult->resources.empty())
            return std::unexpected(error);
        fail(error);
    }
    return state.phase == crd::OperationPhase::Succeeded ? 0 : 1;
}

/// How long the new comparison may still take: kComparisonPatience, or what is left of \p timeout seconds (0: no limit).
int secondsLeft(int timeout, std::chrono::steady_clock::time_point start)
{
    if (timeout <= 0)
        return kComparisonPatience;
    const auto taken = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
    return static_cast<int>(std::clamp<std::int64_t>(timeout - taken, 0, kComparisonPatience));
}

/// Waits for the end of an operation, with or without the local engine doing it.
Async<int> awaitOperation(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    const Expected<LocalWorkPtr> local = co_await startedLocalWork(session, named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const auto start = std::chrono::steady_clock::now();
    const Expected<crd::OperationState> state = co_await finishedOperation(
        {.session = named.session, .app = named.id, .timeoutSeconds = invocation.app.timeoutSeconds,
         .isQuiet = invocation.isQuiet},
        cancel);
    Expected<int> code = 1;
    if (state)
        code = toldOutcome(named, *state, invocation);
    else
        code = std::unexpected(state.error());
    if (*local && state && state->phase == crd::OperationPhase::Succeeded) {
        const int left = secondsLeft(invocation.app.timeoutSeconds, start);
        Expected<void> compared;
        if (left > 0)
            compared = co_await comparedSince(
                {.session = named.session, .app = named.id, .timeoutSeconds = left, .isQuiet = true}, state->finishedAt, cancel);
        ignoreError(compared, "the operation's outcome is what counts");
    }
    if (*local)
        ignoreError(co_await (*local)->close(), "the operation's outcome is what counts");
    co_return code;
}

} // namespace

Async<int> runAppSync(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const AppFlags &flags = invocation.app;
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = workAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<std::vector<object::ObjectKey>> selected = resourceKeys(flags.resources);
    if (!selected)
        co_return std::unexpected(selected.error());
    // An operation that was cut off goes on: asking for another one would be refused anyway.
    const bool isResumed = flags.localEngine && named->app.operation.has_value();
    if (isResumed) {
        std::fputs("an operation is in progress; going on with it\n", stderr);
    } else {
        service::SyncRequest request;
        request.app = named->id;
        request.revision = flags.revision;
        request.prunes = flags.prunes;
        request.isDryRun = flags.isDryRun;
        request.forces = flags.forces;
        request.replaces = flags.replaces;
        request.selected = *selected;
        request.syncOptions = flags.syncOptions;
        if (flags.serverSide)
            request.syncOptions.emplace_back("ServerSideApply=true");
        const Expected<service::Done> asked =
            co_await control::resolveAndSync(*named->session, session.repositories(), request, cancel);
        if (!asked)
            co_return std::unexpected(asked.error());
    }
    if (!flags.waits && !flags.localEngine) {
        printAct(invocation, named->id, "requested", "sync of " + named->id.name + " was asked for");
        co_return 0;
    }
    const Expected<int> code = co_await awaitOperation(session, *named, invocation, cancel);
    co_return code;
}

Async<int> runAppRollback(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = workAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    std::int64_t id = invocation.app.historyId;
    if (id < 0) {
        const auto &history = named->app.status.history;
        if (history.size() < 2)
            co_return failure(ErrorCode::NotFound, "the history of '" + named->id.name + "' has no earlier entry");
        id = history[history.size() - 2].id;
    }
    const Expected<service::Done> asked =
        co_await control::requestRollback(*named->session, named->id, id, invocation.app.prunes, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    if (!invocation.app.waits && !invocation.app.localEngine) {
        printAct(invocation, named->id, "requested",
                 "rollback of " + named->id.name + " to " + std::to_string(id) + " was asked for");
        co_return 0;
    }
    const Expected<int> code = co_await awaitOperation(session, *named, invocation, cancel);
    co_return code;
}

Async<int> runAppWait(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = localWorkAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const AppFlags &flags = invocation.app;
    const bool isAll = !flags.needsSync && !flags.needsHealth && !flags.needsOperation;
    const Waiting waiting{.session = named->session,
                          .app = named->id,
                          .needsSync = isAll || flags.needsSync,
                          .needsHealth = isAll || flags.needsHealth,
                          .needsNoOperation = isAll || flags.needsOperation,
                          .needsComparison = flags.localEngine,
                          .timeoutSeconds = flags.timeoutSeconds,
                          .isQuiet = invocation.isQuiet};
    // A status that nobody renews does not become another one.
    if (const Expected<void> allowed = somebodyWorks(*named, invocation); !allowed) {
        const std::string missing = whatIsMissing(waiting, named->app);
        if (!missing.empty())
            co_return std::unexpected(allowed.error().in("waiting:" + missing));
        printAct(invocation, named->id, "reached", "");
        co_return 0;
    }
    if (flags.localEngine) {
        // What is stored may be old: a comparison first.
        const Expected<service::Done> asked = co_await control::requestRefresh(*named->session, named->id, false, cancel);
        if (!asked)
            co_return std::unexpected(asked.error());
    }
    const Expected<LocalWorkPtr> local = co_await startedLocalWork(session, *named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const Expected<void> reached = co_await applicationState(waiting, cancel);
    if (*local)
        ignoreError(co_await (*local)->close(), "the state is what counts");
    if (!reached)
        co_return std::unexpected(reached.error());
    printAct(invocation, named->id, "reached", "");
    co_return 0;
}

Async<int> runAppRefresh(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = workAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<service::Done> asked =
        co_await control::requestRefresh(*named->session, named->id, invocation.app.isHard, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    if (!invocation.app.localEngine && !invocation.app.waitsForEnd) {
        printAct(invocation, named->id, "requested", "refresh of " + named->id.name + " was asked for");
        co_return 0;
    }
    const Expected<LocalWorkPtr> local = co_await startedLocalWork(session, *named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const Expected<void> refreshed = co_await refreshedApplication(
        {.session = named->session, .app = named->id, .timeoutSeconds = invocation.app.timeoutSeconds,
         .isQuiet = invocation.isQuiet},
        cancel);
    if (*local)
        ignoreError(co_await (*local)->close(), "the refresh is what counts");
    if (!refreshed)
        co_return std::unexpected(refreshed.error());
    printAct(invocation, named->id, "refreshed", named->id.name + " was refreshed");
    co_return 0;
}

Async<int> runAppTerminate(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = workAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<service::Done> asked =
        co_await control::requestTerminate(*named->session, named->id, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    if (!invocation.app.localEngine) {
        printAct(invocation, named->id, "terminating", "the operation of " + named->id.name + " is terminating");
        co_return 0;
    }
    const Expected<LocalWorkPtr> local = co_await startedLocalWork(session, *named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const Expected<crd::OperationState> state = co_await finishedOperation(
        {.session = named->session, .app = named->id, .timeoutSeconds = invocation.app.timeoutSeconds,
         .isQuiet = invocation.isQuiet},
        cancel);
    if (*local)
        ignoreError(co_await (*local)->close(), "the operation's end is what counts");
    if (!state)
        co_return std::unexpected(state.error());
    printAct(invocation, named->id, "ended",
             "the operation of " + named->id.name + " has ended: " + std::string(crd::text(state->phase)) + ": " + state->message);
    co_return 0;
}

Async<int> runAppDelete(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<NamedApp> named = co_await namedApp(session, invocation, cancel);
    if (!named)
        co_return std::unexpected(named.error());
    if (const Expected<void> allowed = localWorkAllowed(*named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const std::string cascade = invocation.app.cascade == "none" ? "" : invocation.app.cascade;
    const std::size_t resources = named->app.status.resources.size();
    const Expected<void> agreed =
        confirmed(invocation, "Delete application " + named->id.ns + "/" + named->id.name
                                  + (cascade.empty() ? " (its resources stay)"
                                                     : " and its " + std::to_string(resources) + " resources"));
    if (!agreed)
        co_return std::unexpected(agreed.error());
    const control::ReconcilerChoice choice = named->session->reconciler(named->id);
    if (!cascade.empty() && !invocation.app.localEngine && choice.reconciler == service::Reconciler::Nobody)
        co_return failure(ErrorCode::Denied, "nobody would delete the resources: " + choice.reason
                                                 + "; --local-engine lets this program do it, --cascade none leaves them");
    const Expected<service::Done> asked =
        co_await control::requestDelete(*named->session, named->id, cascade, cancel);
    if (!asked)
        co_return std::unexpected(asked.error());
    const bool needsLocal = invocation.app.localEngine && !cascade.empty();
    if (!needsLocal && !invocation.app.waitsForEnd) {
        printAct(invocation, named->id, "requested", "deletion of " + named->id.name + " was asked for");
        co_return 0;
    }
    Expected<LocalWorkPtr> local = LocalWorkPtr();
    if (needsLocal)
        local = co_await startedLocalWork(session, *named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const Expected<void> gone = co_await applicationGone(
        {.session = named->session, .app = named->id, .timeoutSeconds = invocation.app.timeoutSeconds,
         .isQuiet = invocation.isQuiet},
        cancel);
    if (*local)
        ignoreError(co_await (*local)->close(), "the deletion is what counts");
    if (!gone)
        co_return std::unexpected(gone.error());
    printAct(invocation, named->id, "deleted", named->id.name + " was deleted");
    co_return 0;
}

Async<int> runEngine(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const Expected<ContextSession *> opened =
        co_await session.open({.ns = invocation.connection.ns, .name = {}}, cancel);
    if (!opened)
        co_return std::unexpected(opened.error());
    ContextSession *home = *opened;
    const std::set<std::string> only(invocation.engine.applications.begin(), invocation.engine.applications.end());
    // Those that are known now are connected before the engine begins; others start when it meets them.
    for (const auto &[id, known] : home->apps()) {
        if (known.app)
            ignoreError(co_await session.destinationOf(known.app->spec.destination, home, cancel), "the engine says what is missing");
    }
    control::LocalEngine engine(
        *home, [&session, home](const crd::Destination &destination) { return session.destinationNow(destination, *home); },
        session.parts(), compose::engineIdentity(), only);
    const Expected<void> started = co_await engine.start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    std::fputs(("engine of " + compose::engineIdentity() + " at work in context " + home->state().context + ", namespace "
                + home->controlPlaneNamespace() + "\n")
                   .c_str(),
               stderr);
    for (const auto &[id, known] : home->apps()) {
        const control::ReconcilerChoice choice = home->reconciler(id);
        if (!choice.mayRunLocal && (only.empty() || only.contains(id.name)))
            std::fputs(("left alone application=" + id.ns + "/" + id.name + ": " + choice.reason + "\n").c_str(), stderr);
    }
    session.setOnChange([&engine](const service::AppId *changed) {
        if (changed)
            engine.applicationChanged(*changed);
        else
            engine.applicationsChanged();
    });
    if (invocation.engine.runsOnce) {
        const Expected<void> passed = co_await engine.firstPass(cancel);
        session.setOnChange({});
        ignoreError(co_await engine.close(), "the pass is done");
        if (!passed)
            co_return std::unexpected(passed.error());
        co_return 0;
    }
    async::Completion<void> stopped;
    const async::CancelRegistration registration = cancel.onCancel([stopped] { stopped.set({}); });
    const Expected<void> waited = co_await stopped;
    ignoreError(waited, "stopping is what was waited for");
    session.setOnChange({});
    ignoreError(co_await engine.close(), "the Lease is given up, or expires");
    std::fputs("engine stopped\n", stderr);
    co_return 0;
}

} // namespace tiphys::cli
