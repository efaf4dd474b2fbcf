// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/version_conversion.h"

#include "schema/schema.h"
#include "schema/typed.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";
constexpr std::string_view kTemplateGeneration = "deprecated.daemonset.template.generation";

/// Groups whose versions are converted here. Of those that the controller converts beside them, old versions are served or
/// stand in no repository.
/// Source: argo-cd gitops-engine/pkg/utils/kube/scheme/scheme.go@v3.5.1
constexpr std::array<std::string_view, 12> kGroups = {"admissionregistration.k8s.io",
                                                      "apps",
                                                      "batch",
                                                      "certificates.k8s.io",
                                                      "coordination.k8s.io",
                                                      "flowcontrol.apiserver.k8s.io",
                                                      "networking.k8s.io",
                                                      "node.k8s.io",
                                                      "policy",
                                                      kRbacGroup,
                                                      "scheduling.k8s.io",
                                                      "storage.k8s.io"};

/// \p list with \p change made to each item.
template <typename Change>
Value eachOf(const Value &list, Change change)
{
    std::vector<Value> items;
    for (const Value &item : list.items())
        items.push_back(change(item));
    return Value::list(items);
}

/// \p from of \p value, if it is there, under the name \p to.
Value renamed(const Value &value, std::string_view from, std::string_view to)
{
    const std::optional<Value> member = value.find(from);
    return member ? value.without(from).with(to, *member) : value;
}

Value flatBackend(const Value &backend)
{
    if (!backend.isMap())
        return backend;
    const std::optional<Value> service = backend.find("service");
    if (!service)
        return backend.with("servicePort", 0);
    const Value name = service->path({"port", "name"});
    const Value port = name.stringOr().empty() ? Value(service->path({"port", "number"}).intOr(0)) : name;
    return backend.without("service").with("serviceName", (*service)["name"].stringOr()).with("servicePort", port);
}

Value oldIngress(const Value &ingress)
{
    Value spec = ingress["spec"];
    if (const std::optional<Value> backend = spec.find("defaultBackend"))
        spec = spec.without("defaultBackend").with("backend", flatBackend(*backend));
    if (spec["rules"].isList()) {
        spec = spec.with("rules", eachOf(spec["rules"], [](const Value &rule) {
                             const Value paths = rule.path({"http", "paths"});
                             if (!paths.isList())
                                 return rule;
                             return rule.withPath({"http", "paths"}, eachOf(paths, [](const Value &path) {
                                                      return path.with("backend", flatBackend(path["backend"]));
                                                  }));
                         }));
    }
    return ingress.with("spec", spec);
}

/// Members of a binding have named a version in the place of a group.
Value oldBinding(const Value &binding)
{
    if (!binding["subjects"].isList())
        return binding;
    return binding.with("subjects", eachOf(binding["subjects"], [](const Value &subject) {
                            const std::string group(subject["apiGroup"].stringOr());
                            const std::string_view kind = subject["kind"].stringOr();
                            const bool isServiceAccount = kind == "ServiceAccount" && group.empty();
                            const bool isPerson = (kind == "User" || kind == "Group") && group == kRbacGroup;
                            const std::string version = isServiceAccount ? "v1"
                                                        : isPerson       ? group + "/v1alpha1"
                                                        : group.empty()  ? std::string()
                                                                         : group + "/";
                            return subject.without("apiGroup").with("apiVersion", version);
                        }));
}

Value oldRuntimeClass(const Value &runtimeClass)
{
    Value spec = Value::map({{"runtimeHandler", runtimeClass["handler"].stringOr()}});
    for (const std::string_view member : {"overhead", "scheduling"}) {
        if (const std::optional<Value> found = runtimeClass.find(member))
            spec = spec.with(member, *found);
    }
    return runtimeClass.without("handler").without("overhead").without("scheduling").with("spec", spec);
}

Value requirement(std::string_view verb)
{
    return Value::map({{"matchExpressions",
                        Value::list({Value::map({{"key", "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"},
                                                 {"operator", verb}})})}});
}

/// An empty selector has meant no pods where it means all of them now.
Value oldDisruptionBudget(const Value &budget)
{
    const std::optional<Value> selector = budget["spec"].find("selector");
    if (!selector || selector->isNull())
        return budget;
    if (*selector == requirement("Exists"))
        return budget.withPath({"spec", "selector"}, Value::map(std::initializer_list<Value::Member>{}));
    if (selector->isMap() && selector->size() == 0)
        return budget.withPath({"spec", "selector"}, requirement("DoesNotExist"));
    return budget;
}

Value oldWorkload(const Value &workload, std::string_view kind, std::string_view version)
{
    if (kind == "StatefulSet" && workload.path({"spec", "volumeClaimTemplates"}).isList()) {
        return workload.withPath({"spec", "volumeClaimTemplates"},
                                 eachOf(workload.path({"spec", "volumeClaimTemplates"}), [](const Value &claim) {
                                     return claim.with("apiVersion", "v1").with("kind", "PersistentVolumeClaim");
                                 }));
    }
    const bool marksGeneration = kind == "DaemonSet" && version == "v1beta2";
    if (marksGeneration && !workload.path({"metadata", "annotations"}).contains(kTemplateGeneration))
        return workload.withPath({"metadata", "annotations", kTemplateGeneration}, "0");
    return workload;
}

/// \p live with what \p version, which is older, writes in another way.
Value rewritten(const Object &live, std::string_view version)
{
    const object::Gvk gvk = live.gvk();
    const Value &value = live.value();
    if (gvk.group == "networking.k8s.io" && gvk.kind == "Ingress")
        return oldIngress(value);
    if (gvk.group == kRbacGroup && gvk.kind.ends_with("RoleBinding") && version == "v1alpha1")
        return oldBinding(value);
    if (gvk.group == "node.k8s.io" && version == "v1alpha1")
        return oldRuntimeClass(value);
    if (gvk.group == "policy" && gvk.kind == "PodDisruptionBudget")
        return oldDisruptionBudget(value);
    if (gvk.group == "apps")
        return oldWorkload(value, gvk.kind, version);
    if (gvk.group == "flowcontrol.apiserver.k8s.io" && gvk.kind == "PriorityLevelConfiguration"
        && version != "v1beta3") {
        const Value limited = value.path({"spec", "limited"});
        return limited.isMap() ? value.withPath({"spec", "limited"}, renamed(limited, "nominalConcurrencyShares",
                                                                             "assuredConcurrencyShares"))
                               : value;
    }
    return value;
}

} // namespace

std::optional<Object> inVersion(const Object &live, std::string_view version)
{
    object::Gvk gvk = live.gvk();
    if (gvk.version == version)
        return live;
    // Newer versions than the one that is read are always served beside it.
    if (std::ranges::find(kGroups, gvk.group) == kGroups.end() || gvk.version != "v1" || !schema::typeOf(gvk))
        return std::nullopt;
    gvk.version = version;
    const schema::Type *type = schema::typeOf(gvk);
    if (!type)
        return std::nullopt;
    const Expected<Value> typed = schema::asTyped(rewritten(live, version).with("apiVersion", gvk.apiVersion()), *type,
                                                  schema::UnknownFields::Drop);
    return typed ? std::optional(Object(*typed)) : std::nullopt;
}

} // namespace tiphys::compare
