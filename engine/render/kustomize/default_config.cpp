// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/transformer_config.h"

#include <string>

namespace tiphys::render::kustomize {

namespace {

constexpr std::string_view kApps = "apps";
constexpr std::string_view kBatch = "batch";
constexpr std::string_view kNetworking = "networking.k8s.io";
constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
constexpr std::string_view kAdmission = "admissionregistration.k8s.io";

FieldSpec spec(std::string_view path, std::string_view kind = {}, std::string_view group = {},
               std::string_view version = {})
{
    return {{std::string(group), std::string(version), std::string(kind)}, std::string(path), false};
}

FieldSpec made(std::string_view path, std::string_view kind = {}, std::string_view group = {},
               std::string_view version = {})
{
    FieldSpec result = spec(path, kind, group, version);
    result.creates = true;
    return result;
}

FieldSpecs metadataLabels()
{
    constexpr std::string_view kTemplate = "spec/template/metadata/labels";
    return {
        made("metadata/labels"),
        made(kTemplate, "ReplicationController", {}, "v1"),
        made(kTemplate, "Deployment"),
        made(kTemplate, "ReplicaSet"),
        made(kTemplate, "DaemonSet"),
        made(kTemplate, "StatefulSet", kApps),
        made("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", kApps),
        made(kTemplate, "Job", kBatch),
        made("spec/jobTemplate/metadata/labels", "CronJob", kBatch),
        made("spec/jobTemplate/spec/template/metadata/labels", "CronJob", kBatch),
    };
}

FieldSpecs commonLabels()
{
    constexpr std::string_view kSelector = "spec/selector/matchLabels";
    FieldSpecs specs{
        made("spec/selector", "Service", {}, "v1"),
        made("spec/selector", "ReplicationController", {}, "v1"),
        made(kSelector, "Deployment"),
        made(kSelector, "ReplicaSet"),
        made(kSelector, "DaemonSet"),
        made(kSelector, "StatefulSet", kApps),
        spec(kSelector, "Job", kBatch),
        spec("spec/jobTemplate/spec/selector/matchLabels", "CronJob", kBatch),
        spec(kSelector, "PodDisruptionBudget", "policy"),
        spec("spec/podSelector/matchLabels", "NetworkPolicy", kNetworking),
        spec("spec/ingress/from/podSelector/matchLabels", "NetworkPolicy", kNetworking),
        spec("spec/egress/to/podSelector/matchLabels", "NetworkPolicy", kNetworking),
    };
    for (const std::string_view kind : {"Deployment", "StatefulSet"}) {
        for (const std::string affinity : {"podAffinity", "podAntiAffinity"}) {
            const std::string path = "spec/template/spec/affinity/" + affinity;
            specs.push_back(spec(path
                                     + "/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/"
                                       "matchLabels",
                                 kind, kApps));
            specs.push_back(
                spec(path + "/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels", kind, kApps));
        }
        specs.push_back(spec("spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", kind, kApps));
    }
    const FieldSpecs metadata = metadataLabels();
    specs.insert(specs.end(), metadata.begin(), metadata.end());
    return specs;
}

FieldSpecs commonAnnotations()
{
    constexpr std::string_view kTemplate = "spec/template/metadata/annotations";
    return {
        made("metadata/annotations"),
        made(kTemplate, "ReplicationController", {}, "v1"),
        made(kTemplate, "Deployment"),
        made(kTemplate, "ReplicaSet"),
        made(kTemplate, "DaemonSet"),
        made(kTemplate, "StatefulSet"),
        made(kTemplate, "Job", kBatch),
        made("spec/jobTemplate/metadata/annotations", "CronJob", kBatch),
        made("spec/jobTemplate/spec/template/metadata/annotations", "CronJob", kBatch),
    };
}

/// Kinds with pods and where their pod's spec stands.
struct Workload
{
    std::string_view kind;
    std::string_view version;
    std::string_view podSpec;
};
constexpr Workload kWorkloads[] = {
    {"Pod", "v1", "spec/"},
    {"PodTemplate", "", "template/spec/"},
    {"Deployment", "", "spec/template/spec/"},
    {"ReplicaSet", "", "spec/template/spec/"},
    {"DaemonSet", "", "spec/template/spec/"},
    {"StatefulSet", "", "spec/template/spec/"},
    {"Job", "", "spec/template/spec/"},
    {"CronJob", "", "spec/jobTemplate/spec/template/spec/"},
};
/// Those whose accounts, claims and priority classes are followed: without ReplicaSet and PodTemplate.
constexpr Workload kPodOwners[] = {
    {"Pod", "", "spec/"},
    {"StatefulSet", "", "spec/template/spec/"},
    {"Deployment", "", "spec/template/spec/"},
    {"ReplicationController", "", "spec/template/spec/"},
    {"CronJob", "", "spec/jobTemplate/spec/template/spec/"},
    {"Job", "", "spec/template/spec/"},
    {"DaemonSet", "", "spec/template/spec/"},
};

template <std::size_t N>
void addPaths(FieldSpecs &specs, const Workload (&workloads)[N], std::initializer_list<std::string_view> paths)
{
    for (const Workload &workload : workloads) {
        for (const std::string_view path : paths)
            specs.push_back(
                spec(std::string(workload.podSpec) + std::string(path), workload.kind, {}, workload.version));
    }
}

BackReferences configMapReferences()
{
    BackReferences result{{"", "v1", "ConfigMap"}, {}};
    addPaths(result.referrers, kWorkloads,
             {"volumes/configMap/name", "containers/env/valueFrom/configMapKeyRef/name",
              "initContainers/env/valueFrom/configMapKeyRef/name", "containers/envFrom/configMapRef/name",
              "initContainers/envFrom/configMapRef/name", "volumes/projected/sources/configMap/name"});
    result.referrers.push_back(spec("spec/configSource/configMap", "Node"));
    result.referrers.push_back(spec("rules/resourceNames", "Role"));
    result.referrers.push_back(spec("rules/resourceNames", "ClusterRole"));
    result.referrers.push_back(
        spec("metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", "Ingress"));
    return result;
}

BackReferences secretReferences()
{
    BackReferences result{{"", "v1", "Secret"}, {}};
    addPaths(result.referrers, kWorkloads,
             {"volumes/secret/secretName", "containers/env/valueFrom/secretKeyRef/name",
              "initContainers/env/valueFrom/secretKeyRef/name", "containers/envFrom/secretRef/name",
              "initContainers/envFrom/secretRef/name", "imagePullSecrets/name",
              "volumes/projected/sources/secret/name"});
    const FieldSpec others[] = {
        spec("spec/tls/secretName", "Ingress"),
        spec("metadata/annotations/ingress.kubernetes.io\\/auth-secret", "Ingress"),
        spec("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret", "Ingress"),
        spec("metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret", "Ingress"),
        spec("imagePullSecrets/name", "ServiceAccount"),
        spec("parameters/secretName", "StorageClass"),
        spec("parameters/adminSecretName", "StorageClass"),
        spec("parameters/userSecretName", "StorageClass"),
        spec("parameters/secretRef", "StorageClass"),
        spec("rules/resourceNames", "Role"),
        spec("rules/resourceNames", "ClusterRole"),
        spec("spec/template/spec/containers/env/valueFrom/secretKeyRef/name", "Service", "serving.knative.dev", "v1"),
        spec("spec/azureFile/secretName", "PersistentVolume"),
    };
    result.referrers.insert(result.referrers.end(), std::begin(others), std::end(others));
    return result;
}

BackReferences serviceReferences()
{
    return {{"", "v1", "Service"},
            {
                spec("spec/serviceName", "StatefulSet", kApps),
                spec("spec/rules/http/paths/backend/serviceName", "Ingress"),
                spec("spec/backend/serviceName", "Ingress"),
                spec("spec/rules/http/paths/backend/service/name", "Ingress"),
                spec("spec/defaultBackend/service/name", "Ingress"),
                spec("spec/service/name", "APIService", "apiregistration.k8s.io"),
                spec("webhooks/clientConfig/service", "ValidatingWebhookConfiguration", kAdmission),
                spec("webhooks/clientConfig/service", "MutatingWebhookConfiguration", kAdmission),
            }};
}

BackReferences serviceAccountReferences()
{
    BackReferences result{{"", "v1", "ServiceAccount"},
                          {spec("subjects", "RoleBinding", kRbac), spec("subjects", "ClusterRoleBinding", kRbac)}};
    addPaths(result.referrers, kPodOwners, {"serviceAccountName"});
    return result;
}

BackReferences claimReferences()
{
    BackReferences result{{"", "v1", "PersistentVolumeClaim"}, {}};
    addPaths(result.referrers, kPodOwners, {"volumes/persistentVolumeClaim/claimName"});
    return result;
}

BackReferences priorityReferences()
{
    BackReferences result{{"scheduling.k8s.io", "v1", "PriorityClass"}, {}};
    addPaths(result.referrers, kPodOwners, {"priorityClassName"});
    return result;
}

std::vector<BackReferences> nameReferences()
{
    const std::string rbac(kRbac);
    const std::string admission(kAdmission);
    std::vector<BackReferences> references{
        configMapReferences(),
        secretReferences(),
        serviceReferences(),
        {{rbac, "", "Role"}, {spec("roleRef/name", "RoleBinding", kRbac)}},
        {{rbac, "", "ClusterRole"},
         {spec("roleRef/name", "RoleBinding", kRbac), spec("roleRef/name", "ClusterRoleBinding", kRbac)}},
        serviceAccountReferences(),
        claimReferences(),
        {{"", "v1", "PersistentVolume"},
         {spec("spec/volumeName", "PersistentVolumeClaim"), spec("rules/resourceNames", "ClusterRole")}},
        {{"storage.k8s.io", "v1", "StorageClass"},
         {spec("spec/storageClassName", "PersistentVolume"), spec("spec/storageClassName", "PersistentVolumeClaim"),
          spec("spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet")}},
        priorityReferences(),
        // The version stands in the group: it never fits.
        {{"networking.k8s.io/v1", "v1", "IngressClass"}, {spec("spec/ingressClassName", "Ingress")}},
        {{admission, "", "ValidatingAdmissionPolicy"},
         {spec("spec/policyName", "ValidatingAdmissionPolicyBinding", kAdmission)}},
    };
    for (const std::string kind : {"Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"})
        references.push_back({{"", "", kind}, {spec("spec/scaleTargetRef/name", "HorizontalPodAutoscaler")}});
    return references;
}

FieldSpecs varReferences()
{
    FieldSpecs specs;
    const auto addContainers = [&](std::string_view podSpec, std::string_view kind) {
        for (const std::string containers : {"containers", "initContainers"}) {
            for (const std::string path : {"args", "command", "env/value", "volumeMounts/mountPath"})
                specs.push_back(spec(std::string(podSpec) + containers + "/" + path, kind));
        }
    };
    for (const Workload &workload : kWorkloads) {
        if (workload.kind != "PodTemplate")
            addContainers(workload.podSpec, workload.kind);
    }
    for (const std::string_view kind : {"DaemonSet", "Deployment", "Job", "ReplicaSet"})
        specs.push_back(spec("spec/template/spec/volumes/nfs/server", kind));
    const FieldSpec others[] = {
        spec("spec/jobTemplate/spec/template/volumes/nfs/server", "CronJob"),
        spec("spec/volumes/nfs/server", "Pod"),
        spec("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet"),
        spec("spec/nfs/server", "PersistentVolume"),
        spec("spec/template/metadata/annotations", "Deployment"),
        spec("spec/rules/host", "Ingress"),
        spec("spec/tls/hosts", "Ingress"),
        spec("spec/tls/secretName", "Ingress"),
        spec("spec/ports/port", "Service"),
        spec("spec/ports/targetPort", "Service"),
        spec("metadata/labels"),
        spec("metadata/annotations"),
    };
    specs.insert(specs.end(), std::begin(others), std::end(others));
    return specs;
}

TransformerConfig makeDefaults()
{
    TransformerConfig config;
    config.namePrefix = {spec("metadata/name")};
    config.nameSuffix = {spec("metadata/name")};
    config.ns = {
        made("metadata/name", "Namespace"),
        made("spec/service/namespace", "APIService", "apiregistration.k8s.io"),
        spec("spec/conversion/webhook/clientConfig/service/namespace", "CustomResourceDefinition",
             "apiextensions.k8s.io"),
    };
    config.commonLabels = commonLabels();
    config.templateLabels = metadataLabels();
    config.commonAnnotations = commonAnnotations();
    config.nameReference = nameReferences();
    config.varReference = varReferences();
    config.images = {
        made("spec/containers[]/image"),
        made("spec/initContainers[]/image"),
        made("spec/volumes[]/image/reference"),
        made("spec/template/spec/containers[]/image"),
        made("spec/template/spec/initContainers[]/image"),
        made("spec/template/spec/volumes[]/image/reference"),
    };
    for (const std::string_view kind : {"Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"})
        config.replicas.push_back(made("spec/replicas", kind));
    return config;
}

} // namespace

std::shared_ptr<const TransformerConfig> TransformerConfig::defaults()
{
    static const std::shared_ptr<const TransformerConfig> config = [] {
        auto made = std::make_shared<TransformerConfig>();
        TransformerConfig plain = makeDefaults();
        plain.sort();
        const Expected<void> merged = made->merge(plain);
        ignoreError(merged, "the built-in specs do not contradict each other");
        return made;
    }();
    return config;
}

} // namespace tiphys::render::kustomize
