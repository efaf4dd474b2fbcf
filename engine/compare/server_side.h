// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/merge_type.h"
#include "object/object.h"

#include <string_view>

namespace tiphys::compare {

/// The answer of a server-side dry run without what admission webhooks changed: every field that \p manager does
/// not own has its live value.
/// Errors: InvalidInput if the answer has no managed fields of \p manager, or does not fit its type.
/// Source: argo-cd gitops-engine/pkg/diff/diff.go (removeWebhookMutation)@v3.5.1
Expected<object::Object> withoutWebhookChanges(const object::Object &dryRun, const object::Object &live,
                                               const MergeType &type, std::string_view manager);

} // namespace tiphys::compare
