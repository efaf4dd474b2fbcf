// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"
#include "rollout/rollout.h"

#include <vector>

namespace tiphys::rollout {

/// Kinds of the objects that the routers of \p rollout read and write.
std::vector<object::GroupKind> routerKindsOf(const Rollout &rollout, std::string_view traefikGroup = "traefik.containo.us");

} // namespace tiphys::rollout
