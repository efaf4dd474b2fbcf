// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compare/draft.h"

namespace tiphys::compare {

/// The JSON merge patch (RFC 7396) that turns \p original into \p modified; lists are replaced as a whole.
/// Source: evanphx/json-patch merge.go (CreateMergePatch)@v5.9.11
Draft jsonTwoWayPatch(const Draft &original, const Draft &modified);

/// The JSON merge patch that brings \p current to \p modified and takes away what only \p original had.
/// Source: k8s.io/apimachinery/pkg/util/jsonmergepatch@v0.36.3
Draft jsonThreeWayPatch(const Draft &original, const Draft &modified, const Draft &current);

/// \p original with a JSON merge patch applied: null members are taken away.
Draft jsonMerged(Draft original, const Draft &patch);

/// \p live with only those members that \p config has too; items of lists by index, surplus items of \p live stay.
/// Source: argo-cd gitops-engine/pkg/utils/json/json.go@v3.5.1
Draft restrictedTo(const Draft &config, const Draft &live);

} // namespace tiphys::compare
