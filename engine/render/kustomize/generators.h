// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/loader.h"
#include "render/kustomize/resource.h"

namespace tiphys::render::kustomize {

/// The ConfigMap of one entry of configMapGenerator.
/// Errors: InvalidInput "loading KV pairs: …" and others; whatever reading files gives.
/// Source: kustomize api/internal/generators, api/kv/kv.go@v5.8.1
Expected<ResourcePtr> generatedConfigMap(const ConfigMapArgs &args, const Loader &loader, BuildContext &context);

/// The Secret of one entry of secretGenerator.
Expected<ResourcePtr> generatedSecret(const SecretArgs &args, const Loader &loader, BuildContext &context);

} // namespace tiphys::render::kustomize
