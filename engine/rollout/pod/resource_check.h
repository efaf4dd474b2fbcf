// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

#include <set>
#include <string>

/// Private to the folder.
namespace tiphys::rollout {

/// Requests, limits and claims of a container; \p claims are the names of the pod's resource claims.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateContainerResourceRequirements)@v1.34.1
void checkResources(const object::Value &resources, const std::set<std::string> &claims, const FieldPath &path,
                    Findings &findings);

/// The amounts that running a pod costs itself.
void checkOverhead(const object::Value &overhead, const FieldPath &path, Findings &findings);

/// Resource claims of a pod.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validatePodResourceClaims)@v1.34.1
void checkResourceClaims(const object::Value &claims, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
