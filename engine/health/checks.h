// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "health/health.h"

/// The built-in checks, one a kind. Errors: InvalidInput for an apiVersion that the check does not know
/// ("unsupported Deployment GVK: apps/v2, Kind=Deployment") and for fields of a wrong type.
/// Source: argo-cd gitops-engine/pkg/health/@v3.5.1
namespace tiphys::health {

Expected<Health> deploymentHealth(const object::Object &object);
Expected<Health> statefulSetHealth(const object::Object &object);
Expected<Health> daemonSetHealth(const object::Object &object);
Expected<Health> replicaSetHealth(const object::Object &object);
Expected<Health> podHealth(const object::Object &object);
Expected<Health> jobHealth(const object::Object &object);
Expected<Health> serviceHealth(const object::Object &object);
Expected<Health> ingressHealth(const object::Object &object);
Expected<Health> persistentVolumeClaimHealth(const object::Object &object);
Expected<Health> autoscalerHealth(const object::Object &object);
Expected<Health> apiServiceHealth(const object::Object &object);
Expected<Health> workflowHealth(const object::Object &object);

} // namespace tiphys::health
