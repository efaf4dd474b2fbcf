// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/operation.h"

#include "base/text.h"
#include "crd/names.h"
#include "policy/calendar.h"
#include "sync/retry.h"

#include <algorithm>

namespace tiphys::sync {

namespace {

constexpr std::string_view kRetrying = "Retrying operation";

bool isInProgress(const crd::Application &app)
{
    return app.status.operationState && !app.status.operationState->isFinished();
}

PickUp started(const crd::Application &app, crd::Timestamp now)
{
    PickUp pick;
    pick.state.operation = *app.operation;
    pick.state.phase = crd::OperationPhase::Running;
    pick.state.startedAt = now.text();
    pick.patch = statePatch(app, pick.state);
    return pick;
}

/// What an attempt begins without: the results of the one before, and its revisions where the newest ones are asked for.
void beginAnew(crd::OperationState &state)
{
    state.syncResult.reset();
    if (state.operation.retry.refresh && state.operation.sync) {
        state.operation.sync->revision.clear();
        state.operation.sync->revisions.clear();
    }
}

/// Running with a finishedAt: the attempt before has failed, the next one waits for its time.
PickUp retried(const crd::Application &app, crd::OperationState state, crd::Timestamp finished, crd::Timestamp now)
{
    PickUp pick;
    const Expected<crd::Duration> wait = retryWait(state.operation.retry, state.retryCount);
    if (!wait) {
        state.phase = crd::OperationPhase::Error;
        state.message = wait.error().text();
        state.finishedAt = now.text();
        pick.patch = statePatch(app, state);
        pick.runsPass = false;
        pick.state = std::move(state);
        return pick;
    }
    const std::int64_t left = finished.seconds * 1'000'000'000 + wait->nanoseconds - now.seconds * 1'000'000'000;
    if (left > 0) {
        pick.state = std::move(state);
        pick.runsPass = false;
        pick.lookAgainAfter = crd::Duration{left};
        return pick;
    }
    const std::string latest = state.operation.retry.refresh && state.operation.sync ? " with latest revisions" : "";
    state.message = std::string(kRetrying) + latest + ". Attempt #" + std::to_string(state.retryCount);
    state.finishedAt.clear();
    beginAnew(state);
    pick.patch = statePatch(app, state);
    pick.state = std::move(state);
    return pick;
}

/// The result's message in words that name what is missing.
/// Source: argo-cd util/argo/argo.go (AugmentSyncMsg)@v3.5.1
std::string explainedMessage(const crd::ResourceResult &result, const PassOutcome &outcome)
{
    const std::string kind = result.group + '/' + result.kind;
    const std::string place = result.ns + '/' + result.name;
    const std::string start = "The Kubernetes API could not find ";
    if (result.message.contains("the server could not find the requested resource") && outcome.installedVersion) {
        const std::optional<std::string> version = outcome.installedVersion({result.group, result.kind});
        if (!version)
            return start + kind + " for requested resource " + place + ". Make sure the \"" + result.kind
                   + "\" CRD is installed on the destination cluster.";
        return start + "version \"" + result.version + "\" of " + kind + " for requested resource " + place
               + ". Version \"" + *version + "\" of " + kind + " is installed on the destination cluster.";
    }
    if (result.message.contains("metadata.annotations: Too long: must have at most 262144 bytes"))
        return result.message
               + " \n -Additional Info: This error usually means that you are trying to add a large resource on client "
                 "side. Consider using Server-side apply or syncing with replace enabled. Note: Syncing with Replace "
                 "enabled is potentially destructive as it may cause resource deletion and re-creation.";
    return result.message;
}

void applyOutcome(const crd::Application &app, crd::OperationState &state, const PassOutcome &outcome)
{
    state.phase = outcome.phase;
    state.message = outcome.message;
    if (!outcome.results || !state.syncResult)
        return;
    state.syncResult->resources = *outcome.results;
    for (crd::ResourceResult &result : state.syncResult->resources)
        result.message = explainedMessage(result, outcome);
    if (app.spec.syncPolicy)
        state.syncResult->managedNamespaceMetadata = app.spec.syncPolicy->managedNamespaceMetadata;
}

/// A failed attempt is waited for and tried again, or its end is explained.
void retryOrExplain(crd::OperationState &state, const PassOutcome &outcome, crd::Timestamp now)
{
    if (!outcome.wasTerminating && mayRetry(state.operation.retry, state.retryCount)) {
        const Expected<crd::Duration> wait = retryWait(state.operation.retry, state.retryCount);
        if (!wait) {
            state.phase = crd::OperationPhase::Error;
            state.message += " (failed to retry: " + wait.error().text() + ')';
            return;
        }
        state.phase = crd::OperationPhase::Running;
        state.finishedAt = now.text();
        ++state.retryCount;
        const crd::Timestamp at{now.seconds + wait->seconds()};
        state.message +=
            ". Retrying attempt #" + std::to_string(state.retryCount) + " at " + policy::kitchenTimeOf(at) + '.';
        return;
    }
    if (outcome.wasTerminating && !outcome.terminatingCause.empty())
        state.message += ", triggered by " + outcome.terminatingCause;
    if (state.retryCount > 0)
        state.message += " (retried " + std::to_string(state.retryCount) + " times).";
}

Event completionEvent(const crd::OperationState &state)
{
    const bool isPartial = state.operation.sync && !state.operation.sync->resources.empty();
    std::string message = isPartial ? "Partial sync operation" : "Sync operation";
    if (state.syncResult)
        message += " to " + state.syncResult->revision;
    const bool isGood = state.phase == crd::OperationPhase::Succeeded;
    message += isGood ? " succeeded" : " failed: " + state.message;
    return {.type = isGood ? "Normal" : "Warning", .reason = "OperationCompleted", .message = std::move(message)};
}

bool isRecordedInHistory(const crd::OperationState &state)
{
    const auto &sync = state.operation.sync;
    return state.phase == crd::OperationPhase::Succeeded && sync && !sync->dryRun && sync->resources.empty();
}

void closeCompletion(const crd::Application &app, Completion &completion)
{
    crd::OperationState &state = completion.state;
    completion.event.reset();
    completion.refresh.reset();
    if (crd::isCompleted(state.phase)) {
        completion.event = completionEvent(state);
        const bool isDry = app.operation && (!app.operation->sync || app.operation->sync->dryRun);
        if (!isDry)
            completion.refresh = state.operation.initiatedBy.automated ? RefreshLevel::CompareWithLatest
                                                                       : RefreshLevel::CompareWithLatestForceResolve;
    }
    completion.patch = statePatch(app, state);
    if (!completion.patch)
        completion.event.reset();
}

} // namespace

std::optional<PickUp> pickUp(const crd::Application &app, crd::Timestamp now, crd::Duration syncTimeout)
{
    if (!app.operation)
        return std::nullopt;
    if (!isInProgress(app))
        return started(app, now);
    crd::OperationState state = *app.status.operationState;
    const auto startedAt = crd::timestampOf(state.startedAt).value_or(now);
    const auto finishedAt = crd::timestampOf(state.finishedAt);
    PickUp pick;
    if (state.phase == crd::OperationPhase::Terminating) {
        pick.state = std::move(state);
    } else if (syncTimeout.nanoseconds > 0 && now.seconds > startedAt.seconds + syncTimeout.seconds()) {
        state.phase = crd::OperationPhase::Terminating;
        state.message = "operation is terminating due to timeout";
        pick.terminatingCause = "controller sync timeout";
        pick.patch = statePatch(app, state);
        pick.state = std::move(state);
    } else if (state.phase == crd::OperationPhase::Running && finishedAt) {
        return retried(app, std::move(state), *finishedAt, now);
    } else {
        // A merge patch cannot take them away: what is beside this message is of the attempt before.
        if (state.message.starts_with(kRetrying))
            beginAnew(state);
        pick.state = std::move(state);
    }
    return pick;
}

std::optional<crd::Duration> timeUntilTimeout(const crd::OperationState &state, crd::Duration syncTimeout,
                                              crd::Timestamp now)
{
    if (syncTimeout.nanoseconds <= 0)
        return std::nullopt;
    const auto startedAt = crd::timestampOf(state.startedAt).value_or(now);
    // Times count in whole seconds, and it must be more than the timeout.
    return crd::Duration::ofSeconds(
        std::max<std::int64_t>(startedAt.seconds + syncTimeout.seconds() + 1 - now.seconds, 1));
}

Expected<crd::OperationState> readyForPass(const crd::Application &app, crd::OperationState state)
{
    if (!state.operation.sync)
        return failure(ErrorCode::InvalidInput, "Invalid operation request: no operation specified");
    if (state.syncResult)
        return state;
    const crd::SyncOperation &sync = *state.operation.sync;
    crd::SyncResult result;
    if (sync.source || !sync.sources.empty()) {
        if (sync.source)
            result.source = *sync.source;
        result.sources = sync.sources;
    } else {
        result.source = app.spec.effectiveSource();
        result.sources = app.spec.sources;
    }
    result.revision = sync.revision;
    result.revisions = sync.revisions;
    state.syncResult = std::move(result);
    return state;
}

policy::WindowQuestion windowQuestion(const crd::Application &app, crd::Timestamp now)
{
    policy::WindowQuestion question{.origin = policy::SyncOrigin::Automated, .now = now, .operationStart = {}};
    const auto &state = app.status.operationState;
    if (!state)
        return question;
    if (!state->operation.initiatedBy.automated)
        question.origin = policy::SyncOrigin::Manual;
    question.operationStart = crd::timestampOf(state->startedAt);
    return question;
}

crd::OperationState blockedByWindow(crd::OperationState state, std::string_view error)
{
    if (state.phase == crd::OperationPhase::Running)
        state.message = "Sync operation blocked by sync window" + (error.empty() ? "" : ": " + std::string(error));
    return state;
}

std::optional<Refusal> refusal(const crd::OperationState &state, const Precheck &check)
{
    if (!check.projectError.empty())
        return Refusal{crd::OperationPhase::Error, "Failed to load application project: " + check.projectError};
    if (!check.compareError.empty())
        return Refusal{crd::OperationPhase::Error, check.compareError};
    // In the order in which the status has them.
    std::vector<crd::Condition> conditions = check.conditions;
    std::ranges::stable_sort(conditions, {},
                             [](const crd::Condition &condition) { return condition.type + '/' + condition.message; });
    const auto shared = std::ranges::find(conditions, crd::kSharedResourceWarning, &crd::Condition::type);
    if (shared != conditions.end() && settingsOf(*state.operation.sync).failsOnSharedResource)
        return Refusal{crd::OperationPhase::Failed, "Shared resource found: " + shared->message};
    std::vector<std::string> problems;
    for (const crd::Condition &condition : conditions) {
        if (condition.type == crd::kComparisonError || condition.type == crd::kInvalidSpecError)
            problems.push_back(condition.type + ": " + condition.message);
    }
    if (!problems.empty())
        return Refusal{crd::OperationPhase::Error, join(problems, ";")};
    if (!check.setupError.empty())
        return Refusal{crd::OperationPhase::Error, check.setupError};
    return std::nullopt;
}

bool isApprovedSince(const crd::Application &app, std::string_view time)
{
    const auto approved = crd::timestampOf(app.object.annotation(crd::kDeletionApprovedAnnotation).value_or(""));
    const auto since = crd::timestampOf(time);
    return approved && since && *approved >= *since;
}

PassInput passInputOf(const crd::Application &app, const crd::OperationState &state)
{
    PassInput input;
    input.operation = state.operation;
    input.phase = state.phase;
    input.startedAt = state.startedAt;
    if (state.syncResult)
        input.results = state.syncResult->resources;
    input.destinationNamespace = app.spec.destination.ns;
    if (app.spec.syncPolicy)
        input.managedNamespaceMetadata = app.spec.syncPolicy->managedNamespaceMetadata;
    input.isPruneApproved = isApprovedSince(app, state.startedAt);
    const auto manager = app.object.annotation(crd::kClientSideApplyMigrationManagerAnnotation).value_or("");
    if (!manager.empty())
        input.migrationManager = manager;
    return input;
}

PassOutcome outcomeOf(const PassEnd &end)
{
    PassOutcome outcome;
    outcome.phase = end.phase;
    outcome.message = end.message;
    outcome.results = end.results;
    return outcome;
}

PassOutcome outcomeOf(const Refusal &refusal)
{
    PassOutcome outcome;
    outcome.phase = refusal.phase;
    outcome.message = refusal.message;
    return outcome;
}

Completion completePass(const crd::Application &app, crd::OperationState state, const PassOutcome &outcome,
                        crd::Timestamp now)
{
    applyOutcome(app, state, outcome);
    Completion completion;
    if (isRecordedInHistory(state))
        completion.historyPatch = historyPatch(historyWith(app, state, outcome.deployed, now));
    if (state.phase == crd::OperationPhase::Running && outcome.isTerminatingNow) {
        state.phase = crd::OperationPhase::Terminating;
        state.message = "operation is terminating";
    } else if (state.phase == crd::OperationPhase::Failed || state.phase == crd::OperationPhase::Error) {
        retryOrExplain(state, outcome, now);
    }
    if (crd::isCompleted(state.phase))
        state.finishedAt = now.text();
    completion.state = std::move(state);
    closeCompletion(app, completion);
    return completion;
}

Completion withHistoryError(const crd::Application &app, Completion completion, const Error &error)
{
    completion.historyPatch.reset();
    completion.state.phase = crd::OperationPhase::Error;
    completion.state.message = "failed to record sync to history: " + error.text();
    closeCompletion(app, completion);
    return completion;
}

object::Value recordPatch(const crd::Application &app, crd::OperationState state,
                          const std::vector<crd::ResourceResult> &results)
{
    if (state.syncResult)
        state.syncResult->resources = results;
    // Also tells that these results belong to the attempt that runs now: see pickUp.
    state.message = "one or more tasks are running";
    const object::Value patch = statePatch(app, state).value_or(object::Value::map({}));
    return patch.with("metadata", object::Value::map({{"resourceVersion", app.object.resourceVersion()}}));
}

} // namespace tiphys::sync
