// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/resource.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

enum Trait : unsigned { None = 0, Cluster = 1, Status = 2, Scale = 4, All = 8 };

struct BuiltIn
{
    const char *group, *version, *kind, *plural, *shortNames;
    unsigned traits;
};

constexpr BuiltIn kBuiltIns[] = {
    {"", "v1", "ConfigMap", "configmaps", "cm", None},
    {"", "v1", "Endpoints", "endpoints", "ep", None},
    {"", "v1", "Event", "events", "ev", None},
    {"", "v1", "LimitRange", "limitranges", "limits", None},
    {"", "v1", "Namespace", "namespaces", "ns", Cluster | Status},
    {"", "v1", "Node", "nodes", "no", Cluster | Status},
    {"", "v1", "PersistentVolume", "persistentvolumes", "pv", Cluster | Status},
    {"", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", Status},
    {"", "v1", "Pod", "pods", "po", Status | All},
    {"", "v1", "ReplicationController", "replicationcontrollers", "rc", Status | Scale | All},
    {"", "v1", "ResourceQuota", "resourcequotas", "quota", Status},
    {"", "v1", "Secret", "secrets", "", None},
    {"", "v1", "Service", "services", "svc", Status | All},
    {"", "v1", "ServiceAccount", "serviceaccounts", "sa", None},
    {"admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", "",
     Cluster},
    {"admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", "",
     Cluster},
    {"apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", "crd,crds",
     Cluster | Status},
    {"apiregistration.k8s.io", "v1", "APIService", "apiservices", "", Cluster | Status},
    {"apps", "v1", "ControllerRevision", "controllerrevisions", "", None},
    {"apps", "v1", "DaemonSet", "daemonsets", "ds", Status | All},
    {"apps", "v1", "Deployment", "deployments", "deploy", Status | Scale | All},
    {"apps", "v1", "ReplicaSet", "replicasets", "rs", Status | Scale | All},
    {"apps", "v1", "StatefulSet", "statefulsets", "sts", Status | Scale | All},
    {"autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", Status | All},
    {"batch", "v1", "CronJob", "cronjobs", "cj", Status | All},
    {"batch", "v1", "Job", "jobs", "", Status | All},
    {"coordination.k8s.io", "v1", "Lease", "leases", "", None},
    {"discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", "", None},
    {"networking.k8s.io", "v1", "Ingress", "ingresses", "ing", Status},
    {"networking.k8s.io", "v1", "IngressClass", "ingressclasses", "", Cluster},
    {"networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "netpol", None},
    {"policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", Status},
    {"rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", "", Cluster},
    {"rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", "", Cluster},
    {"rbac.authorization.k8s.io", "v1", "Role", "roles", "", None},
    {"rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", "", None},
    {"scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", "pc", Cluster},
    {"storage.k8s.io", "v1", "StorageClass", "storageclasses", "sc", Cluster},
};

Resource resourceOf(const BuiltIn &row)
{
    Resource resource;
    resource.group = row.group;
    resource.versions = {row.version};
    resource.kind = row.kind;
    resource.plural = row.plural;
    resource.singular = asciiLower(row.kind);
    if (*row.shortNames) {
        for (const std::string_view name : split(row.shortNames, ','))
            resource.shortNames.emplace_back(name);
    }
    if (row.traits & All)
        resource.categories = {"all"};
    resource.isNamespaced = !(row.traits & Cluster);
    resource.hasStatus = row.traits & Status;
    resource.hasScale = row.traits & Scale;
    return resource;
}

std::vector<std::string> textsOf(const Value &list)
{
    std::vector<std::string> texts;
    for (const Value &item : list.items())
        texts.emplace_back(item.stringOr());
    return texts;
}

/// Served versions, the stored one first.
void readVersions(const Value &versions, Resource &resource)
{
    for (const Value &version : versions.items()) {
        if (!version["served"].boolOr(false))
            continue;
        const bool isStored = version["storage"].boolOr(false);
        resource.versions.emplace(isStored ? resource.versions.begin() : resource.versions.end(),
                                  version["name"].stringOr());
        if (!isStored && resource.versions.size() > 1)
            continue;
        resource.hasStatus = version["subresources"].contains("status");
        resource.hasScale = version["subresources"].contains("scale");
        resource.printerColumns = version["additionalPrinterColumns"];
    }
}

Resource resourceOf(const Object &definition)
{
    const Value spec = definition.value()["spec"];
    const Value names = spec["names"];
    Resource resource;
    resource.group = spec["group"].stringOr();
    resource.kind = names["kind"].stringOr();
    resource.plural = names["plural"].stringOr();
    resource.singular = names["singular"].stringOr(asciiLower(resource.kind));
    resource.shortNames = textsOf(names["shortNames"]);
    resource.categories = textsOf(names["categories"]);
    resource.isNamespaced = spec["scope"].stringOr() == "Namespaced";
    resource.isCustom = true;
    readVersions(spec["versions"], resource);
    return resource;
}

} // namespace

std::string Resource::apiVersion() const
{
    return group.empty() ? versions.front() : group + "/" + versions.front();
}

bool Resource::hasVersion(std::string_view version) const
{
    return std::ranges::contains(versions, version);
}

std::string Resource::text() const
{
    return group.empty() ? plural : plural + "." + group;
}

Catalog::Catalog()
{
    for (const BuiltIn &row : kBuiltIns) {
        const Key key{row.group, row.plural};
        m_byPlural.emplace(key, resourceOf(row));
        m_byKind.emplace(object::GroupKind{row.group, row.kind}, key);
    }
}

const Resource *Catalog::byPlural(std::string_view group, std::string_view plural) const
{
    const auto found = m_byPlural.find(Key(group, plural));
    return found == m_byPlural.end() ? nullptr : &found->second;
}

const Resource *Catalog::byKind(const object::GroupKind &kind) const
{
    const auto found = m_byKind.find(kind);
    return found == m_byKind.end() ? nullptr : byPlural(found->second.first, found->second.second);
}

std::vector<const Resource *> Catalog::all() const
{
    std::vector<const Resource *> all;
    for (const auto &[key, resource] : m_byPlural)
        all.push_back(&resource);
    return all;
}

void Catalog::define(const Object &definition)
{
    Resource resource = resourceOf(definition);
    if (resource.versions.empty() || resource.plural.empty())
        return;
    const Key key{resource.group, resource.plural};
    m_byKind[resource.groupKind()] = key;
    m_byPlural[key] = std::move(resource);
}

void Catalog::undefine(const Object &definition)
{
    const Resource resource = resourceOf(definition);
    m_byKind.erase(resource.groupKind());
    m_byPlural.erase({resource.group, resource.plural});
}

} // namespace tiphys::demo
