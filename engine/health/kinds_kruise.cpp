// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

bool isCurrentGeneration(const Field &object, const Field &status)
{
    return isGeneration(object, status, "observedGeneration");
}

/// True from the second generation on.
bool isUpdate(const Field &object)
{
    return isLess(object.evaluation(), 1, object["metadata"]["generation"]);
}

Health advancedCronJob(const Field &object)
{
    const Field status = object["status"];
    const Field scheduled = status["lastScheduleTime"];
    if (scheduled.exists())
        (void)textArgument(object.evaluation(), scheduled, "match");
    if (scheduled.isNil() && object["spec"]["paused"].is(true))
        return suspended("AdvancedCronJob is Paused");
    if (status["active"].exists() && status["active"].length() > 0)
        return progressing("AdvancedCronJobs has active jobs");
    return scheduled.isNil() ? degraded("AdvancedCronJobs has not run successfully")
                             : healthy("AdvancedCronJobs has run successfully");
}

Health broadcastJob(const Field &object)
{
    const Field status = object["status"];
    if (status.exists()) {
        const Field desired = status["desired"];
        const Field phase = status["phase"];
        if (desired == status["succeeded"] && phase == "completed")
            return healthy("BroadcastJob is completed successfully");
        if (!(status["failed"] == 0) && phase == "failed")
            return degraded("BroadcastJob failed");
        if (phase == "paused" && object["spec"]["paused"].is(true))
            return suspended("BroadcastJob is Paused");
    }
    return progressing("BroadcastJob is still running");
}

Health cloneSet(const Field &object)
{
    const Health waiting = progressing("Waiting for initialization");
    const Field status = object["status"];
    if (status.isNil() || !isCurrentGeneration(object, status))
        return waiting;
    const Field strategy = object["spec"]["updateStrategy"];
    const Field available = status["updatedAvailableReplicas"];
    if (strategy["paused"].is(true) || !available.isTruthy())
        return suspended("Cloneset is paused");
    if (!(strategy["partition"] == 0) && isUpdate(object))
        return isAtMost(object.evaluation(), status["expectedUpdatedReplicas"], status["updatedReplicas"])
                   ? suspended("Cloneset needs manual intervention")
                   : waiting;
    return available == status["replicas"] ? healthy("All Cloneset workloads are ready and updated")
                                           : degraded("Some replicas are not ready or available");
}

Health kruiseStatefulSet(const Field &object)
{
    const Health waiting = progressing("Waiting for initialization");
    const Field status = object["status"];
    if (status.isNil() || !isCurrentGeneration(object, status))
        return waiting;
    const Field rolling = object["spec"]["updateStrategy"]["rollingUpdate"];
    const Field available = status["updatedAvailableReplicas"];
    const Field replicas = status["replicas"];
    Evaluation &evaluation = object.evaluation();
    if (rolling["paused"].is(true) || !available.isTruthy())
        return suspended("Statefulset is paused");
    if (!(rolling["partition"] == 0) && isUpdate(object))
        return isLess(evaluation, difference(evaluation, replicas, rolling["partition"]), status["updatedReplicas"])
                   ? suspended("Statefulset needs manual intervention")
                   : waiting;
    return available == replicas ? healthy("All Statefulset workloads are ready and updated")
                                 : degraded("Some replicas are not ready or available");
}

Health kruiseDaemonSet(const Field &object)
{
    const Health waiting = progressing("Waiting for initialization");
    const Field status = object["status"];
    if (status.isNil() || !isCurrentGeneration(object, status))
        return waiting;
    Evaluation &evaluation = object.evaluation();
    const Field rolling = object["spec"]["updateStrategy"]["rollingUpdate"];
    const Field updated = status["updatedNumberScheduled"];
    const Field desired = status["desiredNumberScheduled"];
    if (rolling["paused"].is(true) || !updated.isTruthy())
        return suspended("Daemonset is paused");
    const Field partition = rolling["partition"];
    if (partition.exists() && !(partition == 0) && isUpdate(object))
        return isLess(evaluation, difference(evaluation, desired, partition), updated)
                   ? suspended("Daemonset needs manual intervention")
                   : waiting;
    if (!(updated == desired))
        return waiting;
    if (status["numberAvailable"] == desired)
        return healthy("All Daemonset workloads are ready and updated");
    return status["numberUnavailable"] == desired ? degraded("Some pods are not ready or available") : waiting;
}

Health gameServer(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field status = object["status"];
    if (!status.isTruthy())
        return unknown("Waiting for GameServer to be ready");
    const Field current = status["currentState"];
    const Field desired = status["desiredState"];
    if (!(current == desired))
        return progressing(
            concat(evaluation, {"State change: ", current.orElse("Unknown"), " → ", desired.orElse("Unknown")}));
    const Field pod = status["podStatus"];
    if (pod.isTruthy() && pod["conditions"].isTruthy()) {
        for (const auto &[key, condition] : pod["conditions"].items()) {
            if (condition["type"] == "KruisePodReady" && !(condition["status"] == "True"))
                return degraded("Pod is not ready: KruisePodReady");
        }
    }
    return current == "Ready" ? healthy("GameServer is Ready") : unknown("Waiting for GameServer to be ready");
}

Health gameServerSet(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Health waiting = progressing("Waiting for GameServerSet initialization");
    const Field status = object["status"];
    if (!status.isTruthy() || !isCurrentGeneration(object, status))
        return waiting;
    static const object::Value kZero(0);
    const Field zero(object::View(kZero), &evaluation);
    Field rolling = object["spec"]["updateStrategy"];
    if (rolling.isTruthy())
        rolling = rolling["rollingUpdate"];
    Field partition = zero;
    if (rolling.isTruthy()) {
        if (rolling["paused"].is(true))
            return suspended("GameServerSet is paused");
        partition = rolling["partition"].orElse(zero);
    }
    const Field replicas = status["replicas"].orElse(zero);
    if (!(partition == 0)
        && isAtMost(evaluation, difference(evaluation, replicas, partition), status["updatedReplicas"].orElse(zero)))
        return suspended(concat(evaluation, {"Partition=", partition, ", waiting for manual intervention"}));
    if (status["updatedReadyReplicas"].orElse(zero) == replicas)
        return healthy("All GameServerSet replicas are updated and ready");
    const Field ready = status["readyReplicas"].orElse(zero);
    if (isLess(evaluation, ready, replicas))
        return progressing(concat(evaluation, {"ReadyReplicas ", ready, "/", replicas, ", still progressing"}));
    return waiting;
}

Health kruiseRollout(const Field &object)
{
    const Field status = object["status"];
    if (isCurrentGeneration(object, status)) {
        const Field step = status["canaryStatus"]["currentStepState"];
        const Field phase = status["phase"];
        if (step == "StepPaused" && phase == "Progressing")
            return suspended("Rollout is Paused need manual intervention");
        if (step == "Completed" && phase == "Healthy")
            return healthy("Rollout is Completed");
        if (step == "StepPaused" && (phase == "Terminating" || phase == "Disabled"))
            return degraded("Rollout is Disabled or Terminating");
    }
    return progressing("Rollout is still progressing");
}

constexpr KindRule kRules[] = {
    {"apps.kruise.io", "AdvancedCronJob",
     OwnRule{advancedCronJob,
             "Paused and never scheduled is **Suspended**; active jobs **Progressing**; never scheduled **Degraded**; "
             "else **Healthy**. Without `status` the check fails."}},
    {"apps.kruise.io", "BroadcastJob",
     OwnRule{broadcastJob,
             "`completed` with `succeeded` as `desired` is **Healthy**; `failed` with failures **Degraded**; `paused` "
             "and `spec.paused` **Suspended**; else **Progressing**."}},
    {"apps.kruise.io", "CloneSet",
     OwnRule{
         cloneSet,
         "A generation not observed is **Progressing**; paused or nothing available **Suspended**; with a partition "
         "(or none at all) from generation 2 on **Suspended** once the expected replicas are updated, before "
         "**Progressing**; all replicas available **Healthy**, else **Degraded**."}},
    {"apps.kruise.io", "DaemonSet",
     OwnRule{
         kruiseDaemonSet,
         "A generation not observed is **Progressing**; paused or nothing scheduled **Suspended**; with a partition "
         "from generation 2 on **Suspended** once it is updated; all updated and available **Healthy**; all updated "
         "and unavailable **Degraded**; else **Progressing**."}},
    {"apps.kruise.io", "StatefulSet",
     OwnRule{kruiseStatefulSet,
             "As CloneSet, by `spec.updateStrategy.rollingUpdate`; **Suspended** once more than the partition is "
             "updated."}},
    {"game.kruise.io", "GameServer",
     OwnRule{gameServer,
             "A current state that is not the desired one is **Progressing**; a pod not ready **Degraded**; `Ready` "
             "**Healthy**; else **Unknown**."}},
    {"game.kruise.io", "GameServerSet",
     OwnRule{gameServerSet,
             "A generation not observed is **Progressing**; paused or a partition that is updated **Suspended**; all "
             "updated and ready **Healthy**; else **Progressing**."}},
    {"rollouts.kruise.io", "Rollout",
     OwnRule{kruiseRollout,
             "By step and phase: `StepPaused` while `Progressing` is **Suspended**, `Completed` and `Healthy` "
             "**Healthy**, `StepPaused` while `Terminating` or `Disabled` **Degraded**; else **Progressing**."}},
};

} // namespace

std::span<const KindRule> kruiseRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
