// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "demo/store.h"

#include <string>

namespace tiphys::demo {

/// What stands in a new demo cluster.
struct SampleOptions
{
    std::string repositories;                 ///< folder that the sample repositories are made in
    std::string address = "http://127.0.0.1"; ///< of the cluster, where its metrics are
    bool hasSample = true;
    int generatedApplications = 0;
};

/// Puts definitions of Argo's kinds, roles, a node and what \p options ask for into \p store.
/// Errors: InvalidInput if the repositories cannot be written.
Expected<void> fillCluster(Store &store, const SampleOptions &options);

} // namespace tiphys::demo
