// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

/// Private to the folder: where a pod may run.
namespace tiphys::rollout {

/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateAffinity)@v1.34.1
void checkAffinity(const object::Value &affinity, const FieldPath &path, Findings &findings);

/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateTolerations)@v1.34.1
void checkTolerations(const object::Value &tolerations, const FieldPath &path, Findings &findings);

/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateTopologySpreadConstraints)@v1.34.1
void checkTopologySpread(const object::Value &constraints, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
