// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

/// Private to the folder.
namespace tiphys::rollout {

/// env and envFrom of a container.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateEnv, ValidateEnvFrom)@v1.34.1
void checkEnvironment(const object::Value &container, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
