// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_engine.h"

#include "rollout/analysis/analysis.h"
#include "rollout/names.h"
#include "rollout/reconcile.h"

#include <algorithm>
#include <utility>

namespace tiphys::control {

using rollout::Decision;
using rollout::Moment;
using Kind = RolloutTask::Kind;

namespace {

/// Passes at once, as the controller's workers.
constexpr int kMostRunning = 10;
constexpr std::int64_t kLongestPause = 10'000;
/// A timer further away than this is set anew on the way.
constexpr std::int64_t kLongestTimer = 24 * 3600 * 1000;
constexpr std::size_t kMostCounted = 100'000;

/// The n-th failure in a row waits 1 ms times 2 to the n, at most 10 s.
/// Source: client-go util/workqueue/default_rate_limiters.go@v0.34.1
std::int64_t pauseAfter(int failures)
{
    return failures > 13 ? kLongestPause : std::min<std::int64_t>(std::int64_t{1} << failures, kLongestPause);
}

std::string_view wordOf(Kind kind)
{
    switch (kind) {
    case Kind::Rollout: return "Rollout";
    case Kind::AnalysisRun: return "AnalysisRun";
    case Kind::Experiment: return "Experiment";
    case Kind::Service: return "Service";
    case Kind::DestinationRule: return "DestinationRule";
    }
    return {};
}

} // namespace

RolloutEngine::RolloutEngine(ports::Connection connection, std::shared_ptr<const ports::Clock> clock,
                             RolloutEngineSettings settings)
    : m_connection(std::move(connection)), m_clock(std::move(clock)), m_settings(std::move(settings)),
      m_recorder(m_connection.cluster, m_clock, "rollouts-controller"),
      m_world(m_connection,
              {.ns = m_settings.ns,
               .jobNs = m_settings.measurements.jobNamespace(),
               .instanceId = m_settings.options.instanceId,
               .jobs = m_settings.measurements.jobs.cache},
              [this](const RolloutTask &task) { wake(task); }),
      m_executor(
          m_connection.cluster, m_recorder,
          [this](const object::ObjectKey &key, const object::Object &object) { m_world.remember(key, object); },
          m_settings.mayWrite),
      m_runner(
          m_connection.cluster, m_clock, m_settings.measurements,
          [this](const object::ObjectKey &key) { return m_world.find(key); },
          [this](const object::ObjectKey &key, const object::Object &object) { m_world.remember(key, object); })
{
    m_executor.setJobCluster(m_settings.measurements.jobs.cluster);
}

RolloutEngine::~RolloutEngine() = default;

Moment RolloutEngine::now() const
{
    return {m_clock->now()};
}

Async<void> RolloutEngine::start(CancelToken cancel)
{
    const Expected<void> started = co_await m_world.start(cancel);
    if (!started)
        co_return std::unexpected(started.error());
    m_isStarted = true;
    for (const RolloutTask &task : m_world.tasks())
        wake(task);
    co_return {};
}

void RolloutEngine::goOn()
{
    std::vector<RolloutTask> tasks = m_world.tasks();
    for (auto &[task, slot] : m_slots) {
        if (std::exchange(slot.failures, 0) > 0) // one under way that still fails is made again soon
            tasks.push_back(task);
    }
    for (const RolloutTask &task : tasks)
        wake(task);
}

Async<void> RolloutEngine::close()
{
    m_isStarted = false;
    m_queue.clear();
    const Expected<void> closed = co_await m_tasks.close();
    m_slots.clear();
    co_return closed;
}

void RolloutEngine::wake(const RolloutTask &task)
{
    if (!m_isStarted)
        return;
    Slot &slot = m_slots[task];
    if (slot.isRunning) {
        slot.isDirty = true;
        return;
    }
    if (slot.isWaiting)
        return;
    slot.isWaiting = true;
    m_queue.push_back(task);
    // From the event loop: a burst of changes makes one pass.
    QMetaObject::invokeMethod(this, [this] { runNext(); }, Qt::QueuedConnection);
}

void RolloutEngine::runNext()
{
    while (m_running < kMostRunning && !m_queue.empty() && m_isStarted) {
        const RolloutTask task = m_queue.front();
        m_queue.erase(m_queue.begin());
        Slot &slot = m_slots[task];
        slot.isWaiting = false;
        slot.isRunning = true;
        slot.isDirty = false;
        slot.timer.reset();
        ++m_running;
        m_tasks.start(work(task));
    }
}

Async<void> RolloutEngine::work(RolloutTask task)
{
    const CancelToken cancel = m_tasks.token();
    const ports::WallTime begin = m_clock->now();
    const Expected<std::optional<Moment>> again = co_await pass(task, cancel);
    --m_running;
    // Counts of what is long gone are given up before they fill the memory.
    if (m_reconciles.size() > kMostCounted)
        m_reconciles.clear();
    m_reconciles[{std::string(wordOf(task.kind)), task.ns, task.name}].add(
        static_cast<double>(m_clock->now() - begin) / 1000, !again.has_value());
    if (cancel.isCancelled())
        co_return {};
    Slot &slot = m_slots[task];
    slot.isRunning = false;
    if (!again) {
        m_settings.onFailure(task, again.error());
        lookAgain(task, pauseAfter(++slot.failures));
    } else {
        slot.failures = 0;
        if (*again)
            lookAgain(task, (*again)->milliseconds - m_clock->now());
        if (slot.isDirty)
            wake(task);
    }
    // Runs and experiments come and go: nothing is kept of what waits for a change only.
    if (!slot.isWaiting && !slot.timer && slot.failures == 0)
        m_slots.erase(task);
    runNext();
    co_return {};
}

void RolloutEngine::lookAgain(const RolloutTask &task, std::int64_t milliseconds)
{
    Slot &slot = m_slots[task];
    slot.timer = std::make_unique<QTimer>();
    slot.timer->setSingleShot(true);
    connect(slot.timer.get(), &QTimer::timeout, this, [this, task] { wake(task); });
    slot.timer->start(std::chrono::milliseconds(std::clamp<std::int64_t>(milliseconds, 1, kLongestTimer)));
}

Async<std::optional<Moment>> RolloutEngine::pass(RolloutTask task, CancelToken cancel)
{
    switch (task.kind) {
    case Kind::Rollout: {
        const Expected<std::optional<Moment>> again = co_await rolloutPass(task, cancel);
        co_return again;
    }
    case Kind::AnalysisRun: {
        const Expected<std::optional<Moment>> again = co_await runPass(task, cancel);
        co_return again;
    }
    case Kind::Experiment: {
        const Expected<std::optional<Moment>> again = co_await experimentPass(task, cancel);
        co_return again;
    }
    case Kind::Service:
    case Kind::DestinationRule: {
        const Expected<std::optional<Moment>> again = co_await managedPass(task, cancel);
        co_return again;
    }
    }
    co_return std::nullopt;
}

Async<std::optional<Moment>> RolloutEngine::rolloutPass(RolloutTask task, CancelToken cancel)
{
    const Expected<std::optional<rollout::Observed>> observed = co_await m_world.rollout(task, cancel);
    if (!observed)
        co_return std::unexpected(observed.error());
    if (!*observed) {
        ignoreError(co_await sayFarewell(task, cancel), "an event is news, not state");
        co_return std::nullopt;
    }
    const object::Object about = (*observed)->rollout.object;
    ignoreError(co_await greet(task, about, cancel), "an event is news, not state");
    const Decision decision = rollout::reconcile(**observed, m_settings.options, now());
    const Expected<Carried> carried = co_await m_executor.carryOut(decision, about, cancel);
    if (!carried)
        co_return std::unexpected(carried.error());
    countEvents(decision, about, *carried);
    if (carried->failure && !carried->refusedReplicaSet.empty()) {
        const Decision report = rollout::replicaSetCreateFailure(**observed, carried->refusedReplicaSet,
                                                                 carried->failure->message(), now());
        const Expected<Carried> reported = co_await m_executor.carryOut(report, about, cancel);
        ignoreError(reported, "the refusal itself is what counts");
    }
    co_return outcomeOf(decision, *carried);
}

Async<void> RolloutEngine::greet(RolloutTask task, object::Object about, CancelToken cancel)
{
    if (isForeign(about) || !m_settings.mayWrite())
        co_return {};
    object::Object &known = m_greeted[task];
    if (known.uid() == about.uid())
        co_return {};
    known = object::Object(object::Value::map(
        {{"apiVersion", about.apiVersion()},
         {"kind", about.kind()},
         {"metadata", object::Value::map({{"name", task.name}, {"namespace", task.ns}, {"uid", about.uid()}})}}));
    const RecordedEvent added{false, "RolloutAddedToInformer",
                              "Rollout resource added to informer: " + task.ns + "/" + task.name};
    const Expected<void> recorded = co_await m_recorder.record(about, added, cancel);
    co_return recorded;
}

Async<void> RolloutEngine::sayFarewell(RolloutTask task, CancelToken cancel)
{
    const auto known = m_greeted.extract(task);
    if (known.empty() || !m_settings.mayWrite())
        co_return {};
    const RecordedEvent deleted{false, "RolloutDeleted", "Rollout " + task.name + "/" + task.ns + " is deleted."};
    const Expected<void> recorded = co_await m_recorder.record(known.mapped(), deleted, cancel);
    co_return recorded;
}

bool RolloutEngine::isForeign(const object::Object &object) const
{
    return object.label(rollout::kInstanceIdLabel).value_or("") != m_settings.options.instanceId;
}

Async<std::optional<Moment>> RolloutEngine::runPass(RolloutTask task, CancelToken cancel)
{
    const Expected<std::optional<rollout::RunObserved>> observed = co_await m_world.analysisRun(task, cancel);
    if (!observed)
        co_return std::unexpected(observed.error());
    if (!*observed || isForeign((*observed)->run.object))
        co_return std::nullopt;
    rollout::RunDecision decision = rollout::decideRun(**observed, now());
    if (!decision.requests.empty()) {
        // Jobs are writes as well.
        if (!m_settings.mayWrite())
            co_return failure(ErrorCode::Denied, "the Lease of this engine is not held any more");
        const Expected<rollout::MeasurementAnswers> answers =
            co_await m_runner.measure((*observed)->run, decision.requests, cancel);
        if (!answers)
            co_return std::unexpected(answers.error());
        rollout::RunObserved after = **observed;
        // Somebody may have ended it meanwhile.
        const object::Object latest = m_world.find((*observed)->run.object.key());
        if (latest.isNull())
            co_return std::nullopt;
        after.run = rollout::readAnalysisRun(latest);
        after.answers = *answers;
        decision = rollout::decideRun(after, now());
        const Expected<Carried> carried = co_await m_executor.carryOut(decision.decision, latest, cancel);
        if (!carried)
            co_return std::unexpected(carried.error());
        countEvents(decision.decision, latest, *carried);
        co_return outcomeOf(decision.decision, *carried);
    }
    const Expected<Carried> carried = co_await m_executor.carryOut(decision.decision, (*observed)->run.object, cancel);
    if (!carried)
        co_return std::unexpected(carried.error());
    countEvents(decision.decision, (*observed)->run.object, *carried);
    co_return outcomeOf(decision.decision, *carried);
}

Async<std::optional<Moment>> RolloutEngine::experimentPass(RolloutTask task, CancelToken cancel)
{
    std::map<std::string, std::string> refusals;
    for (std::size_t tries = 0;; ++tries) {
        Expected<std::optional<rollout::ExperimentObserved>> observed = co_await m_world.experiment(task, cancel);
        if (!observed)
            co_return std::unexpected(observed.error());
        if (!*observed || isForeign((*observed)->experiment.object))
            co_return std::nullopt;
        (*observed)->refusals = refusals;
        const Decision decision = rollout::decideExperiment(**observed, now());
        const Expected<Carried> carried =
            co_await m_executor.carryOut(decision, (*observed)->experiment.object, cancel);
        if (!carried)
            co_return std::unexpected(carried.error());
        countEvents(decision, (*observed)->experiment.object, *carried);
        const std::string &kind = carried->refused.kind;
        const bool isRefusal =
            carried->failure
            && (carried->failure->code() == ErrorCode::InvalidInput || carried->failure->code() == ErrorCode::Denied)
            && (kind == "ReplicaSet" || kind == "Service" || kind == "AnalysisRun");
        const rollout::Experiment &experiment = (*observed)->experiment;
        if (!isRefusal || tries > experiment.templates.size() * 2 + experiment.analyses.size())
            co_return outcomeOf(decision, *carried);
        // The experiment is to say what the server said.
        refusals.insert_or_assign(kind + "/" + carried->refused.name, carried->failure->message());
    }
}

Async<std::optional<Moment>> RolloutEngine::managedPass(RolloutTask task, CancelToken cancel)
{
    const Expected<Decision> decision = co_await m_world.release(task, cancel);
    if (!decision)
        co_return std::unexpected(decision.error());
    const Expected<Carried> carried = co_await m_executor.carryOut(*decision, m_world.managed(task), cancel);
    if (!carried)
        co_return std::unexpected(carried.error());
    co_return outcomeOf(*decision, *carried);
}

void RolloutEngine::countEvents(const Decision &decision, const object::Object &about, const Carried &carried)
{
    if (carried.failure)
        return;
    if (m_events.size() > kMostCounted)
        m_events.clear();
    Decision done;
    done.acts.assign(decision.acts.begin(), decision.acts.begin() + static_cast<std::ptrdiff_t>(carried.acts));
    for (const rollout::Event &event : done.events()) {
        const std::string name = event.about ? event.about->name : std::string(about.name());
        ++m_events[{std::string(about.ns()), name, event.isWarning ? "Warning" : "Normal", event.reason}];
    }
}

rollout::MetricsSource RolloutEngine::metrics() const
{
    const auto isOurs = [this](const object::Object &object) { return !isForeign(object); };
    rollout::MetricsSource source;
    source.rollouts = m_world.all("Rollout", isOurs);
    source.analysisRuns = m_world.all("AnalysisRun", isOurs);
    source.experiments = m_world.all("Experiment", isOurs);
    const auto any = [](const object::Object &) { return true; };
    source.templates = m_world.all("AnalysisTemplate", any);
    const std::vector<object::Object> ofCluster = m_world.all("ClusterAnalysisTemplate", any);
    source.templates.insert(source.templates.end(), ofCluster.begin(), ofCluster.end());
    source.reconciles = m_reconciles;
    source.events = m_events;
    return source;
}

Expected<std::optional<Moment>> RolloutEngine::outcomeOf(const Decision &decision, const Carried &carried) const
{
    if (carried.failure)
        return std::unexpected(*carried.failure);
    if (!decision.failure.empty() && !decision.lookAgain)
        return failure(ErrorCode::InvalidInput, decision.failure);
    return decision.lookAgain;
}

} // namespace tiphys::control
