// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kube/exchange.h"
#include "kube/proxy_tunnel.h"
#include "kube/tls.h"

#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QSslConfiguration>
#include <QTimer>

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tiphys::kube {

/// Everything that makes a connection what it is: connections of two endpoints are never shared.
struct Endpoint
{
    std::string server; ///< "https://host:6443/prefix"
    std::string tlsServerName;
    TlsSettings tls;
    std::string proxyUrl; ///< http, https or socks5, "" for none
    bool disablesCompression = false;

    bool operator==(const Endpoint &) const = default;
};

/// Connections to one endpoint.
///
/// A network access manager applies the first TLS configuration of a host to all later requests, has one HTTP/2
/// connection per host, and lets streams beyond the server's limit wait without a word: so managers belong to one
/// endpoint, watches never share one with requests, and are spread over several. It stays with a connection that takes no
/// more requests, or is dead without knowing it, for as long as anything is under way there: so it is then left to that,
/// and others go over a new one.
///
/// After a sleep or at the start hundreds of lists are wanted at once: they take turns, and single objects, decisions and
/// writes go past them.
///
/// A connection can be dead without a word: where all that is under way on it is silent it is asked for the server's
/// version, and given up with that if there is no answer. Source: Go golang.org/x/net/http2 (ReadIdleTimeout), with the times of
/// apimachinery pkg/util/net/http.go@v0.36.1
class Transport : public std::enable_shared_from_this<Transport>
{
public:
    /// Errors: InvalidInput for an unusable server URL, certificate or key; Unsupported for a kind of proxy or key.
    static Expected<std::shared_ptr<Transport>> make(Endpoint endpoint, ExchangeLimits limits);
    ~Transport();

    const Endpoint &endpoint() const { return m_endpoint; }
    /// One request with a bounded answer, whatever its HTTP status. Redirects within the server are followed for
    /// GET; others are Unsupported, because they would carry the credentials away.
    Async<HttpAnswer> send(HttpRequest request, CancelToken cancel);
    /// One request whose answer has no end of its own; the headers may still be on their way.
    std::shared_ptr<Exchange> openStream(HttpRequest request, CancelToken cancel);
    /// Ends all streams: the credentials changed.
    void abortStreams(const Error &error);
    /// Ends all streams and requests: the connections are dead. What waits for its turn, and what comes later, was never sent
    /// (kTurnedAway).
    void giveUp(const Error &error);
    /// Open streams and the managers that carry them, for tests.
    std::size_t streams() const { return m_streams.size(); }
    std::size_t lanes() const { return m_lanes.size(); }

private:
    struct Lane;
    Transport(Endpoint endpoint, ExchangeLimits limits, QSslConfiguration tls, std::unique_ptr<ProxyTunnel> tunnel);

    std::unique_ptr<QNetworkAccessManager> makeManager() const;
    QNetworkProxy proxy() const;
    std::unique_ptr<Exchange> makeExchange(HttpRequest request, CancelToken cancel) const;
    QNetworkRequest prepared(const HttpRequest &request) const;
    Async<HttpAnswer> sendOnce(HttpRequest request, CancelToken cancel);
    /// Requests that may be under way at once.
    struct Slots
    {
        int free;
        std::deque<async::Completion<void>> waiting = {};

        Async<void> acquire(CancelToken cancel);
        void release();
        /// Ends those that wait.
        void refuse(const Error &error);
    };
    Lane &freeLane();
    /// \p exchange goes over \p lane from now on, whose pulse is felt.
    void enter(Lane &lane, Exchange *exchange, const HttpRequest &request);
    void leave(Lane &lane, Exchange *exchange, bool isSpent);
    void release(Lane &lane, Exchange *stream, bool isSpent);
    /// Looks after silent connections.
    void feelPulse();
    void probe(Lane &lane);

    Endpoint m_endpoint;
    ExchangeLimits m_limits;
    QSslConfiguration m_tls;
    std::shared_ptr<ProxyTunnel> m_tunnel; ///< to an https proxy, else null
    std::shared_ptr<Lane> m_requests;      ///< shared with the requests that began on it
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::set<Exchange *> m_streams;
    std::set<Exchange *> m_running; ///< requests
    Slots m_ones;                   ///< what somebody waits for never stands behind lists
    Slots m_lists;                  ///< fewer, in their order: a slow way is not divided among hundreds of them
    bool m_isGivenUp = false;
    QTimer m_pulse; ///< runs while anything is under way
};

} // namespace tiphys::kube
