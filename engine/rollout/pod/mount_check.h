// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"
#include "rollout/pod/volume_check.h"

/// Private to the folder.
namespace tiphys::rollout {

/// Whether a container has privileges, as far as that is looked at: those of containers and init containers are not.
enum class Privileges { Ignored, Counted };

/// volumeMounts and volumeDevices of a container.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateVolumeMounts, ValidateVolumeDevices)@v1.34.1
void checkMounts(const object::Value &container, const Volumes &volumes, Privileges privileges, const FieldPath &path,
                 Findings &findings);

} // namespace tiphys::rollout
