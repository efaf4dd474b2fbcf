// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/context_session.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// What is waited for, and how loudly. Every wait reads the one object again and again, goes on while the server does
/// not answer, and ends with Timeout after timeoutSeconds (0: never).
struct Waiting
{
    control::ContextSession *session = nullptr;
    service::AppId app;
    bool needsSync = false;
    bool needsHealth = false;
    bool needsSuspended = false; ///< of health several are alternatives
    bool needsDegraded = false;
    bool needsHydration = false;
    std::vector<std::string> resources = {}; ///< patterns: their sync and health instead of the application's
    bool needsNoOperation = false;
    bool needsComparison = false; ///< a refresh that was asked for must be done
    int timeoutSeconds = 0;
    bool isQuiet = false;
    std::string wayOn = {}; ///< told after Timeout: who would go on, and how; "" where somebody does
};

/// The state of the operation that is in progress, once it has ended.
Async<crd::OperationState> finishedOperation(Waiting waiting, CancelToken cancel);
/// What \p app lacks of the wanted state: " sync is OutOfSync; health is Missing", "" if nothing.
std::string whatIsMissing(const Waiting &waiting, const crd::Application &app);
/// Returns once the application is in the wanted state. Errors: Unavailable where it was to become Healthy and becomes Degraded.
Async<void> applicationState(Waiting waiting, CancelToken cancel);
/// Returns once a refresh that was asked for is done.
Async<void> refreshedApplication(Waiting waiting, CancelToken cancel);
/// Returns once the application is gone.
Async<void> applicationGone(Waiting waiting, CancelToken cancel);

} // namespace tiphys::cli
