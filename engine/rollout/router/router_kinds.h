// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"
#include "rollout/rollout.h"

#include <vector>

namespace tiphys::rollout {

/// Kinds of the objects that the routers of \p rollout read and write. Of a kind that has two groups both are listed,
/// whichever of them the cluster serves.
std::vector<object::GroupKind> routerKindsOf(const Rollout &rollout);

} // namespace tiphys::rollout
