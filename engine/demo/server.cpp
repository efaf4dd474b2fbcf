// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/server.h"

#include "demo/connection.h"

#include <QHostAddress>

#include <algorithm>

namespace tiphys::demo {

namespace {

constexpr int kBookmarkMilliseconds = 20'000;
constexpr std::size_t kKeptRequests = 100'000;

} // namespace

Server::Server(Api &api, std::function<void()> afterWrite) : m_api(&api), m_afterWrite(std::move(afterWrite))
{
    m_listener.setListenBacklogSize(256);
    connect(&m_listener, &QTcpServer::newConnection, this, &Server::accept);
    m_bookmarks.setInterval(kBookmarkMilliseconds);
    connect(&m_bookmarks, &QTimer::timeout, this, [this] {
        for (const auto &connection : m_connections)
            connection->sendBookmark();
    });
}

Server::~Server() = default;

Expected<void> Server::listen(quint16 port)
{
    if (!m_listener.listen(QHostAddress::LocalHost, port))
        return failure(ErrorCode::Unavailable, "cannot listen on 127.0.0.1:" + std::to_string(port) + ": "
                                                   + m_listener.errorString().toStdString());
    m_bookmarks.start();
    return {};
}

void Server::accept()
{
    std::erase_if(m_connections, [](const auto &connection) { return connection->isOver(); });
    while (QTcpSocket *socket = m_listener.nextPendingConnection())
        m_connections.push_back(std::make_unique<Connection>(*this, socket));
}

void Server::sendChanges()
{
    for (const auto &connection : m_connections)
        connection->sendChanges();
}

void Server::cutWatches()
{
    for (const auto &connection : m_connections) {
        if (connection->isWatch())
            connection->cut();
    }
}

std::optional<Fault> Server::takeFault(const Request &request)
{
    if (m_requests.size() > kKeptRequests)
        m_requests.erase(m_requests.begin(), m_requests.begin() + kKeptRequests / 2);
    const auto hit = std::ranges::find_if(m_faults, [&](const Fault &fault) {
        return fault.times > 0 && (fault.method.empty() || fault.method == request.method)
               && request.path.contains(fault.pathPart);
    });
    if (hit == m_faults.end())
        return std::nullopt;
    const Fault fault = *hit;
    if (--hit->times == 0)
        m_faults.erase(hit);
    return fault;
}

int Server::requestCount(std::string_view method, std::string_view pathPart) const
{
    return static_cast<int>(std::ranges::count_if(m_requests, [&](const auto &request) {
        return (method.empty() || request.first == method) && request.second.contains(pathPart);
    }));
}

int Server::openWatches() const
{
    return static_cast<int>(
        std::ranges::count_if(m_connections, [](const auto &each) { return each->isWatch() && !each->isOver(); }));
}

} // namespace tiphys::demo
