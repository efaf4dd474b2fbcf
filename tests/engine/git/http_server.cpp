// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/git/http_server.h"

#include "base/handed_over.h"

#include <QHttpHeaders>
#include <QHttpServerResponder>
#include <QProcess>
#include <QSslServer>
#include <QUrl>

#include <atomic>

namespace tiphys::git {

namespace {

/// The answer of a CGI program: header lines, an empty line, the body.
struct CgiAnswer
{
    int status = 200;
    QHttpHeaders headers;
    QByteArray body;
};

CgiAnswer parsedAnswer(const QByteArray &output)
{
    CgiAnswer answer;
    const qsizetype end = output.indexOf("\r\n\r\n");
    for (const QByteArray &line : output.left(end).split('\n')) {
        const QByteArray name = line.left(line.indexOf(':')).trimmed();
        const QByteArray value = line.mid(line.indexOf(':') + 1).trimmed();
        if (name == "Status")
            answer.status = value.left(3).toInt();
        else if (!name.isEmpty())
            answer.headers.append(name, value);
    }
    answer.body = output.mid(end + 4);
    return answer;
}

} // namespace

void GitHttpServer::callInContext(const std::function<void()> &job)
{
    // A thread sanitizer cannot see how Qt hands the job over and back.
    std::atomic<bool> isDone = false;
    QMetaObject::invokeMethod(&m_context, HandedOver([&isDone, &job] {
        job();
        isDone.store(true, std::memory_order_release);
    }),
                              Qt::BlockingQueuedConnection);
    static_cast<void>(isDone.load(std::memory_order_acquire));
}

GitHttpServer::GitHttpServer(QObject &context, Options options) : m_context(context), m_options(std::move(options))
{
    callInContext([this] {
        m_server = std::make_unique<QHttpServer>();
        m_server->setMissingHandler(
            m_server.get(),
            [this](const QHttpServerRequest &request, QHttpServerResponder &responder) { answer(request, responder); });
        std::unique_ptr<QTcpServer> socket = std::make_unique<QTcpServer>();
        if (!m_options.tls.isNull()) {
            auto secure = std::make_unique<QSslServer>();
            secure->setSslConfiguration(m_options.tls);
            socket = std::move(secure);
        }
        socket->listen(QHostAddress::LocalHost);
        m_port = socket->serverPort();
        if (m_server->bind(socket.get()))
            socket.release();
    });
}

GitHttpServer::~GitHttpServer()
{
    callInContext([this] {
        m_silent.clear();
        m_server.reset();
    });
}

std::string GitHttpServer::url() const
{
    return (m_options.tls.isNull() ? "http://127.0.0.1:" : "https://localhost:") + std::to_string(m_port);
}

std::vector<std::string> GitHttpServer::seenAuthorizations() const
{
    const std::lock_guard lock(m_mutex);
    return m_seen;
}

void GitHttpServer::answer(const QHttpServerRequest &request, QHttpServerResponder &responder)
{
    const std::string authorization = request.value("Authorization").toStdString();
    {
        const std::lock_guard lock(m_mutex);
        m_seen.push_back(authorization);
    }
    const QString path = request.url().path();
    if (path.startsWith(QLatin1String("/silent/"))) {
        m_silent.push_back(std::make_unique<QHttpServerResponder>(std::move(responder)));
        m_options.onSilent();
        return;
    }
    if (path.startsWith(QLatin1String("/page/")))
        return responder.write("<html>sign in</html>", "text/html");
    if (path.startsWith(QLatin1String("/redirect/"))) {
        QHttpHeaders headers;
        headers.append("Location", QByteArray::fromStdString(m_options.redirectTarget) + path.mid(9).toUtf8() + "?"
                                       + request.url().query().toUtf8());
        return responder.write(headers, QHttpServerResponder::StatusCode::Found);
    }
    if (authorization != m_options.authorization) {
        QHttpHeaders headers;
        headers.append("WWW-Authenticate", "Basic realm=\"git\"");
        return responder.write(headers, QHttpServerResponder::StatusCode::Unauthorized);
    }
    runBackend(request, responder);
}

void GitHttpServer::runBackend(const QHttpServerRequest &request, QHttpServerResponder &responder) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const auto set = [&](const char *name, const QString &value) {
        environment.insert(QString::fromLatin1(name), value);
    };
    set("GIT_PROJECT_ROOT", QString::fromStdString(m_options.root));
    set("GIT_HTTP_EXPORT_ALL", QStringLiteral("1"));
    set("PATH_INFO", request.url().path());
    set("QUERY_STRING", request.url().query());
    set("REQUEST_METHOD",
        request.method() == QHttpServerRequest::Method::Post ? QStringLiteral("POST") : QStringLiteral("GET"));
    set("CONTENT_TYPE", QString::fromUtf8(request.value("Content-Type")));
    set("CONTENT_LENGTH", QString::number(request.body().size()));
    QProcess backend;
    backend.setProcessEnvironment(environment);
    backend.start(QStringLiteral("git"), {QStringLiteral("http-backend")});
    backend.write(request.body());
    backend.closeWriteChannel();
    backend.waitForFinished();
    const CgiAnswer answer = parsedAnswer(backend.readAllStandardOutput());
    responder.write(answer.body, answer.headers, static_cast<QHttpServerResponder::StatusCode>(answer.status));
}

} // namespace tiphys::git
