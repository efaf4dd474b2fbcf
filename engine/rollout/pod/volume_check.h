// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"

#include <map>
#include <string>

/// Private to the folder.
namespace tiphys::rollout {

/// Volumes by name.
using Volumes = std::map<std::string, object::Value, std::less<>>;

/// Checks the list \p volumes; gives those in which nothing is wrong.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateVolumes, validateVolumeSource)@v1.34.1
Volumes checkVolumes(const object::Value &volumes, const FieldPath &path, Findings &findings);

/// True for a volume whose source is an empty folder, or that has none.
bool isEmptyDirectory(const object::Value &volume);

/// A volume of several sources. Source: the same (validateProjectedVolumeSource)
void checkProjected(const object::Value &source, const FieldPath &path, Findings &findings);

/// A file of a downward API volume. Source: the same (validateDownwardAPIVolumeFile)
void checkDownwardFile(const object::Value &file, const FieldPath &path, Findings &findings);

/// Keys of a ConfigMap or Secret as files. Source: the same (validateKeyToPath)
void checkKeyFile(const object::Value &file, const FieldPath &path, Findings &findings);

/// A claim that is made for the volume. Source: the same (ValidatePersistentVolumeClaimSpec)
void checkClaimSpec(const object::Value &spec, const FieldPath &path, Findings &findings);

} // namespace tiphys::rollout
