// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/session.h"

#include "async/delay.h"
#include "object/json.h"

#include <QProcessEnvironment>

namespace tiphys::kube {

namespace {

constexpr int kThrottledTries = 10;
/// A request waits as long for a server that asks for patience, all tries together.
constexpr int kThrottledSeconds = 120;

bool asksForPatience(const HttpHead &head, Effect effect)
{
    // 429 and 503 say that nothing was done; after another failure a write may have had its effect.
    return head.retryAfterSeconds
           && (head.status == 429 || head.status == 503 || (head.status >= 500 && effect == Effect::Read));
}

/// \p error, with how long the server asks to wait where that is longer than anybody waits here.
Error finalError(const Error &error, const HttpHead *head, Effect effect)
{
    if (!head || !asksForPatience(*head, effect) || *head->retryAfterSeconds <= kThrottledSeconds)
        return error;
    return {error.code(),
            error.message() + ": the server asks to wait " + std::to_string(*head->retryAfterSeconds)
                + " seconds before the next try",
            error.reason()};
}

std::function<std::string(const std::string &)> environmentOf(const ConnectOptions &options)
{
    if (options.environment)
        return options.environment;
    return [](const std::string &name) { return qEnvironmentVariable(name.c_str()).toStdString(); };
}

Error answerError(const HttpAnswer &answer, const HttpRequest &request)
{
    const Expected<object::Value> body = object::parseJson(answer.body);
    return statusError(answer.head.status, body.value_or(object::Value()), answer.body, request.what, request.effect);
}

} // namespace

Session::Session(Target target, ConnectOptions options)
    : m_target(std::move(target)), m_options(std::move(options)),
      m_proxy(m_target.cluster.proxyUrl.empty() ? environmentProxy(m_target.cluster.server, environmentOf(m_options))
                                                : m_target.cluster.proxyUrl),
      m_credentials(std::make_shared<CredentialSource>(
          m_target,
          CredentialOptions{.pool = m_options.pool,
                            .clock = m_options.clock,
                            .mayExec = m_options.mayExec,
                            .idTokens = m_options.idTokens,
                            .issuerProxy = [environment = environmentOf(m_options)](
                                               const std::string &url) { return environmentProxy(url, environment); },
                            .onExecWaiting = m_options.onExecWaiting,
                            .onExecWait = m_options.onExecWait})),
      m_wakeWatch(m_options.clock, [this] { dropConnections(); })
{
}

Session::~Session()
{
    m_credentials->end();
}

void Session::dropConnections()
{
    // A request that ends may start the next one: that one gets new connections.
    std::vector<std::weak_ptr<Transport>> stale = std::exchange(m_former, {});
    const std::shared_ptr<Transport> last = std::exchange(m_transport, nullptr);
    stale.push_back(last);
    for (const std::weak_ptr<Transport> &each : stale) {
        if (const std::shared_ptr<Transport> transport = each.lock())
            transport->giveUp(Error(ErrorCode::Unavailable, "the connection was given up after a sleep"));
    }
}

Async<Session::Try> Session::prepared(HttpRequest request, CancelToken cancel)
{
    const std::shared_ptr<Session> self = shared_from_this();
    Expected<Credentials> credentials = co_await m_credentials->current(cancel);
    if (!credentials)
        co_return std::unexpected(credentials.error());
    Endpoint endpoint{m_target.cluster.server, m_target.cluster.tlsServerName, credentials->tls, m_proxy,
                      m_target.cluster.disablesCompression};
    if (!m_transport || m_transport->endpoint().tls != endpoint.tls) {
        const Expected<std::shared_ptr<Transport>> made = Transport::make(std::move(endpoint), m_options.limits);
        if (!made)
            co_return std::unexpected(made.error());
        std::erase_if(m_former, [](const std::weak_ptr<Transport> &each) { return each.expired(); });
        const std::shared_ptr<Transport> former = std::exchange(m_transport, *made);
        if (former) {
            m_former.push_back(former);
            former->abortStreams(Error(ErrorCode::Unavailable, "the credentials changed"));
        }
    }
    request.headers.emplace_back("User-Agent", m_options.userAgent);
    for (const auto &header : credentials->headers)
        request.headers.push_back(header);
    co_return Try{m_transport, std::move(request), credentials->generation};
}

std::optional<std::chrono::milliseconds> Session::nextTry(Retry &retry, const HttpRequest &request,
                                                          const HttpHead *head, const Error &error,
                                                          std::uint64_t generation)
{
    if (!head && error.reason() == kTurnedAway && ++retry.turned <= kMostTurns)
        return std::chrono::milliseconds(0);
    if (!head) {
        const bool wasLost = error.code() == ErrorCode::Unavailable && error.reason() != kNotSent;
        if (request.effect == Effect::Write || !wasLost || std::exchange(retry.hasLost, true))
            return std::nullopt;
        return m_options.second;
    }
    if (head->status == 401) {
        const bool canRenew = m_credentials->refused(generation);
        if (!canRenew || std::exchange(retry.hasRefused, true))
            return std::nullopt;
        return std::chrono::milliseconds(0);
    }
    if (!asksForPatience(*head, request.effect) || ++retry.throttled > kThrottledTries)
        return std::nullopt;
    if (*head->retryAfterSeconds > kThrottledSeconds - retry.waitedSeconds)
        return std::nullopt;
    retry.waitedSeconds += *head->retryAfterSeconds;
    return *head->retryAfterSeconds * m_options.second;
}

Async<HttpAnswer> Session::send(HttpRequest request, CancelToken cancel)
{
    const std::shared_ptr<Session> self = shared_from_this();
    Retry retry;
    while (true) {
        const Expected<Try> next = co_await prepared(request, cancel);
        if (!next)
            co_return std::unexpected(next.error());
        Expected<HttpAnswer> answer = co_await next->transport->send(next->request, cancel);
        if (answer)
            answer->generation = next->generation;
        if (answer && answer->head.status < 400)
            co_return answer;
        const Error error = answer ? answerError(*answer, request) : answer.error();
        const std::optional<std::chrono::milliseconds> wait =
            nextTry(retry, request, answer ? &answer->head : nullptr, error, next->generation);
        if (!wait)
            co_return std::unexpected(finalError(error, answer ? &answer->head : nullptr, request.effect));
        const Expected<void> waited = co_await async::delay(*wait, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
}

Async<std::shared_ptr<Exchange>> Session::openStream(HttpRequest request, CancelToken cancel)
{
    const std::shared_ptr<Session> self = shared_from_this();
    Retry retry;
    while (true) {
        const Expected<Try> next = co_await prepared(request, cancel);
        if (!next)
            co_return std::unexpected(next.error());
        const std::shared_ptr<Exchange> stream = next->transport->openStream(next->request, cancel);
        const async::Completion<HttpHead> arrived = stream->head();
        const Expected<HttpHead> head = co_await arrived;
        if (head && head->status < 300)
            co_return stream;
        HttpAnswer refusal;
        if (head) {
            const async::Completion<void> done = stream->done();
            const Expected<void> ended = co_await done;
            ignoreError(ended, "the status says enough");
            refusal = {.head = *head, .body = stream->takeBody()};
        }
        const Error error = head ? answerError(refusal, request) : head.error();
        const std::optional<std::chrono::milliseconds> wait =
            nextTry(retry, request, head ? &*head : nullptr, error, next->generation);
        if (!wait)
            co_return std::unexpected(finalError(error, head ? &*head : nullptr, request.effect));
        const Expected<void> waited = co_await async::delay(*wait, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
    }
}

} // namespace tiphys::kube
