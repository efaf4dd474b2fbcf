// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/words.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::service {

/// Wall clock time in milliseconds since 1970; 0 is "never".
using WallTime = std::int64_t;

enum class Reachability {
    NotContacted, ///< the user has not ticked it
    Connecting,
    Live,         ///< watches run
    Stale,        ///< was live; data stay with their age, retrying
    Unreachable,  ///< never reached since it was ticked, retrying
    Denied,       ///< reached, but Applications may not be listed
    SignInNeeded, ///< credentials are missing or expired
};

/// How careful acts on a context must be.
enum class Level { ReadOnly, Normal, Protected };

/// One context of the kubeconfig.
struct ClusterState
{
    std::string context;
    std::string server;
    std::string user; ///< name of the kubeconfig's user entry
    std::string ns;   ///< the context's namespace, "" if none
    Reachability reachability = Reachability::NotContacted;
    std::string message;   ///< why it is not live, one sentence
    WallTime lastSeen = 0; ///< last answer of the server
    WallTime retryAt = 0;
    std::string identity; ///< who the server says we are, "" until known
    std::string serverVersion;
    bool skipsTlsVerification = false;
    bool isWatchRefused =
        false; ///< Stale, for listing is allowed and watching is not: the cluster answers all the same
    bool isProtectedByName = false; ///< the name suggests production
    Level level = Level::ReadOnly;
    std::string argoCdNamespace; ///< where a control plane was found, "" if none
    bool hasArgoCdTypes = false; ///< the Application type exists
    bool hasRollouts = false;
    int applicationCount = 0;
    Reconciler reconciler = Reconciler::ControllerUnknown;
    std::string reconcilerReason; ///< why it is this one, one English sentence; "" until known
    bool isLocalEngineOn = false;
    std::string refusal; ///< "list applications.argoproj.io in all namespaces is forbidden", "" if none

    bool operator==(const ClusterState &) const = default;
};

/// All contexts in the order of the kubeconfig, and what was wrong with its files.
struct ClustersSnapshot
{
    std::vector<ClusterState> clusters;
    std::vector<std::string> kubeconfigFiles;
    std::vector<std::string> problems;
};
using ClustersPtr = std::shared_ptr<const ClustersSnapshot>;

} // namespace tiphys::service
