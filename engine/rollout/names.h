// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// Labels, annotations and API names of Argo Rollouts.
/// Source: argo-rollouts pkg/apis/rollouts/v1alpha1/{types,constants}.go, utils/annotations/annotations.go@v1.9.1
namespace tiphys::rollout {

inline constexpr std::string_view kGroup = "argoproj.io";
inline constexpr std::string_view kVersion = "v1alpha1";
inline constexpr std::string_view kApiVersion = "argoproj.io/v1alpha1";

/// Label of ReplicaSets, pods and selectors: the pod template hash.
inline constexpr std::string_view kHashLabel = "rollouts-pod-template-hash";
inline constexpr std::string_view kInstanceIdLabel = "argo-rollouts.argoproj.io/controller-instance-id";
inline constexpr std::string_view kRolloutTypeLabel = "rollout-type";
inline constexpr std::string_view kStepIndexLabel = "step-index";

inline constexpr std::string_view kScaleDownDeadlineAnnotation = "scale-down-deadline";
inline constexpr std::string_view kRevisionAnnotation = "rollout.argoproj.io/revision";
inline constexpr std::string_view kRevisionHistoryAnnotation = "rollout.argoproj.io/revision-history";
inline constexpr std::string_view kDesiredReplicasAnnotation = "rollout.argoproj.io/desired-replicas";
inline constexpr std::string_view kWorkloadGenerationAnnotation = "rollout.argoproj.io/workload-generation";
inline constexpr std::string_view kEphemeralMetadataAnnotation = "rollout.argoproj.io/ephemeral-metadata";
inline constexpr std::string_view kManagedByAnnotation = "argo-rollouts.argoproj.io/managed-by-rollouts";
inline constexpr std::string_view kNotifiedAnnotation = "notified.notifications.argoproj.io";
inline constexpr std::string_view kLastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
inline constexpr std::string_view kExperimentNameAnnotation = "experiment.argoproj.io/name";
inline constexpr std::string_view kExperimentTemplateAnnotation = "experiment.argoproj.io/template-name";

/// Kinds of analysis runs: values of the label rollout-type, and words of events.
inline constexpr std::string_view kStepType = "Step";
inline constexpr std::string_view kBackgroundType = "Background";
inline constexpr std::string_view kPrePromotionType = "PrePromotion";
inline constexpr std::string_view kPostPromotionType = "PostPromotion";

/// Reasons of pause conditions.
inline constexpr std::string_view kCanaryPauseStep = "CanaryPauseStep";
inline constexpr std::string_view kBlueGreenPause = "BlueGreenPause";
inline constexpr std::string_view kInconclusiveAnalysis = "InconclusiveAnalysisRun";
inline constexpr std::string_view kInconclusiveExperiment = "InconclusiveExperiment";

} // namespace tiphys::rollout
