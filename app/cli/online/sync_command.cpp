// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/commands.h"
#include "cli/online/commands.h"
#include "cli/online/differences.h"
#include "cli/online/local_work.h"
#include "cli/online/operation_progress.h"
#include "cli/online/shown_app.h"
#include "cli/online/source_revisions.h"
#include "cli/online/sync_choice.h"
#include "cli/online/work_guards.h"
#include "control/application_access.h"
#include "control/requests.h"
#include "object/json.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>

namespace tiphys::cli {

namespace {

/// Seconds that the engine gets to store a comparison after a sync, before the program ends.
constexpr int kComparisonPatience = 30;

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

/// Prints what came out of an operation. Gives the exit code. Errors: NotFound where nothing of what was chosen is there.
Expected<int> toldOutcome(const NamedApp &named, const crd::OperationState &state, const Invocation &invocation)
{
    if (!isForPeople(invocation.output)) {
        printValue(crd::toValue(state), invocation.output);
    } else {
        print(resultTable(state) + std::string(crd::text(state.phase)) + ": " + state.message + "\n");
    }
    flushOutput();
    const std::vector<std::string> absent = namesNotFound(state);
    if (!absent.empty()) {
        const Error error(ErrorCode::NotFound, "application '" + named.id.name + "' has no " + join(absent, ", "));
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
    const auto taken =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
    return static_cast<int>(std::clamp<std::int64_t>(timeout - taken, 0, kComparisonPatience));
}

/// What a sync of the whole application left in the cluster because it was not to prune.
std::ptrdiff_t leftToPrune(const crd::OperationState &state)
{
    const std::optional<crd::SyncOperation> &sync = state.operation.sync;
    if (!sync || !state.syncResult || sync->dryRun || !sync->resources.empty())
        return 0;
    return std::ranges::count(state.syncResult->resources, crd::ResultCode::PruneSkipped, &crd::ResourceResult::status);
}

/// Fails where what a sync did not prune keeps the application from being in sync. Errors: Conflict.
/// Source: argo-cd cmd/argocd/commands/app.go (NewApplicationSyncCommand)@v3.5.1
Async<void> nothingLeftToPrune(NamedApp named, crd::OperationState state, int seconds, CancelToken cancel)
{
    const std::ptrdiff_t count = leftToPrune(state);
    if (count == 0)
        co_return {};
    const Waiting comparison{.session = named.session,
                             .app = named.id,
                             .needsNoOperation = true,
                             .timeoutSeconds = std::max(seconds, 1),
                             .isQuiet = true};
    ignoreError(co_await applicationState(comparison, cancel), "the status as it is says enough");
    const Expected<crd::Application> app =
        co_await control::readApplication(named.session->cluster(), named.id, cancel);
    if (!app)
        co_return std::unexpected(app.error());
    if (app->status.sync.status != crd::SyncCode::Synced)
        co_return failure(ErrorCode::Conflict, std::to_string(count) + " resources require pruning");
    co_return {};
}

/// Waits for the end of an operation, with or without the local engine doing it.
Async<int> awaitOperation(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    const Expected<LocalWorkPtr> local = co_await startedLocalWork(session, named, invocation, cancel);
    if (!local)
        co_return std::unexpected(local.error());
    const auto start = std::chrono::steady_clock::now();
    const Expected<crd::OperationState> state =
        co_await finishedOperation({.session = named.session,
                                    .app = named.id,
                                    .timeoutSeconds = invocation.app.timeoutSeconds,
                                    .isQuiet = invocation.isQuiet,
                                    .wayOn = wayOnWithOperation(named, invocation)},
                                   cancel);
    Expected<int> code = 1;
    if (state)
        code = toldOutcome(named, *state, invocation);
    else
        code = std::unexpected(state.error());
    if (*local && state && state->phase == crd::OperationPhase::Succeeded) {
        const Expected<void> compared =
            co_await (*local)->rest(secondsLeft(invocation.app.timeoutSeconds, start), cancel);
        ignoreError(compared, "the operation's outcome is what counts");
    }
    if (state && isTree(invocation.output)) {
        print("\n");
        const Expected<void> shown = co_await shownTree(session, asKnownNow(named), invocation.output, cancel);
        if (!shown)
            fail(shown.error());
        flushOutput();
    }
    if (invocation.command == Invocation::Command::AppSync && code && *code == 0) {
        const Expected<void> pruned =
            co_await nothingLeftToPrune(named, *state, secondsLeft(invocation.app.timeoutSeconds, start), cancel);
        if (!pruned)
            code = std::unexpected(pruned.error());
    }
    if (*local)
        ignoreError(co_await (*local)->close(), "the operation's outcome is what counts");
    co_return code;
}

std::optional<service::SyncRetry> retryOf(const RetryFlags &flags)
{
    if (flags.limit == 0)
        return std::nullopt;
    return service::SyncRetry{.limit = flags.limit,
                              .refreshes = flags.refreshes,
                              .duration = flags.duration.empty() ? "5s" : flags.duration,
                              .maxDuration = flags.maxDuration.empty() ? "3m0s" : flags.maxDuration,
                              .factor = flags.factor};
}

Expected<service::SyncRequest> requestOf(const NamedApp &named, const AppFlags &flags,
                                         std::vector<object::ObjectKey> selected)
{
    const Expected<std::vector<std::string>> revisions = sourceRevisions(named.app, flags);
    if (!revisions)
        return std::unexpected(revisions.error());
    service::SyncRequest request;
    request.app = named.id;
    request.revision = flags.revision;
    request.revisions = *revisions;
    request.prunes = flags.prunes;
    request.isDryRun = flags.isDryRun;
    request.forces = flags.forces;
    request.replaces = flags.replaces;
    request.appliesOnly = flags.strategy == "apply";
    request.selected = std::move(selected);
    request.retry = retryOf(flags.retry);
    request.syncOptions = flags.syncOptions;
    if (flags.serverSide)
        request.syncOptions.emplace_back("ServerSideApply=true");
    if (flags.appliesOutOfSyncOnly)
        request.syncOptions.emplace_back("ApplyOutOfSyncOnly=true");
    for (const std::string &text : flags.info)
        request.info[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
    return request;
}

/// What \p named is rendered to from the files of this machine, as JSON texts. Errors: those of rendering; InvalidInput for an
/// application of several sources, and where nothing comes out.
Async<std::vector<std::string>> localManifests(OnlineSession &session, NamedApp named, const Invocation &invocation,
                                               CancelToken cancel)
{
    if (named.app.spec.hasMultipleSources())
        co_return failure(ErrorCode::InvalidInput, "application " + tiphys::quoted(named.id.name)
                                                       + " has several sources: --local is for one source");
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateAsked(session, named, invocation, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    if ((*evaluation)->renderError)
        co_return std::unexpected(*(*evaluation)->renderError);
    if (const std::string problem = comparisonProblem(**evaluation); !problem.empty())
        co_return failure(ErrorCode::Unavailable, problem);
    std::vector<std::string> manifests;
    for (const object::Object &target : (*evaluation)->comparison.targets)
        manifests.push_back(object::toJson(target.value()));
    // Without any the operation would be one of what Git has.
    if (manifests.empty())
        co_return failure(ErrorCode::InvalidInput,
                          "folder " + tiphys::quoted(invocation.app.local.folder) + " has no manifest");
    co_return manifests;
}

/// Shows what the sync would change, and asks; false where nothing would. Errors: Cancelled; InvalidInput where nobody can be asked.
/// Source: argo-cd cmd/argocd/commands/app.go (NewApplicationSyncCommand, findAndPrintDiff)@v3.5.1
Async<bool> previewed(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    const Expected<control::EvaluationPtr> evaluation = co_await evaluateAsked(session, named, invocation, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    if (const std::string problem = comparisonProblem(**evaluation); !problem.empty())
        co_return failure(ErrorCode::Unavailable, problem);
    tellWarnings(**evaluation);
    const std::vector<Difference> differences = differencesOf(named, **evaluation);
    if (differences.empty())
        co_return false;
    if (!isForPeople(invocation.output)) {
        std::fputs(differencesText(differences).c_str(), stderr);
    } else {
        const Expected<void> shown = co_await shownDifferences(differences, cancel);
        if (!shown)
            co_return std::unexpected(shown.error());
    }
    flushOutput();
    const Expected<void> agreed =
        confirmed(invocation, "Sync application " + named.id.ns + "/" + named.id.name + " with these changes");
    if (!agreed)
        co_return std::unexpected(agreed.error());
    co_return true;
}

/// Asks for the sync of one application, and waits for it where that is wanted. Gives the exit code.
Async<int> synced(OnlineSession &session, NamedApp named, const Invocation &invocation, CancelToken cancel)
{
    const AppFlags &flags = invocation.app;
    if (const Expected<void> allowed = workAllowed(named, invocation); !allowed)
        co_return std::unexpected(allowed.error());
    const Expected<std::vector<object::ObjectKey>> selected =
        co_await chosenResources(session, named, invocation, cancel);
    if (!selected)
        co_return std::unexpected(selected.error());
    Expected<service::SyncRequest> request = requestOf(named, flags, *selected);
    if (!request)
        co_return std::unexpected(request.error());
    // An operation that was cut off goes on: asking for another one would be refused anyway.
    const bool isResumed = flags.localEngine && named.app.operation.has_value();
    if (!isResumed) {
        const Expected<void> checked = co_await checkedChoice(session, named, invocation, *selected, cancel);
        if (!checked)
            co_return std::unexpected(checked.error());
    }
    if (!flags.local.folder.empty()) {
        const Expected<std::vector<std::string>> manifests =
            co_await localManifests(session, named, invocation, cancel);
        if (!manifests)
            co_return std::unexpected(manifests.error());
        request->manifests = *manifests;
    }
    if (flags.previewsChanges && !isResumed) {
        const Expected<bool> isWanted = co_await previewed(session, named, invocation, cancel);
        if (!isWanted)
            co_return std::unexpected(isWanted.error());
        if (!*isWanted) {
            printAct(invocation, named.id, "unchanged", "no differences found: nothing is synced");
            co_return 0;
        }
    }
    if (isResumed) {
        std::fputs("an operation is in progress; going on with it\n", stderr);
    } else {
        const Expected<service::Done> asked =
            co_await control::resolveAndSync(*named.session, session.repositories(), *request, cancel);
        if (!asked)
            co_return std::unexpected(asked.error());
    }
    Expected<int> code = 0;
    if (flags.waits || flags.localEngine)
        code = co_await awaitOperation(session, named, invocation, cancel);
    else
        printAct(invocation, named.id, "requested", "sync of " + named.id.name + " was asked for");
    if (code && !isResumed && !request->manifests.empty() && !invocation.isQuiet) {
        flushOutput();
        std::fputs(("application " + tiphys::quoted(named.id.name)
                    + " is compared with these manifests, not with Git, until its next operation\n")
                       .c_str(),
                   stderr);
    }
    co_return code;
}

} // namespace

Async<int> runAppSync(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    const RetryFlags &retry = invocation.app.retry;
    if (retry.limit == 0 && (retry.refreshes || !retry.duration.empty() || !retry.maxDuration.empty()))
        std::fputs("warning: --retry-… counts only together with --retry-limit\n", stderr);
    const Expected<std::vector<NamedApp>> apps = co_await namedApps(session, invocation, cancel);
    if (!apps)
        co_return std::unexpected(apps.error());
    const Expected<int> code = co_await oneByOne(*apps, invocation, [&session, &invocation, cancel](NamedApp named) {
        return synced(session, std::move(named), invocation, cancel);
    });
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

} // namespace tiphys::cli
