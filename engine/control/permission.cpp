// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/permission.h"

namespace tiphys::control {

std::string obstacleOf(const service::ClusterState &state)
{
    switch (state.reachability) {
    case service::Reachability::NotContacted: return "the context is not connected";
    case service::Reachability::Connecting: return "still connecting to " + state.context;
    case service::Reachability::Stale:
    case service::Reachability::Unreachable: return state.context + " does not answer";
    case service::Reachability::SignInNeeded: return "sign in to " + state.context + " first";
    case service::Reachability::Denied:
    case service::Reachability::Live: break;
    }
    if (state.level == service::Level::ReadOnly)
        return state.context + " is set to read-only; change its level on the Clusters page";
    return {};
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
