// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "control/evaluation.h"
#include "ports/cluster.h"

#include <map>
#include <vector>

namespace tiphys::control {

/// Asks an API server what targets would become, for applications that are compared by server-side dry runs. An answer
/// is kept as long as neither the target nor the live object has changed. Engine thread only.
///
/// The real tool applies up to three times where the object was applied client-side before, to move the ownership of
/// fields; nothing of a dry run stays, so the first answer is the last as well.
/// Source: argo-cd controller/state.go, gitops-engine/pkg/utils/kube/resource_ops.go (ServerSideApply)@v3.5.1
class DryRunner
{
public:
    /// The answers to \p dryRuns, or in their place the first refusal, in the real tool's words. Errors: Cancelled.
    Async<DryRunAnswers> run(ports::ClusterPtr cluster, ports::DiscoveryPtr discovery, std::vector<DryRun> dryRuns,
                             CancelToken cancel);

private:
    struct Known
    {
        DryRun asked;
        object::Object answer;
    };
    Async<object::Object> ask(ports::ClusterPtr cluster, ports::DiscoveryPtr discovery, DryRun dryRun,
                              CancelToken cancel);

    std::map<object::ObjectKey, Known> m_known;
};

} // namespace tiphys::control
