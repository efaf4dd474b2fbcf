// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/connection.h"

#include "base/text.h"
#include "demo/resource_request.h"
#include "demo/server.h"

#include <QTimer>

#include <chrono>

namespace tiphys::demo {

namespace {

constexpr qsizetype kHeadLimit = 64 * 1024;
constexpr std::chrono::milliseconds kLogInterval{500};
constexpr qsizetype kBodyLimit = 64 * 1024 * 1024;

QByteArray statusLine(int code)
{
    switch (code) {
    case 200: return "HTTP/1.1 200 OK\r\n";
    case 201: return "HTTP/1.1 201 Created\r\n";
    case 404: return "HTTP/1.1 404 Not Found\r\n";
    case 409: return "HTTP/1.1 409 Conflict\r\n";
    default: return "HTTP/1.1 " + QByteArray::number(code) + (code < 400 ? " OK\r\n" : " Error\r\n");
    }
}

QByteArray headOf(const Response &response)
{
    QByteArray head = statusLine(response.code) + "Content-Type: " + QByteArray::fromStdString(response.contentType)
                      + "\r\nCache-Control: no-cache, private\r\n";
    for (const auto &[name, value] : response.headers)
        head += QByteArray::fromStdString(name) + ": " + QByteArray::fromStdString(value) + "\r\n";
    return head;
}

/// The payload of a chunked body that begins at \p start; nothing while it is incomplete.
std::optional<QByteArray> chunkedBody(const QByteArray &buffer, qsizetype start, qsizetype &end)
{
    QByteArray body;
    for (;;) {
        const qsizetype lineEnd = buffer.indexOf("\r\n", start);
        if (lineEnd < 0)
            return std::nullopt;
        bool isNumber = false;
        const qsizetype size =
            buffer.mid(start, lineEnd - start).split(';').first().trimmed().toLongLong(&isNumber, 16);
        const qsizetype next = lineEnd + 2 + size + 2;
        if (!isNumber || size < 0 || size > kBodyLimit || buffer.size() < next)
            return std::nullopt;
        if (size == 0) {
            end = next;
            return body;
        }
        body += buffer.mid(lineEnd + 2, size);
        start = next;
    }
}

} // namespace

Connection::Connection(Server &server, QTcpSocket *socket) : m_server(&server), m_socket(socket)
{
    socket->setParent(this);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::readyRead, this, &Connection::read);
    connect(socket, &QTcpSocket::disconnected, this, [this] { m_isOver = true; });
}

Connection::~Connection()
{
    m_socket->disconnect(this);
}

void Connection::cut()
{
    m_isOver = true;
    m_watch.reset();
    m_log = {};
    m_socket->abort();
}

void Connection::read()
{
    m_buffer += m_socket->readAll();
    while (!m_isOver && !m_isBusy && !m_watch && !m_log && takeRequest()) {}
}

bool Connection::takeRequest()
{
    const qsizetype headEnd = m_buffer.indexOf("\r\n\r\n");
    if (headEnd < 0) {
        if (m_buffer.size() > kHeadLimit)
            cut();
        return false;
    }
    std::optional<Request> request =
        requestOf(std::string_view(m_buffer.constData(), static_cast<std::size_t>(headEnd)));
    if (!request) {
        cut();
        return false;
    }
    qsizetype end = 0;
    const std::optional<QByteArray> body = takeBody(*request, headEnd + 4, end);
    if (!body) {
        if (request->header("expect") == "100-continue" && m_buffer.size() == headEnd + 4)
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
        if (m_buffer.size() > kHeadLimit + kBodyLimit)
            cut();
        return false;
    }
    request->body = body->toStdString();
    m_buffer.remove(0, end);
    m_closes = asciiLower(request->header("connection")) == "close";
    serve(*request);
    return true;
}

std::optional<QByteArray> Connection::takeBody(const Request &request, qsizetype start, qsizetype &end) const
{
    if (asciiLower(request.header("transfer-encoding")) == "chunked")
        return chunkedBody(m_buffer, start, end);
    const std::string length(request.header("content-length"));
    const qsizetype size = length.empty() ? 0 : QByteArray::fromStdString(length).toLongLong();
    if (size < 0 || size > kBodyLimit || m_buffer.size() < start + size)
        return std::nullopt;
    end = start + size;
    return m_buffer.mid(start, size);
}

void Connection::serve(const Request &request)
{
    m_server->m_requests.emplace_back(request.method, request.path);
    const std::optional<Fault> fault = m_server->takeFault(request);
    if (!fault)
        return answer(request, false);
    Refusal refusal;
    switch (fault->kind) {
    case Fault::Kind::CutConnection: return cut();
    case Fault::Kind::DropAnswer: return answer(request, true);
    case Fault::Kind::Delay:
        m_isBusy = true;
        QTimer::singleShot(fault->milliseconds, this, [this, request] {
            m_isBusy = false;
            answer(request, false);
            read();
        });
        return;
    case Fault::Kind::TooManyRequests:
        refusal.code = 429;
        refusal.reason = "TooManyRequests";
        refusal.message = "too many requests, please try again later";
        refusal.retryAfterSeconds = 1;
        break;
    case Fault::Kind::Gone: refusal = expired("The resourceVersion for the provided watch is too old."); break;
    case Fault::Kind::ServerError:
        refusal.code = 500;
        refusal.reason = "InternalError";
        refusal.message = "Internal error occurred: a fault of the demo cluster";
        break;
    }
    write(refused(refusal));
}

void Connection::answer(const Request &request, bool isDropped)
{
    const Response response = m_server->m_api->answer(request);
    if (isDropped)
        cut();
    else if (response.watch)
        beginWatch(response);
    else if (response.more)
        beginLog(response);
    else
        write(response);
    if (request.method != "GET")
        m_server->m_afterWrite();
}

void Connection::write(const Response &response)
{
    QByteArray text = headOf(response) + "Content-Length: " + QByteArray::number(response.body.size()) + "\r\n"
                      + (m_closes ? "Connection: close\r\n" : "") + "\r\n";
    text.append(response.body.data(), static_cast<qsizetype>(response.body.size()));
    m_socket->write(text);
    if (m_closes)
        m_socket->disconnectFromHost();
}

void Connection::beginWatch(const Response &response)
{
    m_watch = response.watch;
    m_socket->write(headOf(response) + "Transfer-Encoding: chunked\r\n\r\n");
    m_socket->flush();
    if (m_watch->timeoutSeconds > 0)
        QTimer::singleShot(m_watch->timeoutSeconds * 1000, this, &Connection::endWatch);
    sendChanges();
}

void Connection::beginLog(const Response &response)
{
    m_log = response.more;
    m_socket->write(headOf(response) + "Transfer-Encoding: chunked\r\n\r\n");
    if (!response.body.empty())
        writeChunk(response.body);
    sendLog();
}

void Connection::sendLog()
{
    if (!m_log || m_isOver)
        return;
    const std::optional<std::string> text = m_log();
    if (!text) {
        m_log = {};
        m_socket->write("0\r\n\r\n");
        return read();
    }
    if (!text->empty())
        writeChunk(*text);
    QTimer::singleShot(kLogInterval, this, &Connection::sendLog);
}

void Connection::writeChunk(const std::string &text)
{
    m_socket->write(QByteArray::number(static_cast<qulonglong>(text.size()), 16) + "\r\n"
                    + QByteArray::fromStdString(text) + "\r\n");
}

void Connection::sendChanges()
{
    if (!m_watch || m_isOver)
        return;
    const std::string text = m_server->m_api->watchLines(*m_watch);
    if (!text.empty())
        writeChunk(text);
    if (m_watch->isFinished)
        endWatch();
}

void Connection::sendBookmark()
{
    if (m_watch && m_watch->wantsBookmarks && !m_isOver)
        writeChunk(m_server->m_api->bookmarkLine(*m_watch));
}

void Connection::endWatch()
{
    if (!m_watch)
        return;
    m_watch.reset();
    m_socket->write("0\r\n\r\n");
    read();
}

} // namespace tiphys::demo
