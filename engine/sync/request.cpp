// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/request.h"

#include "crd/names.h"
#include "crd/timestamp.h"

#include <algorithm>

namespace tiphys::sync {

using object::Value;

namespace {

std::string quotedList(const std::vector<std::string> &texts)
{
    std::string list;
    for (const std::string &text : texts)
        list += (list.empty() ? "" : ", ") + text;
    return list;
}

/// Reasons against any new operation.
Expected<void> checkFree(const crd::Application &app)
{
    if (app.object.isBeingDeleted())
        return failure(ErrorCode::Conflict, "application '" + std::string(app.name()) + "' is being deleted");
    if (app.operation)
        return failure(ErrorCode::Conflict, "another operation is already in progress");
    return {};
}

Value metadataOf(const crd::Application &app)
{
    return Value::map({{"resourceVersion", app.object.resourceVersion()}});
}

Value operationPatch(const crd::Application &app, const crd::Operation &operation)
{
    // A state that is left over would be resumed with its own copy of the operation.
    return Value::map({{"metadata", metadataOf(app)},
                       {"operation", crd::toValue(operation)},
                       {"status", Value::map({{"operationState", nullptr}})}});
}

Expected<void> checkAutomated(const crd::Application &app, const SyncRequest &request)
{
    if (!app.spec.isAutomated() || request.isDryRun)
        return {};
    if (!request.manifests.empty())
        return failure(ErrorCode::Denied,
                       "cannot use local sync when Automatic Sync Policy is enabled unless for dry run");
    const auto differs = [](const std::string &asked, const crd::ApplicationSource &source) {
        return !asked.empty() && asked != (source.targetRevision.empty() ? "HEAD" : source.targetRevision);
    };
    const auto refuse = [](const std::string &asked, const std::string &target) {
        return failure(ErrorCode::Denied, "cannot sync to " + asked + ": auto-sync currently set to " + target);
    };
    if (!app.spec.hasMultipleSources()) {
        const crd::ApplicationSource source = app.spec.effectiveSource();
        if (differs(request.revision, source))
            return refuse(request.revision, source.targetRevision);
        return {};
    }
    for (std::size_t i = 0; i < std::min(request.revisions.size(), app.spec.sources.size()); ++i) {
        if (differs(request.revisions[i], app.spec.sources[i]))
            return refuse(request.revisions[i], app.spec.sources[i].targetRevision);
    }
    return {};
}

Expected<void> setRevisions(crd::SyncOperation &sync, const crd::ApplicationSpec &spec, const SyncRequest &request)
{
    if (spec.hasMultipleSources()) {
        sync.revisions = request.plannedRevisions.empty() ? request.revisions : request.plannedRevisions;
        sync.sources = spec.sources;
        if (!sync.revisions.empty() && sync.revisions.size() != spec.sources.size())
            return failure(ErrorCode::InvalidInput, "there are " + std::to_string(spec.sources.size())
                                                        + " sources, but revisions " + quotedList(sync.revisions));
        return {};
    }
    if (request.plannedRevisions.size() > 1)
        return failure(ErrorCode::InvalidInput,
                       "one source cannot have revisions " + quotedList(request.plannedRevisions));
    sync.revision = request.plannedRevisions.empty() ? request.revision : request.plannedRevisions.front();
    sync.source = spec.effectiveSource();
    return {};
}

} // namespace

Expected<crd::Operation> syncOperationOf(const crd::Application &app, const SyncRequest &request, const Asking &asking)
{
    if (const Expected<void> isFree = checkFree(app); !isFree)
        return std::unexpected(isFree.error());
    if (!asking.window.isAllowed)
        return failure(ErrorCode::Denied, "cannot sync: blocked by sync window: " + asking.window.reason);
    if (const Expected<void> isLawful = checkAutomated(app, request); !isLawful)
        return std::unexpected(isLawful.error());
    crd::Operation operation;
    crd::SyncOperation &sync = operation.sync.emplace();
    if (const Expected<void> isPinned = setRevisions(sync, app.spec, request); !isPinned)
        return std::unexpected(isPinned.error());
    sync.prune = request.prunes;
    sync.dryRun = request.isDryRun;
    sync.resources = request.resources;
    sync.manifests = request.manifests;
    sync.strategy =
        crd::SyncStrategy{.kind = request.appliesOnly ? crd::SyncStrategy::Kind::Apply : crd::SyncStrategy::Kind::Hook,
                          .force = request.forces};
    const auto &policy = app.spec.syncPolicy;
    if (request.syncOptions)
        sync.syncOptions = *request.syncOptions;
    else if (policy)
        sync.syncOptions = policy->syncOptions;
    if (request.retry)
        operation.retry = *request.retry;
    else if (policy && policy->retry)
        operation.retry = *policy->retry;
    operation.initiatedBy.username = asking.user;
    operation.info = request.info;
    return operation;
}

Expected<Value> syncPatch(const crd::Application &app, const SyncRequest &request, const Asking &asking)
{
    const Expected<crd::Operation> operation = syncOperationOf(app, request, asking);
    if (!operation)
        return std::unexpected(operation.error());
    return operationPatch(app, *operation);
}

Expected<Value> rollbackPatch(const crd::Application &app, const RollbackRequest &request, const std::string &user)
{
    if (const Expected<void> isFree = checkFree(app); !isFree)
        return std::unexpected(isFree.error());
    if (app.spec.isAutomated())
        return failure(ErrorCode::Denied, "rollback cannot be initiated when auto-sync is enabled");
    const auto entry = std::ranges::find(app.status.history, request.id, &crd::HistoryEntry::id);
    if (entry == app.status.history.end())
        return failure(ErrorCode::NotFound, "application " + app.qualifiedName() + " does not have deployment with id "
                                                + std::to_string(request.id));
    if (entry->source.isZero() && entry->sources.empty())
        return failure(ErrorCode::InvalidInput,
                       "cannot rollback to revision deployed with Argo CD v0.11 or lower. sync "
                       "to revision instead.");
    crd::Operation operation;
    crd::SyncOperation &sync = operation.sync.emplace();
    sync.revision = entry->revision;
    sync.revisions = entry->revisions;
    if (entry->sources.empty())
        sync.source = entry->source;
    sync.sources = entry->sources;
    sync.prune = request.prunes;
    sync.dryRun = request.isDryRun;
    sync.strategy = crd::SyncStrategy{.kind = crd::SyncStrategy::Kind::Apply, .force = false};
    if (app.spec.syncPolicy)
        sync.syncOptions = app.spec.syncPolicy->syncOptions;
    operation.initiatedBy.username = user;
    return operationPatch(app, operation);
}

Expected<Value> terminatePatch(const crd::Application &app)
{
    if (!app.operation || !app.status.operationState)
        return failure(ErrorCode::Conflict, "unable to terminate operation. no operation is in progress");
    return Value::map({{"metadata", metadataOf(app)},
                       {"status", Value::map({{"operationState", Value::map({{"phase", "Terminating"}})}})}});
}

Value refreshPatch(Refresh refresh)
{
    const std::string_view word = refresh == Refresh::Hard ? crd::kRefreshHard : crd::kRefreshNormal;
    const Value annotations = Value::map({{crd::kRefreshAnnotation, word}});
    return Value::map({{"metadata", Value::map({{"annotations", annotations}})}});
}

Expected<Value> startPatch(const crd::Application &app, const crd::Operation &operation)
{
    if (app.operation)
        return failure(ErrorCode::Conflict, "another operation is already in progress");
    return operationPatch(app, operation);
}

Value approvalPatch(crd::Timestamp now)
{
    const Value annotations = Value::map({{crd::kDeletionApprovedAnnotation, now.text()}});
    return Value::map({{"metadata", Value::map({{"annotations", annotations}})}});
}

Expected<Value> approvalPatch(const crd::Application &app, crd::Timestamp now)
{
    if (!app.operation && !app.object.isBeingDeleted())
        return failure(ErrorCode::Conflict,
                       "nothing waits for a confirmation: neither an operation nor a deletion is in progress");
    // Only what is not older than the operation or the deletion counts: a clock that is late must not make it so.
    crd::Timestamp approved = now;
    if (app.operation && app.status.operationState)
        approved.seconds =
            std::max(approved.seconds, crd::timestampOf(app.status.operationState->startedAt).value_or(now).seconds);
    const std::string_view deleted = app.object.path({"metadata", "deletionTimestamp"}).stringOr();
    approved.seconds = std::max(approved.seconds, crd::timestampOf(deleted).value_or(now).seconds);
    return approvalPatch(approved);
}

} // namespace tiphys::sync
