// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// Names that Applications, projects and managed resources carry.
/// Source: argo-cd common/common.go, pkg/apis/application/v1alpha1/application_annotations.go@v3.5.1
namespace tiphys::crd {

inline constexpr std::string_view kGroup = "argoproj.io";
inline constexpr std::string_view kVersion = "v1alpha1";
inline constexpr std::string_view kApiVersion = "argoproj.io/v1alpha1";
inline constexpr std::string_view kApplicationKind = "Application";
inline constexpr std::string_view kProjectKind = "AppProject";
inline constexpr std::string_view kApplicationSetKind = "ApplicationSet";
/// Project of an Application whose spec.project is "".
inline constexpr std::string_view kDefaultProject = "default";
/// Field manager under which the controller writes.
inline constexpr std::string_view kControllerFieldManager = "argocd-application-controller";

// Annotations of an Application.
inline constexpr std::string_view kRefreshAnnotation = "argocd.argoproj.io/refresh";
inline constexpr std::string_view kRefreshNormal = "normal";
inline constexpr std::string_view kRefreshHard = "hard";
inline constexpr std::string_view kHydrateAnnotation = "argocd.argoproj.io/hydrate";
inline constexpr std::string_view kManifestGeneratePathsAnnotation = "argocd.argoproj.io/manifest-generate-paths";
inline constexpr std::string_view kSkipReconcileAnnotation = "argocd.argoproj.io/skip-reconcile";
inline constexpr std::string_view kDeletionApprovedAnnotation = "argocd.argoproj.io/deletion-approved";
inline constexpr std::string_view kClientSideApplyMigrationManagerAnnotation =
    "argocd.argoproj.io/client-side-apply-migration-manager";
inline constexpr std::string_view kManagedByUrlAnnotation = "argocd.argoproj.io/managed-by-url";

// Annotations of managed resources.
inline constexpr std::string_view kTrackingIdAnnotation = "argocd.argoproj.io/tracking-id";
inline constexpr std::string_view kInstallationIdAnnotation = "argocd.argoproj.io/installation-id";
inline constexpr std::string_view kCompareOptionsAnnotation = "argocd.argoproj.io/compare-options";
inline constexpr std::string_view kSyncOptionsAnnotation = "argocd.argoproj.io/sync-options";
inline constexpr std::string_view kHookAnnotation = "argocd.argoproj.io/hook";
inline constexpr std::string_view kHookDeletePolicyAnnotation = "argocd.argoproj.io/hook-delete-policy";
inline constexpr std::string_view kSyncWaveAnnotation = "argocd.argoproj.io/sync-wave";
inline constexpr std::string_view kIgnoreHealthcheckAnnotation = "argocd.argoproj.io/ignore-healthcheck";
inline constexpr std::string_view kIgnoreResourceUpdatesAnnotation = "argocd.argoproj.io/ignore-resource-updates";
inline constexpr std::string_view kIgnoreDefaultLinksAnnotation = "argocd.argoproj.io/ignore-default-links";
/// Prefix of annotations that hold an external link: a URL, or "title|URL".
inline constexpr std::string_view kLinkAnnotationPrefix = "link.argocd.argoproj.io/";
inline constexpr std::string_view kHelmHookAnnotation = "helm.sh/hook";
inline constexpr std::string_view kHelmHookWeightAnnotation = "helm.sh/hook-weight";
inline constexpr std::string_view kHelmHookDeletePolicyAnnotation = "helm.sh/hook-delete-policy";

/// Label that names the owning instance, unless `application.instanceLabelKey` says otherwise.
inline constexpr std::string_view kInstanceLabel = "app.kubernetes.io/instance";

// Finalizers.
inline constexpr std::string_view kResourcesFinalizer = "resources-finalizer.argocd.argoproj.io";
inline constexpr std::string_view kForegroundFinalizer = "resources-finalizer.argocd.argoproj.io/foreground";
inline constexpr std::string_view kBackgroundFinalizer = "resources-finalizer.argocd.argoproj.io/background";
inline constexpr std::string_view kPreDeleteFinalizer = "pre-delete-finalizer.argocd.argoproj.io";
inline constexpr std::string_view kPreDeleteCleanupFinalizer = "pre-delete-finalizer.argocd.argoproj.io/cleanup";
inline constexpr std::string_view kPostDeleteFinalizer = "post-delete-finalizer.argocd.argoproj.io";
inline constexpr std::string_view kPostDeleteCleanupFinalizer = "post-delete-finalizer.argocd.argoproj.io/cleanup";
inline constexpr std::string_view kHookFinalizer = "argocd.argoproj.io/hook-finalizer";

// Condition types.
inline constexpr std::string_view kDeletionError = "DeletionError";
inline constexpr std::string_view kInvalidSpecError = "InvalidSpecError";
inline constexpr std::string_view kComparisonError = "ComparisonError";
inline constexpr std::string_view kSyncError = "SyncError";
inline constexpr std::string_view kUnknownError = "UnknownError";
inline constexpr std::string_view kSharedResourceWarning = "SharedResourceWarning";
inline constexpr std::string_view kRepeatedResourceWarning = "RepeatedResourceWarning";
inline constexpr std::string_view kExcludedResourceWarning = "ExcludedResourceWarning";
inline constexpr std::string_view kOrphanedResourceWarning = "OrphanedResourceWarning";

} // namespace tiphys::crd
