// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/ignore_rules.h"
#include "object/object.h"

namespace tiphys::compare {

/// The target to apply under the sync option RespectIgnoreDifferences: \p target with ignored fields as they are in
/// \p live, `status` left out. Without a live object the target itself.
/// Errors: InvalidInput where lists cannot be merged.
/// Source: argo-cd controller/sync.go (normalizeTargetResources)@v3.5.1
Expected<object::Object> targetRespectingIgnored(const object::Object &target, const object::Object &live,
                                                 const IgnoreRules &rules);

} // namespace tiphys::compare
