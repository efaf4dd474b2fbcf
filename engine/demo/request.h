// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/resource.h"
#include "demo/selector.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::demo {

/// One HTTP request, decoded.
struct Request
{
    std::string method;                         ///< "GET"
    std::string path;                           ///< percent-decoded, without the query
    std::map<std::string, std::string> query;   ///< of repeated names the last one
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;

    /// A query parameter or header, "" if absent.
    std::string_view parameter(std::string_view name) const;
    std::string_view header(std::string_view name) const;
    /// True for the query parameter values "true" and "1".
    bool isSet(std::string_view parameterName) const;
};

/// The request that \p head (request line and header fields, without the empty line) describes; nothing if it is no
/// HTTP/1.x.
std::optional<Request> requestOf(std::string_view head);

/// How objects are shown: content negotiation by `Accept`.
enum class Form { Object, Table, PartialMetadata };

/// An open watch.
struct Watch
{
    Resource resource;
    std::string version; ///< of the API group in the path
    std::string ns;
    Selector selector;
    Form form = Form::Object;
    std::int64_t revision = 0; ///< everything up to here has been sent
    bool wantsBookmarks = false;
    bool sendsInitialEvents = false; ///< begin with the current objects and a bookmark
    bool beginsWithObjects = false;  ///< begin with the current objects
    int timeoutSeconds = 0;          ///< 0: until the connection ends
    bool isFinished = false;         ///< nothing more will come
};

/// One HTTP response; with a watch or a log that is followed, what comes after is streamed.
struct Response
{
    int code = 200;
    std::string contentType = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<Watch> watch;
    /// Of a log that is followed: what has been written since the last call, nothing once the log has ended.
    std::function<std::optional<std::string>()> more = {};
};

} // namespace tiphys::demo
