// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/request.h"
#include "demo/store.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::demo {

/// Who asks.
struct Identity
{
    std::string user;
    std::vector<std::string> groups;
};

/// What somebody wants to do.
struct Act
{
    std::string verb;
    std::string group;
    std::string resource; ///< "pods", or "pods/log" for a subresource
    std::string ns;
    std::string name;
};

/// Who a request comes from. Without credentials that is the administrator; the bearer tokens (and user names of basic
/// authentication) `admin`, `readonly` and `none` name the demo's users, and the impersonation headers name anybody.
/// Errors: 401 for other credentials, 403 where somebody else than the administrator impersonates.
Answer<Identity> identityOf(const Request &request);

/// True if the roles in \p store let \p identity do it. Members of system:masters may do everything.
bool isAllowed(const Store &store, const Identity &identity, const Act &act);
/// The rules that hold for \p identity in \p ns, as entries of `status.resourceRules`.
object::Value rulesOf(const Store &store, const Identity &identity, std::string_view ns);
/// 403 with the sentence of the API server.
Refusal deniedAct(const Resource &resource, const Identity &identity, const Act &act);
/// Roles and bindings of the demo's users.
std::vector<object::Object> accessObjects();

} // namespace tiphys::demo
