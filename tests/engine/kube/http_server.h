// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tiphys::kube::test {

struct SeenRequest
{
    std::string method;
    std::string path;
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;
};

/// What a handler does with one request.
class Responder
{
public:
    explicit Responder(QTcpSocket *socket) : m_socket(socket) {}

    void answer(int status, const std::string &body, const std::string &headers = {}) const
    {
        write("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: application/json\r\n" + headers
              + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    void beginChunks() const
    {
        write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    }
    void chunk(const std::string &bytes) const
    {
        write(QByteArray::number(static_cast<qulonglong>(bytes.size()), 16).toStdString() + "\r\n" + bytes + "\r\n");
    }
    void endChunks() const { write("0\r\n\r\n"); }
    /// Closes the connection without a word.
    void drop() const
    {
        if (m_socket)
            m_socket->abort();
    }

private:
    void write(const std::string &bytes) const
    {
        if (m_socket)
            m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
    }
    QPointer<QTcpSocket> m_socket;
};

/// A small HTTP/1.1 server on loopback, in this thread.
class HttpServer
{
public:
    using Handler = std::function<void(const SeenRequest &, const Responder &)>;

    explicit HttpServer(Handler handler) : m_handler(std::move(handler))
    {
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection())
                serve(socket);
        });
    }

    /// Answers nothing any more: what the handler refers to may go.
    void fallSilent() { m_handler = nullptr; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_server.serverPort()); }
    const std::vector<SeenRequest> &seen() const { return m_seen; }
    std::size_t count(const std::string &method) const
    {
        std::size_t found = 0;
        for (const SeenRequest &request : m_seen)
            found += request.method == method ? 1 : 0;
        return found;
    }

private:
    void serve(QTcpSocket *socket)
    {
        auto buffer = std::make_shared<std::string>();
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, buffer] {
            *buffer += socket->readAll().toStdString();
            while (takeRequest(socket, *buffer)) {}
        });
        QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    }

    bool takeRequest(QTcpSocket *socket, std::string &buffer)
    {
        const std::size_t headEnd = buffer.find("\r\n\r\n");
        if (headEnd == std::string::npos)
            return false;
        SeenRequest request;
        const std::string head = buffer.substr(0, headEnd + 2);
        std::size_t line = head.find("\r\n");
        const std::string first = head.substr(0, line);
        const std::size_t space = first.find(' ');
        request.method = first.substr(0, space);
        request.path = first.substr(space + 1, first.rfind(' ') - space - 1);
        while (line + 2 < head.size()) {
            const std::size_t next = head.find("\r\n", line + 2);
            const std::string field = head.substr(line + 2, next - line - 2);
            const std::size_t colon = field.find(": ");
            request.headers[QString::fromStdString(field.substr(0, colon)).toLower().toStdString()] =
                field.substr(colon + 2);
            line = next;
        }
        const std::size_t length =
            request.headers.contains("content-length") ? std::stoul(request.headers["content-length"]) : 0;
        if (buffer.size() < headEnd + 4 + length)
            return false;
        request.body = buffer.substr(headEnd + 4, length);
        buffer.erase(0, headEnd + 4 + length);
        m_seen.push_back(request);
        if (m_handler)
            m_handler(request, Responder(socket));
        return true;
    }

    Handler m_handler;
    QTcpServer m_server;
    std::vector<SeenRequest> m_seen;
};

} // namespace tiphys::kube::test
