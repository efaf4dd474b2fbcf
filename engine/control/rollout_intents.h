// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/cluster.h"
#include "rollout/intent/intent.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What a person asks of a Rollout, done safely: one GET of that object, then patches that test what was seen, each
/// sent once. After a lost answer the object is read again and the error says what became of it.
namespace tiphys::control {

ports::ResourceType rolloutType();
ports::ResourceType analysisRunType();
ports::ResourceType experimentType();

struct RolloutIntent
{
    std::string ns;
    std::string name;
    rollout::Intent intent = rollout::Intent::Promote;
    std::optional<rollout::Seen> seen; ///< nothing: whatever the object says now
    crd::Timestamp restartAt;          ///< for Restart
};

/// Does it and gives the object as it is afterwards. Errors: Conflict where the Rollout moved on, InvalidInput where
/// there is nothing to do, Denied; Unknown where the answer was lost and the object does not tell.
Async<object::Object> carryOutIntent(ports::ClusterPtr cluster, RolloutIntent intent, CancelToken cancel);

/// The object that holds the pod template of a Rollout: the one that workloadRef names, or the Rollout itself.
struct Workload
{
    ports::ResourceType type;
    object::Object object;

    object::Value podTemplate() const;
};
/// Errors: Unsupported for a kind that has no pod template; as get() of it.
Async<Workload> workloadOf(ports::ClusterPtr cluster, object::Object rollout, CancelToken cancel);

/// An earlier revision that is to come back.
struct Undo
{
    Workload workload;         ///< as it was looked at
    object::Object target;     ///< the ReplicaSet whose template it gets
    std::int64_t revision = 0; ///< that was asked for
};
/// What `undo` to \p revision (0: the one before) means now; nothing is written. Errors: as rollout::undoTarget.
Async<Undo> plannedUndo(ports::ClusterPtr cluster, std::string ns, std::string name, std::int64_t revision,
                        CancelToken cancel);
/// Does it for the Rollout \p name. The text says what was done. Errors: Conflict where the workload moved on; Unknown
/// where the answer was lost and the object does not tell.
Async<std::string> carryOutUndo(ports::ClusterPtr cluster, Undo undo, std::string name, CancelToken cancel);

/// Gives containers other images; pairs of container ("*": all) and image. The text says what was done.
Async<std::string> setRolloutImages(ports::ClusterPtr cluster, std::string ns, std::string name,
                                    std::vector<std::pair<std::string, std::string>> images, CancelToken cancel);

/// Ends an AnalysisRun or an Experiment that is under way. The text says what was done.
/// Errors: InvalidInput where it is over; Conflict where it moved on since it was read.
Async<std::string> terminateRun(ports::ClusterPtr cluster, ports::ResourceType type, std::string ns, std::string name,
                                CancelToken cancel);

} // namespace tiphys::control
