// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <vector>

namespace tiphys::demo {

/// What every demo cluster has: the definitions of Application, AppProject, ApplicationSet and Rollout (any fields), two
/// nodes, a storage class, an ingress class, and the namespace argocd with its configuration and default project.
std::vector<object::Object> baseObjects();

} // namespace tiphys::demo
