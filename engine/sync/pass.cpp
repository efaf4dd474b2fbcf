// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/pass.h"

#include "base/text.h"
#include "sync/pass_run.h"

#include <algorithm>
#include <set>

namespace tiphys::sync {

namespace {

/// \p message, and the distinct messages of \p tasks as its reason.
template <typename Tasks>
std::string withReasons(std::string_view message, const Tasks &tasks)
{
    std::vector<std::string> reasons;
    for (const Task *task : tasks) {
        if (!std::ranges::contains(reasons, task->message))
            reasons.push_back(task->message);
    }
    return std::string(message) + (reasons.empty() ? "" : ", reason: " + join(reasons, ","));
}

bool isSyncFailed(const Task *task)
{
    return task->status == crd::ResultCode::SyncFailed;
}

} // namespace

PassStep passStep(const PassInput &input, std::span<const BatchResults> answered)
{
    return PassRun(input, answered).run();
}

PassRun::PassRun(const PassInput &input, std::span<const BatchResults> answered)
    : m_input(input), m_settings(settingsOf(*input.operation.sync)), m_answered(answered), m_book(input.results),
      m_recorded(input.results)
{
}

PassStep PassRun::run()
{
    m_end.phase = m_input.phase;
    const auto body = [this]() -> Progress {
        if (build() == Progress::Blocked)
            return Progress::Blocked;
        return m_input.phase == crd::OperationPhase::Terminating ? terminate() : sync();
    };
    if (body() == Progress::Blocked)
        return m_needed;
    m_end.results = m_book.results();
    return m_end;
}

PassRun::Progress PassRun::build()
{
    NamespaceLook look;
    if (needsNamespaceLook(m_input)) {
        Batch batch;
        batch.writes.push_back({.act = Act::Look,
                                .gvk = {.group = "", .version = "v1", .kind = "Namespace"},
                                .ns = {},
                                .name = m_input.destinationNamespace,
                                .target = {},
                                .live = {},
                                .migrationManager = {},
                                .resource = {}});
        if (perform(std::move(batch)) == Progress::Blocked)
            return Progress::Blocked;
        const WriteResult &answer = answers().front();
        look.state = !answer.isFailed    ? NamespaceLook::State::Present
                     : answer.isNotFound ? NamespaceLook::State::Absent
                                         : NamespaceLook::State::Failed;
        look.live = answer.object;
        look.failure = answer.message;
    }
    m_tasks = tasksOf(m_input, look);
    for (Task &task : m_tasks) {
        if (!task.buildFailure.empty())
            m_book.set(task, crd::ResultCode::SyncFailed, crd::OperationPhase::Error, task.buildFailure);
        if (!task.invalidReason.empty())
            m_book.set(task, crd::ResultCode::SyncFailed, crd::OperationPhase::None, task.invalidReason);
        m_book.annotate(task);
    }
    m_failHooks = tasksWhere([](const Task &task) { return task.phase == Phase::SyncFail; });
    return adoptRecordedHooks();
}

PassRun::Progress PassRun::adoptRecordedHooks()
{
    // A hook that was recorded but has no outcome: the pass that would make it was cut off. What is there now was
    // made by it, since its former self was gone before the record was written.
    const Tasks recorded = tasksWhere(
        [](const Task &task) { return task.isHook && task.isRunning() && task.status == crd::ResultCode::None; });
    const Tasks adoptable = filtered(
        recorded, [](const Task &task) { return hasDeletePolicy(task.object(), DeletePolicy::BeforeHookCreation); });
    for (Task *task : recorded)
        task->hookPhase = crd::OperationPhase::None;
    if (perform(adoptable, [this](const Task &task) { return writeFor(Act::Look, task); }) == Progress::Blocked)
        return Progress::Blocked;
    for (std::size_t i = 0; i < adoptable.size(); ++i) {
        const WriteResult &answer = answers()[i];
        Task &task = *adoptable[i];
        task.live = answer.object;
        if (!answer.isFailed)
            m_book.set(task, crd::ResultCode::Synced, crd::OperationPhase::Running, {});
        else if (!answer.isNotFound)
            m_book.set(task, task.status, crd::OperationPhase::Error,
                       "Failed to get live resource failed to get resource: " + answer.message);
    }
    return Progress::Done;
}

PassRun::Progress PassRun::sync()
{
    const bool isInvalid = std::ranges::any_of(m_tasks, [](const Task &task) { return !task.invalidReason.empty(); });
    if (isInvalid) {
        std::set<std::string> reasons;
        for (const crd::ResourceResult &result : m_book.results()) {
            if (result.status == crd::ResultCode::SyncFailed && !result.message.empty())
                reasons.insert(result.message);
        }
        const std::string detail = join({reasons.begin(), reasons.end()}, "; ");
        end(crd::OperationPhase::Failed,
            "one or more synchronization tasks are not valid" + (detail.empty() ? "" : ": " + detail));
        return Progress::Done;
    }
    if (m_book.isEmpty()) {
        if (preflight() == Progress::Blocked)
            return Progress::Blocked;
        if (m_end.phase == crd::OperationPhase::Failed)
            return Progress::Done;
    }
    assessRunning();

    const bool isMulti = isMultiStep(m_tasks);
    const Tasks running = tasksWhere([&](const Task &task) { return (isMulti || task.isHook) && task.isRunning(); });
    if (!running.empty())
        return lookForMissing(running);
    const Tasks leaving = tasksWhere([](const Task &task) {
        return task.status == crd::ResultCode::Pruned && !task.live.isNull() && task.live.isBeingDeleted();
    });
    if (!leaving.empty()) {
        waitFor(leaving, true);
        return Progress::Done;
    }
    Outcome ignored = Outcome::Successful;
    const Tasks completed = tasksWhere([](const Task &task) { return task.isHook && task.isCompleted(); });
    if (removeFinalizers(completed, "Failed to remove hook finalizer: ", ignored) == Progress::Blocked)
        return Progress::Blocked;

    m_goneAfterSuccess = liveHooks(DeletePolicy::HookSucceeded);
    m_goneAfterFailure = liveHooks(DeletePolicy::HookFailed);
    const Tasks regular = tasksWhere([](const Task &task) { return task.phase != Phase::SyncFail; });
    if (std::ranges::any_of(regular, [](const Task *task) { return task->isCompleted() && !task->isSuccessful(); })) {
        bool isComplete = false;
        if (deleteHooks(m_goneAfterFailure) == Progress::Blocked)
            return Progress::Blocked;
        return endFailed(m_failHooks, filtered(regular, [](const Task &task) { return isSyncFailed(&task); }),
                         "one or more synchronization tasks completed unsuccessfully", isComplete);
    }
    Tasks pending = filtered(regular, [](const Task &task) { return task.isPending(); });
    if (m_settings.appliesOutOfSyncOnly)
        pending = withoutUnmodified(pending);
    if (!pending.empty())
        return runWave(std::move(pending));
    if (deleteHooks(m_goneAfterSuccess) == Progress::Blocked)
        return Progress::Blocked;
    end(crd::OperationPhase::Succeeded, "successfully synced (no more tasks)");
    return Progress::Done;
}

PassRun::Progress PassRun::preflight()
{
    Tasks tasks = tasksWhere([](const Task &) { return true; });
    if (const std::optional<Task *> creation = namespaceCreation()) {
        Outcome outcome = Outcome::Successful;
        if (runTasks({*creation}, false, outcome) == Progress::Blocked)
            return Progress::Blocked;
        if (outcome == Outcome::Failed) {
            bool isComplete = false;
            return endFailed({}, {*creation}, "the namespace failed to apply", isComplete);
        }
        std::erase(tasks, *creation);
    }
    if (m_settings.appliesOutOfSyncOnly)
        tasks = withoutUnmodified(tasks);
    Outcome outcome = Outcome::Successful;
    if (runTasks(tasks, true, outcome) == Progress::Blocked)
        return Progress::Blocked;
    if (outcome == Outcome::Failed)
        end(crd::OperationPhase::Failed, "one or more objects failed to apply (dry run)");
    return Progress::Done;
}

std::optional<Task *> PassRun::namespaceCreation()
{
    for (Task &task : m_tasks) {
        const object::Object &target = task.target;
        const bool isNamespace = target.kind() == "Namespace" && target.group().empty();
        if (task.live.isNull() && isNamespace && target.name() == m_input.destinationNamespace)
            return &task;
    }
    return std::nullopt;
}

PassRun::Tasks PassRun::withoutUnmodified(const Tasks &tasks) const
{
    return filtered(tasks, [](const Task &task) {
        return task.isHook || task.isModified || task.target.isNull() || task.live.isNull();
    });
}

std::pair<crd::OperationPhase, std::string> PassRun::hookPhaseOf(const object::Object &live, std::string &problem) const
{
    const Expected<std::optional<crd::HealthStatus>> health = m_input.world.health(live);
    if (!health) {
        problem = "failed to get resource health: failed to get resource health: " + health.error().text();
        return {crd::OperationPhase::Error, {}};
    }
    const std::string created = std::string(live.name()) + " created";
    if (!*health)
        return {crd::OperationPhase::Succeeded, created};
    switch ((*health)->status) {
    case crd::HealthCode::Unknown:
    case crd::HealthCode::Degraded: return {crd::OperationPhase::Failed, (*health)->message};
    case crd::HealthCode::Progressing:
    case crd::HealthCode::Suspended: return {crd::OperationPhase::Running, (*health)->message};
    case crd::HealthCode::Healthy: return {crd::OperationPhase::Succeeded, (*health)->message};
    case crd::HealthCode::Missing:
    case crd::HealthCode::None: break;
    }
    return {crd::OperationPhase::Succeeded, created};
}

void PassRun::assessRunning()
{
    for (Task &task : m_tasks) {
        if (!task.isRunning() || task.live.isNull())
            continue;
        if (task.isHook) {
            std::string problem;
            const auto [phase, message] = hookPhaseOf(task.live, problem);
            m_book.set(task, task.status, phase, problem.empty() ? message : problem);
            continue;
        }
        const Expected<std::optional<crd::HealthStatus>> health = m_input.world.health(task.live);
        if (!health)
            continue;
        if (!*health)
            m_book.set(task, task.status, crd::OperationPhase::Succeeded, task.message);
        else if ((*health)->status == crd::HealthCode::Healthy)
            m_book.set(task, task.status, crd::OperationPhase::Succeeded, (*health)->message);
        else if ((*health)->status == crd::HealthCode::Degraded)
            m_book.set(task, task.status, crd::OperationPhase::Failed, (*health)->message);
    }
}

PassRun::Progress PassRun::lookForMissing(const Tasks &running)
{
    const Tasks unseen = filtered(running, [](const Task &task) { return task.live.isNull(); });
    if (perform(unseen, [this](const Task &task) { return writeFor(Act::Look, task); }) == Progress::Blocked)
        return Progress::Blocked;
    for (std::size_t i = 0; i < unseen.size(); ++i) {
        const WriteResult &answer = answers()[i];
        Task &task = *unseen[i];
        if (answer.isFailed && answer.isNotFound)
            m_book.set(task, crd::ResultCode::SyncFailed, crd::OperationPhase::Error,
                       "Resource " + task.place() + " is missing, it might have been deleted");
        else if (answer.isFailed)
            m_book.set(task, task.status, crd::OperationPhase::Error,
                       "Failed to get live resource failed to get resource: " + answer.message);
    }
    waitFor(running, false);
    return Progress::Done;
}

PassRun::Progress PassRun::endFailed(const Tasks &failHooks, const Tasks &failed, std::string_view message,
                                     bool &isComplete)
{
    std::string text = withReasons(message, failed);
    isComplete = std::ranges::all_of(failHooks, [](const Task *task) { return task->isCompleted(); });
    if (isComplete) {
        const Tasks failedHooks = filtered(failHooks, [](const Task &task) { return isSyncFailed(&task); });
        if (!failedHooks.empty())
            text += '\n' + withReasons("one or more SyncFail hooks failed", failedHooks);
        end(crd::OperationPhase::Failed, std::move(text));
        return Progress::Done;
    }
    // The phase is left: the failure hooks are to end before the sync fails.
    const Tasks pending =
        filtered(failHooks, [](const Task &task) { return !task.isCompleted() && !task.isRunning(); });
    Outcome ignored = Outcome::Successful;
    if (runTasks(pending, false, ignored) == Progress::Blocked)
        return Progress::Blocked;
    waitFor(pending, false);
    return Progress::Done;
}

PassRun::Progress PassRun::runWave(Tasks pending)
{
    const Phase phase = pending.front()->phase;
    const std::int64_t number = pending.front()->wave;
    const bool isFinal = phase == pending.back()->phase && number == pending.back()->wave;
    const Tasks wave = filtered(pending, [&](const Task &task) { return task.phase == phase && task.wave == number; });
    end(crd::OperationPhase::Running, "one or more tasks are running");
    Outcome outcome = Outcome::Successful;
    if (runTasks(wave, false, outcome) == Progress::Blocked)
        return Progress::Blocked;
    if (outcome != Outcome::Failed && !isFinal)
        m_end.delay = WaveDelay::Yes;
    return concludeWave(wave, wave.size() < pending.size(), outcome);
}

PassRun::Progress PassRun::concludeWave(const Tasks &wave, bool hasMore, Outcome outcome)
{
    switch (outcome) {
    case Outcome::Failed: {
        const Tasks failed = filtered(wave, [](const Task &task) { return isSyncFailed(&task); });
        Tasks running = filtered(wave, [](const Task &task) { return task.isRunning(); });
        bool isComplete = false;
        if (running.empty()) {
            if (endFailed(m_failHooks, failed, "one or more objects failed to apply", isComplete) == Progress::Blocked)
                return Progress::Blocked;
            return isComplete ? deleteHooks(m_goneAfterFailure) : Progress::Done;
        }
        if (!m_failHooks.empty()) {
            if (endFailed(m_failHooks, failed, "one or more objects failed to apply", isComplete) == Progress::Blocked)
                return Progress::Blocked;
            if (!isComplete)
                running.insert(running.end(), m_failHooks.begin(), m_failHooks.end());
        }
        waitFor(running, false);
        return Progress::Done;
    }
    case Outcome::Successful:
        if (!hasMore && std::ranges::none_of(wave, [](const Task *task) { return task->isHook; })) {
            if (deleteHooks(m_goneAfterSuccess) == Progress::Blocked)
                return Progress::Blocked;
            end(crd::OperationPhase::Succeeded, "successfully synced (all tasks run)");
        } else {
            waitFor(wave, false);
        }
        return Progress::Done;
    case Outcome::Pending:
        waitFor(filtered(wave,
                         [](const Task &task) {
                             return task.isDeletedBeforeCreation() || (task.isPrune() && task.isPending());
                         }),
                true);
        return Progress::Done;
    }
    return Progress::Done;
}

void PassRun::waitFor(const Tasks &tasks, bool isDeletion)
{
    if (tasks.empty()) {
        end(crd::OperationPhase::Running, {});
        return;
    }
    const Tasks hooks = filtered(tasks, [](const Task &task) { return task.isHook; });
    std::string reason = hooks.empty() ? "healthy state of" : "completion of hook";
    if (isDeletion)
        reason = hooks.empty() ? "deletion of" : "deletion of hook";
    const std::string more = hooks.size() == tasks.size() ? "hooks" : "resources";
    const Task *first = hooks.empty() ? tasks.front() : hooks.front();
    std::size_t others = tasks.size() - 1;
    if (!m_input.isPruneApproved) {
        const Tasks unapproved = filtered(tasks, [this](const Task &task) {
            return task.isPrune() && needsPruneConfirmation(task.live, m_settings);
        });
        if (!unapproved.empty()) {
            reason = "pruning confirmation of";
            first = unapproved.front();
            others = unapproved.size() - 1;
        }
    }
    std::string message = "waiting for " + reason + ' ' + first->place();
    if (others > 0)
        message += " and " + std::to_string(others) + " more " + more;
    end(crd::OperationPhase::Running, std::move(message));
}

void PassRun::end(crd::OperationPhase phase, std::string message)
{
    m_end.phase = phase;
    m_end.message = std::move(message);
}

PassRun::Tasks PassRun::liveHooks(DeletePolicy policy)
{
    return tasksWhere([policy](const Task &task) {
        return task.isHook && !task.live.isNull() && !task.isRunning() && hasDeletePolicy(task.object(), policy);
    });
}

PassRun::Progress PassRun::terminate()
{
    Outcome ignored = Outcome::Successful;
    const Tasks completed = tasksWhere([](const Task &task) { return task.isHook && task.isCompleted(); });
    if (removeFinalizers(completed, "Failed to remove hook finalizer: ", ignored) == Progress::Blocked)
        return Progress::Blocked;
    bool isClean = true;
    for (Task *task : tasksWhere([](const Task &task) { return task.isHook && task.isRunning(); })) {
        if (stopHook(*task, isClean) == Progress::Blocked)
            return Progress::Blocked;
    }
    if (isClean)
        end(crd::OperationPhase::Failed, "Operation terminated");
    else
        end(crd::OperationPhase::Error, "Operation termination had errors");
    return Progress::Done;
}

PassRun::Progress PassRun::stopHook(Task &task, bool &isClean)
{
    if (task.live.isNull()) {
        if (perform({&task}, [this](const Task &hook) { return writeFor(Act::Look, hook); }) == Progress::Blocked)
            return Progress::Blocked;
        const WriteResult &answer = answers().front();
        if (answer.isFailed && !answer.isNotFound) {
            m_book.set(task, task.status, crd::OperationPhase::Error,
                       "Failed to get live resource: failed to get resource: " + answer.message);
            isClean = false;
            return Progress::Done;
        }
        task.live = answer.object;
    }
    if (task.live.isNull()) {
        m_book.set(task, task.status, crd::OperationPhase::Succeeded, "Terminated");
        return Progress::Done;
    }
    std::string problem;
    const auto [phase, message] = hookPhaseOf(task.live, problem);
    if (!problem.empty())
        m_book.set(task, task.status, crd::OperationPhase::Error, "Failed to get hook health: " + problem);
    Outcome outcome = Outcome::Successful;
    if (removeFinalizers({&task}, "Failed to remove hook finalizer: ", outcome) == Progress::Blocked)
        return Progress::Blocked;
    if (outcome == Outcome::Failed) {
        isClean = false;
        return Progress::Done;
    }
    const bool isUnfinished = !problem.empty() || phase == crd::OperationPhase::Running;
    if (isUnfinished || hasDeletePolicy(task.object(), DeletePolicy::HookFailed)) {
        if (perform({&task}, [this](const Task &hook) { return writeFor(Act::DeleteHook, hook); }) == Progress::Blocked)
            return Progress::Blocked;
        if (answers().front().isFailed && !answers().front().isNotFound) {
            m_book.set(task, task.status, crd::OperationPhase::Failed,
                       "Failed to delete: failed to delete resource: " + answers().front().message);
            isClean = false;
            return Progress::Done;
        }
    }
    if (problem.empty() && crd::isCompleted(phase))
        m_book.set(task, task.status, phase, message);
    else if (task.hookPhase != crd::OperationPhase::Error)
        m_book.set(task, task.status, crd::OperationPhase::Failed, "Terminated");
    return Progress::Done;
}

} // namespace tiphys::sync
