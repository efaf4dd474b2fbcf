// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/app_observer.h"
#include "sync/operation.h"

#include <functional>

namespace tiphys::control {

/// What one look at an operation left behind.
struct OperationLook
{
    bool hasOperation = false;
    crd::OperationPhase phase = crd::OperationPhase::None;
    std::string message;
    /// Look again after this time at the latest; nothing waits for news only.
    std::optional<crd::Duration> lookAgainAfter;
    std::optional<sync::RefreshLevel> refresh; ///< asked for by the end of the operation
    /// A retry waits so long: then a refresh is asked for (CompareWithLatest), which goes before it.
    std::optional<crd::Duration> refreshAfter = {};
    std::optional<crd::Duration> timeoutAfter = {}; ///< the operation has lasted too long then
};

/// Runs the operation of one application pass by pass: this engine's part of a sync. Everything is told by the
/// Application as stored, so any look may be the first one of a new process. Engine thread only.
class OperationRunner
{
public:
    /// \p mayWrite is asked before each write that must happen once: false when the Lease was lost.
    OperationRunner(AppObserver &observer, ObserverParts parts, std::function<bool()> mayWrite);

    /// One look: picks the operation up, runs one pass, stores its outcome.
    /// Errors: what kept the Application from being read or written; the next look repeats.
    Async<OperationLook> look(service::AppId app, CancelToken cancel);

private:
    Async<crd::Application> readApplication(service::AppId app, CancelToken cancel);
    Async<void> store(crd::Application app, object::Value patch, CancelToken cancel);
    Async<OperationLook> runPass(crd::Application app, crd::OperationState state, std::string terminatingCause,
                                 CancelToken cancel);
    Async<sync::PassOutcome> passOutcome(crd::Application app, crd::OperationState state, EvaluationPtr evaluation,
                                         CancelToken cancel);
    Async<OperationLook> finish(crd::Application app, crd::OperationState state, sync::PassOutcome outcome,
                                CancelToken cancel);

    AppObserver &m_observer;
    ObserverParts m_parts;
    std::function<bool()> m_mayWrite;
};

/// What a pass looks at, made from an evaluation. Errors: targets that cannot take over ignored fields from live
/// ("Failed to normalize target resources: …").
Expected<sync::PassInput> passInputOf(const crd::Application &app, const crd::OperationState &state,
                                      const Evaluation &evaluation, ports::DiscoveryPtr discovery,
                                      const policy::EffectiveProject &project, const policy::Cluster &cluster);

} // namespace tiphys::control
