// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/checks.h"
#include "health/typed.h"

namespace tiphys::health {

namespace {

using crd::FieldReader;
using std::to_string;

Health rolledOutByPartition(const FieldReader &rollingUpdate, std::optional<std::int64_t> replicas,
                            std::int64_t updated)
{
    const std::optional<std::int64_t> partition = rollingUpdate.optionalInteger("partition");
    if (replicas && partition && updated < *replicas - *partition)
        return progressing("Waiting for partitioned roll out to finish: " + to_string(updated) + " out of "
                           + to_string(*replicas - *partition) + " new pods have been updated...");
    return healthy("partitioned roll out complete: " + to_string(updated) + " new pods have been updated...");
}

Health statefulSetOf(const FieldReader &object)
{
    const FieldReader spec = object.objectOrEmpty("spec");
    const FieldReader status = object.objectOrEmpty("status");
    const FieldReader strategy = spec.objectOrEmpty("updateStrategy");
    const std::string type = strategy.text("type");
    const std::optional<FieldReader> rollingUpdate = strategy.object("rollingUpdate");
    const std::optional<std::int64_t> replicas = spec.optionalInteger("replicas");
    const std::int64_t observed = status.integer("observedGeneration");
    const std::int64_t ready = status.integer("readyReplicas");
    const std::int64_t updated = status.integer("updatedReplicas");
    const std::string updateRevision = status.text("updateRevision");
    const std::string currentRevision = status.text("currentRevision");

    if (observed == 0 || object.objectOrEmpty("metadata").integer("generation") > observed)
        return progressing("Waiting for statefulset spec update to be observed...");
    if (replicas && ready < *replicas)
        return progressing("Waiting for " + to_string(*replicas - ready) + " pods to be ready...");
    if (type == "RollingUpdate" && rollingUpdate)
        return rolledOutByPartition(*rollingUpdate, replicas, updated);
    if (type == "OnDelete")
        return healthy("statefulset has " + to_string(ready) + " ready pods");
    if (updateRevision != currentRevision)
        return progressing("waiting for statefulset rolling update to complete " + to_string(updated)
                           + " pods at revision " + updateRevision + "...");
    return healthy("statefulset rolling update complete " + to_string(status.integer("currentReplicas"))
                   + " pods at revision " + currentRevision + "...");
}

Health daemonSetOf(const FieldReader &object)
{
    const FieldReader metadata = object.objectOrEmpty("metadata");
    const FieldReader status = object.objectOrEmpty("status");
    const std::string strategy = object.objectOrEmpty("spec").objectOrEmpty("updateStrategy").text("type");
    const std::int64_t updated = status.integer("updatedNumberScheduled");
    const std::int64_t desired = status.integer("desiredNumberScheduled");
    const std::int64_t available = status.integer("numberAvailable");
    const std::string counted = to_string(updated) + " out of " + to_string(desired) + " new pods have been updated";
    const std::string waiting = "Waiting for daemon set \"" + metadata.text("name") + "\" rollout to finish: ";

    if (metadata.integer("generation") > status.integer("observedGeneration"))
        return progressing(
            "Waiting for rollout to finish: observed daemon set generation less than desired generation");
    if (strategy == "OnDelete")
        return healthy("daemon set " + counted);
    if (updated < desired)
        return progressing(waiting + counted + "...");
    if (available < desired)
        return progressing(waiting + to_string(available) + " of " + to_string(desired)
                           + " updated pods are available...");
    return healthy();
}

Health replicaSetOf(const FieldReader &object)
{
    const FieldReader status = object.objectOrEmpty("status");
    const std::optional<std::int64_t> replicas = object.objectOrEmpty("spec").optionalInteger("replicas");
    const std::int64_t available = status.integer("availableReplicas");
    const std::vector<StatusCondition> conditions = conditionsOf(status);

    if (object.objectOrEmpty("metadata").integer("generation") > status.integer("observedGeneration"))
        return progressing(
            "Waiting for rollout to finish: observed replica set generation less than desired generation");
    const StatusCondition *failure = findCondition(conditions, "ReplicaFailure");
    if (failure && failure->status == "True")
        return degraded(failure->message);
    if (replicas && available < *replicas)
        return progressing("Waiting for rollout to finish: " + to_string(available) + " out of " + to_string(*replicas)
                           + " new replicas are available...");
    return healthy();
}

Health jobOf(const FieldReader &object)
{
    bool hasFailed = false;
    bool isComplete = false;
    bool isSuspended = false;
    std::string message;
    std::string failMessage;
    for (const StatusCondition &condition : conditionsOf(object.objectOrEmpty("status"))) {
        if (condition.type == "Failed") {
            hasFailed = true;
            isComplete = true;
            failMessage = condition.message;
        } else if (condition.type == "Complete") {
            isComplete = true;
            message = condition.message;
        } else if (condition.type == "Suspended") {
            isComplete = true;
            message = condition.message;
            isSuspended = isSuspended || condition.status == "True";
        }
    }
    if (!isComplete)
        return progressing(message);
    if (hasFailed)
        return degraded(failMessage);
    return isSuspended ? suspended(failMessage) : healthy(message);
}

} // namespace

Expected<Health> statefulSetHealth(const object::Object &object)
{
    if (object.version() != "v1")
        return unsupportedVersion("StatefulSet", object);
    return checkTyped("StatefulSet", object, statefulSetOf);
}

Expected<Health> daemonSetHealth(const object::Object &object)
{
    if (object.version() != "v1")
        return unsupportedVersion("DaemonSet", object);
    return checkTyped("DaemonSet", object, daemonSetOf);
}

Expected<Health> replicaSetHealth(const object::Object &object)
{
    if (object.version() != "v1")
        return unsupportedVersion("ReplicaSet", object);
    return checkTyped("ReplicaSet", object, replicaSetOf);
}

Expected<Health> jobHealth(const object::Object &object)
{
    if (object.version() != "v1")
        return unsupportedVersion("Job", object);
    return checkTyped("Job", object, jobOf);
}

} // namespace tiphys::health
