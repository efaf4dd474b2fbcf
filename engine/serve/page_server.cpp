// SPDX-License-Identifier: GPL-3.0-or-later
#include "serve/page_server.h"

#include <QByteArray>
#include <QHostAddress>
#include <QTcpSocket>
#include <QTimer>

namespace tiphys::serve {

namespace {

constexpr qint64 kLongestHead = 16 * 1024;
constexpr int kMostConnections = 64;
constexpr int kPatienceMilliseconds = 10'000;

std::string response(std::string_view status, const Page &page)
{
    return "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: " + page.type
           + "\r\nContent-Length: " + std::to_string(page.body.size()) + "\r\nConnection: close\r\n\r\n" + page.body;
}

std::string refusal(std::string_view status)
{
    return response(status, {"text/plain; charset=utf-8", std::string(status.substr(4)) + "\n"});
}

} // namespace

PageServer::PageServer(std::function<std::optional<Page>(std::string_view)> pageOf) : m_pageOf(std::move(pageOf))
{
    connect(&m_listener, &QTcpServer::newConnection, this, &PageServer::accept);
}

PageServer::~PageServer() = default;

Expected<void> PageServer::listen(std::uint16_t port)
{
    if (!m_listener.listen(QHostAddress::LocalHost, port))
        return failure(ErrorCode::Unavailable, "cannot listen on 127.0.0.1:" + std::to_string(port) + ": "
                                                   + m_listener.errorString().toStdString());
    return {};
}

void PageServer::accept()
{
    while (QTcpSocket *socket = m_listener.nextPendingConnection()) {
        if (m_listener.findChildren<QTcpSocket *>().size() > kMostConnections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        // Whoever says nothing is not waited for.
        QTimer::singleShot(kPatienceMilliseconds, socket, [socket] { socket->abort(); });
    }
}

void PageServer::read(QTcpSocket *socket)
{
    const QByteArray head = socket->peek(kLongestHead);
    if (!head.contains("\r\n\r\n")) {
        if (head.size() >= kLongestHead)
            socket->abort();
        return;
    }
    disconnect(socket, &QTcpSocket::readyRead, this, nullptr);
    const std::string answer = answerTo(head.left(head.indexOf("\r\n")).toStdString());
    socket->write(answer.data(), static_cast<qint64>(answer.size()));
    socket->disconnectFromHost();
}

std::string PageServer::answerTo(std::string_view requestLine) const
{
    const std::size_t space = requestLine.find(' ');
    if (space == std::string_view::npos)
        return refusal("400 Bad Request");
    if (requestLine.substr(0, space) != "GET")
        return refusal("405 Method Not Allowed");
    const std::string_view rest = requestLine.substr(space + 1);
    const std::string_view path = rest.substr(0, rest.find_first_of(" ?"));
    const std::optional<Page> page = m_pageOf(path);
    return page ? response("200 OK", *page) : refusal("404 Not Found");
}

} // namespace tiphys::serve
