// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/pass_run.h"

#include <algorithm>

namespace tiphys::sync {

namespace {

/// Twice, as the controller says it.
constexpr std::string_view kHookNotDeleted = "failed to delete resource: failed to delete resource: ";

crd::OperationPhase phaseAfter(crd::ResultCode status)
{
    switch (status) {
    case crd::ResultCode::Synced: return crd::OperationPhase::Running;
    case crd::ResultCode::SyncFailed: return crd::OperationPhase::Failed;
    case crd::ResultCode::Pruned:
    case crd::ResultCode::PruneSkipped: return crd::OperationPhase::Succeeded;
    case crd::ResultCode::None: break;
    }
    return crd::OperationPhase::None;
}

bool isMigrationNeeded(const object::Object &live, std::string_view manager)
{
    const object::Value fields = live.path({"metadata", "managedFields"});
    for (const object::Value &entry : fields.items()) {
        if (entry["manager"].stringOr() == manager && entry["operation"].stringOr() == "Update")
            return true;
    }
    return false;
}

} // namespace

PassRun::Progress PassRun::perform(Batch batch)
{
    if (m_next < m_answered.size()) {
        ++m_next;
        return Progress::Done;
    }
    m_needed = std::move(batch);
    return Progress::Blocked;
}

Batch PassRun::batchOf(const Tasks &tasks, const std::function<Write(const Task &)> &writeOf) const
{
    Batch batch;
    for (const Task *task : tasks)
        batch.writes.push_back(writeOf(*task));
    return batch;
}

PassRun::Progress PassRun::perform(const Tasks &tasks, const std::function<Write(const Task &)> &writeOf)
{
    return tasks.empty() ? Progress::Done : perform(batchOf(tasks, writeOf));
}

Write PassRun::writeFor(Act act, const Task &task) const
{
    // The live object names its place best: a cluster-scoped target carries a namespace here.
    const object::Object &subject = task.live.isNull() ? task.target : task.live;
    return {.act = act,
            .gvk = task.object().gvk(),
            .ns = std::string(subject.ns()),
            .name = std::string(subject.name()),
            .target = {},
            .live = task.live,
            .propagation = m_settings.propagation,
            .migrationManager = {},
            .resource = task.resource};
}

Write PassRun::applyOf(const Task &task, bool isDryRun) const
{
    const auto asks = [&](std::string_view option) {
        return hasSyncOption(task.target, option) || (!task.live.isNull() && hasSyncOption(task.live, option));
    };
    Write write = writeFor(Act::Apply, task);
    write.target = task.target;
    write.isDryRun = isDryRun;
    write.forces = m_settings.forces || asks("Force=true");
    write.validates = m_settings.validates && !hasSyncOption(task.target, "Validate=false");
    const bool isServerSide = !isDryRun && !hasSyncOption(task.target, "ServerSideApply=false")
                              && (m_settings.appliesServerSide || hasSyncOption(task.target, "ServerSideApply=true"));
    if (isServerSide && m_settings.migratesClientSideApply && isMigrationNeeded(task.live, m_input.migrationManager))
        write.migrationManager = m_input.migrationManager;
    if (!m_settings.replaces && !asks("Replace=true"))
        write.mode = isServerSide ? ApplyMode::ServerSide : ApplyMode::ClientSide;
    else if (task.live.isNull())
        write.mode = ApplyMode::Create;
    else if (isCrd(task.target) || task.target.kind() == "Namespace")
        write.mode = ApplyMode::Update; // never deleted: everything inside would go too
    else
        write.mode = ApplyMode::Replace;
    return write;
}

PassRun::Progress PassRun::runTasks(const Tasks &tasks, bool isDryRun, Outcome &outcome)
{
    isDryRun = isDryRun || m_settings.isDryRun;
    const Tasks pruned = filtered(tasks, [](const Task &task) { return task.isPrune(); });
    const Tasks created = filtered(tasks, [](const Task &task) { return !task.isPrune(); });
    const Tasks existing =
        filtered(tasks, [](const Task &task) { return task.isHook && task.isPending() && !task.live.isNull(); });
    if (!isDryRun) {
        if (removeFinalizers(existing, "failed to remove hook finalizer: ", outcome) == Progress::Blocked)
            return Progress::Blocked;
        if (outcome != Outcome::Successful)
            return Progress::Done;
    }
    if (prune(pruned, isDryRun, outcome) == Progress::Blocked)
        return Progress::Blocked;
    if (outcome != Outcome::Successful)
        return Progress::Done;
    if (clearHooks(created, isDryRun, outcome) == Progress::Blocked)
        return Progress::Blocked;
    if (outcome != Outcome::Successful)
        return Progress::Done;
    return create(created, isDryRun, outcome);
}

PassRun::Progress PassRun::removeFinalizers(const Tasks &hooks, std::string_view problem, Outcome &outcome)
{
    const Tasks held = filtered(
        hooks, [](const Task &task) { return !task.live.isNull() && withoutHookFinalizer(task.live) != task.live; });
    if (held.empty())
        return Progress::Done;
    Batch batch = batchOf(held, [this](const Task &task) { return writeFor(Act::RemoveHookFinalizer, task); });
    // Without its finalizer a hook may vanish: how it ended must be known by then.
    batch.recordFirst = recordOf(m_book);
    if (perform(std::move(batch)) == Progress::Blocked)
        return Progress::Blocked;
    for (std::size_t i = 0; i < held.size(); ++i) {
        const WriteResult &answer = answers()[i];
        Task &task = *held[i];
        if (!answer.isFailed || answer.isNotFound)
            continue;
        m_book.set(task, task.status, crd::OperationPhase::Error, std::string(problem) + answer.message);
        outcome = Outcome::Failed;
    }
    return Progress::Done;
}

PassRun::Progress PassRun::prune(const Tasks &tasks, bool isDryRun, Outcome &outcome)
{
    const bool isUnapproved = !m_input.isPruneApproved && std::ranges::any_of(tasks, [this](const Task *task) {
        return needsPruneConfirmation(task->live, m_settings);
    });
    if (isUnapproved) {
        outcome = Outcome::Pending;
        return Progress::Done;
    }
    const auto isKept = [this](const Task &task) {
        return !m_settings.prunes || isPruningDisabled(task.live, m_settings);
    };
    const Tasks deleted = filtered(tasks, [&](const Task &task) {
        // Deleting again what is being deleted would only make noise.
        return !isKept(task) && !isDryRun && !task.live.isBeingDeleted();
    });
    if (perform(deleted, [this](const Task &task) { return writeFor(Act::Prune, task); }) == Progress::Blocked)
        return Progress::Blocked;
    std::size_t next = 0;
    for (Task *task : tasks) {
        crd::ResultCode status = crd::ResultCode::Pruned;
        std::string message = isDryRun ? "pruned (dry run)" : "pruned";
        if (isKept(*task)) {
            status = crd::ResultCode::PruneSkipped;
            message = m_settings.prunes ? "ignored (no prune)" : "ignored (requires pruning)";
        } else if (next < deleted.size() && deleted[next] == task) {
            const WriteResult &answer = answers()[next++];
            if (answer.isFailed) {
                status = crd::ResultCode::SyncFailed;
                message = answer.message;
                outcome = Outcome::Failed;
            }
        }
        if (!isDryRun || m_settings.isDryRun)
            m_book.set(*task, status, phaseAfter(status), message);
    }
    return Progress::Done;
}

PassRun::Progress PassRun::clearHooks(const Tasks &tasks, bool isDryRun, Outcome &outcome)
{
    if (isDryRun)
        return Progress::Done;
    const Tasks former = filtered(tasks, [](const Task &task) { return task.isDeletedBeforeCreation(); });
    if (perform(former, [this](const Task &task) { return writeFor(Act::DeleteHook, task); }) == Progress::Blocked)
        return Progress::Blocked;
    for (std::size_t i = 0; i < former.size(); ++i) {
        const WriteResult &answer = answers()[i];
        Task &task = *former[i];
        if (!answer.isFailed) {
            // The hook is made in a later pass, when its former self is gone.
            if (outcome == Outcome::Successful)
                outcome = Outcome::Pending;
        } else if (answer.isNotFound) {
            task.live = {};
        } else {
            m_book.set(task, task.status, crd::OperationPhase::Error, std::string(kHookNotDeleted) + answer.message);
            outcome = Outcome::Failed;
        }
    }
    return Progress::Done;
}

PassRun::Progress PassRun::create(const Tasks &tasks, bool isDryRun, Outcome &outcome)
{
    Tasks group;
    for (Task *task : tasks) {
        if (!group.empty() && group.front()->target.kind() != task->target.kind()) {
            if (createGroup(group, isDryRun, outcome) == Progress::Blocked)
                return Progress::Blocked;
            group.clear();
        }
        group.push_back(task);
    }
    return createGroup(group, isDryRun, outcome);
}

std::optional<std::vector<crd::ResourceResult>> PassRun::recordOf(const ResultBook &book)
{
    const auto isSame = [](const crd::ResourceResult &a, const crd::ResourceResult &b) {
        return a.status == b.status && a.hookPhase == b.hookPhase;
    };
    if (!m_input.recordsHooksFirst || std::ranges::equal(m_recorded, book.results(), isSame))
        return std::nullopt;
    m_recorded = book.results();
    return m_recorded;
}

std::optional<std::vector<crd::ResourceResult>> PassRun::recordOfIntent(const Tasks &tasks, bool isDryRun)
{
    const Tasks hooks = filtered(tasks, [](const Task &task) { return task.isHook; });
    if (hooks.empty() || isDryRun)
        return std::nullopt;
    ResultBook intended = m_book;
    for (const Task *task : hooks) {
        Task hook = *task;
        intended.set(hook, crd::ResultCode::None, crd::OperationPhase::Running, {});
    }
    return recordOf(intended);
}

PassRun::Progress PassRun::createGroup(const Tasks &group, bool isDryRun, Outcome &outcome)
{
    const Tasks tasks = filtered(group, [&](const Task &task) { return !isDryRun || !task.skipsDryRun; });
    if (tasks.empty())
        return Progress::Done;
    Batch batch;
    batch.recordFirst = recordOfIntent(tasks, isDryRun);
    for (const Task *task : tasks)
        batch.writes.push_back(applyOf(*task, isDryRun));
    if (perform(std::move(batch)) == Progress::Blocked)
        return Progress::Blocked;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const WriteResult &answer = answers()[i];
        const crd::ResultCode status = answer.isFailed ? crd::ResultCode::SyncFailed : crd::ResultCode::Synced;
        if (answer.isFailed)
            outcome = Outcome::Failed;
        if (isDryRun && !m_settings.isDryRun && !answer.isFailed)
            continue;
        crd::OperationPhase phase = phaseAfter(status);
        // Nothing runs after a dry run: being valid is success.
        if (m_settings.isDryRun && phase == crd::OperationPhase::Running)
            phase = crd::OperationPhase::Succeeded;
        m_book.set(*tasks[i], status, phase, answer.message);
    }
    return Progress::Done;
}

PassRun::Progress PassRun::deleteHooks(const Tasks &hooks)
{
    if (hooks.empty())
        return Progress::Done;
    Batch batch = batchOf(hooks, [this](const Task &task) { return writeFor(Act::DeleteHook, task); });
    batch.recordFirst = recordOf(m_book);
    if (perform(std::move(batch)) == Progress::Blocked)
        return Progress::Blocked;
    for (std::size_t i = 0; i < hooks.size(); ++i) {
        const WriteResult &answer = answers()[i];
        if (answer.isFailed && !answer.isNotFound)
            m_book.set(*hooks[i], hooks[i]->status, crd::OperationPhase::Error,
                       std::string(kHookNotDeleted) + answer.message);
    }
    return Progress::Done;
}

} // namespace tiphys::sync
