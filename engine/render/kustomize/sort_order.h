// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/kustomize/kustomization.h"
#include "render/kustomize/resource_id.h"

#include <optional>
#include <vector>

namespace tiphys::render::kustomize {

/// Kustomize's order of kinds. Source: kustomize kyaml/resid/gvk.go (IsLessThan)@v5.8.1
bool isBefore(const Gvk &left, const Gvk &right);

/// Places of \p ids in the order of \p options; nothing asked is the legacy order.
/// Errors: InvalidInput for an unknown order and for options that do not fit.
/// Source: kustomize api/internal/builtins/SortOrderTransformer.go@v5.8.1
Expected<std::vector<std::size_t>> sortedPlaces(const std::vector<const ResourceId *> &ids,
                                                const std::optional<SortOptions> &options);

} // namespace tiphys::render::kustomize
