// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_worker.h"

#include "async/delay.h"
#include "async/run_on.h"
#include "base/text.h"
#include "compare/status_patch.h"
#include "control/application_access.h"
#include "control/application_events.h"
#include "control/change_filter.h"
#include "control/engine_lease.h"
#include "control/write_executor.h"
#include "crd/names.h"
#include "crd/options.h"
#include "crd/timestamp.h"
#include "health/health.h"
#include "sync/deletion.h"
#include "tree/live_graph.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace tiphys::control {

using namespace std::chrono_literals;
using compare::CompareLevel;
using object::Object;

namespace {

constexpr auto kSettle = 100ms;
constexpr std::int64_t kResyncSeconds = 120;
constexpr crd::Duration kAfterError = crd::Duration::ofSeconds(10);
constexpr crd::Duration kWhileConnecting = crd::Duration::ofSeconds(1);
constexpr crd::Duration kOperationPoll = crd::Duration::ofSeconds(5);

crd::Timestamp timeOf(const ports::Clock &clock)
{
    return {clock.now() / 1000};
}

/// True while an operation or a deletion is under way.
bool isBusy(const crd::Application &app)
{
    return app.operation || app.object.isBeingDeleted();
}

Expected<std::optional<crd::HealthStatus>> healthForDeletion(const Object &live, const health::ScriptHealth *scripts)
{
    const std::optional<health::Health> found = health::healthOf(live, scripts);
    if (!found || found->notAssessed)
        return std::optional<crd::HealthStatus>();
    return std::optional(
        crd::HealthStatus{.status = found->status, .message = found->message, .lastTransitionTime = {}});
}

/// Why it cannot be told which objects a deletion may touch: Secrets that may permit their cluster are not known.
std::string doubtOf(const policy::EffectiveProject &project, const policy::Cluster &cluster,
                    const Evaluation &evaluation)
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

/// True if \p now has an object in a namespace that the application manages and \p evaluation does not know.
bool hasUnseen(const std::vector<Object> &now, const Evaluation &evaluation)
{
    std::set<object::ObjectKey> known;
    for (const Object &object : evaluation.live)
        known.insert(object.key());
    return std::ranges::any_of(now, [&](const Object &object) {
        return !object.ns().empty() && !known.contains(object.key()) && tree::ownersOf(object).empty()
               && compare::trackedInstance(object, evaluation.tracking) == evaluation.instance;
    });
}

/// The namespaces where objects of \p app may be.
std::set<std::string> placesOf(const crd::Application &app, const Evaluation &evaluation)
{
    const std::vector<std::string> known = namespacesOf(app);
    std::set<std::string> namespaces(known.begin(), known.end());
    for (const object::Object &target : evaluation.comparison.targets)
        namespaces.insert(std::string(target.ns()));
    return namespaces;
}

} // namespace

AppWorker::AppWorker(ContextSession &home, ContextSession *destination, service::AppId app, ObserverParts parts,
                     std::function<bool()> mayWrite)
    : m_home(home), m_app(std::move(app)), m_parts(std::move(parts)), m_mayWrite(std::move(mayWrite)),
      m_observer(home, destination, m_parts,
                 [this](CompareLevel level, const compare::ObjectChange &change) { heardOf(level, change); }),
      m_operations(m_observer, m_parts, m_mayWrite), m_refresher(m_observer, m_parts, m_mayWrite)
{
}

AppWorker::~AppWorker() = default;

void AppWorker::start()
{
    // The first look compares: it finds what drifted while nobody looked, and from then on changes are heard of.
    request(CompareLevel::Recent);
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
        m_isLooking = true;
        const Expected<crd::Duration> next = co_await reconcile(cancel);
        m_isLooking = false;
        m_lastError = next ? "" : next.error().text();
        m_hasLooked = m_hasLooked || !isConnecting();
        pause = next ? *next : kAfterError;
        const Expected<void> settled = co_await async::delay(kSettle, cancel);
        if (!settled)
            co_return {};
    }
    co_return {};
}

bool AppWorker::hasLooked() const
{
    const KnownApp *known = m_home.find(m_app);
    return m_hasLooked && !m_isLooking && !(m_owesComparison && m_mayWrite())
           && !(known && known->app && m_refresher.isOvertaken(*known->app));
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
        co_return resync();
    if (const auto skipped = known->object.annotation(crd::kSkipReconcileAnnotation);
        skipped && crd::goBooleanOf(*skipped).value_or(false)) {
        m_owesComparison = false;
        co_return resync();
    }
    noticeAutomation(known->app->spec);
    // An operation and a deletion do not keep the status from being looked after: as in the original its turn comes first,
    // and what is wrong with it is not in their way.
    const Expected<void> refreshed = co_await refreshIfNeeded(cancel);
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    const Expected<crd::Duration> next = co_await operate(cancel);
    if (next && !refreshed)
        co_return std::unexpected(refreshed.error());
    co_return next;
}

Async<void> AppWorker::refreshIfNeeded(CancelToken cancel)
{
    const KnownApp *known = m_home.find(m_app);
    if (!known || !known->app || !decisionOn(*known->app).isNeeded)
        co_return {};
    const Expected<Turnstile::Pass> pass = co_await m_parts.limits.comparisons.enter(cancel);
    if (!pass)
        co_return std::unexpected(pass.error());
    known = m_home.find(m_app);
    if (!known || !known->app)
        co_return {};
    crd::Application app = *known->app;
    if (isBusy(app) || m_refresher.isOvertaken(app)) {
        // This worker writes to it: what it knows may be older than that.
        const Expected<crd::Application> fresh = co_await readApplication(m_home.cluster(), m_app, cancel);
        if (!fresh && fresh.error().code() == ErrorCode::NotFound)
            co_return {};
        if (!fresh)
            co_return std::unexpected(fresh.error());
        app = *fresh;
    }
    const compare::RefreshDecision decision = decisionOn(app);
    if (!decision.isNeeded)
        co_return {};
    m_requested = compare::leftAfter(m_requested, decision);
    const Expected<RefreshOutcome> outcome = co_await m_refresher.refresh(app, decision, cancel);
    m_owesComparison = false;
    if (!outcome) {
        m_requested = std::max(m_requested.value_or(CompareLevel::Nothing), decision.level);
        co_return std::unexpected(outcome.error());
    }
    if (outcome->lookAgainAfter)
        requestLater(CompareLevel::Latest, *outcome->lookAgainAfter);
    co_return {};
}

compare::RefreshDecision AppWorker::decisionOn(const crd::Application &app) const
{
    return compare::refreshDecision(app, m_home.refreshTimeouts(), m_requested, timeOf(*m_parts.clock));
}

crd::Duration AppWorker::resync() const
{
    std::int64_t seconds = kResyncSeconds;
    for (const crd::Duration &timeout : {m_home.refreshTimeouts().soft, m_home.refreshTimeouts().hard}) {
        if (timeout.nanoseconds > 0)
            seconds = std::min(seconds, timeout.seconds());
    }
    // An age counts in whole seconds, and must be more than the timeout.
    return crd::Duration::ofSeconds(seconds + 1);
}

Async<crd::Duration> AppWorker::operate(CancelToken cancel)
{
    const KnownApp *known = m_home.find(m_app);
    if (!known || !known->app || !isBusy(*known->app))
        co_return resync();
    const Expected<Turnstile::Pass> pass = co_await m_parts.limits.operations.enter(cancel);
    if (!pass)
        co_return std::unexpected(pass.error());
    known = m_home.find(m_app);
    if (!known || !known->app)
        co_return resync();
    if (known->app->operation) {
        const Expected<crd::Duration> next = co_await lookAtOperation(cancel);
        co_return next;
    }
    if (!known->app->object.isBeingDeleted())
        co_return resync();
    const Expected<crd::Application> fresh = co_await readApplication(m_home.cluster(), m_app, cancel);
    if (!fresh && fresh.error().code() == ErrorCode::NotFound)
        co_return resync();
    if (!fresh)
        co_return std::unexpected(fresh.error());
    const Expected<crd::Duration> removed = co_await removeResources(*fresh, cancel);
    co_return removed;
}

Async<crd::Duration> AppWorker::lookAtOperation(CancelToken cancel)
{
    const Expected<OperationLook> look = co_await m_operations.look(m_app, cancel);
    if (!look)
        co_return std::unexpected(look.error());
    if (look->refresh) {
        m_owesComparison = true;
        request(*look->refresh == sync::RefreshLevel::CompareWithLatestForceResolve ? CompareLevel::LatestForceResolve
                                                                                    : CompareLevel::Latest);
    }
    if (!look->hasOperation)
        co_return crd::Duration::ofSeconds(1);
    crd::Duration pause = look->lookAgainAfter.value_or(kOperationPoll);
    if (look->refreshAfter) {
        // The refresh comes first, and the next look with it.
        requestLater(CompareLevel::Latest, *look->refreshAfter);
        pause = crd::Duration::ofSeconds(look->refreshAfter->seconds() + 2);
    }
    co_return look->timeoutAfter ? std::min(pause, *look->timeoutAfter) : pause;
}

void AppWorker::noticeAutomation(const crd::ApplicationSpec &spec)
{
    const Automation now{.isOn = spec.isAutomated(),
                         .heals = spec.isAutomated() && spec.syncPolicy->automated->selfHeals()};
    const Automation before = std::exchange(m_automation, now).value_or(now);
    if ((now.isOn && !before.isOn) || (now.heals && !before.heals))
        request(CompareLevel::Latest);
}

void AppWorker::heardOf(CompareLevel level, const compare::ObjectChange &change)
{
    // What this worker writes to its own Application is no reason to compare again.
    const KnownApp *known = m_home.find(m_app);
    if (known && isOfItself(change, known->object))
        return;
    if (m_home.changeFilter(m_parts.jq, m_parts.lua)->countsAnyway(change))
        request(level);
    else
        m_tasks.start(weigh(level, change, m_tasks.token()));
}

Async<void> AppWorker::weigh(CompareLevel level, compare::ObjectChange change, CancelToken cancel)
{
    const Expected<bool> counts =
        co_await async::runOn(m_parts.pool, [filter = m_home.changeFilter(m_parts.jq, m_parts.lua), change] {
            return filter->counts(change);
        });
    if (!cancel.isCancelled() && (!counts || *counts))
        request(level);
    co_return {};
}

void AppWorker::request(CompareLevel level)
{
    m_requested = std::max(m_requested.value_or(CompareLevel::Nothing), level);
    m_wakeUp.notify();
}

void AppWorker::requestLater(CompareLevel level, crd::Duration after)
{
    const auto delay = std::chrono::milliseconds(after.nanoseconds / 1'000'000 + 100);
    const ports::WallTime at = m_parts.clock->now() + delay.count();
    if (m_requestedAt && *m_requestedAt <= at)
        return;
    m_requestedAt = at;
    struct Later
    {
        static Async<void> ask(AppWorker *worker, CompareLevel wanted, ports::WallTime at,
                               std::chrono::milliseconds delay, CancelToken token)
        {
            const Expected<void> waited = co_await async::delay(delay, token);
            if (!waited || worker->m_requestedAt != at)
                co_return {};
            worker->m_requestedAt.reset();
            worker->request(wanted);
            co_return {};
        }
    };
    m_tasks.start(Later::ask(this, level, at, delay, m_tasks.token()));
}

Async<crd::Duration> AppWorker::removeResources(crd::Application app, CancelToken cancel)
{
    if (!sync::hasDeletionWork(app))
        co_return resync();
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
    if (const LiveViewPtr view = m_observer.view()) {
        const Expected<std::string> there = co_await view->whyNotGone(placesOf(app, **evaluation), cancel);
        if (!there)
            co_return std::unexpected(there.error());
        if (!there->empty()) {
            co_await tellDeletionProblem(app, *there, cancel);
            co_return kAfterError;
        }
        // Objects may have come into sight since they were looked at: a namespace that was listed late.
        if (const auto now = m_observer.liveNow(**evaluation, {}); now && hasUnseen(*now, **evaluation))
            co_return crd::Duration::ofSeconds(1);
    }
    // What is not permitted stays behind for good: that must not be for want of knowing.
    if (const std::string doubt = doubtOf(*project, cluster, **evaluation); !doubt.empty()) {
        co_await tellDeletionProblem(app, doubt, cancel);
        co_return kAfterError;
    }
    // The registered clusters may have become unknown meanwhile, and a named destination with them.
    if (const std::string obstacle = deletionObstacle(app); !obstacle.empty()) {
        co_await tellDeletionProblem(app, obstacle, cancel);
        co_return kAfterError;
    }
    sync::DeletionInput input{
        .app = app,
        // Else nobody's name, by deletionObstacle; the session may be of what the name was before.
        .isDestinationKnown = m_observer.destination() && m_observer.destinationFault(app).empty(),
        .live = {},
        .targets = (*evaluation)->comparison.targets,
        .targetsError = (*evaluation)->targetsError,
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
        co_return std::unexpected(leaseLost());
    std::string problem = step.error;
    if (!step.writes.empty()) {
        WriteExecutor executor(*writer, m_mayWrite);
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
        if (!m_mayWrite())
            co_return std::unexpected(leaseLost());
        const Expected<crd::Application> stored = co_await patchApplication(m_home.cluster(), app, *step.patch, cancel);
        if (!stored && stored.error().code() != ErrorCode::NotFound)
            co_return std::unexpected(stored.error());
    }
    if (!problem.empty()) {
        co_await tellDeletionProblem(app, problem, cancel);
        co_return kAfterError;
    }
    co_return step.isComplete ? resync() : crd::Duration::ofSeconds(1);
}

std::string AppWorker::unseenOf(const crd::Application &app, const Evaluation &evaluation) const
{
    if (evaluation.liveError)
        return *evaluation.liveError;
    std::set<object::GroupKind> kinds;
    for (const crd::ResourceStatus &resource : app.status.resources)
        kinds.insert({resource.group, resource.kind});
    return m_observer.view() ? m_observer.view()->unseen(kinds, placesOf(app, evaluation)) : std::string();
}

std::string AppWorker::deletionObstacle(const crd::Application &app) const
{
    const policy::Registry &registry = m_home.registry();
    const Expected<std::string> server = policy::destinationServer(registry, app.spec.destination);
    if (server && !server->empty())
        return m_observer.unreached(app);
    // Only where the name is known to be nobody's are its objects given up.
    return registry.unseen.empty() ? std::string()
                                   : "the clusters that the instance registers are not known: " + registry.unseen;
}

Expected<ports::ClusterPtr> AppWorker::deletionCluster(const crd::Application &app,
                                                       const Expected<policy::EffectiveProject> &project,
                                                       const policy::Cluster &cluster) const
{
    if (!project)
        return failure(project.error().code(), policy::loadingProblem(app.spec.effectiveProject(), project.error()));
    ContextSession *destination = m_observer.destination();
    if (!destination)
        return ports::ClusterPtr();
    const Expected<std::optional<std::string>> user =
        policy::deletionUser(m_home.impersonation(), app, *project, cluster);
    if (!user)
        return std::unexpected(user.error());
    return *user ? destination->clusterAs(**user) : Expected<ports::ClusterPtr>(destination->cluster());
}

Async<void> AppWorker::tellDeletionProblem(crd::Application app, std::string problem, CancelToken cancel)
{
    if (!m_mayWrite())
        co_return {};
    const crd::Condition condition{std::string(crd::kDeletionError), problem, {}};
    const crd::Timestamp now = timeOf(*m_parts.clock);
    if (const auto patch = compare::conditionPatch(app, condition, now)) {
        ignoreError(co_await patchApplication(m_home.cluster(), app, *patch, cancel), "the next look tells it again");
        const sync::Event event{.type = "Warning",
                                .reason = "StatusRefreshed",
                                .message = "Unable to delete application resources: " + problem};
        ignoreError(co_await recordEvent(m_home.cluster(), app, event, now, cancel), "events are a courtesy");
    }
    co_return {};
}

} // namespace tiphys::control
