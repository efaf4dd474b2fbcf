// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"
#include "rollout/field_error.h"

#include <string_view>
#include <vector>

namespace tiphys::rollout {

/// What is wrong with the Rollouts among \p objects: their specs, and the Services, ingresses and VirtualServices among
/// the objects that they name. Analysis templates are not looked at.
/// Errors: InvalidInput in Go's words for a Rollout, Service or Ingress that is not of its type.
/// Source: argo-rollouts pkg/kubectl-argo-rollouts/cmd/lint/lint.go@v1.9.3
Expected<FieldErrors> lint(const std::vector<object::Object> &objects);

/// The same for the documents of a YAML stream. Errors also: InvalidInput for what is no YAML or no object.
Expected<FieldErrors> lintText(std::string_view text);

} // namespace tiphys::rollout
