// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/definitions.h"

#include "object/yaml.h"

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

struct Definition
{
    const char *kind, *plural, *shortNames, *columns;
    bool hasStatus;
    bool isNamespaced = true;
};

constexpr const char *kApplicationColumns = R"([
{"name":"Sync Status","type":"string","jsonPath":".status.sync.status"},
{"name":"Health Status","type":"string","jsonPath":".status.health.status"},
{"name":"Revision","type":"string","jsonPath":".status.sync.revision","priority":10},
{"name":"Project","type":"string","jsonPath":".spec.project","priority":10}])";
constexpr const char *kRolloutColumns = R"([
{"name":"Desired","type":"integer","jsonPath":".spec.replicas"},
{"name":"Current","type":"integer","jsonPath":".status.replicas"},
{"name":"Up-to-date","type":"integer","jsonPath":".status.updatedReplicas"},
{"name":"Available","type":"integer","jsonPath":".status.availableReplicas"},
{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}])";

constexpr const char *kPhaseColumns = R"([
{"name":"Status","type":"string","jsonPath":".status.phase"},
{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}])";

constexpr Definition kDefinitions[] = {
    {"Application", "applications", "app,apps", kApplicationColumns, false},
    {"AppProject", "appprojects", "appproj,appprojs", "", false},
    {"ApplicationSet", "applicationsets", "appset,appsets", "", true},
    {"Rollout", "rollouts", "ro", kRolloutColumns, true},
    {"AnalysisTemplate", "analysistemplates", "at", "", false},
    {"ClusterAnalysisTemplate", "clusteranalysistemplates", "cat", "", false, false},
    {"AnalysisRun", "analysisruns", "ar", kPhaseColumns, false},
    {"Experiment", "experiments", "exp", kPhaseColumns, false},
};

constexpr const char *kBase = R"(
apiVersion: v1
kind: Namespace
metadata: {name: argocd}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
  labels: {app.kubernetes.io/name: argocd-cm, app.kubernetes.io/part-of: argocd}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-rbac-cm
  namespace: argocd
  labels: {app.kubernetes.io/name: argocd-rbac-cm, app.kubernetes.io/part-of: argocd}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: default, namespace: argocd}
spec:
  sourceRepos: ["*"]
  destinations: [{namespace: "*", server: "*"}]
  clusterResourceWhitelist: [{group: "*", kind: "*"}]
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: tiphys.dev/demo
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
)";

constexpr const char *kNode = R"(
apiVersion: v1
kind: Node
metadata:
  labels: {kubernetes.io/os: linux, kubernetes.io/arch: amd64, topology.kubernetes.io/zone: demo-a}
status:
  capacity: {cpu: "8", memory: 32Gi, pods: "110"}
  allocatable: {cpu: "8", memory: 31Gi, pods: "110"}
  conditions:
  - {type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status}
  nodeInfo:
    architecture: amd64
    bootID: ""
    containerRuntimeVersion: demo://1
    kernelVersion: "6.12"
    kubeProxyVersion: ""
    kubeletVersion: v1.36.3
    machineID: ""
    operatingSystem: linux
    osImage: demo
    systemUUID: ""
)";

Value parsed(std::string_view yaml)
{
    const Expected<Value> value = object::parseYaml(yaml);
    return value ? *value : Value();
}

Object definitionOf(const Definition &row)
{
    const std::string kind = row.kind;
    const std::string plural = row.plural;
    Value subresources = Value::map({});
    if (row.hasStatus)
        subresources = subresources.with("status", Value::map({}));
    if (kind == "Rollout")
        subresources = subresources.with("scale", parsed("{specReplicasPath: .spec.replicas, statusReplicasPath: "
                                                         ".status.HPAReplicas, labelSelectorPath: .status.selector}"));
    Value version = Value::map({{"name", "v1alpha1"},
                                {"served", true},
                                {"storage", true},
                                {"subresources", subresources},
                                {"schema", parsed("{openAPIV3Schema: {type: object, "
                                                  "x-kubernetes-preserve-unknown-fields: true}}")}});
    if (*row.columns)
        version = version.with("additionalPrinterColumns", parsed(row.columns));
    Value names = parsed(std::string("{shortNames: [") + row.shortNames + "]}")
                      .with("kind", kind)
                      .with("listKind", kind + "List")
                      .with("plural", plural)
                      .with("singular", plural.substr(0, plural.size() - 1));
    return Object(Value::map({{"apiVersion", "apiextensions.k8s.io/v1"},
                              {"kind", "CustomResourceDefinition"},
                              {"metadata", Value::map({{"name", plural + ".argoproj.io"}})},
                              {"spec", Value::map({{"group", "argoproj.io"},
                                                   {"names", names},
                                                   {"scope", row.isNamespaced ? "Namespaced" : "Cluster"},
                                                   {"versions", Value::list({version})}})}}));
}

} // namespace

std::vector<Object> baseObjects()
{
    std::vector<Object> objects;
    for (const Definition &row : kDefinitions)
        objects.push_back(definitionOf(row));
    for (const std::string_view name : {"demo-1", "demo-2"})
        objects.emplace_back(parsed(kNode).withPath({"metadata", "name"}, name));
    for (const std::string_view document : object::splitYamlDocuments(kBase)) {
        const Value value = parsed(document);
        if (!value.isEmpty())
            objects.emplace_back(value);
    }
    return objects;
}

} // namespace tiphys::demo
