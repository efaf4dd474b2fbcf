// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "async/completion.h"
#include "async/wake_up.h"
#include "kube/status_error.h"

#include <QNetworkReply>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class QNetworkAccessManager;

namespace tiphys::kube {

/// Error::reason() of a request that certainly never reached the server.
inline constexpr std::string_view kNotSent = "NotSent";
/// The same of one whose connection takes no new requests (GOAWAY of HTTP/2): over another one it may be sent at once.
inline constexpr std::string_view kTurnedAway = "TurnedAway";
/// How often a request is turned away before that is its answer.
inline constexpr int kMostTurns = 3;

/// How much an answer may hold.
enum class Extent {
    One,  ///< an object, a decision, a document
    Many, ///< a list
};

/// One request to an API server, without credentials of the connection.
struct HttpRequest
{
    std::string method = "GET";
    std::string path; ///< with query
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string what; ///< for messages: "list pods in all namespaces"
    Effect effect = Effect::Read;
    Extent extent = Extent::One;
    /// Silence after which the answer is given up; 0 for the transport's own.
    std::chrono::milliseconds silence{0};
};

/// What the headers of an answer say.
struct HttpHead
{
    int status = 0;
    std::string contentType;
    std::string location;
    std::optional<int> retryAfterSeconds;
    std::vector<std::string> warnings; ///< texts of `Warning: 299 - "…"`
};

struct HttpAnswer
{
    HttpHead head;
    std::string body;
    std::uint64_t generation = 0; ///< of the credentials that it was given to
};

/// Texts of the values of Warning headers. Source: apimachinery pkg/util/net/http.go (ParseWarningHeaders)@v0.36.1
std::vector<std::string> warningTexts(std::string_view header);

struct ExchangeLimits
{
    std::chrono::milliseconds start{10'000};   ///< until the request is on its way
    std::chrono::milliseconds silence{60'000}; ///< between two signs of life
    std::size_t bytes = std::size_t{1} << 30;  ///< of one answer, decompressed
    std::chrono::milliseconds idle{30'000};    ///< silence of all streams of a connection after which it is probed
    std::chrono::milliseconds probe{15'000};   ///< until a probe must have been answered
};

/// One request under way. Lives until its reply has finished.
class Exchange : public QObject
{
public:
    Exchange(HttpRequest request, ExchangeLimits limits, CancelToken cancel);
    ~Exchange() override;

    /// What is said where a proxy could not be reached, instead of Qt's words; an answer of "" leaves those.
    void setProxyTrouble(std::function<std::string()> trouble) { m_proxyTrouble = std::move(trouble); }
    /// Sends through \p manager; \p prepared has url and transport settings.
    void start(QNetworkAccessManager &manager, QNetworkRequest prepared);

    /// The headers; an error if the exchange ended without any.
    async::Completion<HttpHead> head() const { return m_head; }
    /// Set when the answer is complete, or with the error that ended it.
    async::Completion<void> done() const { return m_done; }
    /// Bytes that have come since the last call; nothing at the end. Errors: what ended the stream.
    Async<std::optional<std::string>> read();
    std::string takeBody() { return std::exchange(m_buffer, {}); }
    /// Ends the exchange with \p error.
    void abort(Error error);
    /// True once new requests had better go over another connection: this one takes none any more (Qt lets them wait for
    /// those that are under way), or was silent for too long and may be dead without knowing it.
    bool isConnectionSpent() const;
    /// When the server was last heard, or the request began.
    std::chrono::steady_clock::time_point heardAt() const { return m_heardAt; }
    /// True once an answer has begun.
    bool isAnswered() const { return m_isAnswered; }
    /// True once it was given up because nothing came, or nothing could be sent.
    bool hasTimedOut() const;

private:
    void onReadable();
    void onHead();
    void onFinished();
    bool wasTurnedAway() const;
    std::optional<Error> failureOf() const;
    Error lost(ErrorCode code, std::string message) const;

    HttpRequest m_request;
    ExchangeLimits m_limits;
    QNetworkReply *m_reply = nullptr;
    QTimer m_startTimer;
    async::CancelRegistration m_cancel;
    std::optional<Error> m_aborted;
    std::string m_tlsErrors;
    std::function<std::string()> m_proxyTrouble;
    bool m_isSent = false;
    bool m_isAnswered = false;
    std::chrono::steady_clock::time_point m_heardAt = std::chrono::steady_clock::now();
    bool m_isLate = false; ///< given up because it did not start
    std::string m_buffer;
    std::size_t m_total = 0;
    async::WakeUp m_readable;
    async::Completion<HttpHead> m_head;
    async::Completion<void> m_done;
};

} // namespace tiphys::kube
