// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/cluster_cache.h"
#include "rollout/info/rollout_info.h"

#include <array>
#include <functional>
#include <string>

namespace tiphys::control {

/// A Rollout or Experiment with its children, watched while it is looked at. Engine thread only.
class RolloutView
{
public:
    /// \p onChange is called from the event loop after anything of the namespace changed.
    RolloutView(ports::ClusterCachePtr cache, std::string ns, std::string name, ports::ResourceType type,
                std::function<void()> onChange);

    /// Returns when the object and all its children are known. Errors: NotFound, Denied naming the list.
    Async<void> ready(CancelToken cancel);
    /// What is known now; a null object once it is gone.
    rollout::RolloutObjects objects() const;

private:
    std::string m_ns;
    std::string m_name;
    ports::CacheUserPtr m_object;
    std::array<ports::CacheUserPtr, 4> m_children; ///< replica sets, pods, experiments, analysis runs
};

} // namespace tiphys::control
