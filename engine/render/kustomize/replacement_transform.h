// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/loader.h"
#include "render/kustomize/transform.h"

#include <vector>

namespace tiphys::render::kustomize {

/// All of `replacements`, inline or from files.
/// Errors: InvalidInput for files that are none, and whatever reading them gives.
/// Source: kustomize api/internal/builtins/ReplacementTransformer.go, api/filters/replacement@v5.8.1
Expected<Transform> replacementTransform(const std::vector<ReplacementField> &fields, const Loader &loader);

} // namespace tiphys::render::kustomize
