// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// Private to the folder.
namespace tiphys::rollout {

/// "Struct field:type …", a line for each struct of a Rollout. A type is a struct, a scalar, "[]item", "<>value" or
/// "~Name", which is a text of a named type; "+Struct" takes the members of another one in.
/// Source: argo-rollouts pkg/apis/rollouts/v1alpha1/types.go@v1.9.3
inline constexpr std::string_view kOwnTypes[] = {
    "ALBStatus loadBalancer:AwsResourceRef canaryTargetGroup:AwsResourceRef stableTargetGroup:AwsResourceRef "
    "ingress:string",
    "ALBTrafficRouting ingress:string servicePort:int32 rootService:string annotationPrefix:string "
    "stickinessConfig:StickinessConfig ingresses:[]string",
    "AmbassadorTrafficRouting mappings:[]string",
    "AnalysisRunArgument name:string value:string valueFrom:ArgumentValueFrom",
    "AnalysisRunMetadata labels:<>string annotations:<>string",
    "AnalysisRunStrategy successfulRunHistoryLimit:int32 unsuccessfulRunHistoryLimit:int32",
    "AnalysisTemplateRef templateName:string clusterScope:bool",
    "AntiAffinity "
    "preferredDuringSchedulingIgnoredDuringExecution:PreferredDuringSchedulingIgnoredDuringExecution "
    "requiredDuringSchedulingIgnoredDuringExecution:RequiredDuringSchedulingIgnoredDuringExecution",
    "ApisixRoute name:string rules:[]string",
    "ApisixTrafficRouting route:ApisixRoute",
    "AppMeshTrafficRouting virtualService:AppMeshVirtualService virtualNodeGroup:AppMeshVirtualNodeGroup",
    "AppMeshVirtualNodeGroup canaryVirtualNodeRef:AppMeshVirtualNodeReference "
    "stableVirtualNodeRef:AppMeshVirtualNodeReference",
    "AppMeshVirtualNodeReference name:string",
    "AppMeshVirtualService name:string routes:[]string",
    "ArgumentValueFrom podTemplateHashValue:~ValueFromPodTemplateHash fieldRef:FieldRef",
    "AwsResourceRef name:string arn:string fullName:string",
    "BlueGreenStatus previewSelector:string activeSelector:string scaleUpPreviewCheckPoint:bool "
    "prePromotionAnalysisRunStatus:RolloutAnalysisRunStatus "
    "postPromotionAnalysisRunStatus:RolloutAnalysisRunStatus",
    "BlueGreenStrategy activeService:string previewService:string previewReplicaCount:int32 "
    "autoPromotionEnabled:bool autoPromotionSeconds:int32 maxUnavailable:IntOrString "
    "scaleDownDelaySeconds:int32 scaleDownDelayRevisionLimit:int32 prePromotionAnalysis:RolloutAnalysis "
    "antiAffinity:AntiAffinity postPromotionAnalysis:RolloutAnalysis previewMetadata:PodTemplateMetadata "
    "activeMetadata:PodTemplateMetadata abortScaleDownDelaySeconds:int32",
    "CanaryStatus currentStepAnalysisRunStatus:RolloutAnalysisRunStatus "
    "currentBackgroundAnalysisRunStatus:RolloutAnalysisRunStatus currentExperiment:string "
    "weights:TrafficWeights stablePingPong:~PingPongType stepPluginStatuses:[]StepPluginStatus",
    "CanaryStep setWeight:int32 pause:RolloutPause experiment:RolloutExperimentStep analysis:RolloutAnalysis "
    "setCanaryScale:SetCanaryScale setHeaderRoute:SetHeaderRoute setMirrorRoute:SetMirrorRoute "
    "plugin:PluginStep",
    "CanaryStrategy canaryService:string stableService:string steps:[]CanaryStep "
    "trafficRouting:RolloutTrafficRouting maxUnavailable:IntOrString maxSurge:IntOrString "
    "analysis:RolloutAnalysisBackground antiAffinity:AntiAffinity canaryMetadata:PodTemplateMetadata "
    "stableMetadata:PodTemplateMetadata scaleDownDelaySeconds:int32 scaleDownDelayRevisionLimit:int32 "
    "abortScaleDownDelaySeconds:int32 dynamicStableScale:bool pingPong:PingPongSpec minPodsPerReplicaSet:int32 "
    "replicaProgressThreshold:ReplicaProgressThreshold",
    "DryRun metricName:string",
    "FieldRef fieldPath:string",
    "HeaderRoutingMatch headerName:string headerValue:StringMatch",
    "IstioDestinationRule name:string canarySubsetName:string stableSubsetName:string "
    "additionalSubsetNames:[]string",
    "IstioTrafficRouting virtualService:IstioVirtualService destinationRule:IstioDestinationRule "
    "virtualServices:[]IstioVirtualService",
    "IstioVirtualService name:string routes:[]string tlsRoutes:[]TLSRoute tcpRoutes:[]TCPRoute",
    "MangedRoutes name:string",
    "MeasurementRetention metricName:string limit:int32",
    "NginxTrafficRouting annotationPrefix:string stableIngress:string additionalIngressAnnotations:<>string "
    "stableIngresses:[]string canaryIngressAnnotations:<>string",
    "ObjectRef apiVersion:string kind:string name:string scaleDown:string",
    "PauseCondition reason:~PauseReason startTime:Time",
    "PingPongSpec pingService:string pongService:string",
    "PluginStep name:string config:RawMessage",
    "PodTemplateMetadata labels:<>string annotations:<>string",
    "PreferredDuringSchedulingIgnoredDuringExecution weight:int32",
    "ReplicaProgressThreshold type:~ProgressType value:int32",
    "RequiredDuringSchedulingIgnoredDuringExecution",
    "RollbackWindowSpec revisions:int32",
    "Rollout +TypeMeta metadata:ObjectMeta spec:RolloutSpec status:RolloutStatus",
    "RolloutAnalysis templates:[]AnalysisTemplateRef args:[]AnalysisRunArgument dryRun:[]DryRun "
    "measurementRetention:[]MeasurementRetention analysisRunMetadata:AnalysisRunMetadata",
    "RolloutAnalysisBackground +RolloutAnalysis startingStep:int32",
    "RolloutAnalysisRunStatus name:string status:~AnalysisPhase message:string",
    "RolloutCondition type:~RolloutConditionType status:~v1.ConditionStatus lastUpdateTime:Time "
    "lastTransitionTime:Time reason:string message:string",
    "RolloutExperimentStep templates:[]RolloutExperimentTemplate duration:~DurationString "
    "analyses:[]RolloutExperimentStepAnalysisTemplateRef dryRun:[]DryRun "
    "analysisRunMetadata:AnalysisRunMetadata scaleDownDelaySeconds:int32",
    "RolloutExperimentStepAnalysisTemplateRef name:string templateName:string clusterScope:bool "
    "args:[]AnalysisRunArgument requiredForCompletion:bool",
    "RolloutExperimentTemplate name:string specRef:~ReplicaSetSpecRef replicas:int32 "
    "metadata:PodTemplateMetadata selector:LabelSelector weight:int32 service:TemplateService",
    "RolloutPause duration:IntOrString",
    "RolloutSpec replicas:int32 selector:LabelSelector template:PodTemplateSpec workloadRef:ObjectRef "
    "minReadySeconds:int32 rollbackWindow:RollbackWindowSpec strategy:RolloutStrategy "
    "revisionHistoryLimit:int32 paused:bool progressDeadlineSeconds:int32 progressDeadlineAbort:bool "
    "restartAt:Time analysis:AnalysisRunStrategy",
    "RolloutStatus abort:bool pauseConditions:[]PauseCondition controllerPause:bool abortedAt:Time "
    "currentPodHash:string currentStepHash:string replicas:int32 updatedReplicas:int32 readyReplicas:int32 "
    "availableReplicas:int32 currentStepIndex:int32 collisionCount:int32 observedGeneration:string "
    "conditions:[]RolloutCondition canary:CanaryStatus blueGreen:BlueGreenStatus HPAReplicas:int32 "
    "selector:string stableRS:string restartedAt:Time promoteFull:bool phase:~RolloutPhase message:string "
    "workloadObservedGeneration:string alb:ALBStatus albs:[]ALBStatus",
    "RolloutStrategy blueGreen:BlueGreenStrategy canary:CanaryStrategy",
    "RolloutTrafficRouting istio:IstioTrafficRouting nginx:NginxTrafficRouting alb:ALBTrafficRouting "
    "smi:SMITrafficRouting ambassador:AmbassadorTrafficRouting appMesh:AppMeshTrafficRouting "
    "traefik:TraefikTrafficRouting managedRoutes:[]MangedRoutes apisix:ApisixTrafficRouting "
    "plugins:<>RawMessage maxTrafficWeight:int32",
    "RouteMatch method:StringMatch path:StringMatch headers:<>StringMatch",
    "SMITrafficRouting rootService:string trafficSplitName:string",
    "SetCanaryScale weight:int32 replicas:int32 matchTrafficWeight:bool",
    "SetHeaderRoute name:string match:[]HeaderRoutingMatch",
    "SetMirrorRoute name:string match:[]RouteMatch percentage:int32",
    "StepPluginStatus index:int32 name:string operation:~StepPluginOperation phase:~StepPluginPhase "
    "message:string startedAt:Time updatedAt:Time finishedAt:Time backoff:~DurationString executions:int32 "
    "disabled:bool status:RawMessage",
    "StickinessConfig enabled:bool durationSeconds:int64",
    "StringMatch exact:string prefix:string regex:string",
    "TCPRoute port:int64",
    "TLSRoute port:int64 sniHosts:[]string",
    "TemplateService name:string",
    "TraefikTrafficRouting weightedTraefikServiceName:string",
    "TrafficWeights canary:WeightDestination stable:WeightDestination additional:[]WeightDestination "
    "verified:bool",
    "TypeMeta kind:string apiVersion:string",
    "WeightDestination weight:int32 serviceName:string podTemplateHash:string",
};

} // namespace tiphys::rollout
