// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/qt_http_transport.h"

#include "base/handed_over.h"
#include "base/text.h"
#include "git/http_exchange.h"
#include "git/qt_http_request.h"
#include "git/url.h"

#include <QNetworkAccessManager>
#include <QThread>

#include <atomic>
#include <set>

namespace tiphys::git {

namespace {

constexpr int kMostRedirects = 5;
constexpr std::size_t kMostManagers = 8;
constexpr qint64 kReadBuffer = 1 << 20;

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

HttpExchange::Head headOf(const QNetworkReply &reply)
{
    HttpExchange::Head head;
    head.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    head.url = reply.url().toString(QUrl::FullyEncoded).toStdString();
    for (const auto &[name, value] : reply.rawHeaderPairs())
        head.headers[asciiLower(name.toStdString())] = value.toStdString();
    return head;
}

/// What is sent after a redirect from \p request to \p target; a failure if it may not be followed.
Expected<HttpRequest> redirected(const HttpRequest &request, const QUrl &target)
{
    HttpRequest next = request;
    next.url = target.toString(QUrl::FullyEncoded).toStdString();
    const std::string scheme = parsedUrl(next.url).scheme;
    if (scheme != "https" && (scheme != "http" || parsedUrl(request.url).scheme == "https"))
        return failure(ErrorCode::Denied,
                       "the server redirects to " + tiphys::quoted(shownUrl(next.url)) + ", which is less safe");
    if (!sameOrigin(next.url, request.url)) {
        next.credentials.username = next.credentials.password = next.credentials.bearerToken = "";
        next.credentials.clientCertificatePem = next.credentials.clientKeyPem = "";
    }
    return next;
}

} // namespace

/// Lives in the network thread.
class QtHttpTransport::Network final : public QObject
{
public:
    explicit Network(std::chrono::milliseconds silence) : m_silence(silence)
    {
        m_thread.setObjectName(QStringLiteral("git network"));
        moveToThread(&m_thread);
        m_thread.start();
    }

    ~Network() override
    {
        // A thread sanitizer cannot see that Qt waits.
        std::atomic<bool> isClosed = false;
        QMetaObject::invokeMethod(this, HandedOver([this, &isClosed] {
                                      closeAll();
                                      isClosed.store(true, std::memory_order_release);
                                  }),
                                  Qt::BlockingQueuedConnection);
        static_cast<void>(isClosed.load(std::memory_order_acquire));
        m_thread.quit();
        m_thread.wait();
    }

    void post(std::function<void()> job)
    {
        QMetaObject::invokeMethod(this, HandedOver(std::move(job)), Qt::QueuedConnection);
    }

    void start(const std::shared_ptr<HttpExchange> &exchange, const HttpRequest &request, int redirects)
    {
        if (exchange->isFinished())
            return;
        const Expected<QNetworkRequest> network = networkRequestOf(request, m_silence);
        if (!network)
            return exchange->finish(network.error());
        const Expected<QNetworkProxy> proxy = proxyFor(network->url(), request.credentials);
        if (!proxy)
            return exchange->finish(proxy.error());
        QNetworkAccessManager &manager = managerFor(request);
        manager.setProxy(*proxy);
        QNetworkReply *reply = request.method == "POST"
                                   ? manager.post(*network, QByteArray::fromStdString(request.body))
                                   : manager.get(*network);
        reply->setReadBufferSize(kReadBuffer);
        m_replies[exchange] = reply;
        if (request.credentials.insecure)
            connect(reply, &QNetworkReply::sslErrors, reply, [reply] { reply->ignoreSslErrors(); });
        connect(reply, &QNetworkReply::metaDataChanged, this,
                [=, this] { takeHead(exchange, reply, request, redirects); });
        connect(reply, &QNetworkReply::readyRead, this, [=, this] { pump(exchange); });
        connect(reply, &QNetworkReply::finished, this, [=, this] { finish(exchange, reply); });
    }

    /// Passes on what has arrived, unless the caller has enough to read.
    void pump(const std::shared_ptr<HttpExchange> &exchange)
    {
        const auto found = m_replies.find(exchange);
        if (found == m_replies.end() || !m_answered.contains(exchange))
            return;
        QNetworkReply *reply = found->second;
        while (reply->bytesAvailable() > 0 && !exchange->isFull())
            exchange->append(reply->read(kReadBuffer).toStdString());
        if (reply->isFinished() && reply->bytesAvailable() == 0)
            close(exchange, errorOf(*reply));
    }

    void abort(const std::shared_ptr<HttpExchange> &exchange)
    {
        close(exchange, Error(ErrorCode::Cancelled, "cancelled"));
    }

private:
    QNetworkAccessManager &managerFor(const HttpRequest &request)
    {
        const std::string key = connectionKeyOf(request);
        if (m_managers.size() >= kMostManagers && !m_managers.contains(key) && m_replies.empty())
            retireManagers();
        std::unique_ptr<QNetworkAccessManager> &manager = m_managers[key];
        if (!manager) {
            manager = std::make_unique<QNetworkAccessManager>();
            manager->setAutoDeleteReplies(false);
        }
        return *manager;
    }

    void retireManagers()
    {
        // A redirect comes here from a signal of a reply, which goes with its manager.
        for (auto &[key, manager] : m_managers)
            manager.release()->deleteLater();
        m_managers.clear();
    }

    void takeHead(const std::shared_ptr<HttpExchange> &exchange, QNetworkReply *reply, const HttpRequest &request,
                  int redirects)
    {
        const auto found = m_replies.find(exchange);
        if (found == m_replies.end() || found->second != reply || m_answered.contains(exchange))
            return;
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (status < 200)
            return;
        if (!isRedirect(status) || request.method != "GET") {
            m_answered.insert(exchange);
            exchange->setHead(headOf(*reply));
            return;
        }
        const QUrl target = reply->url().resolved(QUrl(QString::fromUtf8(reply->rawHeader("Location"))));
        const Expected<HttpRequest> next = redirected(request, target);
        if (!next || redirects >= kMostRedirects)
            return close(exchange, next ? Error(ErrorCode::Unavailable, "more than 5 redirects") : next.error());
        m_replies.erase(exchange);
        drop(reply);
        start(exchange, *next, redirects + 1);
    }

    void finish(const std::shared_ptr<HttpExchange> &exchange, QNetworkReply *reply)
    {
        const auto found = m_replies.find(exchange);
        if (found == m_replies.end() || found->second != reply)
            return;
        if (!m_answered.contains(exchange))
            return close(exchange, errorOf(*reply).value_or(
                                       Error(ErrorCode::Unavailable, "the connection ended without an answer")));
        pump(exchange);
    }

    void close(const std::shared_ptr<HttpExchange> &exchange, std::optional<Error> error)
    {
        exchange->finish(std::move(error));
        m_answered.erase(exchange);
        const auto found = m_replies.find(exchange);
        if (found == m_replies.end())
            return;
        QNetworkReply *reply = found->second;
        m_replies.erase(found);
        drop(reply);
    }

    void drop(QNetworkReply *reply)
    {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }

    void closeAll()
    {
        while (!m_replies.empty())
            close(m_replies.begin()->first, Error(ErrorCode::Cancelled, "the program is closing"));
        m_managers.clear();
    }

    const std::chrono::milliseconds m_silence;
    QThread m_thread;
    std::map<std::string, std::unique_ptr<QNetworkAccessManager>> m_managers;
    std::map<std::shared_ptr<HttpExchange>, QNetworkReply *> m_replies;
    std::set<std::shared_ptr<HttpExchange>> m_answered; ///< whose head has been passed on
};

QtHttpTransport::QtHttpTransport(std::chrono::seconds silence) : m_silence(silence) {}

QtHttpTransport::~QtHttpTransport() = default;

QtHttpTransport::Network &QtHttpTransport::network()
{
    std::call_once(m_isStarted, [this] { m_network = std::make_unique<Network>(m_silence); });
    return *m_network;
}

Expected<std::unique_ptr<HttpResponse>> QtHttpTransport::send(const HttpRequest &request)
{
    class Response final : public HttpResponse
    {
    public:
        Response(Network &network, std::shared_ptr<HttpExchange> exchange)
            : m_network(network), m_exchange(std::move(exchange))
        {
            m_network.post([&net = m_network, one = m_exchange] { net.start(one, one->request(), 0); });
        }
        ~Response() override
        {
            if (!m_exchange->isFinished())
                m_network.post([&net = m_network, one = m_exchange] { net.abort(one); });
        }
        Expected<void> waitForHead()
        {
            Expected<HttpExchange::Head> head = m_exchange->head();
            if (!head)
                return std::unexpected(head.error());
            m_head = *std::move(head);
            return {};
        }
        int status() const override { return m_head.status; }
        std::string url() const override { return m_head.url; }
        std::string header(std::string_view name) const override
        {
            const auto found = m_head.headers.find(std::string(name));
            return found == m_head.headers.end() ? "" : found->second;
        }
        Expected<std::size_t> read(char *buffer, std::size_t size) override
        {
            return m_exchange->read(
                buffer, size, [this] { m_network.post([&net = m_network, one = m_exchange] { net.pump(one); }); });
        }

    private:
        Network &m_network;
        const std::shared_ptr<HttpExchange> m_exchange;
        HttpExchange::Head m_head;
    };
    auto response = std::make_unique<Response>(network(), std::make_shared<HttpExchange>(request));
    if (const Expected<void> head = response->waitForHead(); !head)
        return std::unexpected(head.error());
    return response;
}

} // namespace tiphys::git
