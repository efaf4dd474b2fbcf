// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/rollout.h"

#include <vector>

/// Private to the folder.
namespace tiphys::rollout {

/// Objects that the routers of \p rollout would find in a cluster where all is well: Ingresses, VirtualServices,
/// routes and so on, with all traffic at stable.
std::vector<object::Object> routerObjectsFor(const Rollout &rollout);

} // namespace tiphys::rollout
