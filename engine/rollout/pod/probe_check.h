// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

/// Private to the folder.
namespace tiphys::rollout {

/// The three probes of a container.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateProbe)@v1.34.1
void checkProbes(const object::Value &container, std::int64_t gracePeriodSeconds, const FieldPath &path,
                 Findings &findings);

/// What is done after the start and before the end of a container; \p system is the pod's operating system, null if
/// none is named.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateLifecycle)@v1.34.1
void checkLifecycle(const object::Value &lifecycle, std::int64_t gracePeriodSeconds, const object::Value &system,
                    const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
