// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "ports/cluster_cache.h"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::control {

/// The pods among \p pods that belong to \p workload (Deployment, Rollout, StatefulSet, DaemonSet, ReplicaSet, CronJob,
/// Job), told by the names of their owners: "web-5f6d" is a ReplicaSet of "web".
std::vector<object::Object> podsOf(const object::ObjectKey &workload, const std::vector<object::Object> &pods);

/// What is wrong with the pods of applications that are not well, for lists of many applications, whose trees nobody has
/// opened. Pods are watched in the namespaces of such applications only. Engine thread only.
class PodCauses
{
public:
    /// \p onChange is called from the event loop when pods changed.
    explicit PodCauses(std::function<void()> onChange) : m_onChange(std::move(onChange)) {}

    /// "Deployment web: 2 of 3 pods: CrashLoopBackOff, exit 137 OOMKilled, container api" of the first resource of \p app
    /// that is in trouble; "" while nothing is known, or where pods may not be listed. \p cache is that of its cluster.
    std::string causeOf(const crd::Application &app, const ports::ClusterCachePtr &cache);
    /// Ends the watches that causeOf did not need since the last call.
    void sweep();
    /// Ends the watches on \p cache, before it is closed.
    void forget(const ports::ClusterCachePtr &cache);

private:
    struct Watch
    {
        ports::CacheUserPtr user;
        bool isNeeded = true;
    };
    std::vector<object::Object> podsIn(const std::string &ns, const ports::ClusterCachePtr &cache);

    std::function<void()> m_onChange;
    std::map<std::pair<const ports::ClusterCache *, std::string>, Watch> m_watches;
};

} // namespace tiphys::control
