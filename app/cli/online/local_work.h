// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/commands.h"
#include "control/local_engine.h"

#include <memory>
#include <string>

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

/// How an operation of \p named goes on, or ends, that the local engine had not finished in time; "" where the command line
/// does not ask for that engine: a controller goes on by itself.
std::string wayOnWithOperation(const NamedApp &named, const Invocation &invocation);
/// The same of a deletion.
std::string wayOnWithDeletion(const NamedApp &named, const Invocation &invocation);

} // namespace tiphys::cli
