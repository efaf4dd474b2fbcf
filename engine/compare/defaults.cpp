// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/defaults.h"

#include "compare/defaults_pod.h"
#include "compare/strategic_merge.h"
#include "schema/quantity.h"
#include "schema/typed.h"

#include <algorithm>
#include <limits>

namespace tiphys::compare {

using object::Value;
using schema::Kind;
using schema::Type;

namespace {

constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";
constexpr int kMilli = -3;

Draft *listAt(Draft &map, std::string_view key)
{
    Draft *list = map.find(key);
    return list && list->isList() ? list : nullptr;
}

std::string textAt(const Draft &map, std::string_view key)
{
    const Draft *member = map.find(key);
    return member ? std::string(member->text()) : std::string();
}

bool isSet(const Draft &map, std::string_view key)
{
    const Draft *member = map.find(key);
    return member && !member->isNull();
}

bool isFilled(const Draft &map, std::string_view key)
{
    const Draft *member = map.find(key);
    return member && !member->isZero();
}

// apps

void deploymentDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    spec.setIfNull("replicas", 1);
    Draft &strategy = spec.mapAt("strategy");
    strategy.setIfZero("type", "RollingUpdate");
    if (textAt(strategy, "type") == "RollingUpdate") {
        Draft &rolling = strategy.mapAt("rollingUpdate");
        rolling.setIfNull("maxUnavailable", "25%");
        rolling.setIfNull("maxSurge", "25%");
    }
    spec.setIfNull("revisionHistoryLimit", 10);
    spec.setIfNull("progressDeadlineSeconds", 600);
}

void daemonSetDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    Draft &strategy = spec.mapAt("updateStrategy");
    strategy.setIfZero("type", "RollingUpdate");
    if (textAt(strategy, "type") == "RollingUpdate") {
        Draft &rolling = strategy.mapAt("rollingUpdate");
        rolling.setIfNull("maxUnavailable", 1);
        rolling.setIfNull("maxSurge", 0);
    }
    spec.setIfNull("revisionHistoryLimit", 10);
}

void statefulSetDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    spec.setIfZero("podManagementPolicy", "OrderedReady");
    Draft &strategy = spec.mapAt("updateStrategy");
    if (strategy.setIfZero("type", "RollingUpdate"))
        strategy.setIfNull("rollingUpdate", Value::map({}));
    if (textAt(strategy, "type") == "RollingUpdate" && isSet(strategy, "rollingUpdate"))
        strategy.mapAt("rollingUpdate").setIfNull("partition", 0);
    Draft &retention = spec.mapAt("persistentVolumeClaimRetentionPolicy");
    retention.setIfZero("whenDeleted", "Retain");
    retention.setIfZero("whenScaled", "Retain");
    spec.setIfNull("replicas", 1);
    spec.setIfNull("revisionHistoryLimit", 10);
}

void replicaSetDefaults(Draft &object)
{
    object.mapAt("spec").setIfNull("replicas", 1);
}

// batch

void jobDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    if (!isSet(spec, "completions") && !isSet(spec, "parallelism"))
        spec.set("completions", 1);
    spec.setIfNull("parallelism", 1);
    const bool countsPerIndex = isSet(spec, "backoffLimitPerIndex");
    spec.setIfNull("backoffLimit", countsPerIndex ? std::numeric_limits<std::int32_t>::max() : 6);
    const Draft *labels = spec.mapAt("template").mapAt("metadata").find("labels");
    if (labels && !labels->isZero() && !isFilled(object.mapAt("metadata"), "labels")) {
        const Draft copied = *labels;
        object.mapAt("metadata").set("labels", copied);
    }
    Draft &own = object.mapAt("spec");
    own.setIfNull("completionMode", "NonIndexed");
    own.setIfNull("suspend", false);
    own.setIfNull("podReplacementPolicy", isSet(own, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    own.setIfNull("manualSelector", false);
}

void cronJobDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    spec.setIfZero("concurrencyPolicy", "Allow");
    spec.setIfNull("suspend", false);
    spec.setIfNull("successfulJobsHistoryLimit", 3);
    spec.setIfNull("failedJobsHistoryLimit", 1);
}

void podConditionPatternDefaults(Draft &pattern)
{
    pattern.setIfZero("status", "True");
}

// autoscaling

void autoscalerV1Defaults(Draft &object)
{
    object.mapAt("spec").setIfNull("minReplicas", 1);
}

Value scalingPolicy(std::string_view type, int value)
{
    return Value::map({{"type", type}, {"value", value}, {"periodSeconds", 15}});
}

void scalingRules(Draft &behavior, std::string_view direction, const Value &policies)
{
    Draft &rules = behavior.mapAt(direction);
    if (direction == "scaleUp")
        rules.setIfNull("stabilizationWindowSeconds", 0);
    rules.setIfNull("selectPolicy", "Max");
    rules.setIfNull("policies", policies);
}

void autoscalerV2Defaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    spec.setIfNull("minReplicas", 1);
    if (!isFilled(spec, "metrics")) {
        const Value target = Value::map({{"type", "Utilization"}, {"averageUtilization", 80}});
        const Value resource = Value::map({{"name", "cpu"}, {"target", target}});
        spec.set("metrics", Value::list({Value::map({{"type", "Resource"}, {"resource", resource}})}));
    }
    if (!isSet(spec, "behavior"))
        return;
    Draft &behavior = spec.mapAt("behavior");
    scalingRules(behavior, "scaleUp", Value::list({scalingPolicy("Pods", 4), scalingPolicy("Percent", 100)}));
    scalingRules(behavior, "scaleDown", Value::list({scalingPolicy("Percent", 100)}));
}

// core

void servicePortDefaults(Draft &port)
{
    port.setIfZero("protocol", "TCP");
    const Draft *number = port.find("port");
    port.setIfZero("targetPort", number ? number->leaf() : Value(0));
}

bool isExternallyAccessible(const Draft &spec)
{
    const std::string type = textAt(spec, "type");
    return type == "LoadBalancer" || type == "NodePort" || (type == "ClusterIP" && isFilled(spec, "externalIPs"));
}

void serviceDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    spec.setIfZero("sessionAffinity", "None");
    const std::string affinity = textAt(spec, "sessionAffinity");
    if (affinity == "None")
        spec.erase("sessionAffinityConfig");
    if (affinity == "ClientIP") {
        const Draft *config = spec.find("sessionAffinityConfig");
        const Draft *client = config ? config->find("clientIP") : nullptr;
        if (!client || !isSet(*client, "timeoutSeconds")) {
            const Value timeout = Value::map({{"timeoutSeconds", 10800}});
            spec.set("sessionAffinityConfig", Value::map({{"clientIP", timeout}}));
        }
    }
    spec.setIfZero("type", "ClusterIP");
    if (isExternallyAccessible(spec))
        spec.setIfZero("externalTrafficPolicy", "Cluster");
    const std::string type = textAt(spec, "type");
    if (type == "NodePort" || type == "LoadBalancer" || type == "ClusterIP")
        spec.setIfNull("internalTrafficPolicy", "Cluster");
    if (type != "LoadBalancer")
        return;
    spec.setIfNull("allocateLoadBalancerNodePorts", true);
    Draft *balancer = object.mapAt("status").find("loadBalancer");
    Draft *ingresses = balancer ? listAt(*balancer, "ingress") : nullptr;
    if (!ingresses)
        return;
    for (Draft &ingress : ingresses->items()) {
        if (isFilled(ingress, "ip"))
            ingress.setIfNull("ipMode", "VIP");
    }
}

void secretDefaults(Draft &object)
{
    object.setIfZero("type", "Opaque");
}

void namespaceDefaults(Draft &object)
{
    Draft &metadata = object.mapAt("metadata");
    if (const std::string name = textAt(metadata, "name"); !name.empty())
        metadata.mapAt("labels").set("kubernetes.io/metadata.name", Value(name));
    object.mapAt("status").setIfZero("phase", "Active");
}

void nodeStatusDefaults(Draft &status)
{
    if (const Draft *capacity = status.find("capacity"); capacity && !isSet(status, "allocatable")) {
        const Draft copied = *capacity;
        status.set("allocatable", copied);
    }
}

void volumeClaimDefaults(Draft &object)
{
    object.mapAt("status").setIfZero("phase", "Pending");
}

void volumeClaimSpecDefaults(Draft &spec)
{
    spec.setIfNull("volumeMode", "Filesystem");
}

void volumeObjectDefaults(Draft &object)
{
    object.mapAt("status").setIfZero("phase", "Pending");
    Draft &spec = object.mapAt("spec");
    spec.setIfZero("persistentVolumeReclaimPolicy", "Retain");
    spec.setIfNull("volumeMode", "Filesystem");
}

void endpointPortDefaults(Draft &port)
{
    port.setIfZero("protocol", "TCP");
}

void replicationControllerDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    spec.setIfNull("replicas", 1);
    const Draft *pod = spec.find("template");
    const Draft *metadata = pod ? pod->find("metadata") : nullptr;
    const Draft *found = metadata ? metadata->find("labels") : nullptr;
    if (!found || found->isZero())
        return;
    const Draft labels = *found;
    if (!isFilled(spec, "selector"))
        spec.set("selector", labels);
    if (!isFilled(object.mapAt("metadata"), "labels"))
        object.mapAt("metadata").set("labels", labels);
}

void addMissing(Draft &item, std::string_view into, std::string_view from)
{
    const Draft *source = item.find(from);
    if (!source || !source->isMap())
        return;
    const Draft copied = *source;
    Draft &target = item.mapAt(into);
    for (const auto &[name, amount] : copied.members()) {
        if (!target.contains(name))
            target.set(name, amount);
    }
}

void limitRangeItemDefaults(Draft &item)
{
    if (textAt(item, "type") != "Container")
        return;
    addMissing(item, "default", "max");
    addMissing(item, "defaultRequest", "default");
    addMissing(item, "defaultRequest", "min");
}

// other groups

void policyPortDefaults(Draft &port)
{
    port.setIfNull("protocol", "TCP");
}

void networkPolicyDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    if (isFilled(spec, "policyTypes"))
        return;
    std::vector<Value> types{"Ingress"};
    if (isFilled(spec, "egress"))
        types.emplace_back("Egress");
    spec.set("policyTypes", Value::list(types));
}

void ingressClassDefaults(Draft &object)
{
    Draft &spec = object.mapAt("spec");
    if (isSet(spec, "parameters"))
        spec.mapAt("parameters").setIfNull("scope", "Cluster");
}

void bindingDefaults(Draft &object)
{
    object.mapAt("roleRef").setIfZero("apiGroup", kRbacGroup);
}

void subjectDefaults(Draft &subject)
{
    const std::string kind = textAt(subject, "kind");
    if (kind == "User" || kind == "Group")
        subject.setIfZero("apiGroup", kRbacGroup);
}

void storageClassDefaults(Draft &object)
{
    object.setIfNull("reclaimPolicy", "Delete");
    object.setIfNull("volumeBindingMode", "Immediate");
}

void csiDriverSpecDefaults(Draft &spec)
{
    spec.setIfNull("attachRequired", true);
    spec.setIfNull("podInfoOnMount", false);
    spec.setIfNull("storageCapacity", false);
    spec.setIfNull("fsGroupPolicy", "ReadWriteOnceWithFSType");
    spec.setIfZero("volumeLifecycleModes", Value::list({"Persistent"}));
    spec.setIfNull("requiresRepublish", false);
    spec.setIfNull("seLinuxMount", false);
}

void slicePortDefaults(Draft &port)
{
    port.setIfNull("name", "");
    port.setIfNull("protocol", "TCP");
}

void priorityClassDefaults(Draft &object)
{
    object.setIfNull("preemptionPolicy", "PreemptLowerPriority");
}

void matchDefaults(Draft &match)
{
    match.setIfNull("matchPolicy", "Equivalent");
    match.setIfNull("namespaceSelector", Value::map({}));
    match.setIfNull("objectSelector", Value::map({}));
}

void failurePolicyDefaults(Draft &spec)
{
    spec.setIfNull("failurePolicy", "Fail");
}

void webhookDefaults(Draft &webhook)
{
    failurePolicyDefaults(webhook);
    matchDefaults(webhook);
    webhook.setIfNull("timeoutSeconds", 10);
}

void mutatingWebhookDefaults(Draft &webhook)
{
    webhookDefaults(webhook);
    webhook.setIfNull("reinvocationPolicy", "Never");
}

void ruleDefaults(Draft &rule)
{
    rule.setIfNull("scope", "*");
}

void serviceReferenceDefaults(Draft &reference)
{
    reference.setIfNull("port", 443);
}

void flowSchemaSpecDefaults(Draft &spec)
{
    spec.setIfZero("matchingPrecedence", 1000);
}

void exemptLevelDefaults(Draft &level)
{
    level.setIfNull("nominalConcurrencyShares", 0);
    level.setIfNull("lendablePercent", 0);
}

void limitedLevelDefaults(Draft &level)
{
    level.setIfNull("nominalConcurrencyShares", 30);
    level.setIfNull("lendablePercent", 0);
}

void queuingDefaults(Draft &queuing)
{
    queuing.setIfZero("handSize", 8);
    queuing.setIfZero("queues", 64);
    queuing.setIfZero("queueLengthLimit", 50);
}

constexpr NamedDefaultRule kRules[] = {
    {"admissionregistration.v1.MatchResources", matchDefaults},
    {"admissionregistration.v1.MutatingAdmissionPolicySpec", failurePolicyDefaults},
    {"admissionregistration.v1.MutatingWebhook", mutatingWebhookDefaults},
    {"admissionregistration.v1.NamedRuleWithOperations", ruleDefaults},
    {"admissionregistration.v1.RuleWithOperations", ruleDefaults},
    {"admissionregistration.v1.ServiceReference", serviceReferenceDefaults},
    {"admissionregistration.v1.ValidatingAdmissionPolicySpec", failurePolicyDefaults},
    {"admissionregistration.v1.ValidatingWebhook", webhookDefaults},
    {"apps.v1.DaemonSet", daemonSetDefaults},
    {"apps.v1.Deployment", deploymentDefaults},
    {"apps.v1.ReplicaSet", replicaSetDefaults},
    {"apps.v1.StatefulSet", statefulSetDefaults},
    {"autoscaling.v1.HorizontalPodAutoscaler", autoscalerV1Defaults},
    {"autoscaling.v2.HorizontalPodAutoscaler", autoscalerV2Defaults},
    {"batch.v1.CronJob", cronJobDefaults},
    {"batch.v1.Job", jobDefaults},
    {"batch.v1.PodFailurePolicyOnPodConditionsPattern", podConditionPatternDefaults},
    {"core.v1.EndpointPort", endpointPortDefaults},
    {"core.v1.LimitRangeItem", limitRangeItemDefaults},
    {"core.v1.Namespace", namespaceDefaults},
    {"core.v1.NodeStatus", nodeStatusDefaults},
    {"core.v1.PersistentVolume", volumeObjectDefaults},
    {"core.v1.PersistentVolumeClaim", volumeClaimDefaults},
    {"core.v1.PersistentVolumeClaimSpec", volumeClaimSpecDefaults},
    {"core.v1.ReplicationController", replicationControllerDefaults},
    {"core.v1.Secret", secretDefaults},
    {"core.v1.Service", serviceDefaults},
    {"core.v1.ServicePort", servicePortDefaults},
    {"discovery.v1.EndpointPort", slicePortDefaults},
    {"flowcontrol.v1.ExemptPriorityLevelConfiguration", exemptLevelDefaults},
    {"flowcontrol.v1.FlowSchemaSpec", flowSchemaSpecDefaults},
    {"flowcontrol.v1.LimitedPriorityLevelConfiguration", limitedLevelDefaults},
    {"flowcontrol.v1.QueuingConfiguration", queuingDefaults},
    {"networking.v1.IngressClass", ingressClassDefaults},
    {"networking.v1.NetworkPolicy", networkPolicyDefaults},
    {"networking.v1.NetworkPolicyPort", policyPortDefaults},
    {"rbac.v1.ClusterRoleBinding", bindingDefaults},
    {"rbac.v1.RoleBinding", bindingDefaults},
    {"rbac.v1.Subject", subjectDefaults},
    {"scheduling.v1.PriorityClass", priorityClassDefaults},
    {"storage.v1.CSIDriverSpec", csiDriverSpecDefaults},
    {"storage.v1.StorageClass", storageClassDefaults},
};

DefaultRule ruleOf(std::string_view model)
{
    constexpr std::string_view prefix = "io.k8s.api.";
    if (const DefaultRule rule = podDefaultRule(model))
        return rule;
    if (!model.starts_with(prefix))
        return nullptr;
    const auto name = model.substr(prefix.size());
    const auto found = std::ranges::lower_bound(kRules, name, {}, &NamedDefaultRule::model);
    return found != std::end(kRules) && found->model == name ? found->rule : nullptr;
}

void roundToMilli(Draft &amounts)
{
    for (auto &[name, amount] : amounts.members()) {
        if (const auto quantity = schema::Quantity::parsed(amount.text()))
            amount = Draft(Value(quantity->roundedUp(kMilli).text()));
    }
}

} // namespace

void applyDefaults(Draft &object, const Type &type)
{
    switch (type.kind()) {
    case Kind::List:
        if (object.isList() && type.element()->kind() >= Kind::Map) {
            for (Draft &item : object.items())
                applyDefaults(item, *type.element());
        }
        return;
    case Kind::Map:
        if (!object.isMap())
            return;
        if (type.element()->kind() == Kind::Quantity)
            roundToMilli(object);
        else if (type.element()->kind() >= Kind::Map) {
            for (auto &[key, member] : object.members())
                applyDefaults(member, *type.element());
        }
        return;
    case Kind::Struct:
        if (!object.isMap())
            return;
        if (const DefaultRule rule = ruleOf(type.name()))
            rule(object);
        for (auto &[key, member] : object.members()) {
            const schema::Field *field = type.exactField(key);
            if (field && field->type().kind() >= Kind::Map)
                applyDefaults(member, field->type());
        }
        return;
    default: return;
    }
}

Expected<Value> withDefaults(const Value &object, const Type &type)
{
    const Expected<Value> typed = schema::asTyped(object, type, schema::UnknownFields::Drop);
    if (!typed)
        return object;
    const Draft before(*typed);
    Draft after = before;
    applyDefaults(after, type);
    // Also without any default: the original fails on lists without merge keys here, whatever they hold.
    const Expected<Draft> patch = strategicTwoWayPatch(before, after, type);
    if (!patch)
        return std::unexpected(patch.error().in("defaults"));
    if (patch->members().empty())
        return object;
    const Expected<Draft> merged = strategicallyMerged(Draft(object), *patch, type);
    if (!merged)
        return std::unexpected(merged.error().in("defaults"));
    return merged->toValue();
}

} // namespace tiphys::compare
