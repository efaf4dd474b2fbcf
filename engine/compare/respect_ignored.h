// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/ignore_rules.h"
#include "object/object.h"

namespace tiphys::compare {

/// The target to apply under the sync option RespectIgnoreDifferences: \p target with ignored fields as they are in
/// \p live, `status` left out, and so with fields that differ and belong to a trusted manager. Without a live object
/// the target itself.
/// \p openApiSchema  of a custom resource; null deduces the type
/// Errors: InvalidInput where lists cannot be merged, or managed fields cannot be read.
/// Source: argo-cd controller/sync.go (normalizeTargetResources)@v3.5.1
Expected<object::Object> targetRespectingIgnored(const object::Object &target, const object::Object &live,
                                                 const IgnoreRules &rules, const object::Value &openApiSchema = {});

} // namespace tiphys::compare
