// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/transport.h"

#include "base/text.h"

#include <QHttp1Configuration>
#include <QNetworkAccessManager>
#include <QUrl>

namespace tiphys::kube {

namespace {

/// Servers allow 100 streams on a connection; some stay free for streams that are just ending.
constexpr std::size_t kStreamsPerLane = 60;
constexpr int kRequestsAtOnce = 64;
constexpr int kListsAtOnce = 24;
constexpr int kRedirects = 10;

QUrl urlOf(const std::string &text)
{
    return QUrl(QString::fromStdString(text), QUrl::StrictMode);
}

bool isSameOrigin(const QUrl &a, const QUrl &b)
{
    const int standard = a.scheme() == QStringLiteral("https") ? 443 : 80;
    return a.scheme() == b.scheme() && a.host() == b.host() && a.port(standard) == b.port(standard);
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// What is said to requests that never went over connections that were given up: they go over others at once.
Error gaveUp()
{
    return {ErrorCode::Unavailable, "the connection was given up", std::string(kTurnedAway)};
}

/// Names are always resolved by a socks5 proxy: "socks5h", which environments say, is the same.
bool isSocks(const QString &scheme)
{
    return scheme == QStringLiteral("socks5") || scheme == QStringLiteral("socks5h");
}

/// The way to an https proxy, which client-go verifies by the cluster's own TLS settings; null for others.
/// Source: Go src/net/http/transport.go (Transport.dialConn)@go1.26
Expected<std::unique_ptr<ProxyTunnel>> tunnelTo(const Endpoint &endpoint, const QSslConfiguration &tls)
{
    const QUrl url = urlOf(endpoint.proxyUrl);
    const QString scheme = url.scheme();
    if (scheme == QStringLiteral("https"))
        return ProxyTunnel::open(url, tls, QString::fromStdString(endpoint.tlsServerName));
    if (!endpoint.proxyUrl.empty() && scheme != QStringLiteral("http") && !isSocks(scheme))
        return failure(ErrorCode::Unsupported, "proxies of scheme '" + scheme.toStdString() + "' are not supported");
    return std::unique_ptr<ProxyTunnel>();
}

} // namespace

struct Transport::Lane
{
    std::unique_ptr<QNetworkAccessManager> manager;
    std::set<Exchange *> exchanges = {}; ///< under way
    bool isSpent = false;                ///< takes no new ones
    std::string userAgent = {};
    std::unique_ptr<Exchange> probe = {};
    std::chrono::steady_clock::time_point heardAt = {}; ///< answer of the last probe
};

Expected<std::shared_ptr<Transport>> Transport::make(Endpoint endpoint, ExchangeLimits limits)
{
    const QUrl url = urlOf(endpoint.server);
    const bool isHttp = url.scheme() == QStringLiteral("https") || url.scheme() == QStringLiteral("http");
    if (!url.isValid() || !isHttp || url.host().isEmpty())
        return failure(ErrorCode::InvalidInput, "the server URL " + tiphys::quoted(endpoint.server) + " is not usable");
    // The system's roots take a while to read: not where nothing is encrypted.
    const bool isEncrypted =
        url.scheme() == QStringLiteral("https") || urlOf(endpoint.proxyUrl).scheme() == QStringLiteral("https");
    const Expected<QSslConfiguration> tls = isEncrypted ? tlsConfiguration(endpoint.tls) : QSslConfiguration();
    if (!tls)
        return std::unexpected(tls.error());
    Expected<std::unique_ptr<ProxyTunnel>> tunnel = tunnelTo(endpoint, *tls);
    if (!tunnel)
        return std::unexpected(tunnel.error());
    // The path is a prefix of all requests; query and fragment do not count.
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    endpoint.server =
        url.toString(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo).toStdString()
        + path.toStdString();
    return std::shared_ptr<Transport>(new Transport(std::move(endpoint), limits, *tls, std::move(*tunnel)));
}

Transport::Transport(Endpoint endpoint, ExchangeLimits limits, QSslConfiguration tls,
                     std::unique_ptr<ProxyTunnel> tunnel)
    : m_endpoint(std::move(endpoint)), m_limits(limits), m_tls(std::move(tls)), m_tunnel(std::move(tunnel)),
      m_ones{kRequestsAtOnce - kListsAtOnce}, m_lists{kListsAtOnce}
{
    m_requests = std::make_shared<Lane>(makeManager());
    m_pulse.setInterval(std::min<std::chrono::milliseconds>(limits.idle, limits.probe) / 3);
    QObject::connect(&m_pulse, &QTimer::timeout, &m_pulse, [this] { feelPulse(); });
}

Transport::~Transport() = default;

std::unique_ptr<QNetworkAccessManager> Transport::makeManager() const
{
    auto manager = std::make_unique<QNetworkAccessManager>();
    manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    manager->setProxy(proxy());
    return manager;
}

QNetworkProxy Transport::proxy() const
{
    if (m_endpoint.proxyUrl.empty())
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const QUrl url = urlOf(m_endpoint.proxyUrl);
    const bool usesSocks = isSocks(url.scheme());
    const auto port = static_cast<quint16>(url.port(usesSocks ? 1080 : 80));
    return QNetworkProxy(usesSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy,
                         m_tunnel ? QStringLiteral("127.0.0.1") : url.host(), m_tunnel ? m_tunnel->port() : port,
                         url.userName(), url.password());
}

std::unique_ptr<Exchange> Transport::makeExchange(HttpRequest request, CancelToken cancel) const
{
    auto exchange = std::make_unique<Exchange>(std::move(request), m_limits, std::move(cancel));
    if (m_tunnel)
        exchange->setProxyTrouble([tunnel = m_tunnel] { return tunnel->trouble(); });
    return exchange;
}

QNetworkRequest Transport::prepared(const HttpRequest &request) const
{
    QNetworkRequest prepared(urlOf(m_endpoint.server + request.path));
    prepared.setSslConfiguration(m_tls);
    if (!m_endpoint.tlsServerName.empty())
        prepared.setPeerVerifyName(QString::fromStdString(m_endpoint.tlsServerName));
    // Lists compress far beyond Qt's guard; answers have a byte limit of their own.
    prepared.setDecompressedSafetyCheckThreshold(-1);
    prepared.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    QHttp1Configuration http1;
    http1.setNumberOfConnectionsPerHost(kRequestsAtOnce + 1); // a probe never waits for what it is about
    prepared.setHttp1Configuration(http1);
    if (m_endpoint.disablesCompression)
        prepared.setRawHeader("Accept-Encoding", "identity");
    return prepared;
}

Async<void> Transport::Slots::acquire(CancelToken cancel)
{
    if (free > 0) {
        --free;
        co_return {};
    }
    const async::Completion<void> turn;
    waiting.push_back(turn);
    const async::CancelRegistration registration = cancel.onCancel([turn] { turn.fail(async::cancelledError()); });
    const Expected<void> result = co_await turn;
    co_return result;
}

void Transport::Slots::release()
{
    while (!waiting.empty()) {
        const async::Completion<void> next = waiting.front();
        waiting.pop_front();
        if (next.isSet())
            continue; // was cancelled
        next.set({});
        return;
    }
    ++free;
}

void Transport::Slots::refuse(const Error &error)
{
    for (const async::Completion<void> &turn : std::exchange(waiting, {})) {
        if (!turn.isSet())
            turn.fail(error);
    }
}

Async<HttpAnswer> Transport::sendOnce(HttpRequest request, CancelToken cancel)
{
    const std::shared_ptr<Transport> self = shared_from_this();
    Slots &slots = request.extent == Extent::Many ? m_lists : m_ones;
    const Expected<void> slot = co_await slots.acquire(cancel);
    if (!slot)
        co_return std::unexpected(slot.error());
    if (m_isGivenUp) {
        slots.release();
        co_return std::unexpected(gaveUp());
    }
    const std::shared_ptr<Lane> lane = m_requests; // outlives the exchange
    const std::unique_ptr<Exchange> exchange = makeExchange(request, cancel);
    m_running.insert(exchange.get());
    enter(*lane, exchange.get(), request);
    exchange->start(*lane->manager, prepared(request));
    const async::Completion<void> done = exchange->done();
    const Expected<void> ended = co_await done;
    self->m_running.erase(exchange.get());
    leave(*lane, exchange.get(), exchange->isConnectionSpent());
    if (lane->isSpent && m_requests == lane)
        m_requests = std::make_shared<Lane>(makeManager());
    slots.release();
    if (!ended)
        co_return std::unexpected(ended.error());
    const async::Completion<HttpHead> arrived = exchange->head();
    const Expected<HttpHead> head = co_await arrived;
    if (!head)
        co_return std::unexpected(head.error());
    co_return HttpAnswer{.head = *head, .body = exchange->takeBody()};
}

Async<HttpAnswer> Transport::send(HttpRequest request, CancelToken cancel)
{
    const std::shared_ptr<Transport> self = shared_from_this();
    for (int redirects = 0;; ++redirects) {
        Expected<HttpAnswer> answer = co_await sendOnce(request, cancel);
        if (!answer || !isRedirect(answer->head.status))
            co_return answer;
        const QUrl server = urlOf(m_endpoint.server);
        const QUrl target = urlOf(m_endpoint.server + request.path).resolved(urlOf(answer->head.location));
        const std::string where = target.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery).toStdString();
        if (request.method != "GET" || !isSameOrigin(server, target))
            co_return failure(ErrorCode::Unsupported, request.what + ": the server redirects to "
                                                          + tiphys::quoted(where) + ", which is not followed");
        if (redirects >= kRedirects)
            co_return failure(ErrorCode::Unavailable, request.what + ": stopped after 10 redirects");
        const std::string prefix = server.path(QUrl::FullyEncoded).toStdString();
        std::string path =
            target.toString(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment | QUrl::FullyEncoded)
                .toStdString();
        if (!prefix.empty() && path.starts_with(prefix))
            path.erase(0, prefix.size());
        request.path = path;
    }
}

Transport::Lane &Transport::freeLane()
{
    for (const std::unique_ptr<Lane> &lane : m_lanes) {
        if (!lane->isSpent && lane->exchanges.size() < kStreamsPerLane)
            return *lane;
    }
    m_lanes.push_back(std::make_unique<Lane>(makeManager()));
    return *m_lanes.back();
}

void Transport::enter(Lane &lane, Exchange *exchange, const HttpRequest &request)
{
    for (const auto &[name, value] : request.headers) {
        if (name == "User-Agent")
            lane.userAgent = value;
    }
    lane.exchanges.insert(exchange);
    if (!m_pulse.isActive())
        m_pulse.start();
}

void Transport::leave(Lane &lane, Exchange *exchange, bool isSpent)
{
    lane.exchanges.erase(exchange);
    lane.isSpent = lane.isSpent || isSpent;
    if (m_streams.empty() && m_running.empty())
        m_pulse.stop();
    if (lane.exchanges.empty())
        lane.probe.reset();
}

void Transport::release(Lane &lane, Exchange *stream, bool isSpent)
{
    leave(lane, stream, isSpent);
    if (lane.isSpent && lane.exchanges.empty())
        std::erase_if(m_lanes, [&lane](const std::unique_ptr<Lane> &one) { return one.get() == &lane; });
}

std::shared_ptr<Exchange> Transport::openStream(HttpRequest request, CancelToken cancel)
{
    Lane &lane = freeLane();
    // The deleter keeps the transport, and so the manager, alive as long as the stream.
    const std::shared_ptr<Exchange> stream(makeExchange(request, std::move(cancel)).release(),
                                           [self = shared_from_this(), &lane](Exchange *exchange) {
                                               const bool isSpent = exchange->isConnectionSpent();
                                               self->m_streams.erase(exchange);
                                               delete exchange;
                                               self->release(lane, exchange, isSpent);
                                           });
    m_streams.insert(stream.get());
    enter(lane, stream.get(), request);
    if (m_isGivenUp)
        stream->abort(gaveUp());
    stream->start(*lane.manager, prepared(request));
    return stream;
}

void Transport::probe(Lane &lane)
{
    HttpRequest request{.path = "/version",
                        .headers = {{"Accept", "application/json"}},
                        .what = "ask whether the server is there",
                        .silence = m_limits.probe};
    if (!lane.userAgent.empty())
        request.headers.emplace_back("User-Agent", lane.userAgent);
    ExchangeLimits limits = m_limits;
    limits.start = m_limits.probe;
    lane.probe = std::make_unique<Exchange>(request, limits, CancelToken());
    lane.probe->start(*lane.manager, prepared(request));
}

void Transport::feelPulse()
{
    const auto now = std::chrono::steady_clock::now();
    const std::shared_ptr<Lane> requests = m_requests;
    std::vector<Lane *> lanes{requests.get()};
    for (const std::unique_ptr<Lane> &lane : m_lanes)
        lanes.push_back(lane.get());
    std::vector<Exchange *> dead;
    for (Lane *lane : lanes) {
        if (lane->exchanges.empty())
            continue;
        auto heardAt = lane->heardAt;
        for (const Exchange *exchange : lane->exchanges)
            heardAt = std::max(heardAt, exchange->heardAt());
        if (!lane->probe) {
            if (!lane->isSpent && now - heardAt >= m_limits.idle)
                probe(*lane);
        } else if (lane->probe->isAnswered() || now - heardAt < m_limits.idle) {
            lane->heardAt = lane->probe->isAnswered() ? now : heardAt; // refused or not, there is a server
            lane->probe.reset();
        } else if (lane->probe->done().isSet()) {
            if (lane->probe->hasTimedOut())
                dead.insert(dead.end(), lane->exchanges.begin(), lane->exchanges.end());
            lane->isSpent = lane->isSpent || lane->probe->isConnectionSpent();
            lane->heardAt = now;
            lane->probe.reset();
        }
    }
    // What is repeated goes over a new one.
    if (m_requests->isSpent)
        m_requests = std::make_shared<Lane>(makeManager());
    for (Exchange *exchange : dead)
        exchange->abort(Error(ErrorCode::Unavailable, "the connection to " + m_endpoint.server
                                                          + " was lost: the server does not answer any more"));
}

void Transport::abortStreams(const Error &error)
{
    const std::set<Exchange *> streams = m_streams;
    for (Exchange *stream : streams)
        stream->abort(error);
}

void Transport::giveUp(const Error &error)
{
    const std::shared_ptr<Transport> self = shared_from_this();
    m_isGivenUp = true;
    m_ones.refuse(gaveUp());
    m_lists.refuse(gaveUp());
    abortStreams(error);
    const std::set<Exchange *> running = m_running;
    for (Exchange *exchange : running)
        exchange->abort(error);
}

} // namespace tiphys::kube
