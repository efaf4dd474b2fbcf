// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/codes.h"
#include "object/object.h"
#include "sync/hook.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::sync {

/// One object in one phase of a sync: apply \c target, or prune \c live where there is no target.
struct Task
{
    Phase phase = Phase::Sync;
    object::Object target; ///< null: prune
    object::Object live;   ///< null: not in the cluster
    std::int64_t wave = 0;
    bool isHook = false;
    std::string resource;      ///< plural name of the kind, "" if it is not served
    bool skipsDryRun = false;  ///< its kind is not served yet
    bool isModified = true;    ///< target and live differ, or one of them is missing
    std::string invalidReason; ///< why the sync must not begin, "" if it may
    std::string buildFailure;  ///< why the task could not be made, "" if it could: it counts as run and failed

    // What is known of it from the result so far.
    crd::ResultCode status = crd::ResultCode::None;
    crd::OperationPhase hookPhase = crd::OperationPhase::None;
    std::string message;

    /// Target, or live where there is none.
    const object::Object &object() const { return target.isNull() ? live : target; }
    bool isPrune() const { return target.isNull(); }
    bool isPending() const { return hookPhase == crd::OperationPhase::None; }
    bool isRunning() const { return hookPhase == crd::OperationPhase::Running; }
    bool isCompleted() const { return crd::isCompleted(hookPhase); }
    bool isSuccessful() const { return hookPhase == crd::OperationPhase::Succeeded; }
    /// A pending hook whose former self must go first.
    bool isDeletedBeforeCreation() const;
    /// "group/Kind/name", as messages name it; the core group is empty.
    std::string place() const;
    /// What results are found by: group, kind, namespace and name of object(), and the phase.
    std::string resultKey() const;
};

/// A task of \p object in \p phase, with the object's own wave.
Task taskOf(Phase phase, object::Object target, object::Object live);

/// Rank of a kind in a sync: 1 for Namespace to 35 for APIService; kinds that are not listed come last.
/// Source: argo-cd gitops-engine/pkg/sync/sync_tasks.go (syncOrder)@v3.5.1
int kindRank(std::string_view kind);

/// Gives prune tasks the wave of their mirror image: first and last wave that prune change places, and so on.
void reversePruneWaves(std::vector<Task> &tasks);
/// Puts prune tasks that ask for it (all, if \p all) behind every wave of the Sync phase.
enum class PruneLast { AsAnnotated, All };
void movePruneLast(std::vector<Task> &tasks, PruneLast which);
/// Sorts by phase, wave, rank of the kind and name; then moves Namespaces, and CRDs, before what needs them.
/// Source: argo-cd gitops-engine/pkg/sync/sync_tasks.go (Sort, adjustDeps)@v3.5.1
void sortTasks(std::vector<Task> &tasks);
/// True if sorted \p tasks differ in phase or wave: then each step waits for health.
bool isMultiStep(const std::vector<Task> &tasks);

} // namespace tiphys::sync
