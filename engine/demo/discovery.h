// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/request.h"
#include "demo/resource.h"
#include "object/value.h"

#include <optional>
#include <string_view>

namespace tiphys::demo {

/// The answer to a GET of `/api`, `/apis` or a version below them, aggregated where the request asks for that; nothing
/// for other paths and versions that are not served.
std::optional<Response> discovery(const Catalog &catalog, const Request &request);

/// The answer to a GET of `/openapi/v2`, `/openapi/v3` or a document below: which kinds are served, with which query
/// parameters; their fields are left open. Nothing for other paths.
std::optional<Response> openApi(const Catalog &catalog, const Request &request);

} // namespace tiphys::demo
