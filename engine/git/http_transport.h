// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "git/credentials.h"

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::git {

struct HttpRequest
{
    std::string method; ///< GET or POST
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Credentials credentials; ///< sent to the origin of \p url only, never after a redirect to another one
    std::stop_token cancel;
};

/// An answer whose head has arrived and whose body is read as it comes.
class HttpResponse
{
public:
    virtual ~HttpResponse() = default;

    virtual int status() const = 0;
    /// Value of a header, its name in lower case; "" if absent.
    virtual std::string header(std::string_view name) const = 0;
    /// URL that answered, after redirects.
    virtual std::string url() const = 0;
    /// Waits for bytes and gives how many were written to \p buffer; 0 at the end.
    virtual Expected<std::size_t> read(char *buffer, std::size_t size) = 0;
};

/// The network port that Git over HTTP goes through. Calls block; they come from pool threads, several at a time.
class HttpTransport
{
public:
    virtual ~HttpTransport() = default;

    /// Sends \p request and waits for the head of the answer, of any status. GET follows redirects.
    /// Errors: Unavailable, Timeout, Denied (certificate), Cancelled, InvalidInput (unreadable certificates).
    virtual Expected<std::unique_ptr<HttpResponse>> send(const HttpRequest &request) = 0;
};

} // namespace tiphys::git
