// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/registered_sessions.h"

namespace tiphys::control {

RegisteredSessions::RegisteredSessions(ContextSession &home, std::function<void()> onChange)
    : m_home(home), m_onChange(std::move(onChange))
{
}

Expected<ContextSession *> RegisteredSessions::at(const std::string &server)
{
    Expected<ports::ClusterAccess> access = m_home.registeredCluster(server);
    const auto known = m_sessions.find(server);
    if (known != m_sessions.end()) {
        if (!access && access.error().code() == ErrorCode::Unavailable)
            return std::unexpected(access.error()); // Secrets that are not known now say nothing about the cluster
        if (access && known->second.access == *access)
            return known->second.session.get();
        m_ended.push_back(std::move(known->second.session));
        m_sessions.erase(known);
        m_tasks.start(endOf(m_ended.back().get()));
    }
    if (!access)
        return std::unexpected(access.error());
    const auto tell = [this] { m_onChange(); };
    // The applications of that cluster are none of ours.
    auto session = std::make_unique<ContextSession>(
        m_home.connections()->addCluster(*access), m_home.connections(), m_home.clock(),
        ContextSession::News{
            .clusterChanged = tell, .applicationsChanged = [] {}, .applicationChanged = [](const service::AppId &) {}},
        ApplicationScope{.ns = "default", .name = "-"});
    session->start();
    ContextSession *started = session.get();
    m_sessions.emplace(server, Entry{std::move(*access), std::move(session)});
    return started;
}

Async<void> RegisteredSessions::close()
{
    m_onChange = [] {};
    for (const auto &[server, entry] : m_sessions)
        ignoreError(co_await entry.session->close(), "the engine ends");
    ignoreError(co_await m_tasks.drained(), "the engine ends");
    m_sessions.clear();
    m_ended.clear();
    co_return {};
}

} // namespace tiphys::control
