// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sync_text.h"

#include "models/text.h"

#include <QCoreApplication>

#include <array>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::Permission;
using service::PlannedAct;
using service::Reconciler;

namespace {

struct Sync
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Sync)
};

QString sectionTitle(PlannedAct act, int count)
{
    switch (act) {
    case PlannedAct::Create: return Sync::tr("Create %n object(s)", nullptr, count);
    case PlannedAct::Change: return Sync::tr("Change %n object(s)", nullptr, count);
    case PlannedAct::Prune: return Sync::tr("Delete %n object(s) that are no longer in Git", nullptr, count);
    case PlannedAct::RunHook: return Sync::tr("Run %n hook(s)", nullptr, count);
    case PlannedAct::KeepUnpruned: return Sync::tr("Keep %n object(s) that are no longer in Git", nullptr, count);
    case PlannedAct::Skip: return Sync::tr("Skip %n object(s)", nullptr, count);
    case PlannedAct::Nothing: return Sync::tr("Apply %n object(s) that already match", nullptr, count);
    }
    return {};
}

ActionState stateOf(const Permission &permission, const QString &does)
{
    if (!permission.isAllowed)
        return {false, permission.reason.empty() ? Sync::tr("You may not do this.") : sentence(permission.reason)};
    return {true, does};
}

} // namespace

QString planSummary(const PlanCounts &counts)
{
    QStringList parts;
    if (counts.creates + counts.changes > 0)
        parts << Sync::tr("%n change(s)", nullptr, counts.creates + counts.changes);
    if (counts.prunes > 0)
        parts << Sync::tr("%n deletion(s)", nullptr, counts.prunes);
    if (counts.hooks > 0)
        parts << Sync::tr("%n hook(s)", nullptr, counts.hooks);
    return parts.isEmpty() ? Sync::tr("no changes") : parts.join(u", "_s);
}

PlanCounts countsOf(const service::SyncPlan &plan)
{
    PlanCounts counts;
    for (const service::PlannedTask &task : plan.tasks) {
        switch (task.act) {
        case PlannedAct::Create: ++counts.creates; break;
        case PlannedAct::Change: ++counts.changes; break;
        case PlannedAct::Nothing: ++counts.unchanged; break;
        case PlannedAct::Prune: ++counts.prunes; break;
        case PlannedAct::KeepUnpruned: ++counts.kept; break;
        case PlannedAct::RunHook: ++counts.hooks; break;
        case PlannedAct::Skip: ++counts.skipped; break;
        }
    }
    return counts;
}

QString syncButtonText(const service::SyncRequest &request, const service::SyncPlan &plan)
{
    const QString name = text(request.app.name);
    const QString context = text(request.app.context);
    if (!plan.planProblem.empty())
        return request.isDryRun ? Sync::tr("Dry run of %1 on %2").arg(name, context)
                                : Sync::tr("Sync %1 to %2", "verb").arg(name, context);
    const QString summary = planSummary(countsOf(plan));
    if (request.isDryRun)
        return Sync::tr("Dry run of %1 on %2: %3").arg(name, context, summary);
    if (!request.selected.empty())
        return Sync::tr("Sync %n selected object(s) of %1 to %2: %3", nullptr,
                        static_cast<int>(request.selected.size()))
            .arg(name, context, summary);
    return Sync::tr("Sync %1 to %2: %3", "verb").arg(name, context, summary);
}

std::vector<PlanSection> sectionsOf(const service::SyncPlan &plan)
{
    constexpr std::array kOrder{PlannedAct::Create,       PlannedAct::Change, PlannedAct::Prune,  PlannedAct::RunHook,
                                PlannedAct::KeepUnpruned, PlannedAct::Skip,   PlannedAct::Nothing};
    std::vector<PlanSection> sections;
    for (const PlannedAct act : kOrder) {
        PlanSection section{act, {}, {}};
        for (const service::PlannedTask &task : plan.tasks) {
            if (task.act == act)
                section.tasks.push_back(task);
        }
        if (section.tasks.empty())
            continue;
        section.title = sectionTitle(act, static_cast<int>(section.tasks.size()));
        sections.push_back(std::move(section));
    }
    return sections;
}

QString requiredTyping(const service::SyncPlan &plan)
{
    return plan.confirmations.empty() ? QString() : text(plan.app.name);
}

QString doneByText(Reconciler reconciler)
{
    switch (reconciler) {
    case Reconciler::Controller: return Sync::tr("The Argo CD controller in the cluster will do it.");
    case Reconciler::Local:
        return Sync::tr("The engine on this desktop will do it; keep Tiphys open until it is done.");
    case Reconciler::OtherDesktop: return Sync::tr("Tiphys on another machine will do it.");
    case Reconciler::Nobody: return Sync::tr("Nobody will do it: no controller runs and the local engine is off.");
    case Reconciler::ControllerUnknown:
        return Sync::tr(
            "The operation is written to the Application; whether a controller picks it up cannot be seen.");
    }
    return {};
}

bool isOperating(const service::AppRow &row)
{
    return row.operation == service::OperationPhase::Running || row.operation == service::OperationPhase::Terminating
           || row.isOperationRequested;
}

ActionState syncState(const service::AppRow &row, const service::Permissions &may)
{
    if (may.sync.isAllowed && isOperating(row))
        return {false, Sync::tr("An operation is already running.")};
    if (may.sync.isAllowed && row.isBeingDeleted)
        return {false, Sync::tr("The application is being deleted.")};
    return stateOf(may.sync, Sync::tr("Shows what a sync would do, before it is done"));
}

ActionState refreshState(const service::AppRow &, const service::Permissions &may)
{
    return stateOf(may.refresh, Sync::tr("Compares with Git again"));
}

ActionState terminateState(const service::AppRow &row, const service::Permissions &may)
{
    if (may.terminate.isAllowed && !isOperating(row))
        return {false, Sync::tr("No operation is running.")};
    return stateOf(may.terminate, Sync::tr("Asks the running operation to stop"));
}

ActionState confirmState(const service::AppRow &row, const service::Permissions &may)
{
    return stateOf(may.confirm, sentence(row.awaitsConfirmation));
}

ActionState rollbackState(const service::AppRow &row, const service::Permissions &may)
{
    if (may.rollback.isAllowed && row.isAutomated)
        return {false, Sync::tr("Automated sync is on and would undo a roll-back. Switch it off, or revert in Git.")};
    if (may.rollback.isAllowed && isOperating(row))
        return {false, Sync::tr("An operation is already running.")};
    return stateOf(may.rollback, Sync::tr("Applies an earlier revision from the history"));
}

ActionState removeState(const service::AppRow &row, const service::Permissions &may)
{
    if (may.remove.isAllowed && row.isBeingDeleted)
        return {false, Sync::tr("The application is already being deleted.")};
    return stateOf(may.remove, Sync::tr("Deletes the application, with or without its resources"));
}

} // namespace tiphys::models
