// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/auto_sync.h"

#include "base/text.h"

#include <algorithm>
#include <limits>

namespace tiphys::sync {

namespace {

AutoSyncDecision nothing(std::string reason)
{
    AutoSyncDecision decision;
    decision.reason = std::move(reason);
    return decision;
}

AutoSyncDecision refused(std::string message)
{
    AutoSyncDecision decision;
    decision.reason = message;
    decision.syncError = SyncErrorChange::Set;
    decision.syncErrorMessage = std::move(message);
    return decision;
}

std::string goList(const std::vector<std::string> &texts)
{
    return '[' + join(texts, " ") + ']';
}

struct Attempt
{
    bool wasMade = false;
    std::vector<std::string> revisions;
    crd::OperationPhase phase = crd::OperationPhase::None;
};

Attempt lastAttempt(const crd::Application &app, const std::vector<std::string> &desired)
{
    const auto &state = app.status.operationState;
    if (!state)
        return {};
    if (!state->syncResult)
        return {.wasMade = state->isFinished(), .revisions = {}, .phase = state->phase};
    const crd::SyncResult &result = *state->syncResult;
    const bool isMulti = app.spec.hasMultipleSources();
    Attempt attempt{.wasMade = true,
                    .revisions = isMulti ? result.revisions : std::vector<std::string>{result.revision},
                    .phase = state->phase};
    if (attempt.revisions != desired)
        attempt.wasMade = false;
    else if (isMulti)
        attempt.wasMade = app.spec.sources == result.sources;
    else
        attempt.wasMade = app.spec.effectiveSource() == result.source;
    return attempt;
}

crd::Operation operationFor(const AutoSyncInput &input)
{
    const crd::ApplicationSpec &spec = input.app.spec;
    crd::Operation operation;
    crd::SyncOperation &sync = operation.sync.emplace();
    if (!spec.hasMultipleSources())
        sync.source = spec.effectiveSource();
    sync.sources = spec.sources;
    sync.revision = input.sync.revision;
    sync.revisions = input.sync.revisions;
    sync.prune = spec.syncPolicy->automated->prunes();
    sync.syncOptions = spec.syncPolicy->syncOptions;
    operation.initiatedBy.automated = true;
    operation.retry.limit = 5;
    if (spec.syncPolicy->retry)
        operation.retry = *spec.syncPolicy->retry;
    return operation;
}

/// The wait before the next of \p attempts, in seconds.
std::int64_t growingWait(std::int64_t attempts, const SelfHealBackoff &backoff)
{
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max(); // where no cap is set
    std::int64_t wait = attempts > 0 ? std::min(backoff.timeoutSeconds, most) : 0;
    for (std::int64_t i = 1; i < attempts && backoff.factor > 0; ++i) {
        const std::int64_t next = wait * std::min(backoff.factor, most);
        const std::int64_t limit = backoff.capSeconds > 0 ? std::min(backoff.capSeconds, most) : most;
        if (next > limit)
            return limit;
        if (next == wait)
            break;
        wait = next;
    }
    return wait;
}

/// Turns the operation into one that heals what is not in sync.
void healOnly(crd::Operation &operation, const AutoSyncInput &input, std::int64_t attempts)
{
    operation.sync->selfHealAttempts = attempts + 1;
    for (const crd::ResourceStatus &resource : input.resources) {
        if (resource.status != crd::SyncCode::Synced)
            operation.sync->resources.push_back(
                {.group = resource.group, .kind = resource.kind, .name = resource.name, .ns = {}});
    }
}

} // namespace

crd::Duration selfHealWait(const crd::OperationState &last, std::int64_t attempts, const SelfHealBackoff &backoff,
                           crd::Timestamp now)
{
    const std::int64_t wait = backoff.timeoutSeconds > 0 ? growingWait(attempts, backoff) : backoff.fixedSeconds;
    const auto finished = crd::timestampOf(last.finishedAt);
    const std::int64_t passed = finished ? now.seconds - finished->seconds : 0;
    return crd::Duration::ofSeconds(std::max<std::int64_t>(wait - passed, 0));
}

AutoSyncDecision autoSync(const AutoSyncInput &input)
{
    const crd::Application &app = input.app;
    if (!input.windowsAllow) {
        AutoSyncDecision decision = nothing("a sync window does not allow it");
        decision.syncError = SyncErrorChange::Keep;
        return decision;
    }
    if (!app.spec.isAutomated())
        return nothing("automated sync is off");
    if (app.operation)
        return nothing("another operation is in progress");
    if (app.object.isBeingDeleted())
        return nothing("the application is being deleted");
    if (input.sync.status != crd::SyncCode::OutOfSync)
        return nothing("the application is " + std::string(crd::text(input.sync.status)));
    const crd::AutomatedSync &automated = *app.spec.syncPolicy->automated;
    const bool needsMoreThanPruning = std::ranges::any_of(input.resources, [](const crd::ResourceStatus &resource) {
        return resource.status != crd::SyncCode::Synced && !resource.requiresPruning;
    });
    if (!automated.prunes() && !needsMoreThanPruning)
        return nothing("only pruning is needed, and automated pruning is off");

    const std::vector<std::string> desired =
        app.spec.hasMultipleSources() ? input.sync.revisions : std::vector<std::string>{input.sync.revision};
    crd::Operation operation = operationFor(input);
    const Attempt attempt = lastAttempt(app, desired);
    if (attempt.wasMade) {
        const crd::OperationState &last = *app.status.operationState;
        if (attempt.phase != crd::OperationPhase::Succeeded)
            return refused("Failed last sync attempt to " + goList(attempt.revisions) + ": " + last.message);
        if (!automated.selfHeals())
            return nothing("the last sync was to " + goList(desired) + " already, and self-heal is off");
        const std::int64_t attempts = last.operation.sync ? last.operation.sync->selfHealAttempts : 0;
        const crd::Duration left = selfHealWait(last, attempts, input.backoff, input.now);
        if (left.nanoseconds > 0) {
            AutoSyncDecision decision = nothing("self-heal waits " + left.text());
            decision.lookAgainAfter = left;
            return decision;
        }
        healOnly(operation, input, attempts);
    }
    const bool wipesOut = std::ranges::all_of(input.resources, &crd::ResourceStatus::requiresPruning);
    if (automated.prunes() && !automated.allowsEmpty() && wipesOut)
        return refused("Skipping sync attempt to " + goList(desired) + ": auto-sync will wipe out all resources");
    AutoSyncDecision decision;
    decision.operation = std::move(operation);
    decision.eventMessage = "Initiated automated sync to " + quoted(join(desired, ", "));
    return decision;
}

} // namespace tiphys::sync
