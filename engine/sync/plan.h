// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/hook.h"
#include "sync/pass_input.h"
#include "sync/task_list.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tiphys::sync {

/// What a sync would do with one object.
enum class PlannedAct : std::uint8_t {
    Create,       ///< the cluster does not have it
    Change,       ///< it differs
    Nothing,      ///< it is applied, which changes nothing
    Prune,        ///< Git has it no longer
    KeepUnpruned, ///< it would be pruned, but pruning is off, or off for it
    RunHook,
    Skip, ///< it is left out
};
/// "create", "change", "nothing", "prune", "keep", "hook", "skip".
std::string_view text(PlannedAct act);

/// One object in the order of the sync.
struct PlannedTask
{
    object::ObjectKey key;
    Phase phase = Phase::Sync;
    std::int64_t wave = 0;
    PlannedAct act = PlannedAct::Nothing;
    std::string reason; ///< why it is kept or skipped, or what hinders it
    bool needsConfirmation = false;
    bool isInvalid = false; ///< keeps the whole sync from beginning

    bool operator==(const PlannedTask &) const = default;
};

/// What a sync would do, without doing it.
struct Plan
{
    std::vector<PlannedTask> tasks;
    std::string refusal; ///< why it would not begin: an invalid task; "" if it would

    std::size_t count(PlannedAct act) const;
    bool operator==(const Plan &) const = default;
};

/// The plan for \p input (its results are not looked at). \p look tells about the destination namespace where
/// needsNamespaceLook asks for it; without an answer it counts as present.
Plan planOf(const PassInput &input, const NamespaceLook &look = {});

} // namespace tiphys::sync
