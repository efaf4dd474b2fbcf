// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/operation_progress.h"

#include "async/delay.h"
#include "base/text.h"
#include "cli/health_change.h"
#include "control/application_access.h"
#include "control/request_outcome.h"
#include "crd/names.h"
#include "crd/timestamp.h"
#include "sync/deletion.h"
#include "sync/selection.h"

#include <QTimer>

#include <chrono>
#include <cstdio>
#include <functional>
#include <optional>
#include <utility>

namespace tiphys::cli {

using namespace std::chrono_literals;

namespace {

constexpr auto kPoll = 400ms;
constexpr auto kSilence = 1s; ///< that an answer may take beyond the time that there is

/// What one look at the application says: go on, done, or an error. The text is shown when it changes.
struct Look
{
    bool isDone = false;
    std::string progress;
};
using Judge = std::function<Expected<Look>(const Expected<crd::Application> &)>;

Async<void> waitFor(Waiting waiting, Judge judge, CancelToken cancel)
{
    const auto start = std::chrono::steady_clock::now();
    std::string shown;
    CancelSource end(cancel);
    // A cluster that falls silent in the middle of an answer does not make it longer.
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, &limit, [&end] { end.cancel(); });
    if (waiting.timeoutSeconds > 0)
        limit.start(std::chrono::seconds(waiting.timeoutSeconds) + kSilence);
    while (true) {
        const Expected<crd::Application> app =
            co_await control::readApplication(waiting.session->cluster(), waiting.app, end.token());
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
        std::string progress;
        if (end.isCancelled()) {
            progress = "the cluster does not answer";
        } else if (!app && control::isPassing(app.error())) {
            progress = "the cluster does not answer: " + app.error().text();
        } else {
            const Expected<Look> look = judge(app);
            if (!look)
                co_return std::unexpected(look.error());
            if (look->isDone)
                co_return {};
            progress = look->progress;
        }
        if (!waiting.isQuiet && progress != shown) {
            std::fputs((progress + "\n").c_str(), stderr);
            shown = progress;
        }
        const auto taken = std::chrono::steady_clock::now() - start;
        if (waiting.timeoutSeconds > 0 && taken > std::chrono::seconds(waiting.timeoutSeconds))
            co_return failure(ErrorCode::Timeout, "timed out after " + std::to_string(waiting.timeoutSeconds) + " s: "
                                                      + progress + (waiting.wayOn.empty() ? "" : "; " + waiting.wayOn));
        const Expected<void> waited = co_await async::delay(kPoll, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
}

std::string operationText(const crd::Application &app)
{
    if (!app.status.operationState)
        return "waiting for the reconciler to pick the operation up";
    const crd::OperationState &state = *app.status.operationState;
    return std::string(crd::text(state.phase)) + (state.message.empty() ? "" : ": " + state.message);
}

} // namespace

Async<crd::OperationState> finishedOperation(Waiting waiting, CancelToken cancel)
{
    std::optional<crd::OperationState> finished;
    const Expected<void> waited = co_await waitFor(
        waiting,
        [&finished](const Expected<crd::Application> &app) -> Expected<Look> {
            if (!app)
                return std::unexpected(app.error());
            if (!app->operation && app->status.operationState && app->status.operationState->isFinished()) {
                finished = app->status.operationState;
                return Look{.isDone = true, .progress = {}};
            }
            if (!app->operation && !app->status.operationState)
                return failure(ErrorCode::NotFound, "the operation is gone, and left no state");
            return Look{.isDone = false, .progress = operationText(*app)};
        },
        cancel);
    if (!waited)
        co_return std::unexpected(waited.error());
    co_return *finished;
}

namespace {

bool isWanted(crd::HealthCode health, const Waiting &waiting)
{
    const bool isAny = !waiting.needsHealth && !waiting.needsSuspended && !waiting.needsDegraded;
    return isAny || (waiting.needsHealth && health == crd::HealthCode::Healthy)
           || (waiting.needsSuspended && health == crd::HealthCode::Suspended)
           || (waiting.needsDegraded && health == crd::HealthCode::Degraded);
}

/// Resources of \p app that \p waiting is about: all where it has no patterns. Errors: as sync::selectedResources.
Expected<std::vector<const crd::ResourceStatus *>> chosenResources(const Waiting &waiting, const crd::Application &app)
{
    std::vector<const crd::ResourceStatus *> chosen;
    if (waiting.resources.empty()) {
        for (const crd::ResourceStatus &resource : app.status.resources)
            chosen.push_back(&resource);
        return chosen;
    }
    const Expected<std::vector<crd::SyncResource>> selected =
        sync::selectedResources(waiting.resources, app.status.resources);
    if (!selected)
        return std::unexpected(selected.error());
    auto next = selected->begin(); // the selection has the order of the resources
    for (const crd::ResourceStatus &resource : app.status.resources) {
        const crd::SyncResource key{
            .group = resource.group, .kind = resource.kind, .name = resource.name, .ns = resource.ns};
        if (next == selected->end() || *next != key)
            continue;
        chosen.push_back(&resource);
        ++next;
    }
    return chosen;
}

/// What resources lack that the patterns of \p waiting choose; those that have no health are not waited for.
std::string missingOfResources(const Waiting &waiting, const crd::Application &app)
{
    const Expected<std::vector<const crd::ResourceStatus *>> chosen = chosenResources(waiting, app);
    if (!chosen)
        return " " + chosen.error().text() + ";";
    std::string missing;
    for (const crd::ResourceStatus *resource : *chosen) {
        if (waiting.needsSync && resource->status != crd::SyncCode::Synced && resource->status != crd::SyncCode::None)
            missing += " sync of " + resource->kind + " " + resource->name + " is "
                       + std::string(crd::text(resource->status)) + ";";
        if (resource->health && !isWanted(resource->health->status, waiting))
            missing += " health of " + resource->kind + " " + resource->name + " is "
                       + std::string(crd::text(resource->health->status)) + ";";
    }
    return missing;
}

/// Why an operation counts as going on, "" if it does not: the status is of before it until it is compared once after its end.
/// Source: argo-cd cmd/argocd/commands/app.go (checkAppWaitConditions)@v3.5.1
std::string operationMissing(const crd::Application &app)
{
    const std::optional<crd::OperationState> &state = app.status.operationState;
    if (app.operation || (state && state->finishedAt.empty()))
        return " " + operationText(app) + ";";
    if (!state || (state->operation.sync && state->operation.sync->dryRun))
        return {};
    const std::optional<crd::Timestamp> compared = crd::timestampOf(app.status.reconciledAt);
    const std::optional<crd::Timestamp> finished = crd::timestampOf(state->finishedAt);
    return finished && (!compared || *compared < *finished) ? " what the operation made is not compared yet;"
                                                            : std::string();
}

/// Source: argo-cd cmd/argocd/commands/app.go (checkAppWaitConditions)@v3.5.1
bool isHydrated(const crd::Application &app)
{
    const object::Value current = app.status.sourceHydrator["currentOperation"];
    const object::Value last = app.status.sourceHydrator["lastSuccessfulOperation"];
    return !current.isNull() && !last.isNull() && current["phase"].stringOr() == "Hydrated"
           && current["sourceHydrator"] == last["sourceHydrator"] && current["drySHA"] == last["drySHA"];
}

/// Those of \p app that \p waiting is about, as far as they are stored.
Healths healthsOf(const Waiting &waiting, const crd::Application &app)
{
    Healths healths;
    if (waiting.resources.empty())
        healths.emplace(object::ObjectKey(), app.status.health.status);
    const Expected<std::vector<const crd::ResourceStatus *>> chosen = chosenResources(waiting, app);
    if (!chosen)
        return healths;
    for (const crd::ResourceStatus *resource : *chosen) {
        if (resource->health)
            healths.emplace(resource->key(), resource->health->status);
    }
    return healths;
}

} // namespace

std::string whatIsMissing(const Waiting &waiting, const crd::Application &app)
{
    std::string missing;
    if (waiting.needsComparison && app.object.annotation(crd::kRefreshAnnotation))
        missing += " it is being compared;";
    if (!waiting.resources.empty()) {
        missing += missingOfResources(waiting, app);
    } else {
        if (waiting.needsSync && app.status.sync.status != crd::SyncCode::Synced)
            missing += " sync is " + std::string(crd::text(app.status.sync.status)) + ";";
        if (!isWanted(app.status.health.status, waiting))
            missing += " health is " + std::string(crd::text(app.status.health.status)) + ";";
    }
    if (waiting.needsNoOperation)
        missing += operationMissing(app);
    if (waiting.needsHydration && !isHydrated(app))
        missing += " its source is not hydrated;";
    if (!missing.empty())
        missing.pop_back();
    return missing;
}

Async<void> applicationState(Waiting waiting, CancelToken cancel)
{
    const Expected<void> waited = co_await waitFor(
        waiting,
        [waiting, before = Healths()](const Expected<crd::Application> &app) mutable -> Expected<Look> {
            if (!app)
                return std::unexpected(app.error());
            const std::string missing = whatIsMissing(waiting, *app);
            if (waiting.needsHealth && !missing.empty()) {
                Healths now = healthsOf(waiting, *app);
                const std::string worse = worsening(before, now);
                if (!worse.empty())
                    return failure(ErrorCode::Unavailable,
                                   "application " + tiphys::quoted(waiting.app.name) + ": " + worse);
                before = std::move(now);
            }
            return Look{.isDone = missing.empty(), .progress = "waiting:" + missing};
        },
        cancel);
    co_return waited;
}

Async<void> refreshedApplication(Waiting waiting, CancelToken cancel)
{
    const Expected<void> waited = co_await waitFor(
        waiting,
        [](const Expected<crd::Application> &app) -> Expected<Look> {
            if (!app)
                return std::unexpected(app.error());
            return Look{.isDone = !app->object.annotation(crd::kRefreshAnnotation), .progress = "comparing"};
        },
        cancel);
    co_return waited;
}

Async<void> applicationGone(Waiting waiting, CancelToken cancel)
{
    const Expected<void> waited = co_await waitFor(
        waiting,
        [](const Expected<crd::Application> &app) -> Expected<Look> {
            if (!app && app.error().code() == ErrorCode::NotFound)
                return Look{.isDone = true, .progress = {}};
            if (!app)
                return std::unexpected(app.error());
            std::string progress = "deleting";
            if (const std::optional<object::ObjectKey> key = sync::unconfirmedDeletion(*app))
                progress += ": " + key->text() + " waits for 'tiphysctl app confirm-deletion'";
            for (const crd::Condition &condition : app->status.conditions) {
                if (condition.type == crd::kDeletionError)
                    progress += ": " + condition.message;
            }
            return Look{.isDone = false, .progress = progress};
        },
        cancel);
    co_return waited;
}

} // namespace tiphys::cli
