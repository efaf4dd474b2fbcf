// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "health/health.h"

#include <span>
#include <string_view>

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

/// A kind and its built-in check.
struct TypedCheck
{
    std::string_view group;
    std::string_view kind;
    Expected<Health> (*check)(const object::Object &);
    /// The rule in words, for docs/health.md.
    std::string_view words;
};
/// All of them.
std::span<const TypedCheck> typedChecks();

} // namespace tiphys::health
