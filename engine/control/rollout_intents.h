// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/cluster.h"
#include "rollout/intent/intent.h"

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

/// Puts the template of an earlier revision back (0: the one before); into the referenced workload where there is
/// one. The text says what was done.
Async<std::string> undoRollout(ports::ClusterPtr cluster, std::string ns, std::string name, std::int64_t revision,
                               CancelToken cancel);

/// Gives containers other images; pairs of container ("*": all) and image. The text says what was done.
Async<std::string> setRolloutImages(ports::ClusterPtr cluster, std::string ns, std::string name,
                                    std::vector<std::pair<std::string, std::string>> images, CancelToken cancel);

} // namespace tiphys::control
