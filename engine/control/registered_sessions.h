// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "control/context_session.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::control {

/// Sessions of the clusters that the instance of \c home registers by Secrets: for what the local engine does there, never
/// for what is only shown. Engine thread only.
class RegisteredSessions
{
public:
    /// \p onChange is called when a session has news.
    RegisteredSessions(ContextSession &home, std::function<void()> onChange);

    /// The session of the cluster at \p server, started when it is first asked for and anew when its Secret changed. The
    /// one before stays an object, without connection, until close(). Errors: of clusterAccess.
    Expected<ContextSession *> at(const std::string &server);
    /// Ends all of them; they are gone when this returns.
    Async<void> close();

private:
    struct Entry
    {
        ports::ClusterAccess access;
        std::unique_ptr<ContextSession> session;
    };
    static Async<void> endOf(ContextSession *session) { co_return co_await session->close(); }

    ContextSession &m_home;
    std::function<void()> m_onChange;
    std::map<std::string, Entry> m_sessions; ///< by server
    std::vector<std::unique_ptr<ContextSession>> m_ended;
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
