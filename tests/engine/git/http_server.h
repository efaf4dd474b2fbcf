// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHttpServer>
#include <QSslConfiguration>
#include <QTcpServer>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tiphys::git {

/// Serves the repositories below a folder by the real `git http-backend`, on loopback, with or without TLS.
/// "/redirect/x" goes to "<redirectTarget>/x", "/silent/…" is never answered, "/page/…" answers with a web page.
class GitHttpServer
{
public:
    struct Options
    {
        std::string root;
        std::string authorization; ///< the header that is asked for; "" for none
        std::string redirectTarget;
        QSslConfiguration tls;          ///< null for plain HTTP
        std::function<void()> onSilent; ///< called in the server's thread
    };

    /// Runs in the thread of \p context, which is another than the caller's.
    GitHttpServer(QObject &context, Options options);
    ~GitHttpServer();

    /// "http://127.0.0.1:port" or "https://localhost:port".
    std::string url() const;
    /// Authorization headers of all requests so far.
    std::vector<std::string> seenAuthorizations() const;

private:
    /// Runs \p job in the thread of the context and waits for its end.
    void callInContext(const std::function<void()> &job);
    void answer(const QHttpServerRequest &request, QHttpServerResponder &responder);
    void runBackend(const QHttpServerRequest &request, QHttpServerResponder &responder) const;

    QObject &m_context;
    const Options m_options;
    std::unique_ptr<QHttpServer> m_server;
    std::vector<std::unique_ptr<QHttpServerResponder>> m_silent;
    int m_port = 0;
    mutable std::mutex m_mutex; ///< guards what follows
    std::vector<std::string> m_seen;
};

} // namespace tiphys::git
