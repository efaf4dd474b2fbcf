// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/health.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::health {
namespace {

using test::objectOf;

struct CheckCase
{
    std::string name;
    std::string object; ///< flow YAML without apiVersion, kind and metadata.name
    HealthCode status;
    std::string message;
};

/// A table of one kind: rows are objects named "web" with \p head in front of their own fields.
class BuiltinHealth : public testing::TestWithParam<std::pair<std::string, CheckCase>>
{
};

TEST_P(BuiltinHealth, TellsStatusAndMessage)
{
    const auto &[head, row] = GetParam();
    const std::optional<Health> health = builtinHealth(objectOf("{" + head + ", " + row.object + "}"));
    ASSERT_TRUE(health);
    EXPECT_EQ(text(health->status), text(row.status));
    EXPECT_EQ(health->message, row.message);
    EXPECT_FALSE(health->hasFailed);
}

auto rows(const std::string &head, const std::vector<CheckCase> &cases)
{
    std::vector<std::pair<std::string, CheckCase>> result;
    for (const CheckCase &row : cases)
        result.emplace_back(head, row);
    return testing::ValuesIn(result);
}

constexpr auto rowName = [](const auto &row) { return row.param.second.name; };

constexpr HealthCode H = HealthCode::Healthy;
constexpr HealthCode P = HealthCode::Progressing;
constexpr HealthCode D = HealthCode::Degraded;
constexpr HealthCode S = HealthCode::Suspended;
constexpr HealthCode U = HealthCode::Unknown;

INSTANTIATE_TEST_SUITE_P(
    Deployment, BuiltinHealth,
    rows("apiVersion: apps/v1, kind: Deployment",
         {{"Paused", "metadata: {name: web, generation: 2}, spec: {paused: true}", S, "Deployment is paused"},
          {"NotObserved", "metadata: {name: web, generation: 2}, status: {observedGeneration: 1}", P,
           "Waiting for rollout to finish: observed deployment generation less than desired generation"},
          {"DeadlineExceeded",
           "metadata: {name: web}, status: {conditions: [{type: Progressing, reason: ProgressDeadlineExceeded}]}", D,
           "Deployment \"web\" exceeded its progress deadline"},
          {"NotUpdated", "spec: {replicas: 3}, status: {updatedReplicas: 1}", P,
           "Waiting for rollout to finish: 1 out of 3 new replicas have been updated..."},
          {"OldLeft", "spec: {replicas: 3}, status: {updatedReplicas: 3, replicas: 5}", P,
           "Waiting for rollout to finish: 2 old replicas are pending termination..."},
          {"NotAvailable", "spec: {replicas: 3}, status: {updatedReplicas: 3, replicas: 3, availableReplicas: 2}", P,
           "Waiting for rollout to finish: 2 of 3 updated replicas are available..."},
          {"Done", "spec: {replicas: 3}, status: {updatedReplicas: 3, replicas: 3, availableReplicas: 3}", H, ""},
          {"NoReplicasField", "status: {}", H, ""},
          {"OnlyTheFirstProgressingCondition",
           "status: {conditions: [{type: Progressing, reason: x}, {type: Progressing, reason: "
           "ProgressDeadlineExceeded}]}",
           H, ""}}),
    rowName);

INSTANTIATE_TEST_SUITE_P(
    StatefulSet, BuiltinHealth,
    rows("apiVersion: apps/v1, kind: StatefulSet",
         {{"NeverObserved", "spec: {replicas: 1}, status: {}", P,
           "Waiting for statefulset spec update to be observed..."},
          {"NotObserved", "metadata: {generation: 3}, status: {observedGeneration: 2}", P,
           "Waiting for statefulset spec update to be observed..."},
          {"NotReady", "spec: {replicas: 3}, status: {observedGeneration: 1, readyReplicas: 1}", P,
           "Waiting for 2 pods to be ready..."},
          {"PartitionGoing",
           "spec: {replicas: 5, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}}}, status: "
           "{observedGeneration: 1, readyReplicas: 5, updatedReplicas: 3}",
           P, "Waiting for partitioned roll out to finish: 3 out of 4 new pods have been updated..."},
          {"PartitionDone",
           "spec: {replicas: 5, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}}}, status: "
           "{observedGeneration: 1, readyReplicas: 5, updatedReplicas: 4, updateRevision: b, currentRevision: a}",
           H, "partitioned roll out complete: 4 new pods have been updated..."},
          {"RollingWithoutPartition",
           "spec: {replicas: 1, updateStrategy: {type: RollingUpdate, rollingUpdate: {}}}, status: "
           "{observedGeneration: 1, readyReplicas: 1, updatedReplicas: 0}",
           H, "partitioned roll out complete: 0 new pods have been updated..."},
          {"OnDelete", "spec: {updateStrategy: {type: OnDelete}}, status: {observedGeneration: 1, readyReplicas: 2}", H,
           "statefulset has 2 ready pods"},
          {"OtherRevision",
           "spec: {replicas: 2}, status: {observedGeneration: 1, readyReplicas: 2, updatedReplicas: 1, updateRevision: "
           "web-2, currentRevision: web-1}",
           P, "waiting for statefulset rolling update to complete 1 pods at revision web-2..."},
          {"Done",
           "spec: {replicas: 2, updateStrategy: {type: RollingUpdate}}, status: {observedGeneration: 1, readyReplicas: "
           "2, "
           "currentReplicas: 2, updateRevision: web-1, currentRevision: web-1}",
           H, "statefulset rolling update complete 2 pods at revision web-1..."}}),
    rowName);

INSTANTIATE_TEST_SUITE_P(
    DaemonSet, BuiltinHealth,
    rows("apiVersion: apps/v1, kind: DaemonSet",
         {{"NotObserved", "metadata: {name: web, generation: 2}, status: {observedGeneration: 1}", P,
           "Waiting for rollout to finish: observed daemon set generation less than desired generation"},
          {"OnDelete",
           "spec: {updateStrategy: {type: OnDelete}}, status: {updatedNumberScheduled: 1, desiredNumberScheduled: 3}",
           H, "daemon set 1 out of 3 new pods have been updated"},
          {"NotUpdated", "metadata: {name: web}, status: {updatedNumberScheduled: 1, desiredNumberScheduled: 3}", P,
           "Waiting for daemon set \"web\" rollout to finish: 1 out of 3 new pods have been updated..."},
          {"NotAvailable",
           "metadata: {name: web}, status: {updatedNumberScheduled: 3, desiredNumberScheduled: 3, numberAvailable: 2}",
           P, "Waiting for daemon set \"web\" rollout to finish: 2 of 3 updated pods are available..."},
          {"Done", "status: {updatedNumberScheduled: 3, desiredNumberScheduled: 3, numberAvailable: 3}", H, ""}}),
    rowName);

INSTANTIATE_TEST_SUITE_P(
    ReplicaSet, BuiltinHealth,
    rows("apiVersion: apps/v1, kind: ReplicaSet",
         {{"NotObserved", "metadata: {generation: 2}, status: {observedGeneration: 1}", P,
           "Waiting for rollout to finish: observed replica set generation less than desired generation"},
          {"Failure", "status: {conditions: [{type: ReplicaFailure, status: 'True', message: quota exceeded}]}", D,
           "quota exceeded"},
          {"OldFailure", "status: {conditions: [{type: ReplicaFailure, status: 'False', message: quota exceeded}]}", H,
           ""},
          {"NotAvailable", "spec: {replicas: 2}, status: {availableReplicas: 1}", P,
           "Waiting for rollout to finish: 1 out of 2 new replicas are available..."},
          {"Done", "spec: {replicas: 2}, status: {availableReplicas: 2}", H, ""}}),
    rowName);

INSTANTIATE_TEST_SUITE_P(
    Job, BuiltinHealth,
    rows("apiVersion: batch/v1, kind: Job",
         {{"Running", "status: {active: 1}", P, ""},
          {"Complete",
           "status: {conditions: [{type: Complete, status: 'True', message: Reached expected number of succeeded "
           "pods}]}",
           H, "Reached expected number of succeeded pods"},
          {"Failed", "status: {conditions: [{type: Failed, message: Job has reached the specified backoff limit}]}", D,
           "Job has reached the specified backoff limit"},
          {"Suspended", "status: {conditions: [{type: Suspended, status: 'True', message: Job suspended}]}", S, ""},
          {"Resumed", "status: {conditions: [{type: Suspended, status: 'False', message: Job resumed}]}", H,
           "Job resumed"},
          {"FailedAfterSuspension",
           "status: {conditions: [{type: Suspended, status: 'True'}, {type: Failed, message: bad}]}", D, "bad"},
          {"StatusOfOtherConditionsDoesNotMatter", "status: {conditions: [{type: Complete, status: 'False'}]}", H,
           ""}}),
    rowName);

INSTANTIATE_TEST_SUITE_P(
    Pod, BuiltinHealth,
    rows("apiVersion: v1, kind: Pod",
         {{"BackOff",
           "spec: {restartPolicy: Always}, status: {phase: Running, containerStatuses: [{state: {waiting: {reason: "
           "CrashLoopBackOff, message: back-off}}}, {state: {waiting: {reason: ErrImagePull, message: no image}}}]}",
           D, "back-off, no image"},
          {"ErrorReason",
           "spec: {restartPolicy: Always}, status: {phase: Pending, containerStatuses: [{state: {waiting: {reason: "
           "CreateContainerConfigError, message: no secret}}}]}",
           D, "no secret"},
          {"BackOffOfAJobPodIsPending",
           "spec: {restartPolicy: Never}, status: {phase: Pending, message: m, containerStatuses: [{state: {waiting: "
           "{reason: ImagePullBackOff}}}]}",
           P, "m"},
          {"InitBackOffDoesNotCount",
           "spec: {restartPolicy: Always}, status: {phase: Pending, initContainerStatuses: [{state: {waiting: {reason: "
           "CrashLoopBackOff}}}]}",
           P, ""},
          {"Creating",
           "spec: {restartPolicy: Always}, status: {phase: Pending, containerStatuses: [{state: {waiting: {reason: "
           "ContainerCreating}}}]}",
           P, ""},
          {"Succeeded", "status: {phase: Succeeded, message: done}", H, "done"},
          {"FailedWithMessage", "status: {phase: Failed, message: evicted}", D, "evicted"},
          {"FailedWithTerminationMessage",
           "status: {phase: Failed, containerStatuses: [{name: c, state: {terminated: {message: boom, exitCode: 1}}}]}",
           D, "boom"},
          {"FailedOutOfMemory",
           "status: {phase: Failed, containerStatuses: [{name: c, state: {terminated: {reason: OOMKilled, exitCode: "
           "137}}}]}",
           D, "OOMKilled"},
          {"FailedWithExitCode",
           "status: {phase: Failed, containerStatuses: [{name: c, state: {terminated: {exitCode: 3}}}]}", D,
           "container \"c\" failed with exit code 3"},
          {"FailedInitContainerFirst",
           "status: {phase: Failed, initContainerStatuses: [{name: i, state: {terminated: {exitCode: 2}}}], "
           "containerStatuses: [{name: c, state: {terminated: {exitCode: 3}}}]}",
           D, "container \"i\" failed with exit code 2"},
          {"FailedWithoutCause", "status: {phase: Failed}", D, ""},
          {"Ready",
           "spec: {restartPolicy: Always}, status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}", H,
           ""},
          {"Restarted",
           "spec: {restartPolicy: Always}, status: {phase: Running, containerStatuses: [{lastState: {terminated: "
           "{exitCode: 1}}}]}",
           D, ""},
          {"NotReadyYet", "spec: {restartPolicy: Always}, status: {phase: Running}", P, ""},
          {"RunningToItsEnd",
           "spec: {restartPolicy: OnFailure}, status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}", P,
           ""},
          {"RunningWithoutPolicy", "status: {phase: Running}", U, ""},
          {"NoPhase", "status: {}", U, ""}}),
    rowName);

INSTANTIATE_TEST_SUITE_P(Service, BuiltinHealth,
                         rows("apiVersion: v1, kind: Service",
                              {{"ClusterIp", "spec: {type: ClusterIP}", H, ""},
                               {"LoadBalancerWithoutAddress", "spec: {type: LoadBalancer}", P, ""},
                               {"LoadBalancerWithAddress",
                                "spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: [{ip: 10.0.0.1}]}}", H,
                                ""}}),
                         rowName);

INSTANTIATE_TEST_SUITE_P(Ingress, BuiltinHealth,
                         rows("apiVersion: networking.k8s.io/v1, kind: Ingress",
                              {{"WithoutAddress", "status: {loadBalancer: {ingress: []}}", P, ""},
                               {"WithAddress", "status: {loadBalancer: {ingress: [{hostname: h}]}}", H, ""}}),
                         rowName);

INSTANTIATE_TEST_SUITE_P(OldIngress, BuiltinHealth,
                         rows("apiVersion: extensions/v1beta1, kind: Ingress", {{"WithoutStatus", "spec: {}", P, ""}}),
                         rowName);

INSTANTIATE_TEST_SUITE_P(PersistentVolumeClaim, BuiltinHealth,
                         rows("apiVersion: v1, kind: PersistentVolumeClaim",
                              {{"Lost", "status: {phase: Lost}", D, ""},
                               {"Pending", "status: {phase: Pending}", P, ""},
                               {"Bound", "status: {phase: Bound}", H, ""},
                               {"Other", "status: {}", U, ""}}),
                         rowName);

INSTANTIATE_TEST_SUITE_P(
    AutoscalerV2, BuiltinHealth,
    rows("apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler",
         {{"Nothing", "status: {}", P, "Waiting to Autoscale"},
          {"CannotScale", "status: {conditions: [{type: AbleToScale, reason: FailedGetScale, message: m}]}", D, "m"},
          {"NoMetric",
           "status: {conditions: [{type: AbleToScale, status: 'True', message: ok}, {type: ScalingActive, reason: "
           "FailedGetResourceMetric, message: no metrics}]}",
           D, "no metrics"},
          {"BadSelector", "status: {conditions: [{type: ScalingActive, reason: InvalidSelector, message: s}]}", D, "s"},
          {"Able", "status: {conditions: [{type: AbleToScale, status: 'True', message: ready}]}", H, "ready"},
          {"Limited", "status: {conditions: [{type: ScalingLimited, status: 'True', message: too few}]}", H, "too few"},
          {"ReasonOfAnotherType",
           "status: {conditions: [{type: AbleToScale, reason: InvalidSelector, status: 'False', message: x}]}", P,
           "Waiting to Autoscale"}}),
    rowName);

INSTANTIATE_TEST_SUITE_P(AutoscalerV1, BuiltinHealth,
                         rows("apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler",
                              {{"NoAnnotation", "spec: {}", P, "Waiting to Autoscale"},
                               {"EmptyList",
                                "metadata: {annotations: {autoscaling.alpha.kubernetes.io/conditions: '[]'}}", P,
                                "Waiting to Autoscale"},
                               {"Degraded",
                                "metadata: {annotations: {autoscaling.alpha.kubernetes.io/conditions: "
                                "'[{\"type\":\"AbleToScale\",\"status\":\"True\"},{\"type\":\"ScalingActive\","
                                "\"status\":\"False\",\"reason\":"
                                "\"FailedGetExternalMetric\",\"message\":\"gone\"}]'}}",
                                D, "gone"}}),
                         rowName);

INSTANTIATE_TEST_SUITE_P(
    ApiService, BuiltinHealth,
    rows("apiVersion: apiregistration.k8s.io/v1, kind: APIService",
         {{"Available", "status: {conditions: [{type: Available, status: 'True', reason: Local, message: l}]}", H,
           "Local: l"},
          {"NotAvailable", "status: {conditions: [{type: Available, status: 'False', reason: R, message: m}]}", P,
           "R: m"},
          {"NoCondition", "status: {}", P, "Waiting to be processed"}}),
    rowName);

INSTANTIATE_TEST_SUITE_P(Workflow, BuiltinHealth,
                         rows("apiVersion: argoproj.io/v1alpha1, kind: Workflow",
                              {{"NoPhase", "spec: {}", P, ""},
                               {"Running", "status: {phase: Running, message: m}", P, "m"},
                               {"Succeeded", "status: {phase: Succeeded}", H, ""},
                               {"Failed", "status: {phase: Failed}", D, ""},
                               {"Error", "status: {phase: Error, message: e}", D, "e"},
                               {"Other", "status: {phase: Skipped}", U, ""}}),
                         rowName);

struct FailCase
{
    std::string name;
    std::string object;
    std::string message;
};

class FailedCheck : public testing::TestWithParam<FailCase>
{
};

TEST_P(FailedCheck, IsUnknownAndSaysWhy)
{
    const std::optional<Health> health = builtinHealth(objectOf(GetParam().object));
    ASSERT_TRUE(health);
    EXPECT_EQ(health->status, U);
    EXPECT_TRUE(health->hasFailed);
    EXPECT_EQ(health->message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Health, FailedCheck,
    testing::Values(
        FailCase{"OldDeployment", "{apiVersion: apps/v1beta1, kind: Deployment}",
                 "unsupported Deployment GVK: apps/v1beta1, Kind=Deployment"},
        FailCase{"OldAutoscaler", "{apiVersion: autoscaling/v2beta2, kind: HorizontalPodAutoscaler}",
                 "unsupported HPA GVK: autoscaling/v2beta2, Kind=HorizontalPodAutoscaler"},
        FailCase{"NewPod", "{apiVersion: v2, kind: Pod}", "unsupported Pod GVK: /v2, Kind=Pod"},
        FailCase{"MistypedField", "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: three}}",
                 "failed to convert unstructured Deployment to typed: spec.replicas: must be an integer, is text"}),
    [](const auto &row) { return row.param.name; });

} // namespace
} // namespace tiphys::health
