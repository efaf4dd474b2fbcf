// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "rollout/lint.h"
#include "schema/typed.h"

#include <map>
#include <string>
#include <string_view>

namespace tiphys::rollout {

using object::Value;

namespace {

/// "Type: field field:TypeOfIt field[]:TypeOfItems field<>:TypeOfValues": what a Rollout may hold. A field without type
/// holds anything.
/// Source: argo-rollouts pkg/apis/rollouts/v1alpha1/types.go@v1.9.1
constexpr std::string_view kTypes[] = {
    "Rollout apiVersion kind metadata:Meta spec:Spec status",
    "Spec replicas selector:Selector template workloadRef:Workload minReadySeconds rollbackWindow:Window "
    "strategy:Strategy revisionHistoryLimit paused progressDeadlineSeconds progressDeadlineAbort restartAt "
    "analysis:History",
    "Selector matchLabels matchExpressions[]:Requirement",
    "Requirement key operator values",
    "Workload apiVersion kind name scaleDown",
    "Window revisions",
    "History successfulRunHistoryLimit unsuccessfulRunHistoryLimit",
    "Strategy blueGreen:BlueGreen canary:Canary",
    "BlueGreen activeService previewService previewReplicaCount autoPromotionEnabled autoPromotionSeconds "
    "maxUnavailable scaleDownDelaySeconds scaleDownDelayRevisionLimit prePromotionAnalysis:Analysis "
    "antiAffinity:AntiAffinity postPromotionAnalysis:Analysis previewMetadata:PodMeta activeMetadata:PodMeta "
    "abortScaleDownDelaySeconds",
    "Canary canaryService stableService steps[]:Step trafficRouting:Routing maxUnavailable maxSurge "
    "analysis:Background antiAffinity:AntiAffinity canaryMetadata:PodMeta stableMetadata:PodMeta "
    "scaleDownDelaySeconds scaleDownDelayRevisionLimit abortScaleDownDelaySeconds dynamicStableScale "
    "pingPong:PingPong minPodsPerReplicaSet replicaProgressThreshold:Threshold",
    "AntiAffinity preferredDuringSchedulingIgnoredDuringExecution:Weight "
    "requiredDuringSchedulingIgnoredDuringExecution:Nothing",
    "Weight weight",
    "Nothing",
    "PodMeta labels annotations",
    "PingPong pingService pongService",
    "Threshold type value",
    "Step setWeight pause:Pause experiment:Experiment analysis:Analysis setCanaryScale:Scale "
    "setHeaderRoute:HeaderRoute setMirrorRoute:MirrorRoute plugin:Plugin",
    "Pause duration",
    "Scale weight replicas matchTrafficWeight",
    "HeaderRoute name match[]:HeaderMatch",
    "HeaderMatch headerName headerValue:TextMatch",
    "TextMatch exact prefix regex",
    "MirrorRoute name match[]:RouteMatch percentage",
    "RouteMatch method:TextMatch path:TextMatch headers<>:TextMatch",
    "Plugin name config",
    "Analysis templates[]:Reference args[]:Argument dryRun[]:DryRun measurementRetention[]:Retention "
    "analysisRunMetadata:PodMeta",
    "Background templates[]:Reference args[]:Argument dryRun[]:DryRun measurementRetention[]:Retention "
    "analysisRunMetadata:PodMeta startingStep",
    "Reference templateName clusterScope",
    "Argument name value valueFrom:ValueFrom",
    "ValueFrom podTemplateHashValue fieldRef:FieldRef",
    "FieldRef fieldPath",
    "DryRun metricName",
    "Retention metricName limit",
    "Experiment templates[]:ExperimentTemplate duration analyses[]:ExperimentAnalysis dryRun[]:DryRun "
    "analysisRunMetadata:PodMeta scaleDownDelaySeconds",
    "ExperimentTemplate name specRef replicas metadata:PodMeta selector:Selector weight service:ServiceName",
    "ServiceName name",
    "ExperimentAnalysis name templateName clusterScope args[]:Argument requiredForCompletion",
    "Routing istio:Istio nginx:Nginx alb:Alb smi:Smi ambassador:Ambassador appMesh:AppMesh traefik:Traefik "
    "managedRoutes[]:ServiceName apisix:Apisix plugins maxTrafficWeight",
    "Istio virtualService:VirtualService destinationRule:DestinationRule virtualServices[]:VirtualService",
    "VirtualService name routes tlsRoutes[]:TlsRoute tcpRoutes[]:TcpRoute",
    "TlsRoute port sniHosts",
    "TcpRoute port",
    "DestinationRule name canarySubsetName stableSubsetName additionalSubsetNames",
    "Nginx annotationPrefix stableIngress additionalIngressAnnotations stableIngresses canaryIngressAnnotations",
    "Alb ingress servicePort rootService annotationPrefix stickinessConfig:Stickiness ingresses",
    "Stickiness enabled durationSeconds",
    "Smi rootService trafficSplitName",
    "Ambassador mappings",
    "AppMesh virtualService:MeshService virtualNodeGroup:MeshNodes",
    "MeshService name routes",
    "MeshNodes canaryVirtualNodeRef:ServiceName stableVirtualNodeRef:ServiceName",
    "Traefik weightedTraefikServiceName",
    "Apisix route:ApisixRoute",
    "ApisixRoute name rules",
};

enum class Holds { One, List, Map };
struct KnownField
{
    Holds holds = Holds::One;
    std::string_view type;
};
using KnownFields = std::map<std::string_view, KnownField>;

std::map<std::string_view, KnownFields> parsedTypes()
{
    std::map<std::string_view, KnownFields> types;
    for (const std::string_view line : kTypes) {
        const std::vector<std::string_view> words = split(line, ' ');
        KnownFields &fields = types[words.front()];
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::size_t colon = words[i].find(':');
            std::string_view name = words[i].substr(0, colon);
            KnownField field;
            if (colon != std::string_view::npos)
                field.type = words[i].substr(colon + 1);
            if (name.ends_with("[]"))
                field.holds = Holds::List;
            if (name.ends_with("<>"))
                field.holds = Holds::Map;
            if (field.holds != Holds::One)
                name.remove_suffix(2);
            fields.emplace(name, field);
        }
    }
    return types;
}

std::string unknownIn(const Value &value, std::string_view type)
{
    static const std::map<std::string_view, KnownFields> types = parsedTypes();
    const auto known = types.find(type);
    if (known == types.end())
        return {};
    for (const auto &[name, held] : value.entries()) {
        const auto field = known->second.find(name);
        if (field == known->second.end())
            return std::string(name);
        std::string found;
        if (field->second.holds == Holds::One)
            found = unknownIn(held, field->second.type);
        for (const Value &item : held.items()) {
            if (found.empty() && field->second.holds == Holds::List)
                found = unknownIn(item, field->second.type);
        }
        for (const auto &[key, item] : held.entries()) {
            if (found.empty() && field->second.holds == Holds::Map)
                found = unknownIn(item, field->second.type);
        }
        if (!found.empty())
            return found;
    }
    return {};
}

} // namespace

std::string unknownField(const Value &rollout)
{
    if (std::string found = unknownIn(rollout, "Rollout"); !found.empty())
        return found;
    const schema::Type *type = schema::typeNamed("io.k8s.api.core.v1.PodTemplateSpec");
    const Expected<Value> typed =
        schema::asTyped(rollout.path({"spec", "template"}), *type, schema::UnknownFields::Refuse);
    if (typed)
        return {};
    // The message ends in: wanted no field 'x'.
    const std::string &message = typed.error().message();
    const std::size_t at = message.find("no field '");
    return at == std::string::npos ? std::string() : message.substr(at + 10, message.size() - at - 11);
}

} // namespace tiphys::rollout
