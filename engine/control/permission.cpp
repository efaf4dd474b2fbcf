// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/permission.h"

#include <algorithm>

namespace tiphys::control {

std::string obstacleOf(const service::ClusterState &state)
{
    switch (state.reachability) {
    case service::Reachability::NotContacted: return "the context is not connected";
    case service::Reachability::Connecting: return "still connecting to " + state.context;
    case service::Reachability::Stale:
        if (state.isWatchRefused)
            break;
        [[fallthrough]];
    case service::Reachability::Unreachable: return state.context + " does not answer";
    case service::Reachability::SignInNeeded: return "sign in to " + state.context + " first";
    case service::Reachability::Denied:
    case service::Reachability::Live: break;
    }
    if (state.level == service::Level::ReadOnly)
        return state.context + " is set to read-only; change its level on the Clusters page";
    return {};
}

std::optional<Error> unseenIn(const ports::CacheKey &key, const ports::CacheSnapshot &snapshot, const std::string &ns)
{
    using ports::CacheState;
    const std::string resources = key.type.plural + (key.type.group.empty() ? "" : "." + key.type.group);
    const std::string why = snapshot.error ? ": " + snapshot.error->message() : "";
    const bool isSplit = !snapshot.limitedTo.empty();
    if (std::ranges::contains(snapshot.deniedNamespaces, ns)
        || (snapshot.state == CacheState::Denied && !key.ns.empty()))
        return Error(ErrorCode::Denied, "you may not list " + resources + " in namespace " + ns + why);
    if (snapshot.state == CacheState::Denied)
        return Error(ErrorCode::Denied, "you may not list " + resources + " in all namespaces" + why);
    if (isSplit && !std::ranges::contains(snapshot.limitedTo, ns))
        return Error(ErrorCode::Denied, "you may not list " + resources + " in all namespaces, and namespace " + ns
                                            + " is not among those that are looked into");
    if (snapshot.state == CacheState::Listing || std::ranges::contains(snapshot.unlistedNamespaces, ns))
        return Error(ErrorCode::Unavailable, resources + " are not read yet");
    // A kind that the cluster does not know has no objects.
    if (snapshot.state == CacheState::Failed && !(snapshot.error && snapshot.error->code() == ErrorCode::NotFound))
        return Error(ErrorCode::Unavailable, resources + " cannot be listed" + why);
    return std::nullopt;
}

std::string refusalOf(const ports::Access &access, const std::string &act)
{
    return "you may not " + act + (access.reason.empty() ? "" : ": " + access.reason);
}

service::Permission permissionOf(const Expected<ports::Access> &access, const std::string &act)
{
    if (!access)
        return {false, access.error().text()};
    if (access->isAllowed)
        return {true, {}};
    return {false, refusalOf(*access, act)};
}

} // namespace tiphys::control
