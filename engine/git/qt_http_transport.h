// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/http_transport.h"

#include <chrono>
#include <memory>
#include <mutex>

namespace tiphys::git {

/// Git's HTTP over Qt Network, on one thread of its own: system or given proxies, given CA and client certificates,
/// TLS 1.2 or later, verified. Redirects of GET are followed up to 5 times, never from https to http; credentials and
/// client certificates stay with the origin they were meant for.
///
/// Connections are shared only between requests with the same server, TLS material and proxy. Calls that are running
/// when the object is destroyed end as Cancelled; responses must not outlive it.
class QtHttpTransport final : public HttpTransport
{
public:
    /// A request fails after \p silence without a byte in either direction. Needs a QCoreApplication.
    explicit QtHttpTransport(std::chrono::seconds silence = std::chrono::seconds(90));
    ~QtHttpTransport() override;

    Expected<std::unique_ptr<HttpResponse>> send(const HttpRequest &request) override;

private:
    class Network;
    Network &network();

    std::chrono::seconds m_silence;
    std::once_flag m_isStarted;
    std::unique_ptr<Network> m_network; ///< made with the first request: most commands send none
};

} // namespace tiphys::git
