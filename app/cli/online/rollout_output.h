// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/online/online_session.h"
#include "crd/timestamp.h"
#include "object/object.h"

#include <string>

/// What commands on Rollouts, analysis runs and experiments share.
namespace tiphys::cli {

/// The namespace that the command line names, else the one of the context, else "default".
std::string rolloutNamespace(const Invocation &invocation, const ports::Connection &connection);
/// The stored object without what nobody reads; a Rollout has what is computed from it at the key "tiphys".
object::Value shownRollout(const object::Object &object);
crd::Timestamp nowOf(const OnlineSession &session);

/// `rollout list`, `analysis list`, `experiment list`. With --watch what has changed follows until it is interrupted.
Async<int> runRolloutList(OnlineSession &session, const Invocation &invocation, CancelToken cancel);

} // namespace tiphys::cli
