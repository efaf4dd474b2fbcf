// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/pass_input.h"
#include "sync/task.h"

#include <vector>

namespace tiphys::sync {

/// What a look at the destination namespace gave; Absent and Present only where it was looked at.
struct NamespaceLook
{
    enum class State { NotAsked, Absent, Present, Failed } state = State::NotAsked;
    object::Object live;
    std::string failure; ///< of Failed
};

/// True if the tasks depend on whether the destination namespace exists: option CreateNamespace, and no target.
bool needsNamespaceLook(const PassInput &input);
/// The Namespace object that CreateNamespace applies, with the managed labels and annotations.
object::Object managedNamespaceOf(const PassInput &input);

/// All tasks of a sync in their order, without results. Tasks whose invalidReason is set keep it from beginning.
/// Source: argo-cd gitops-engine/pkg/sync/sync_context.go (getSyncTasks)@v3.5.1
std::vector<Task> tasksOf(const PassInput &input, const NamespaceLook &look);

} // namespace tiphys::sync
