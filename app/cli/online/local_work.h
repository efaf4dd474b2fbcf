// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/commands.h"
#include "control/local_engine.h"

#include <memory>

namespace tiphys::cli {

/// The local engine at work for one application while a command waits.
class LocalWork
{
public:
    LocalWork(OnlineSession &session, const NamedApp &named, control::ContextSession *destination);

    /// Errors: another engine or a controller is at work there.
    Async<void> start(CancelToken cancel);
    /// Returns once what an operation made is compared and stored. Errors: Timeout after \p seconds.
    Async<void> rest(int seconds, CancelToken cancel);
    /// Stops it and gives the Lease up.
    Async<void> close();

private:
    OnlineSession &m_session;
    NamedApp m_named;
    control::LocalEngine m_engine;
};
using LocalWorkPtr = std::shared_ptr<LocalWork>;

/// The local engine started for \p named where the command line asks for it, else null.
Async<LocalWorkPtr> startedLocalWork(OnlineSession &session, NamedApp named, const Invocation &invocation,
                                     CancelToken cancel);

} // namespace tiphys::cli
