// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

/// Private to the folder.
namespace tiphys::rollout {

/// Options of Windows in a security context, if there are any.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateWindowsSecurityContextOptions)@v1.34.1
void checkWindowsOptions(const object::Value &options, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
