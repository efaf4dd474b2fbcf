// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::service {

/// How often a sync that fails is tried again, and when.
struct SyncRetry
{
    std::int64_t limit = 0; ///< negative: without end
    bool refreshes = false; ///< each attempt takes the newest revision
    std::string duration;   ///< before the first retry, Go's syntax
    std::string maxDuration;
    std::int64_t factor = 2; ///< what the time grows by each time

    bool operator==(const SyncRetry &) const = default;
};

/// What a person asks for in the sync dialog or on the command line.
struct SyncRequest
{
    AppId app;
    std::string revision; ///< "" is the target revision
    bool prunes = false;
    bool isDryRun = false;
    bool forces = false; ///< delete and create again what cannot be patched
    bool replaces = false;
    std::vector<object::ObjectKey> selected; ///< empty is a full sync; else no hooks, no history entry
    std::vector<std::string> syncOptions;    ///< beyond those of spec.syncPolicy
    std::string plannedRevision;             ///< commit of the plan the person saw; "" plans anew
    std::vector<std::string> revisions;      ///< of several sources, one each; "" is the target revision
    bool appliesOnly = false;                ///< no hooks
    std::optional<SyncRetry> retry;          ///< nothing: that of spec.syncPolicy
    std::map<std::string, std::string> info; ///< texts that are kept with the operation
    std::vector<std::string> manifests;      ///< JSON texts of objects that are synced instead of what Git has
};

/// What will happen to one object.
enum class PlannedAct { Create, Change, Nothing, Prune, KeepUnpruned, RunHook, Skip };
struct PlannedTask
{
    object::ObjectKey key;
    std::string phase;
    int wave = 0;
    PlannedAct act = PlannedAct::Nothing;
    std::string reason; ///< why it is skipped or kept
    bool needsConfirmation = false;

    bool operator==(const PlannedTask &) const = default;
};

/// The sync dialog's content: what a sync asked for now would do, in its order.
struct SyncPlan
{
    AppId app;
    CommitSummary revision;
    std::vector<PlannedTask> tasks;
    std::vector<std::string> options;       ///< in force, as chips: "ServerSideApply=true"
    std::vector<std::string> warnings;      ///< "self-heal is on", "3 objects stay, OutOfSync (prune off)"
    std::vector<std::string> confirmations; ///< what a typed confirmation is needed for
    std::string refusal;                    ///< why a sync would be refused now, "" if it would not
    std::string planProblem;                ///< why tasks cannot be told, "" if they can; sync may still be asked
    Reconciler doneBy = Reconciler::ControllerUnknown;
};

/// Acts on an application that need rights.
enum class Action { Refresh, HardRefresh, Sync, Terminate, Rollback, Delete, EditSpec };

/// May this be done now, and if not, why not.
struct Permission
{
    bool isAllowed = false;
    std::string reason; ///< English sentence for the tooltip, "" if allowed
};
struct Permissions
{
    Permission refresh;
    Permission sync;
    Permission terminate;
    Permission rollback;
    Permission remove;
    Permission confirm; ///< what a sync or deletion deletes only then
};

} // namespace tiphys::service
