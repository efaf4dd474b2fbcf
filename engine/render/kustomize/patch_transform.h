// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/loader.h"
#include "render/kustomize/transform.h"

#include <string>
#include <vector>

namespace tiphys::render::kustomize {

/// An entry of `patches`: strategic merge or JSON patch, from a text or a file.
/// Errors: InvalidInput for a text that is neither, and whatever reading the file gives.
/// Source: kustomize api/internal/builtins/PatchTransformer.go@v5.8.1
Expected<Transform> patchTransform(const Patch &patch, const Loader &loader, BuildContext &context);

/// All of `patchesStrategicMerge`: texts or file names; and \p text, more patches.
/// Source: kustomize api/internal/builtins/PatchStrategicMergeTransformer.go@v5.8.1
Expected<Transform> strategicMergeTransform(const std::vector<std::string> &paths, const std::string &text,
                                            const Loader &loader, BuildContext &context);

/// An entry of `patchesJson6902`.
/// Source: kustomize api/internal/builtins/PatchJson6902Transformer.go@v5.8.1
Expected<Transform> jsonPatchTransform(const Patch &patch, const Loader &loader);

} // namespace tiphys::render::kustomize
