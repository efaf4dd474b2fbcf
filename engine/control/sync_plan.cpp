// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/sync_plan.h"

#include "control/operation_runner.h"
#include "health/health.h"
#include "object/text_place.h"
#include "sync/plan.h"
#include "sync/task_list.h"

#include <algorithm>
#include <set>

namespace tiphys::control {

using service::PlannedAct;
using service::PlannedTask;

namespace {

constexpr std::size_t kManyPrunes = 10;

/// The operation as the request would start it; only what decides tasks matters here.
crd::OperationState stateOf(const crd::Application &app, const service::SyncRequest &request)
{
    crd::OperationState state;
    state.phase = crd::OperationPhase::Running;
    crd::SyncOperation operation;
    operation.prune = request.prunes;
    operation.dryRun = request.isDryRun;
    if (request.forces)
        operation.strategy = crd::SyncStrategy{crd::SyncStrategy::Kind::Hook, true};
    if (app.spec.syncPolicy)
        operation.syncOptions = app.spec.syncPolicy->syncOptions;
    operation.syncOptions.insert(operation.syncOptions.end(), request.syncOptions.begin(), request.syncOptions.end());
    if (request.replaces)
        operation.syncOptions.emplace_back("Replace=true");
    for (const object::ObjectKey &key : request.selected)
        operation.resources.push_back({key.group, key.kind, key.name, key.ns});
    state.operation.sync = operation;
    return state;
}

PlannedAct actOf(sync::PlannedAct act)
{
    switch (act) {
    case sync::PlannedAct::Create: return PlannedAct::Create;
    case sync::PlannedAct::Change: return PlannedAct::Change;
    case sync::PlannedAct::Nothing: return PlannedAct::Nothing;
    case sync::PlannedAct::Prune: return PlannedAct::Prune;
    case sync::PlannedAct::KeepUnpruned: return PlannedAct::KeepUnpruned;
    case sync::PlannedAct::RunHook: return PlannedAct::RunHook;
    case sync::PlannedAct::Skip: return PlannedAct::Skip;
    }
    return PlannedAct::Skip;
}

bool deservesConfirmation(const object::ObjectKey &key)
{
    return key.kind == "Namespace" || key.kind == "PersistentVolumeClaim" || key.kind == "CustomResourceDefinition"
           || (key.kind == "Application" && key.group == "argoproj.io");
}

void addConfirmations(service::SyncPlan &plan)
{
    std::size_t prunes = 0;
    std::size_t others = 0;
    for (const PlannedTask &task : plan.tasks) {
        if (task.act != PlannedAct::Prune) {
            ++others;
            continue;
        }
        ++prunes;
        if (deservesConfirmation(task.key) || task.needsConfirmation)
            plan.confirmations.push_back("delete " + task.key.text());
    }
    if (prunes > kManyPrunes)
        plan.confirmations.push_back("delete " + std::to_string(prunes) + " objects");
    if (prunes > 0 && others == 0)
        plan.confirmations.push_back("delete everything: Git has no manifest left");
}

void addWarnings(service::SyncPlan &plan, const crd::Application &app)
{
    const auto kept =
        std::ranges::count_if(plan.tasks, [](const PlannedTask &task) { return task.act == PlannedAct::KeepUnpruned; });
    if (kept > 0)
        plan.warnings.push_back(std::to_string(kept) + (kept == 1 ? " object stays" : " objects stay")
                                + ", OutOfSync (prune off)");
    if (app.spec.isAutomated() && app.spec.syncPolicy->automated->selfHeals())
        plan.warnings.push_back("self-heal is on: a sync to another revision is undone");
}

/// Kinds whose objects a later wave or phase does not wait for: there is no health check for them, built-in or by a
/// script of \p scripts.
void addUnawaitedKinds(service::SyncPlan &plan, const action::ConfiguredHealth *scripts)
{
    std::set<std::string> kinds;
    for (const PlannedTask &task : plan.tasks) {
        const bool isApplied = task.act == PlannedAct::Create || task.act == PlannedAct::Change;
        const bool isLast = task.phase == plan.tasks.back().phase && task.wave == plan.tasks.back().wave;
        const bool isJudged = health::hasBuiltinCheck(task.key.group, task.key.kind)
                              || (scripts && scripts->judges(task.key.groupKind()));
        if (isApplied && !isLast && !isJudged)
            kinds.insert(task.key.kind);
    }
    if (kinds.empty())
        return;
    std::string list;
    for (const std::string &kind : kinds)
        list += (list.empty() ? "" : ", ") + kind;
    plan.warnings.push_back("waves do not wait for the health of " + list + ": there is no check for it");
}

} // namespace

service::SyncPlan syncPlanOf(const crd::Application &app, const service::SyncRequest &request,
                             const Evaluation &evaluation, ports::DiscoveryPtr discovery,
                             const policy::EffectiveProject &project, const policy::Cluster &cluster)
{
    service::SyncPlan plan;
    plan.app = request.app;
    plan.revision.revision = evaluation.revision();
    const crd::OperationState state = stateOf(app, request);
    plan.options = state.operation.sync->syncOptions;
    if (evaluation.renderError) {
        plan.planProblem = object::textWithPlace(*evaluation.renderError);
        return plan;
    }
    if (evaluation.comparison.couldNotLoad) {
        for (const crd::Condition &condition : evaluation.comparison.conditions)
            plan.planProblem += (plan.planProblem.empty() ? "" : "; ") + condition.message;
        if (plan.planProblem.empty())
            plan.planProblem = "the cluster could not be read";
        return plan;
    }
    const Expected<sync::PassInput> made = passInputOf(app, state, evaluation, std::move(discovery), project, cluster);
    if (!made) {
        plan.planProblem = made.error().text();
        return plan;
    }
    const sync::PassInput &input = *made;
    sync::NamespaceLook look;
    if (sync::needsNamespaceLook(input)) {
        const bool exists = std::ranges::any_of(evaluation.live, [&](const object::Object &object) {
            return object.kind() == "Namespace" && object.name() == app.spec.destination.ns;
        });
        look.state = exists ? sync::NamespaceLook::State::Present : sync::NamespaceLook::State::Absent;
    }
    const sync::Plan tasks = sync::planOf(input, look);
    plan.refusal = tasks.refusal;
    for (const sync::PlannedTask &task : tasks.tasks)
        plan.tasks.push_back({task.key, std::string(sync::text(task.phase)), static_cast<int>(task.wave),
                              actOf(task.act), task.reason, task.needsConfirmation});
    addConfirmations(plan);
    addWarnings(plan, app);
    addUnawaitedKinds(plan, evaluation.scripts.get());
    return plan;
}

} // namespace tiphys::control
