// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <string>

/// Private to the folder.
namespace tiphys::rollout {

/// \p metric as JSON with the members of structs in the controller's order, so that the last placeholder without a value is
/// the same one; members that no struct has come last.
/// Source: argo-rollouts pkg/apis/rollouts/v1alpha1/analysis_types.go (Metric)@v1.9.1
std::string metricJson(const object::Value &metric);

} // namespace tiphys::rollout
