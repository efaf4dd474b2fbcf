// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/loader.h"
#include "render/kustomize/transformer_config.h"

#include <memory>
#include <string>
#include <vector>

namespace tiphys::render::kustomize {

/// Field specs that the OpenAPI definitions in the files of `crds` ask for; null if there are none.
/// Errors: InvalidInput "unable to parse open API definition from …", and whatever reading gives.
/// Source: kustomize api/internal/accumulator/loadconfigfromcrds.go@v5.8.1
Expected<std::shared_ptr<const TransformerConfig>> configOfCrds(const std::vector<std::string> &paths,
                                                                const Loader &loader);

} // namespace tiphys::render::kustomize
