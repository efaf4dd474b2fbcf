// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/cluster.h"
#include "sync/exchange.h"
#include "sync/pass_input.h"

namespace tiphys::control {

/// Carries out the writes that a pass of a sync decided, against the destination cluster. Engine thread only.
class WriteExecutor
{
public:
    explicit WriteExecutor(ports::ClusterPtr cluster) : m_cluster(std::move(cluster)) {}

    /// The result of each write, in their order. Error: only Cancelled; what a write met is its result.
    Async<std::vector<sync::WriteResult>> execute(std::vector<sync::Write> writes, CancelToken cancel);

private:
    Async<sync::WriteResult> executeOne(sync::Write write, CancelToken cancel);
    /// The server's answer; where it is lost, what the object tells of it.
    Async<object::Object> send(sync::Call call, CancelToken cancel);
    Async<object::Object> sendOnce(sync::Call call, CancelToken cancel);
    Async<object::Object> afterLostAnswer(sync::Call call, Error lost, CancelToken cancel);

    ports::ClusterPtr m_cluster;
};

/// How \p gvk is served, as the passes ask for it; NotFound in the words of Kubernetes' discovery, Unsupported where
/// its objects cannot be read.
Expected<sync::ServedKind> servedKind(const ports::Discovery &discovery, const object::Gvk &gvk);

} // namespace tiphys::control
