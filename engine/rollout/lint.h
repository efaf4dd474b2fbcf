// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"
#include "rollout/field_error.h"

#include <vector>

namespace tiphys::rollout {

/// What is wrong with the Rollouts of \p objects: their specs, and the Services and ingresses among the objects that
/// they name. Analysis templates are not looked at.
/// Errors: InvalidInput `json: unknown field "x"` for a field that a Rollout does not have.
/// Source: argo-rollouts pkg/kubectl-argo-rollouts/cmd/lint/lint.go@v1.9.1
Expected<FieldErrors> lint(const std::vector<object::Object> &objects);

/// The first field of \p rollout that a Rollout does not have, "" if there is none.
std::string unknownField(const object::Value &rollout);

} // namespace tiphys::rollout
