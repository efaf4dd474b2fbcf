// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/pod/findings.h"
#include "rollout/pod/mount_check.h"

/// Private to the folder.
namespace tiphys::rollout {

/// The security context of a container.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateSecurityContext)@v1.34.1
void checkContainerSecurity(const object::Value &context, Privileges privileges, const FieldPath &path,
                            Findings &findings);

/// The security context of a pod.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validatePodSpecSecurityContext)@v1.34.1
void checkPodSecurity(const object::Value &context, const FieldPath &path, Findings &findings);

/// Processes of the host, which a pod of a Rollout can never have.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateWindowsHostProcessPod)@v1.34.1
void checkHostProcesses(const object::Value &spec, const FieldPath &path, Findings &findings);

/// What the operating system that a pod names forbids.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (validateOS, validateLinux, validateWindows)@v1.34.1
void checkSystem(const object::Value &spec, const FieldPath &path, Findings &findings);

/// Profiles that annotations name, and whether they are those of the fields.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (ValidateSeccompPodAnnotations, ValidateAppArmorPodAnnotations,
/// validateSeccompAnnotationsAndFields, validateAppArmorAnnotationsAndFieldsMatchOnCreate)@v1.34.1
void checkProfileAnnotations(const object::Value &annotations, const object::Value &spec, const FieldPath &path,
                             Findings &findings);
void checkProfilesMatch(const object::Value &annotations, const object::Value &spec, const FieldPath &path,
                        Findings &findings);

/// \p visit of all containers with their paths: those that initialise, the others, ephemeral ones.
template <typename Visit>
void eachContainer(const object::Value &spec, const FieldPath &path, Visit visit)
{
    for (const char *list : {"initContainers", "containers", "ephemeralContainers"})
        eachItem(spec[list], path.child(list), visit);
}

} // namespace tiphys::rollout
