// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/status.h"

#include <string>
#include <vector>

namespace tiphys::sync {

/// The resources of a partial sync that \p patterns pick from \p resources (`status.resources`), in their order.
///
/// A pattern is "GROUP:KIND:NAME" or "GROUP:KIND:NAMESPACE/NAME" (group "" is the core group), each part may be
/// "*"; "!" in front excludes. What is excluded is never picked; exclusions alone pick everything else.
/// Errors: InvalidInput for a pattern of another shape, NotFound for patterns that pick nothing.
/// Source: argo-cd util/argo (FilterSyncResources), docs/user-guide/selective_sync.md@v3.5.1
Expected<std::vector<crd::SyncResource>> selectedResources(const std::vector<std::string> &patterns,
                                                           const std::vector<crd::ResourceStatus> &resources);

} // namespace tiphys::sync
