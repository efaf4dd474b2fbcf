// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_views.h"

#include "base/repo_url.h"
#include "crd/hook.h"
#include "crd/names.h"
#include "crd/timestamp.h"
#include "sync/deletion.h"

#include <algorithm>
#include <map>

namespace tiphys::control {

using service::AppRow;
using service::Urgency;

namespace {

constexpr service::WallTime kProgressDeadline = 10 * 60 * 1000;
constexpr service::WallTime kDeletionDeadline = 5 * 60 * 1000;

struct Judgement
{
    Urgency urgency = Urgency::None;
    std::string cause;
    service::WallTime since = 0;
};

/// \p words with the resources for which \p isMeant is true: ": Deployment cart and 2 more".
template <typename Predicate>
std::string naming(std::string words, const crd::ApplicationStatus &status, Predicate isMeant)
{
    std::size_t others = 0;
    std::string first;
    for (const crd::ResourceStatus &resource : status.resources) {
        if (!isMeant(resource))
            continue;
        if (first.empty())
            first = resource.kind + " " + resource.name;
        else
            ++others;
    }
    if (!first.empty())
        words += ": " + first;
    if (others > 0)
        words += " and " + std::to_string(others) + " more";
    return words;
}

bool isOutOfSync(const crd::ResourceStatus &resource)
{
    return resource.status == crd::SyncCode::OutOfSync;
}

bool isMissing(const crd::ResourceStatus &resource)
{
    return resource.health && resource.health->status == crd::HealthCode::Missing;
}

bool isProgressing(const crd::ResourceStatus &resource)
{
    return resource.health && resource.health->status == crd::HealthCode::Progressing;
}

/// The rules of "needs attention", most urgent first.
Judgement judgementOf(const crd::Application &app, const AppRow &row, service::WallTime now)
{
    const crd::ApplicationStatus &status = app.status;
    const service::WallTime healthSince = wallTimeOf(status.health.lastTransitionTime);
    if (status.operationState
        && (row.operation == service::OperationPhase::Failed || row.operation == service::OperationPhase::Error))
        return {Urgency::FailedOperation, "sync failed: " + status.operationState->message,
                wallTimeOf(status.operationState->finishedAt)};
    for (const crd::Condition &condition : status.conditions) {
        if (condition.severity() == crd::ConditionSeverity::Error)
            return {Urgency::FailedOperation, condition.type + ": " + condition.message,
                    wallTimeOf(condition.lastTransitionTime)};
    }
    if (row.health == service::HealthStatus::Degraded)
        return {Urgency::Degraded, "Degraded", healthSince};
    if (row.isBeingDeleted) {
        const auto since = wallTimeOf(app.object.path({"metadata", "deletionTimestamp"}).stringOr());
        if (now - since > kDeletionDeadline)
            return {Urgency::StuckDeletion, "deletion does not end", since};
    }
    const service::WallTime finished = status.operationState ? wallTimeOf(status.operationState->finishedAt) : 0;
    const service::WallTime driftSince = std::max(finished, row.reconciledAt);
    if (row.sync == service::SyncStatus::OutOfSync && row.isAutomated)
        return {Urgency::OutOfSyncAutomated, naming("OutOfSync although automated sync is on", status, isOutOfSync),
                driftSince};
    if (row.health == service::HealthStatus::Missing)
        return {Urgency::Missing, naming("missing in the cluster", status, isMissing), healthSince};
    if (row.health == service::HealthStatus::Progressing && healthSince > 0 && now - healthSince > kProgressDeadline)
        return {Urgency::Progressing, naming("still Progressing", status, isProgressing), healthSince};
    if (row.sync == service::SyncStatus::OutOfSync)
        return {Urgency::OutOfSyncManual, naming("OutOfSync", status, isOutOfSync), driftSince};
    if (row.sync == service::SyncStatus::Unknown || row.health == service::HealthStatus::Unknown)
        return {Urgency::Unknown, "status is not known", healthSince};
    return {Urgency::None, "", healthSince};
}

std::string ownerOf(const object::Object &object)
{
    for (const object::OwnerReference &owner : object.ownerReferences())
        return owner.kind + " " + owner.name;
    if (const auto tracking = object.annotation(crd::kTrackingIdAnnotation))
        return "Application " + std::string(tracking->substr(0, tracking->find(':')));
    return {};
}

void addConditions(AppRow &row, const crd::ApplicationStatus &status)
{
    std::vector<crd::Condition> conditions = status.conditions;
    std::ranges::stable_sort(conditions, std::greater(), &crd::Condition::severity);
    for (const crd::Condition &condition : conditions)
        row.conditions.push_back(condition.type + ": " + condition.message);
}

} // namespace

service::WallTime wallTimeOf(std::string_view rfc3339)
{
    const std::optional<crd::Timestamp> time = crd::timestampOf(rfc3339);
    return time ? time->seconds * 1000 : 0;
}

service::SyncStatus syncStatusOf(crd::SyncCode code)
{
    switch (code) {
    case crd::SyncCode::Synced: return service::SyncStatus::Synced;
    case crd::SyncCode::OutOfSync: return service::SyncStatus::OutOfSync;
    case crd::SyncCode::None:
    case crd::SyncCode::Unknown: return service::SyncStatus::Unknown;
    }
    return service::SyncStatus::Unknown;
}

service::HealthStatus healthStatusOf(crd::HealthCode code)
{
    switch (code) {
    case crd::HealthCode::None: return service::HealthStatus::None;
    case crd::HealthCode::Healthy: return service::HealthStatus::Healthy;
    case crd::HealthCode::Suspended: return service::HealthStatus::Suspended;
    case crd::HealthCode::Progressing: return service::HealthStatus::Progressing;
    case crd::HealthCode::Missing: return service::HealthStatus::Missing;
    case crd::HealthCode::Degraded: return service::HealthStatus::Degraded;
    case crd::HealthCode::Unknown: return service::HealthStatus::Unknown;
    }
    return service::HealthStatus::Unknown;
}

service::OperationPhase operationPhaseOf(crd::OperationPhase phase)
{
    switch (phase) {
    case crd::OperationPhase::None: return service::OperationPhase::None;
    case crd::OperationPhase::Running: return service::OperationPhase::Running;
    case crd::OperationPhase::Terminating: return service::OperationPhase::Terminating;
    case crd::OperationPhase::Succeeded: return service::OperationPhase::Succeeded;
    case crd::OperationPhase::Failed: return service::OperationPhase::Failed;
    case crd::OperationPhase::Error: return service::OperationPhase::Error;
    }
    return service::OperationPhase::None;
}

AppRow rowOf(const std::string &context, const crd::Application &app, service::WallTime now)
{
    const crd::ApplicationStatus &status = app.status;
    AppRow row;
    row.id = {context, std::string(app.ns()), std::string(app.name())};
    row.project = app.spec.effectiveProject();
    row.destination = app.spec.destination.name.empty() ? app.spec.destination.server : app.spec.destination.name;
    row.destinationNamespace = app.spec.destination.ns;
    for (const crd::ApplicationSource &source : app.spec.effectiveSources())
        row.sources.push_back({shownUrl(source.repoUrl), source.chart.empty() ? source.path : source.chart,
                               source.targetRevision, !source.chart.empty()});
    row.revision = !status.sync.revision.empty()   ? status.sync.revision
                   : status.sync.revisions.empty() ? ""
                                                   : status.sync.revisions.front();
    row.commit.revision = row.revision;
    row.sync = syncStatusOf(status.sync.status);
    row.health = healthStatusOf(status.health.status);
    if (status.health.status == crd::HealthCode::None)
        row.health = service::HealthStatus::Unknown;
    if (status.operationState) {
        row.operation = operationPhaseOf(status.operationState->phase);
        row.operationMessage = status.operationState->message;
    }
    row.isOperationRequested = app.operation && (!status.operationState || status.operationState->isFinished());
    row.isAutomated = app.spec.isAutomated();
    row.isBeingDeleted = app.object.isBeingDeleted();
    row.awaitsConfirmation = sync::awaitedConfirmation(app);
    addConditions(row, status);
    row.reconciledAt = wallTimeOf(status.reconciledAt);
    if (!status.history.empty())
        row.lastSync = wallTimeOf(status.history.back().deployedAt);
    row.parent = ownerOf(app.object);
    row.images = status.summary.images;
    const object::Value labels = app.object.path({"metadata", "labels"});
    for (const auto &[name, value] : labels.entries())
        row.labels.emplace(name, value.stringOr());
    Judgement judgement = judgementOf(app, row, now);
    row.urgency = judgement.urgency;
    row.cause = std::move(judgement.cause);
    row.since = judgement.since;
    return row;
}

AppRow unreadableRow(const std::string &context, const object::Object &object, const Error &error)
{
    AppRow row;
    row.id = {context, std::string(object.ns()), std::string(object.name())};
    row.urgency = Urgency::FailedOperation;
    row.cause = error.text();
    row.conditions = {"InvalidSpecError: " + error.text()};
    return row;
}

service::OperationView operationViewOf(const crd::Application &app)
{
    service::OperationView view;
    if (!app.status.operationState)
        return view;
    const crd::OperationState &state = *app.status.operationState;
    view.phase = operationPhaseOf(state.phase);
    view.message = state.message;
    view.initiatedBy = state.operation.initiatedBy.automated ? "automated sync" : state.operation.initiatedBy.username;
    view.startedAt = wallTimeOf(state.startedAt);
    view.finishedAt = wallTimeOf(state.finishedAt);
    view.retryCount = static_cast<int>(state.retryCount);
    view.isDryRun = state.operation.sync && state.operation.sync->dryRun;
    if (!state.syncResult)
        return view;
    view.revision = state.syncResult->revision;
    if (view.revision.empty() && !state.syncResult->revisions.empty())
        view.revision = state.syncResult->revisions.front();
    for (const crd::ResourceResult &result : state.syncResult->resources) {
        service::ResultRow row;
        row.key = {result.group, result.kind, result.ns, result.name};
        row.phase = result.syncPhase;
        row.status = crd::text(result.status);
        row.hookType = result.hookType;
        // What was applied keeps "Running" in the stored result when the operation is over: nothing waits for it then.
        const bool isOver =
            state.isFinished() && result.hookType.empty() && result.hookPhase == crd::OperationPhase::Running;
        row.hookPhase = isOver ? std::string_view() : crd::text(result.hookPhase);
        row.message = result.message;
        view.results.push_back(std::move(row));
    }
    return view;
}

void takeWaves(service::OperationView &operation, const std::vector<object::Object> &objects)
{
    if (operation.results.empty())
        return;
    std::multimap<object::ObjectKey, service::ResultRow *> rows;
    for (service::ResultRow &row : operation.results)
        rows.emplace(row.key, &row);
    for (const object::Object &object : objects) {
        object::ObjectKey key = object.key();
        const bool isGenerated = key.name.empty() && !object.generateName().empty();
        if (isGenerated)
            key.name = object.generateName();
        const auto isIts = [&key, isGenerated](const object::ObjectKey &row) {
            return row.group == key.group && row.kind == key.kind && row.ns == key.ns
                   && (isGenerated ? row.name.starts_with(key.name) : row.name == key.name);
        };
        // Names that begin alike stand together.
        for (auto row = rows.lower_bound(key); row != rows.end() && isIts(row->first); ++row)
            row->second->wave = static_cast<int>(crd::waveOf(object));
    }
}

std::vector<service::HistoryRow> historyOf(const crd::Application &app)
{
    std::vector<service::HistoryRow> rows;
    for (const crd::HistoryEntry &entry : app.status.history) {
        service::HistoryRow row;
        row.id = entry.id;
        row.commit.revision = !entry.revision.empty()   ? entry.revision
                              : entry.revisions.empty() ? ""
                                                        : entry.revisions.front();
        row.deployedAt = wallTimeOf(entry.deployedAt);
        row.initiatedBy = entry.initiatedBy.username;
        row.isAutomated = entry.initiatedBy.automated;
        rows.push_back(std::move(row));
    }
    std::ranges::reverse(rows);
    return rows;
}

} // namespace tiphys::control
