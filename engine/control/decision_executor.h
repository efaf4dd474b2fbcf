// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "control/event_recorder.h"
#include "ports/cluster.h"
#include "rollout/decision.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace tiphys::control {

/// What became of the acts of a decision.
struct Carried
{
    /// Why the pass ended early; nothing if all acts were done, or a write that ends the pass was.
    std::optional<Error> failure;
    /// Set where a ReplicaSet could not be created and its Rollout is to say so.
    std::string refusedReplicaSet;
    /// What could not be created or patched; nothing if the failure is another one.
    object::ObjectKey refused;
    /// So many of the acts, from the first on, were looked at.
    std::size_t acts = 0;
};

/// Carries the acts of a Rollout decision out, one after the other. Engine thread only.
class DecisionExecutor
{
public:
    /// \p onWritten gets every object as the server made it; a null one with its key for what was deleted.
    /// \p mayWrite is asked before each write: false once the Lease may be somebody else's.
    DecisionExecutor(ports::ClusterPtr cluster, EventRecorder &recorder,
                     std::function<void(const object::ObjectKey &, const object::Object &)> onWritten,
                     std::function<bool()> mayWrite);

    /// Jobs are written to \p cluster from now on; null: to that of all else.
    void setJobCluster(ports::ClusterPtr cluster) { m_jobCluster = std::move(cluster); }

    /// \p about is the object that is reconciled: events without another subject are about it.
    Async<Carried> carryOut(rollout::Decision decision, object::Object about, CancelToken cancel);

private:
    /// Versions of objects that this decision has written.
    using Versions = std::map<object::ObjectKey, std::string>;

    Async<object::Object> written(rollout::Write write, std::string version, CancelToken cancel);
    Async<object::Object> subjectOf(rollout::Event event, object::Object about, CancelToken cancel);

    ports::ClusterPtr m_cluster;
    ports::ClusterPtr m_jobCluster;
    EventRecorder &m_recorder;
    std::function<void(const object::ObjectKey &, const object::Object &)> m_onWritten;
    std::function<bool()> m_mayWrite;
};

} // namespace tiphys::control
