// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "crd/application.h"
#include "ports/cluster.h"
#include "sync/operation.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace tiphys::control {

/// What became of the outcome of a pass.
struct StoredOutcome
{
    crd::Application app; ///< as it was when the outcome was stored
    sync::Completion completion;
    bool isGone = false; ///< the Application is no more; nothing was stored
};

/// Stores the outcomes of passes: a pass whose outcome is lost would be run again, so what the server does not take now is
/// offered again every second, for half a minute. Engine thread only.
/// Source: argo-cd controller/appcontroller.go (setOperationState), which does not give up@v3.5.1
class OutcomeStore
{
public:
    static constexpr int kMostAttempts = 30;

    /// \p mayWrite is asked before each write: false when the Lease was lost.
    OutcomeStore(ports::ClusterPtr cluster, std::function<bool()> mayWrite,
                 std::chrono::milliseconds pause = std::chrono::seconds(1));

    /// Stores \p outcome of a pass over the operation of \p app, which went on from \p state and ended at \p now. A Terminating
    /// that came meanwhile is not overwritten, nor an operation that began meanwhile.
    /// Errors: Conflict where the Lease was lost; what the server refuses for good; the last error of kMostAttempts.
    Async<StoredOutcome> store(crd::Application app, crd::OperationState state, sync::PassOutcome outcome,
                               crd::Timestamp now, CancelToken cancel);

private:
    /// What the attempts have in common.
    struct Attempts
    {
        bool wasHistoryTried = false;
        std::optional<Error> historyError;
        std::optional<sync::Completion> last; ///< that the server may have taken
    };
    Async<StoredOutcome> tryOnce(crd::Application app, crd::OperationState state, sync::PassOutcome outcome,
                                 crd::Timestamp now, std::shared_ptr<Attempts> attempts, CancelToken cancel);
    Async<void> write(crd::Application app, object::Value patch, CancelToken cancel);

    ports::ClusterPtr m_cluster;
    std::function<bool()> m_mayWrite;
    std::chrono::milliseconds m_pause;
};

} // namespace tiphys::control
