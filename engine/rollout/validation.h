// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/field_error.h"
#include "rollout/rollout.h"

namespace tiphys::rollout {

/// What is wrong with the spec of \p rollout by itself, in the controller's order; it reports the first.
/// Source: argo-rollouts pkg/apis/rollouts/validation/validation.go (ValidateRollout)@v1.9.1
FieldErrors specErrors(const Rollout &rollout);

/// What is wrong with a pod template of a ReplicaSet, its labels and \p selector included: what the API server would
/// refuse to make pods of, as far as it can be told without the cluster.
/// Source: k8s.io/kubernetes/pkg/apis/apps/validation/validation.go (ValidatePodTemplateSpecForReplicaSet)@v1.34.1
FieldErrors podTemplateErrors(const object::Value &podTemplate, const LabelSelector &selector,
                              const std::string &field);

} // namespace tiphys::rollout
