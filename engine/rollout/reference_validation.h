// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/field_error.h"
#include "rollout/observed.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::rollout {

/// The first thing that is wrong with what \p rollout names: Services, analysis templates, router objects. Nothing if
/// all is there and fits.
/// Source: argo-rollouts rollout/controller.go (getRolloutReferencedResources),
/// pkg/apis/rollouts/validation/validation_references.go@v1.9.1
std::optional<FieldError> firstReferenceError(const Rollout &rollout, const Observed &observed);

/// The Services that \p rollout names itself.
std::vector<std::string> serviceNames(const Rollout &rollout);

/// What is wrong with a Service that \p rollout names in \p field.
FieldErrors serviceErrors(const Rollout &rollout, const Service &service, const std::string &field);

} // namespace tiphys::rollout
