// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "control/decision_executor.h"
#include "control/event_recorder.h"
#include "control/measurement_runner.h"
#include "control/rollout_world.h"
#include "rollout/info/metrics.h"
#include "rollout/observed.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>

namespace tiphys::control {

struct RolloutEngineSettings
{
    rollout::Options options;
    std::string ns; ///< "" is all namespaces
    MeasurementSettings measurements;
    std::function<bool()> mayWrite = [] { return true; };
    /// Hears of passes that failed, one sentence each.
    std::function<void(const RolloutTask &, const Error &)> onFailure = [](const RolloutTask &, const Error &) {};
};

/// Reconciles Rollouts, AnalysisRuns, Experiments and Services as the Rollouts controller does: looks at one object at a time,
/// decides, carries the decision out, and looks again when something changes or the decision says so. Engine thread
/// only.
class RolloutEngine : public QObject
{
public:
    RolloutEngine(ports::Connection connection, std::shared_ptr<const ports::Clock> clock,
                  RolloutEngineSettings settings);
    ~RolloutEngine() override;

    /// Starts the watches; returns when everything is known and the work goes on by itself.
    Async<void> start(CancelToken cancel);
    /// Looks at everything at once: what failed meanwhile, as without the Lease, need not wait any longer.
    void goOn();
    /// Ends the passes under way; the engine may be destroyed when this returns.
    Async<void> close();

    /// What a metrics page says now; the version is left to the caller.
    rollout::MetricsSource metrics() const;

private:
    /// What is known about looking at one object.
    struct Slot
    {
        bool isWaiting = false; ///< in the queue
        bool isRunning = false;
        bool isDirty = false; ///< changed while running
        int failures = 0;     ///< in a row
        std::unique_ptr<QTimer> timer;
    };

    void wake(const RolloutTask &task);
    void runNext();
    Async<void> work(RolloutTask task);
    /// One pass. The moment is when to look again though nothing changes.
    Async<std::optional<rollout::Moment>> pass(RolloutTask task, CancelToken cancel);
    Async<std::optional<rollout::Moment>> rolloutPass(RolloutTask task, CancelToken cancel);
    Async<std::optional<rollout::Moment>> runPass(RolloutTask task, CancelToken cancel);
    Async<std::optional<rollout::Moment>> experimentPass(RolloutTask task, CancelToken cancel);
    Async<std::optional<rollout::Moment>> managedPass(RolloutTask task, CancelToken cancel);
    /// Events about the first and the last sight of a Rollout.
    Async<void> greet(RolloutTask task, object::Object about, CancelToken cancel);
    Async<void> sayFarewell(RolloutTask task, CancelToken cancel);
    /// True if \p object belongs to controllers of another instance id.
    bool isForeign(const object::Object &object) const;
    /// Counts the events of \p decision as far as it was carried out.
    void countEvents(const rollout::Decision &decision, const object::Object &about, const Carried &carried);
    Expected<std::optional<rollout::Moment>> outcomeOf(const rollout::Decision &decision, const Carried &carried) const;
    void lookAgain(const RolloutTask &task, std::int64_t milliseconds);
    rollout::Moment now() const;

    ports::Connection m_connection;
    std::shared_ptr<const ports::Clock> m_clock;
    RolloutEngineSettings m_settings;
    EventRecorder m_recorder;
    RolloutWorld m_world;
    DecisionExecutor m_executor;
    MeasurementRunner m_runner;
    std::map<RolloutTask, Slot> m_slots;
    std::vector<RolloutTask> m_queue;
    std::map<RolloutTask, object::Object> m_greeted; ///< of Rollouts whose first event was written: what events name
    std::map<rollout::MetricsSource::ObjectId, rollout::ReconcileCount> m_reconciles;
    std::map<rollout::MetricsSource::EventId, std::uint64_t> m_events;
    int m_running = 0;
    bool m_isStarted = false;
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
