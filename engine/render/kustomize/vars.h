// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/transform.h"

#include <map>
#include <string>

namespace tiphys::render::kustomize {

/// Vars by name, as they are collected on the way up.
/// Source: kustomize api/types/var.go (VarSet)@v5.8.1
using VarSet = std::map<std::string, Var>;

/// Adds \p more; resources they point at remember their names.
/// Errors: InvalidInput "var 'X' already encountered" and for targets that are not one resource.
/// Source: kustomize api/internal/accumulator/resaccumulator.go (MergeVars)@v5.8.1
Expected<void> mergeVars(VarSet &vars, const std::vector<Var> &more, const ResourceList &resources);
Expected<void> mergeVars(VarSet &vars, const VarSet &more);

/// Replaces `$(NAME)` in the fields of \p specs.
/// Errors: InvalidInput for vars that point at nothing.
/// Source: kustomize api/internal/accumulator/resaccumulator.go (ResolveVars), api/filters/refvar@v5.8.1
Expected<void> resolveVars(const VarSet &vars, ResourceList &resources, const FieldSpecs &specs,
                           std::vector<std::string> &warnings);

} // namespace tiphys::render::kustomize
