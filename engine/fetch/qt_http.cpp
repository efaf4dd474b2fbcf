// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/qt_http.h"

#include "async/completion.h"
#include "fetch/http_trust.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>

#include <algorithm>
#include <map>

namespace tiphys::fetch {

using ports::HttpAnswer;
using ports::HttpRequest;

namespace {

constexpr int kMostRedirects = 10;

QByteArray bytesOf(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

std::string hostOf(const QUrl &url)
{
    return url.adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment)
        .toString()
        .toStdString();
}

bool isSameOrigin(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && a.host() == b.host()
           && a.port(a.scheme() == u"https" ? 443 : 80) == b.port(b.scheme() == u"https" ? 443 : 80);
}

/// One request under way; deletes itself when its reply has finished.
class Exchange final : public QObject
{
public:
    Exchange(QNetworkReply *reply, const HttpRequest &request, CancelToken cancel)
        : m_reply(reply), m_host(hostOf(reply->url())), m_limit(request.limitBytes)
    {
        reply->setParent(this);
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this,
                [this] { end(Error(ErrorCode::Timeout, m_host + " did not answer in time")); });
        connect(reply, &QNetworkReply::readyRead, this, [this] { read(); });
        connect(reply, &QNetworkReply::finished, this, [this] { finish(); });
        m_timer.start(request.timeout);
        m_cancel = cancel.onCancel([this] { end(Error(ErrorCode::Cancelled, "cancelled")); });
    }

    async::Completion<HttpAnswer> answer() const { return m_answer; }

private:
    void end(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
        m_reply->abort();
    }

    void read()
    {
        m_body += m_reply->readAll().toStdString();
        if (m_body.size() > m_limit)
            end(Error(ErrorCode::LimitExceeded,
                      "the answer of " + m_host + " is larger than " + std::to_string(m_limit) + " bytes"));
    }

    void finish()
    {
        if (!m_error)
            m_body += m_reply->readAll().toStdString();
        m_timer.stop();
        m_answer.set(result());
        deleteLater();
    }

    Expected<HttpAnswer> result()
    {
        if (m_error)
            return std::unexpected(*m_error);
        const QVariant status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute);
        if (!status.isValid()) {
            const bool isTls = m_reply->error() == QNetworkReply::SslHandshakeFailedError;
            return failure(isTls ? ErrorCode::Denied : ErrorCode::Unavailable,
                           m_host + ": " + (isTls ? "TLS: " : "") + m_reply->errorString().toStdString());
        }
        // Above 200 stand the statuses of the protocol; below, the connection broke before the body was whole.
        if (m_reply->error() != QNetworkReply::NoError && m_reply->error() < QNetworkReply::ContentAccessDenied)
            return failure(ErrorCode::Unavailable, m_host + ": " + m_reply->errorString().toStdString());
        HttpAnswer answer{.status = status.toInt(),
                          .headers = {},
                          .body = std::move(m_body),
                          .url = m_reply->url().toString().toStdString()};
        for (const auto &[name, value] : m_reply->rawHeaderPairs())
            answer.headers.insert_or_assign(name.toLower().toStdString(), value.toStdString());
        return answer;
    }

    QNetworkReply *m_reply;
    std::string m_host;
    std::size_t m_limit;
    std::string m_body;
    std::optional<Error> m_error;
    QTimer m_timer;
    async::Completion<HttpAnswer> m_answer;
    async::CancelRegistration m_cancel;
};

class QtHttp final : public ports::Http, public std::enable_shared_from_this<QtHttp>
{
public:
    Async<HttpAnswer> send(HttpRequest request, CancelToken cancel) override
    {
        const std::shared_ptr<QtHttp> self = shared_from_this();
        for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
            const Expected<Exchange *> exchange = start(request, cancel);
            if (!exchange)
                co_return std::unexpected(exchange.error());
            const async::Completion<HttpAnswer> arriving = (*exchange)->answer();
            const Expected<HttpAnswer> answer = co_await arriving;
            if (!answer || !request.followsRedirects || !isRedirect(*answer))
                co_return answer;
            redirect(request, *answer);
        }
        co_return failure(ErrorCode::Unavailable, "stopped after 10 redirects");
    }

private:
    static bool isRedirect(const HttpAnswer &answer)
    {
        return (answer.status == 301 || answer.status == 302 || answer.status == 303 || answer.status == 307
                || answer.status == 308)
               && answer.headers.contains("location");
    }

    /// Makes \p request the one that the redirect of \p answer asks for.
    static void redirect(HttpRequest &request, const HttpAnswer &answer)
    {
        const QUrl from(QString::fromStdString(request.url));
        const QUrl to = from.resolved(QUrl(QString::fromStdString(answer.headers.at("location"))));
        if (!isSameOrigin(from, to)) {
            std::erase_if(request.headers, [](const auto &header) {
                return bytesOf(header.first).toLower() == "authorization"
                       || bytesOf(header.first).toLower() == "cookie";
            });
            // A client certificate is for the server that it was given for.
            request.security.certificatePem.clear();
            request.security.keyPem.clear();
        }
        // As Go's clients do it: 307 and 308 alone repeat what was sent.
        const bool isRepeated =
            answer.status == 307 || answer.status == 308 || request.method == "GET" || request.method == "HEAD";
        if (!isRepeated) {
            request.method = "GET";
            request.body.clear();
        }
        request.url = to.toString().toStdString();
    }

    Expected<Exchange *> start(const HttpRequest &request, CancelToken cancel)
    {
        const QUrl url(QString::fromStdString(request.url), QUrl::StrictMode);
        if (!url.isValid() || url.host().isEmpty() || (url.scheme() != u"http" && url.scheme() != u"https"))
            return failure(ErrorCode::InvalidInput, "no http or https URL: " + hostOf(url));
        const Expected<QSslConfiguration> tls = tlsOf(request.security);
        if (!tls)
            return std::unexpected(tls.error().in(hostOf(url)));
        const Expected<QNetworkAccessManager *> manager = managerOf(request.security);
        if (!manager)
            return std::unexpected(manager.error());
        QNetworkRequest network(url);
        network.setSslConfiguration(*tls);
        network.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        network.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
        network.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
        network.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
        network.setDecompressedSafetyCheckThreshold(-1); // limitBytes is the guard
        network.setRawHeader("User-Agent", "tiphys");
        for (const auto &[name, value] : request.headers)
            network.setRawHeader(bytesOf(name), bytesOf(value));
        QNetworkReply *reply = (*manager)->sendCustomRequest(network, bytesOf(request.method), bytesOf(request.body));
        return new Exchange(reply, request, std::move(cancel));
    }

    Expected<QNetworkAccessManager *> managerOf(const ports::HttpSecurity &security)
    {
        if (const auto known = m_managers.find(security); known != m_managers.end())
            return known->second.get();
        auto manager = std::make_unique<QNetworkAccessManager>();
        if (!security.proxy.empty()) {
            const Expected<QNetworkProxy> proxy = proxyOf(security.proxy);
            if (!proxy)
                return std::unexpected(proxy.error());
            manager->setProxy(*proxy);
        }
        return m_managers.emplace(security, std::move(manager)).first->second.get();
    }

    std::map<ports::HttpSecurity, std::unique_ptr<QNetworkAccessManager>> m_managers;
};

} // namespace

ports::HttpPtr qtHttp()
{
    return std::make_shared<QtHttp>();
}

} // namespace tiphys::fetch
