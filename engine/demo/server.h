// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "demo/api.h"
#include "demo/fault.h"

#include <QObject>
#include <QTcpServer>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

class QTcpSocket;

namespace tiphys::demo {

class Connection;

/// Speaks HTTP/1.1 on 127.0.0.1: connections are kept, watches are streamed in chunks. Belongs to one thread.
class Server final : public QObject
{
public:
    /// \p afterWrite is called when a request may have changed something.
    Server(Api &api, std::function<void()> afterWrite);
    ~Server() override;

    /// Listens on \p port, 0 for a free one. Errors: Unavailable if the port is taken.
    Expected<void> listen(quint16 port);
    quint16 port() const { return m_listener.serverPort(); }
    /// Sends what changed to every watch.
    void sendChanges();
    /// Ends every connection that streams a watch.
    void cutWatches();

    void inject(Fault fault) { m_faults.push_back(std::move(fault)); }
    /// Requests so far whose method is \p method ("" for any) and whose path contains \p pathPart.
    int requestCount(std::string_view method, std::string_view pathPart) const;
    int openWatches() const;

private:
    friend class Connection;
    void accept();
    std::optional<Fault> takeFault(const Request &request);

    Api *m_api;
    std::function<void()> m_afterWrite;
    QTcpServer m_listener;
    QTimer m_bookmarks;
    std::vector<std::unique_ptr<Connection>> m_connections;
    std::vector<Fault> m_faults;
    std::vector<std::pair<std::string, std::string>> m_requests;
};

} // namespace tiphys::demo
