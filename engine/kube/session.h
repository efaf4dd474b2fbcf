// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kube/connect.h"
#include "kube/transport.h"
#include "kube/wake_watch.h"

#include <memory>
#include <string>
#include <vector>

namespace tiphys::kube {

/// Requests to one target with its credentials: chooses the connection, adds the credentials, and repeats what may
/// be repeated.
class Session : public std::enable_shared_from_this<Session>
{
public:
    Session(Target target, ConnectOptions options);
    /// Ends a program that is asked for credentials: whoever wanted them has given up by now.
    ~Session();
    Session(const Session &) = delete;

    const ConnectOptions &options() const { return m_options; }
    /// The answer, with an HTTP status below 400; everything else is an error.
    /// Repeats: 429 and 503 with `Retry-After` always, other 5xx with it and lost connections for reads, 401 once if there are
    /// other credentials to be had. Two minutes of `Retry-After` are waited at most; a server that asks for more is an error.
    Async<HttpAnswer> send(HttpRequest request, CancelToken cancel);
    /// A stream that the server has accepted.
    Async<std::shared_ptr<Exchange>> openStream(HttpRequest request, CancelToken cancel);
    /// Of the credentials in use; 0 before the first request.
    std::uint64_t generation() const { return m_credentials->generation(); }
    /// What failed to give credentials is asked again with the next request.
    void forgetFailures() { m_credentials->forgetFailure(); }
    /// Connections that stand are given up, as after a sleep; what is under way on them is repeated where that is safe.
    void dropConnections();
    /// The connection that the last request used, for tests; null before.
    const std::shared_ptr<Transport> &transport() const { return m_transport; }

private:
    struct Try
    {
        std::shared_ptr<Transport> transport;
        HttpRequest request;
        std::uint64_t generation = 0;
    };
    struct Retry
    {
        int throttled = 0;
        int waitedSeconds = 0; ///< because the server asked for it
        int turned = 0;
        bool hasRefused = false;
        bool hasLost = false;
    };

    Async<Try> prepared(HttpRequest request, CancelToken cancel);
    /// How long to wait before the next try; nothing if \p error is final.
    std::optional<std::chrono::milliseconds> nextTry(Retry &retry, const HttpRequest &request, const HttpHead *head,
                                                     const Error &error, std::uint64_t generation);

    Target m_target;
    ConnectOptions m_options;
    std::string m_proxy;
    std::shared_ptr<CredentialSource> m_credentials;
    std::shared_ptr<Transport> m_transport;
    std::vector<std::weak_ptr<Transport>> m_former; ///< of other credentials, while anything is under way on them
    WakeWatch m_wakeWatch;
};

} // namespace tiphys::kube
