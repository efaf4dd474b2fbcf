// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"
#include "rollout/pod/volume_check.h"

#include <set>
#include <string>

/// Private to the folder.
namespace tiphys::rollout {

/// What containers need to know of their pod.
struct PodFacts
{
    object::Value spec;
    Volumes volumes;
    std::set<std::string> claims; ///< names of resource claims
    std::int64_t gracePeriodSeconds = 30;
};

/// The three lists of containers.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateContainers, validateInitContainers,
/// validateEphemeralContainers)@v1.34.1
void checkContainers(const PodFacts &pod, const FieldPath &path, Findings &findings);

/// Volumes that variables of containers are read from.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateFileKeyRefVolumes)@v1.34.1
void checkFileVolumes(const object::Value &spec, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
