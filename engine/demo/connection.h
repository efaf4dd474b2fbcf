// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/fault.h"
#include "demo/request.h"

#include <QByteArray>
#include <QObject>
#include <QTcpSocket>

#include <functional>
#include <optional>

namespace tiphys::demo {

class Server;

/// One client connection of the server: reads requests one after the other and writes their answers.
class Connection final : public QObject
{
public:
    Connection(Server &server, QTcpSocket *socket);
    ~Connection() override;

    bool isWatch() const { return m_watch.has_value(); }
    bool isOver() const { return m_isOver; }
    /// Sends what is new to a watch.
    void sendChanges();
    void sendBookmark();
    /// Ends the connection at once.
    void cut();

private:
    void read();
    /// True if a whole request was taken from the buffer.
    bool takeRequest();
    std::optional<QByteArray> takeBody(const Request &request, qsizetype start, qsizetype &end) const;
    void serve(const Request &request);
    void answer(const Request &request, bool isDropped);
    void write(const Response &response);
    void beginWatch(const Response &response);
    void beginLog(const Response &response);
    void sendLog();
    void writeChunk(const std::string &text);
    void endWatch();

    Server *m_server;
    QTcpSocket *m_socket;
    QByteArray m_buffer;
    std::optional<Watch> m_watch;
    std::function<std::optional<std::string>()> m_log; ///< the log that is followed, if one is
    bool m_isBusy = false;                             ///< a delayed answer is due
    bool m_isOver = false;
    bool m_closes = false;
};

} // namespace tiphys::demo
