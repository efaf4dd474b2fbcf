// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/sync.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace tiphys::models {

/// How many of each act a plan has.
struct PlanCounts
{
    int creates = 0;
    int changes = 0;
    int prunes = 0;
    int hooks = 0;
    int unchanged = 0;
    int kept = 0; ///< would be pruned, but stay
    int skipped = 0;

    int writes() const { return creates + changes + prunes; }
};
PlanCounts countsOf(const service::SyncPlan &plan);
/// "3 changes, 2 hooks"; "no changes".
QString planSummary(const PlanCounts &counts);

/// "Sync shop to prod-eu: 3 changes, 2 hooks"; a dry run and a selection say so.
QString syncButtonText(const service::SyncRequest &request, const service::SyncPlan &plan);
/// One heading of the plan's list: "Create", with the tasks below it.
struct PlanSection
{
    service::PlannedAct act;
    QString title;
    std::vector<service::PlannedTask> tasks;
};
/// The plan's tasks by act, in the order create, change, prune, hooks, kept, skipped, unchanged; empty ones left out.
std::vector<PlanSection> sectionsOf(const service::SyncPlan &plan);
/// What has to be typed before the button works, "" if nothing.
QString requiredTyping(const service::SyncPlan &plan);
/// Who will do it and what follows, one sentence.
QString doneByText(service::Reconciler reconciler);

/// State of an action's button: what can be done, and if not, why not.
struct ActionState
{
    bool isEnabled = false;
    QString reason; ///< tooltip, also when enabled: what it does

    bool operator==(const ActionState &) const = default;
};
ActionState syncState(const service::AppRow &row, const service::Permissions &may);
ActionState refreshState(const service::AppRow &row, const service::Permissions &may);
ActionState terminateState(const service::AppRow &row, const service::Permissions &may);
ActionState confirmState(const service::AppRow &row, const service::Permissions &may);
ActionState rollbackState(const service::AppRow &row, const service::Permissions &may);
ActionState removeState(const service::AppRow &row, const service::Permissions &may);
/// True while an operation runs or is asked for.
bool isOperating(const service::AppRow &row);

} // namespace tiphys::models
