// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "compare/draft.h"
#include "schema/schema.h"

namespace tiphys::compare {

/// The strategic merge patch that turns \p original into \p modified, with `$setElementOrder` hints.
/// Errors: InvalidInput where lists cannot be told apart by their merge key.
/// Source: k8s.io/apimachinery/pkg/util/strategicpatch@v0.36.3 (CreateTwoWayMergePatch)
Expected<Draft> strategicTwoWayPatch(const Draft &original, const Draft &modified, const schema::Type &type);

/// The strategic merge patch that brings \p current to \p modified and takes away what \p original had and
/// \p modified has no longer; what only \p current has stays.
/// Source: k8s.io/apimachinery/pkg/util/strategicpatch@v0.36.3 (CreateThreeWayMergePatch, overwrite)
Expected<Draft> strategicThreeWayPatch(const Draft &original, const Draft &modified, const Draft &current,
                                       const schema::Type &type);

/// \p original with \p patch applied: directives ($patch, $retainKeys, $setElementOrder, $deleteFromPrimitiveList)
/// are carried out and do not appear in the result.
/// Errors: InvalidInput for a patch that does not fit the type or its own directives.
/// Source: k8s.io/apimachinery/pkg/util/strategicpatch@v0.36.3 (StrategicMergePatch)
Expected<Draft> strategicallyMerged(Draft original, Draft patch, const schema::Type &type);

/// Two patches as one, the second over the first; directives stay.
/// Errors: InvalidInput as strategicallyMerged.
/// Source: k8s.io/apimachinery/pkg/util/strategicpatch@v0.36.3 (mergeMap)
Expected<Draft> strategicallyJoined(Draft first, Draft second, const schema::Type &type);

} // namespace tiphys::compare
