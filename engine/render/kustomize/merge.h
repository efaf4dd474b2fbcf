// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/merge_schema.h"
#include "render/kustomize/node.h"

namespace tiphys::render::kustomize {

/// Where new elements of merged lists go.
enum class ListGrowth { Prepend, Append };

/// \p patch merged into \p base by the rules of kustomize's strategic merge patches; null if a directive removes
/// all of it. Both are changed and may be shared with the result.
/// Errors: InvalidInput for kinds that do not fit and for unknown directives.
/// Source: kustomize kyaml/yaml/merge2/merge2.go (Merge), kyaml/yaml/walk@v5.8.1
Expected<Node *> merged(Arena &arena, Node *base, Node *patch, const MergeSchema::Table &schema,
                        ListGrowth growth = ListGrowth::Prepend);

} // namespace tiphys::render::kustomize
