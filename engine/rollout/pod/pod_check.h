// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

/// Private to the folder.
namespace tiphys::rollout {

/// A pod template as the API server would check it, defaults taken for granted.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidatePodTemplateSpec)@v1.34.1
void checkPodTemplate(const object::Value &podTemplate, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
