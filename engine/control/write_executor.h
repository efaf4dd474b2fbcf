// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/cluster.h"
#include "sync/exchange.h"
#include "sync/pass_input.h"

#include <functional>

namespace tiphys::control {

/// Carries out the writes that a pass of a sync decided, against the destination cluster. Engine thread only.
class WriteExecutor
{
public:
    /// \p mayWrite is asked before each group of writes that go out together: false when the Lease was lost.
    WriteExecutor(ports::ClusterPtr cluster, std::function<bool()> mayWrite)
        : m_cluster(std::move(cluster)), m_mayWrite(std::move(mayWrite))
    {
    }

    /// The result of each write, in their order; what a write met is its result. Errors: Cancelled; Conflict where the Lease
    /// was lost: some of the writes may have been carried out.
    Async<std::vector<sync::WriteResult>> execute(std::vector<sync::Write> writes, CancelToken cancel);

private:
    Async<sync::WriteResult> executeOne(sync::Write write, CancelToken cancel);
    /// The server's answer; where it is lost, what the object tells of it.
    Async<object::Object> send(sync::Call call, CancelToken cancel);
    Async<object::Object> sendOnce(sync::Call call, CancelToken cancel);
    Async<object::Object> afterLostAnswer(sync::Call call, Error lost, CancelToken cancel);

    ports::ClusterPtr m_cluster;
    std::function<bool()> m_mayWrite;
};

/// How \p gvk is served, as the passes ask for it; NotFound in the words of Kubernetes' discovery, Unsupported where
/// its objects cannot be read.
Expected<sync::ServedKind> servedKind(const ports::Discovery &discovery, const object::Gvk &gvk);

} // namespace tiphys::control
