// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/artifacts.h"

#include <string>
#include <string_view>

namespace tiphys::fetch {

/// "Basic …" for a user.
std::string basicAuthorization(const std::string &username, const std::string &password);
/// "sha256:…" of \p bytes.
std::string digestOf(std::string_view bytes);
/// True if both URLs have scheme, host and port in common.
bool isSameServer(const std::string &left, const std::string &right);
/// \p url without user, password and query: what errors show.
std::string shownUrl(const std::string &url);

/// What a status that is no success means for the file at \p url: Unauthorized, Denied, NotFound, Unavailable.
Error statusError(int status, const std::string &url);

/// The body at \p request's URL. Errors: those of Http, and statusError for what is not 200.
Async<ports::HttpAnswer> got(ports::HttpPtr http, ports::HttpRequest request, CancelToken cancel);

} // namespace tiphys::fetch
