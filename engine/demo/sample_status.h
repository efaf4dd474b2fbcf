// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/sample_files.h"
#include "object/object.h"
#include "ports/clock.h"

#include <string>
#include <vector>

namespace tiphys::demo {

/// What is known of an application of the sample once its objects are in the cluster.
struct SampleState
{
    std::string repoUrl;
    std::string revision;         ///< commit that Git has now
    std::string previousRevision; ///< commit before it
    std::vector<object::Object> targets;
    std::vector<object::Object> lives; ///< beside each target, null where it is missing
    std::vector<bool> isSynced;        ///< beside each target
    std::string refusal = {};          ///< what the cluster said of the last operation; empty where it succeeded
    ports::WallTime now = 0;
};

/// The Application object with the status that a controller would have written.
object::Object applicationObject(const SampleApplication &application, const SampleState &state);

} // namespace tiphys::demo
