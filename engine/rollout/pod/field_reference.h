// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

/// Private to the folder: what a pod may learn of itself.
namespace tiphys::rollout {

enum class ReferenceUse { Environment, Volume };

/// fieldRef. Source: k8s.io/kubernetes/pkg/apis/core/validation (validateObjectFieldSelector)@v1.34.1
void checkFieldReference(const object::Value &reference, ReferenceUse use, const FieldPath &path, Findings &findings);

/// resourceFieldRef. Source: k8s.io/kubernetes/pkg/apis/core/validation (validateContainerResourceFieldSelector)@v1.34.1
void checkResourceReference(const object::Value &reference, ReferenceUse use, const FieldPath &path,
                            Findings &findings);

} // namespace tiphys::rollout
