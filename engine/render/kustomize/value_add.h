// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/loader.h"
#include "render/kustomize/plugin_fields.h"
#include "render/kustomize/transform.h"

namespace tiphys::render::kustomize {

/// Writes a text into fields, or into a place of the paths that they hold.
/// Source: kustomize api/internal/builtins/ValueAddTransformer.go, api/filters/valueadd@v5.8.1
Expected<Transform> valueAddTransform(ValueAddConfig config, const Loader &loader);

} // namespace tiphys::render::kustomize
