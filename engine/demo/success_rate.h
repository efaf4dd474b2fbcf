// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/request.h"
#include "demo/store.h"

#include <optional>

namespace tiphys::demo {

/// A metric of the demo cluster: `GET /demo/success-rate/NAMESPACE/HASH` gives which part of the requests to the ready pods
/// with that `rollouts-pod-template-hash` were answered well, as `{"pods":1,"successRate":0.996}`. A pod whose image's tag
/// ends in `-leak` answers fewer of them the older it is. Nothing for any other path.
std::optional<Response> successRate(const Store &store, const Request &request);

} // namespace tiphys::demo
