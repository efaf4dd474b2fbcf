// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

Health customResourceDefinition(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    if (object["metadata"]["deletionTimestamp"].exists())
        return progressing("CRD is terminating");
    const Field conditions = object["status"]["conditions"];
    if (conditions.isNil() || conditions.length() == 0)
        return progressing("Status conditions not found");
    bool isEstablished = false;
    for (const auto &[key, condition] : conditions.each()) {
        const Field type = condition["type"];
        const Field status = condition["status"];
        if (type == "Terminating" && status == "True")
            return progressing(concat(evaluation, {"CRD is terminating: ", condition["message"]}));
        if (type == "NamesAccepted" && status == "False")
            return degraded(concat(evaluation, {"CRD names have not been accepted: ", condition["message"]}));
        if (type == "NonStructuralSchema" && status == "True")
            return degraded(concat(evaluation, {"Schema violations found: ", condition["message"]}));
        if (type == "Established") {
            if (status == "True")
                isEstablished = true;
            else if (condition["reason"] == "Installing")
                return progressing("CRD is being installed");
        }
    }
    return isEstablished ? healthy("CRD is healthy") : degraded("CRD is not established");
}

Health cronJob(const Field &object)
{
    if (object["spec"]["suspend"].is(true))
        return healthy("CronJob is Suspended");
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for CronJob");
    const Field scheduled = status["lastScheduleTime"];
    if (scheduled.isNil())
        return healthy("CronJob has not been scheduled yet");
    const Field successful = status["lastSuccessfulTime"];
    if (successful.isNil())
        return healthy("The CronJob never completed successfully. It may not be healthy");
    const Field active = status["active"];
    if (active.exists() && countOf(active) > 0)
        return healthy("The job is running. Its last execution may not have been successful");
    if (isLess(object.evaluation(), successful, scheduled))
        return degraded("CronJob has not completed its last execution successfully");
    return healthy("CronJob has completed its last execution successfully");
}

Health podDisruptionBudget(const Field &object)
{
    Health health = progressing("Waiting for status");
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return health;
    for (const auto &[key, condition] : conditions.items()) {
        const Field reason = condition["reason"];
        const std::string message = concat(object.evaluation(), {"PodDisruptionBudget has ", reason});
        if (condition["status"] == "False" && !(reason == "InsufficientPods"))
            return degraded(message);
        health = healthy(message);
    }
    return health;
}

Health volumeSnapshot(const Field &object)
{
    const Field status = object["status"];
    if (status.exists() && status["readyToUse"].isTruthy())
        return healthy("Ready to use");
    if (status.exists() && status["error"].exists())
        return degraded(status["error"]["message"]);
    return progressing("Waiting for status");
}

constexpr std::string_view kSnapshotWords =
    "`status.readyToUse` is **Healthy**; `status.error` is **Degraded** (its message); else **Progressing**.";

constexpr Clause kSealedSecret[] = {{"Synced", "False", "", HealthCode::Degraded},
                                    {"Synced", "True", "", HealthCode::Healthy}};

constexpr Clause kResourceSet[] = {
    {"ResourcesApplied", "True", "", HealthCode::Healthy, MessageOf::Text, "cluster resource set is applied"},
    {"ResourcesApplied", "False", "", HealthCode::Degraded}};

constexpr KindRule kRules[] = {
    {"apiextensions.k8s.io", "CustomResourceDefinition",
     OwnRule{customResourceDefinition,
             "Being deleted, no conditions, `Terminating=True`, or not established with reason `Installing` is "
             "**Progressing**; `NamesAccepted=False`, `NonStructuralSchema=True`, or not established is **Degraded**; "
             "`Established=True` is **Healthy**. Without `status` the check fails."}},
    {"batch", "CronJob",
     OwnRule{cronJob,
             "Suspended, not scheduled yet, never successful, or with active jobs is **Healthy**; "
             "`status.lastSuccessfulTime` before `status.lastScheduleTime` is **Degraded**; else **Healthy**. Without "
             "`status` **Progressing**."}},
    {"policy", "PodDisruptionBudget",
     OwnRule{podDisruptionBudget,
             "A condition False with a reason other than `InsufficientPods` is **Degraded**; any other condition is "
             "**Healthy**; none is **Progressing**. The message names the reason."}},
    {"snapshot.storage.k8s.io", "VolumeSnapshot", OwnRule{volumeSnapshot, kSnapshotWords}},
    {"snapshot.storage.k8s.io", "VolumeSnapshotContent", OwnRule{volumeSnapshot, kSnapshotWords}},
    {"bitnami.com", "SealedSecret", ConditionRule{kSealedSecret, "Waiting for Sealed Secret to be decrypted"}},
    {"addons.cluster.x-k8s.io", "ClusterResourceSet", ConditionRule{kResourceSet, "Initializing cluster resource set"}},
};

} // namespace

std::span<const KindRule> kubernetesRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
