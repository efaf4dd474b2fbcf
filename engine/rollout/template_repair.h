// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <optional>

namespace tiphys::rollout {

/// What the controller's decoder keeps of a pod template some of whose values do not fit their types. It reads the fields
/// in their order up to the first misfit, and then the rest by name: a plain misfit is left out there, a quantity, time or
/// number-or-text that is none ends it, and what comes later is lost.
/// Source: argo-rollouts utils/unstructured/unstructured.go (ObjectToRollout)@v1.9.3, k8s.io/apimachinery/pkg/runtime/converter.go@v0.34.1
object::Value repairedTemplate(const object::Value &podTemplate);

/// The merge patch that makes \p podTemplate what the controller keeps of it; nothing if all of it fits.
std::optional<object::Value> templateRepair(const object::Value &podTemplate);

} // namespace tiphys::rollout
