// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "ports/cluster.h"
#include "ports/cluster_cache.h"
#include "service/clusters.h"
#include "service/service.h"

#include <optional>
#include <string>

/// Why somebody may not act, in the words that front ends show.
namespace tiphys::control {

/// What forbids every act on a cluster at once: its level, or that it does not answer; "" if nothing.
std::string obstacleOf(const service::ClusterState &state);

/// "you may not ACT", with the server's reason where it gave one.
std::string refusalOf(const ports::Access &access, const std::string &act);

/// Why the objects of \p key in namespace \p ns are not all in \p snapshot; nothing if they are. Denied, with verb, resource
/// and scope, where they may not be listed; Unavailable while they are not read, or cannot be.
std::optional<Error> unseenIn(const ports::CacheKey &key, const ports::CacheSnapshot &snapshot, const std::string &ns);

/// The server's answer to whether one may do \p act ("patch applications in namespace argocd").
service::Permission permissionOf(const Expected<ports::Access> &access, const std::string &act);

} // namespace tiphys::control
