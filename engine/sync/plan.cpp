// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/plan.h"

#include "crd/hook.h"

#include <algorithm>
#include <set>

namespace tiphys::sync {

namespace {

void decideAct(PlannedTask &planned, const Task &task, const PassInput &input, const SyncSettings &settings)
{
    if (task.isPrune()) {
        planned.act = PlannedAct::Prune;
        if (!settings.prunes) {
            planned.act = PlannedAct::KeepUnpruned;
            planned.reason = "pruning is not asked for";
        } else if (isPruningDisabled(task.live, settings)) {
            planned.act = PlannedAct::KeepUnpruned;
            planned.reason = "Prune=false";
        }
        planned.needsConfirmation = !input.isPruneApproved && needsPruneConfirmation(task.live, settings);
    } else if (task.isHook) {
        planned.act = PlannedAct::RunHook;
        if (task.phase == Phase::SyncFail)
            planned.reason = "only if the sync fails";
    } else if (task.live.isNull()) {
        planned.act = PlannedAct::Create;
    } else if (task.isModified) {
        planned.act = PlannedAct::Change;
    } else if (settings.appliesOutOfSyncOnly) {
        planned.act = PlannedAct::Skip;
        planned.reason = "in sync, and only objects that are not are applied";
    }
}

PlannedTask skipped(const object::Object &object, std::string reason)
{
    PlannedTask planned;
    planned.key = object.key();
    planned.wave = crd::waveOf(object);
    planned.act = PlannedAct::Skip;
    planned.reason = std::move(reason);
    return planned;
}

/// Objects that make no task, with the reason.
std::vector<PlannedTask> leftOut(const PassInput &input, const SyncSettings &settings,
                                 const std::set<object::ObjectKey> &planned)
{
    std::vector<PlannedTask> tasks;
    for (const Pair &pair : input.compared.pairs) {
        const object::Object &subject = pair.target.isNull() ? pair.live : pair.target;
        object::ObjectKey key = subject.key();
        if (key.ns.empty() && !pair.target.isNull())
            key.ns = input.destinationNamespace;
        if (crd::isHook(subject) || planned.contains(key))
            continue;
        if (crd::isSkipped(subject))
            tasks.push_back(skipped(subject, "argocd.argoproj.io/hook: Skip"));
        else if (!pair.isSelfReferenced)
            tasks.push_back(skipped(subject, "its tracking id names another object"));
        else
            tasks.push_back(skipped(subject, "not selected"));
    }
    if (settings.skipsHooks) {
        const bool isPartial = !input.operation.sync->resources.empty();
        for (const object::Object &hook : input.compared.hooks) {
            if (!phasesOf(hook).empty())
                tasks.push_back(skipped(hook, isPartial ? "hooks do not run in a partial sync"
                                                        : "hooks do not run with strategy apply"));
        }
    }
    return tasks;
}

} // namespace

std::string_view text(PlannedAct act)
{
    switch (act) {
    case PlannedAct::Create: return "create";
    case PlannedAct::Change: return "change";
    case PlannedAct::Nothing: return "nothing";
    case PlannedAct::Prune: return "prune";
    case PlannedAct::KeepUnpruned: return "keep";
    case PlannedAct::RunHook: return "hook";
    case PlannedAct::Skip: return "skip";
    }
    return {};
}

std::size_t Plan::count(PlannedAct act) const
{
    return static_cast<std::size_t>(std::ranges::count(tasks, act, &PlannedTask::act));
}

Plan planOf(const PassInput &input, const NamespaceLook &look)
{
    const SyncSettings settings = settingsOf(*input.operation.sync);
    Plan plan;
    std::set<object::ObjectKey> keys;
    for (const Task &task : tasksOf(input, look)) {
        PlannedTask planned;
        planned.key = task.object().key();
        planned.phase = task.phase;
        planned.wave = task.wave;
        decideAct(planned, task, input, settings);
        const std::string problem = task.invalidReason.empty() ? task.buildFailure : task.invalidReason;
        if (!problem.empty()) {
            planned.reason = problem;
            planned.isInvalid = true;
            if (plan.refusal.empty())
                plan.refusal = problem;
        }
        keys.insert(planned.key);
        plan.tasks.push_back(std::move(planned));
    }
    std::ranges::move(leftOut(input, settings, keys), std::back_inserter(plan.tasks));
    return plan;
}

} // namespace tiphys::sync
