// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::ports {

/// How a server is trusted and reached; whatever is empty is not used. Never shown.
struct HttpSecurity
{
    std::string caPem;          ///< certificates instead of the system's roots
    std::string certificatePem; ///< client certificate with its chain
    std::string keyPem;
    bool skipsVerification = false;
    std::string proxy; ///< http:// or socks5:// URL; "" is the system's

    auto operator<=>(const HttpSecurity &) const = default;
};

struct HttpRequest
{
    std::string method = "GET";
    std::string url; ///< http or https
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    HttpSecurity security;
    std::chrono::milliseconds timeout{30'000}; ///< of the whole exchange
    std::size_t limitBytes = std::size_t{64} << 20;
    bool followsRedirects = true; ///< at most 10; the header Authorization goes to the first origin only
};

struct HttpAnswer
{
    int status = 0;
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;
    std::string url; ///< after redirects
};

/// Requests to servers that are no cluster: chart repositories, registries, metric providers. Engine thread only.
///
/// Errors: InvalidInput (URL, certificates), Unavailable (not reached), Timeout, LimitExceeded (the answer is larger
/// than asked for), Denied (TLS), Cancelled. They name the host, never a header, query or body. Any status is an answer.
class Http
{
public:
    virtual ~Http() = default;
    virtual Async<HttpAnswer> send(HttpRequest request, CancelToken cancel) = 0;
};
using HttpPtr = std::shared_ptr<Http>;

} // namespace tiphys::ports
