// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_worker.h"

#include "async/delay.h"
#include "async/run_on.h"
#include "base/text.h"
#include "compare/conditions.h"
#include "compare/status_patch.h"
#include "control/application_access.h"
#include "control/tree_view.h"
#include "control/system_time_zones.h"
#include "control/write_executor.h"
#include "crd/names.h"
#include "crd/timestamp.h"
#include "health/health.h"
#include "policy/window.h"
#include "sync/auto_sync.h"
#include "sync/deletion.h"
#include "sync/request.h"
#include "tree/live_graph.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace tiphys::control {

using namespace std::chrono_literals;
using compare::CompareLevel;
using object::Object;
using object::Value;

namespace {

constexpr auto kSettle = 100ms;
constexpr crd::Duration kResync = crd::Duration::ofSeconds(120);
constexpr crd::Duration kAfterError = crd::Duration::ofSeconds(10);
constexpr crd::Duration kWhileConnecting = crd::Duration::ofSeconds(1);
constexpr crd::Duration kOperationPoll = crd::Duration::ofSeconds(5);

crd::Timestamp timeOf(const ports::Clock &clock)
{
    return {clock.now() / 1000};
}

ObserveRequest requestFor(const crd::Application &app, const compare::RefreshDecision &decision)
{
    const CompareLevel level = decision.level;
    ObserveRequest request;
    request.rendersAnew = decision.isHard;
    request.manifests = localManifestsOf(app);
    request.consistency = level == CompareLevel::LatestForceResolve ? ports::Consistency::MostRecent
                                                                    : ports::Consistency::Any;
    if (level == CompareLevel::Recent || level == CompareLevel::Nothing) {
        if (!app.status.sync.revisions.empty())
            request.revisions = app.status.sync.revisions;
        else if (!app.status.sync.revision.empty())
            request.revisions = {app.status.sync.revision};
    }
    return request;
}

Expected<std::optional<crd::HealthStatus>> healthForDeletion(const Object &live, const health::ScriptHealth *scripts)
{
    const std::optional<health::Health> found = health::healthOf(live, scripts);
    if (!found || found->notAssessed)
        return std::optional<crd::HealthStatus>();
    return std::optional(crd::HealthStatus{.status = found->status, .message = found->message, .lastTransitionTime = {}});
}

/// Why it cannot be told which objects a deletion may touch: Secrets that may permit their cluster are not known.
std::string doubtOf(const policy::EffectiveProject &project, const policy::Cluster &cluster, const Evaluation &evaluation)
{
    if (project.unseen.empty())
        return {};
    for (const Object &object : evaluation.live) {
        const object::ObjectKey key = object.key();
        if (!key.ns.empty() && compare::trackedInstance(object, evaluation.tracking) == evaluation.instance
            && !policy::permitsDestination(project, cluster, key.ns))
            return "whether project " + tiphys::quoted(project.name) + " permits " + key.text()
                   + " cannot be told: its own clusters are not known: " + project.unseen;
    }
    return {};
}

} // namespace

AppWorker::AppWorker(ContextSession &home, ContextSession *destination, service::AppId app, ObserverParts parts,
                     std::function<bool()> mayWrite)
    : m_home(home), m_app(std::move(app)), m_parts(std::move(parts)), m_mayWrite(std::move(mayWrite)),
      m_observer(home, destination, m_parts,
                 [this](CompareLevel level) {
                     m_requested = std::max(m_requested.value_or(CompareLevel::Nothing), level);
                     m_wakeUp.notify();
                 }),
      m_operations(m_observer, m_parts, m_mayWrite)
{
}

AppWorker::~AppWorker() = default;

void AppWorker::start()
{
    // The first look compares: it finds what drifted while nobody looked, and from then on changes are heard of.
    m_requested = CompareLevel::Recent;
    m_wakeUp.notify();
    m_tasks.start(run(m_tasks.token()));
}

Async<void> AppWorker::close()
{
    const Expected<void> closed = co_await m_tasks.close();
    co_return closed;
}

void AppWorker::applicationChanged()
{
    m_wakeUp.notify();
}

Async<void> AppWorker::run(CancelToken cancel)
{
    crd::Duration pause;
    while (!cancel.isCancelled()) {
        const auto limit = std::chrono::milliseconds(pause.nanoseconds / 1'000'000);
        CancelSource waiting(cancel);
        // Woken by news, or by time.
        async::TaskScope timer(cancel);
        struct Alarm
        {
            static Async<void> ring(async::WakeUp *wakeUp, std::chrono::milliseconds after, CancelToken token)
            {
                const Expected<void> waited = co_await async::delay(after, token);
                if (waited)
                    wakeUp->notify();
                co_return {};
            }
        };
        timer.start(Alarm::ring(&m_wakeUp, limit, timer.token()));
        const Expected<void> woken = co_await m_wakeUp.wait(cancel);
        ignoreError(co_await timer.close(), "the alarm is no longer needed");
        if (!woken)
            co_return {};
        const Expected<crd::Duration> next = co_await reconcile(cancel);
        m_lastError = next ? "" : next.error().text();
        m_hasLooked = m_hasLooked || !isConnecting();
        pause = next ? *next : kAfterError;
        const Expected<void> settled = co_await async::delay(kSettle, cancel);
        if (!settled)
            co_return {};
    }
    co_return {};
}

bool AppWorker::isConnecting() const
{
    const ContextSession *destination = m_observer.destination();
    return destination && destination->state().reachability == service::Reachability::Connecting;
}

Async<crd::Duration> AppWorker::reconcile(CancelToken cancel)
{
    if (!m_mayWrite())
        co_return kAfterError;
    if (isConnecting())
        co_return kWhileConnecting;
    const KnownApp *known = m_home.find(m_app);
    if (!known || !known->app)
        co_return kResync;
    if (const auto skipped = known->object.annotation(crd::kSkipReconcileAnnotation);
        skipped && (*skipped == "true" || *skipped == "1"))
        co_return kResync;
    const Turnstile limit = known->app->operation ? m_parts.limits.operations : m_parts.limits.comparisons;
    const Expected<Turnstile::Pass> pass = co_await limit.enter(cancel);
    if (!pass)
        co_return std::unexpected(pass.error());
    known = m_home.find(m_app);
    if (!known || !known->app)
        co_return kResync;
    const crd::Application app = *known->app;
    if (app.operation) {
        const Expected<OperationLook> look = co_await m_operations.look(m_app, cancel);
        if (!look)
            co_return std::unexpected(look.error());
        if (look->refresh) {
            const CompareLevel level = *look->refresh == sync::RefreshLevel::CompareWithLatestForceResolve
                                           ? CompareLevel::LatestForceResolve
                                           : CompareLevel::Latest;
            m_requested = std::max(m_requested.value_or(CompareLevel::Nothing), level);
            m_wakeUp.notify();
        }
        if (look->hasOperation)
            co_return look->lookAgainAfter.value_or(kOperationPoll);
        co_return crd::Duration::ofSeconds(1);
    }
    if (app.object.isBeingDeleted()) {
        const Expected<crd::Duration> removed = co_await removeResources(app, cancel);
        co_return removed;
    }
    const compare::RefreshDecision decision =
        compare::refreshDecision(app, {}, std::exchange(m_requested, std::nullopt), timeOf(*m_parts.clock));
    if (!decision.isNeeded)
        co_return kResync;
    const Expected<crd::Duration> refreshed = co_await refresh(app, decision, cancel);
    co_return refreshed;
}

Async<crd::Duration> AppWorker::refresh(crd::Application app, compare::RefreshDecision decision, CancelToken cancel)
{
    const crd::Timestamp startedAt = timeOf(*m_parts.clock);
    const Expected<policy::EffectiveProject> project = m_home.projectOf(app);
    std::vector<crd::Condition> wrong;
    if (!project)
        wrong.push_back({std::string(project.error().code() == ErrorCode::NotFound ? crd::kInvalidSpecError : crd::kUnknownError),
                         project.error().message(), {}});
    else
        wrong = m_observer.specConditions(app, *project);
    if (!wrong.empty()) {
        const auto status = compare::unknownStatus(app, wrong, startedAt);
        if (const auto patch = compare::statusPatch(app, status, startedAt); patch && m_mayWrite()) {
            const Expected<crd::Application> stored =
                co_await patchApplication(m_home.cluster(), app, *patch, cancel);
            if (!stored)
                co_return std::unexpected(stored.error());
        }
        co_return kResync;
    }
    const ObserveRequest request = requestFor(app, decision);
    const Expected<EvaluationPtr> evaluation = co_await m_observer.observe(app, request, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    // Local manifests are in no repository that may come back.
    const bool asksRepository = request.manifests.empty();
    if (asksRepository && !(*evaluation)->renderError)
        m_repositoryErrors.succeeded();
    else if (asksRepository && m_repositoryErrors.covers(decision.level, startedAt))
        co_return kResync;
    const Expected<TreeView> tree =
        co_await async::runOn(m_parts.pool, [=, evaluation = *evaluation] { return treeViewOf(app, *evaluation, *project); });
    if (!tree)
        co_return std::unexpected(tree.error());
    crd::ApplicationStatus status = compare::refreshedStatus(app, (*evaluation)->comparison, decision.level, startedAt,
                                                             tree->news);
    const Expected<void> automated = co_await automate(app, evaluation->get(), status, cancel);
    if (!automated)
        co_return std::unexpected(automated.error());
    co_return kResync;
}

Async<void> AppWorker::automate(crd::Application app, const Evaluation *evaluation, crd::ApplicationStatus status,
                                CancelToken cancel)
{
    const crd::Timestamp now = timeOf(*m_parts.clock);
    bool windowsAllow = false;
    if (const Expected<policy::EffectiveProject> project = m_home.projectOf(app)) {
        const SystemTimeZones zones;
        const Expected<policy::WindowAnswer> answer = policy::canSync(
            policy::windowsOf(app, project->spec.syncWindows),
            {.origin = policy::SyncOrigin::Automated, .now = now, .operationStart = {}}, zones);
        windowsAllow = answer && answer->isAllowed;
    }
    const sync::AutoSyncDecision decision = sync::autoSync({.app = app,
                                                            .sync = evaluation->comparison.sync,
                                                            .resources = status.resources,
                                                            .windowsAllow = windowsAllow,
                                                            .now = now,
                                                            .backoff = {}});
    if (decision.syncError != sync::SyncErrorChange::Keep) {
        std::vector<crd::Condition> fresh;
        if (decision.syncError == sync::SyncErrorChange::Set)
            fresh.push_back({std::string(crd::kSyncError), decision.syncErrorMessage, {}});
        status.conditions = compare::updatedConditions(status.conditions, fresh, {crd::kSyncError}, now);
    }
    if (!m_mayWrite())
        co_return failure(ErrorCode::Conflict, "this engine no longer holds the Lease");
    crd::Application current = app;
    if (const auto finalizers = compare::hookFinalizersPatch(app, evaluation->comparison)) {
        const Expected<crd::Application> stored =
            co_await patchApplication(m_home.cluster(), current, *finalizers, cancel);
        if (!stored)
            co_return std::unexpected(stored.error());
    }
    if (const auto patch = compare::statusPatch(app, status, now)) {
        const Expected<crd::Application> stored =
            co_await patchApplication(m_home.cluster(), current, *patch, cancel);
        if (!stored)
            co_return std::unexpected(stored.error());
        current = *stored;
    }
    if (decision.operation) {
        const Expected<Value> start = sync::startPatch(current, *decision.operation);
        if (!start)
            co_return std::unexpected(start.error());
        const Expected<crd::Application> started =
            co_await patchApplication(m_home.cluster(), current, *start, cancel);
        if (!started)
            co_return std::unexpected(started.error());
    } else if (decision.lookAgainAfter) {
        m_requested = std::max(m_requested.value_or(CompareLevel::Nothing), CompareLevel::Latest);
        struct Later
        {
            static Async<void> wake(async::WakeUp *wakeUp, std::chrono::milliseconds after, CancelToken token)
            {
                const Expected<void> waited = co_await async::delay(after, token);
                if (waited)
                    wakeUp->notify();
                co_return {};
            }
        };
        m_tasks.start(Later::wake(&m_wakeUp,
                                  std::chrono::milliseconds(decision.lookAgainAfter->nanoseconds / 1'000'000 + 100),
                                  m_tasks.token()));
    }
    co_return {};
}

Async<crd::Duration> AppWorker::removeResources(crd::Application app, CancelToken cancel)
{
    if (!sync::hasDeletionWork(app))
        co_return kResync;
    const Expected<policy::EffectiveProject> project = m_home.projectOf(app);
    const policy::Cluster cluster = m_observer.cluster(app);
    if (const std::string obstacle = deletionObstacle(app); !obstacle.empty()) {
        co_await tellDeletionProblem(app, obstacle, cancel);
        co_return kAfterError;
    }
    const Expected<ports::ClusterPtr> writer = deletionCluster(app, project, cluster);
    if (!writer) {
        co_await tellDeletionProblem(app, writer.error().message(), cancel);
        co_return kAfterError;
    }
    const Expected<EvaluationPtr> evaluation = co_await m_observer.observe(app, {}, cancel);
    if (!evaluation)
        co_return std::unexpected(evaluation.error());
    // Objects that could not be read would be left behind.
    if (const std::string unseen = unseenOf(app, **evaluation); !unseen.empty()) {
        co_await tellDeletionProblem(app, unseen, cancel);
        co_return kAfterError;
    }
    // What is not permitted stays behind for good: that must not be for want of knowing.
    if (const std::string doubt = doubtOf(*project, cluster, **evaluation); !doubt.empty()) {
        co_await tellDeletionProblem(app, doubt, cancel);
        co_return kAfterError;
    }
    sync::DeletionInput input{.app = app,
                              .isDestinationKnown = m_observer.destination() != nullptr, // else nobody's name, by deletionObstacle
                              .live = {},
                              .targets = (*evaluation)->comparison.targets,
                              .taken = {},
                              .health = [scripts = (*evaluation)->scripts](const Object &live) {
                                  return healthForDeletion(live, scripts.get());
                              }};
    for (const Object &object : (*evaluation)->live) {
        input.taken.insert(object.key());
        if (tree::ownersOf(object).empty() && policy::permitsLive(*project, object.key(), cluster)
            && compare::trackedInstance(object, (*evaluation)->tracking) == (*evaluation)->instance)
            input.live.push_back(object);
    }
    const sync::DeletionStep step = sync::deletionStep(input);
    if (!m_mayWrite())
        co_return failure(ErrorCode::Conflict, "this engine no longer holds the Lease");
    std::string problem = step.error;
    if (!step.writes.empty()) {
        WriteExecutor executor(*writer);
        const Expected<std::vector<sync::WriteResult>> results = co_await executor.execute(step.writes, cancel);
        if (!results)
            co_return std::unexpected(results.error());
        for (std::size_t i = 0; i < results->size(); ++i) {
            const sync::WriteResult &result = (*results)[i];
            const bool isGone = result.isNotFound && step.writes[i].act == sync::Act::DeleteHook;
            if (result.isFailed && !isGone && !result.isAlreadyThere && problem.empty())
                problem = step.failurePrefix + result.message;
        }
    }
    if (step.patch) {
        const Expected<crd::Application> stored =
            co_await patchApplication(m_home.cluster(), app, *step.patch, cancel);
        if (!stored && stored.error().code() != ErrorCode::NotFound)
            co_return std::unexpected(stored.error());
    }
    if (!problem.empty()) {
        co_await tellDeletionProblem(app, problem, cancel);
        co_return kAfterError;
    }
    co_return step.isComplete ? kResync : crd::Duration::ofSeconds(1);
}

std::string AppWorker::unseenOf(const crd::Application &app, const Evaluation &evaluation) const
{
    if (evaluation.liveError)
        return *evaluation.liveError;
    std::set<object::GroupKind> kinds;
    for (const crd::ResourceStatus &resource : app.status.resources)
        kinds.insert({resource.group, resource.kind});
    return m_observer.view() ? m_observer.view()->unseen(kinds) : std::string();
}

std::string AppWorker::deletionObstacle(const crd::Application &app) const
{
    const policy::Registry &registry = m_home.registry();
    const Expected<std::string> server = policy::destinationServer(registry, app.spec.destination);
    if (server && !server->empty())
        return m_observer.unreached(app);
    // Only where the name is known to be nobody's are its objects given up.
    return registry.unseen.empty() ? std::string() : "the clusters that the instance registers are not known: " + registry.unseen;
}

Expected<ports::ClusterPtr> AppWorker::deletionCluster(const crd::Application &app, const Expected<policy::EffectiveProject> &project,
                                                       const policy::Cluster &cluster) const
{
    if (!project)
        return std::unexpected(project.error());
    ContextSession *destination = m_observer.destination();
    if (!destination)
        return ports::ClusterPtr();
    const Expected<std::optional<std::string>> user = policy::deletionUser(m_home.impersonation(), app, *project, cluster);
    if (!user)
        return std::unexpected(user.error());
    return *user ? destination->clusterAs(**user) : Expected<ports::ClusterPtr>(destination->cluster());
}

Async<void> AppWorker::tellDeletionProblem(crd::Application app, std::string problem, CancelToken cancel)
{
    const crd::Timestamp now = timeOf(*m_parts.clock);
    crd::ApplicationStatus status = app.status;
    status.conditions =
        compare::updatedConditions(status.conditions, {{std::string(crd::kDeletionError), problem, {}}}, {crd::kDeletionError}, now);
    if (const auto patch = compare::statusPatch(app, status, now))
        ignoreError(co_await patchApplication(m_home.cluster(), app, *patch, cancel), "the next look tells it again");
    co_return {};
}

} // namespace tiphys::control
