// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/checks.h"
#include "health/typed.h"
#include "object/view.h"

namespace tiphys::health {

namespace {

using crd::FieldReader;
using std::to_string;

/// What decides about a Deployment.
struct DeploymentFacts
{
    bool isPaused = false;
    bool isLate = false; ///< past its progress deadline
    std::int64_t generation = 0;
    std::int64_t observed = 0;
    std::optional<std::int64_t> replicas;
    std::int64_t updated = 0;
    std::int64_t existing = 0;
    std::int64_t available = 0;
    std::string_view name;
};

Health deploymentFrom(const DeploymentFacts &facts)
{
    if (facts.isPaused)
        return suspended("Deployment is paused");
    if (facts.generation > facts.observed)
        return progressing(
            "Waiting for rollout to finish: observed deployment generation less than desired generation");
    if (facts.isLate)
        return degraded("Deployment \"" + std::string(facts.name) + "\" exceeded its progress deadline");
    if (facts.replicas && facts.updated < *facts.replicas)
        return progressing("Waiting for rollout to finish: " + to_string(facts.updated) + " out of "
                           + to_string(*facts.replicas) + " new replicas have been updated...");
    if (facts.existing > facts.updated)
        return progressing("Waiting for rollout to finish: " + to_string(facts.existing - facts.updated)
                           + " old replicas are pending termination...");
    if (facts.available < facts.updated)
        return progressing("Waiting for rollout to finish: " + to_string(facts.available) + " of "
                           + to_string(facts.updated) + " updated replicas are available...");
    return healthy();
}

Health deploymentOf(const FieldReader &object)
{
    const FieldReader metadata = object.objectOrEmpty("metadata");
    const FieldReader spec = object.objectOrEmpty("spec");
    const FieldReader status = object.objectOrEmpty("status");
    DeploymentFacts facts;
    facts.replicas = spec.optionalInteger("replicas");
    facts.updated = status.integer("updatedReplicas");
    facts.existing = status.integer("replicas");
    facts.available = status.integer("availableReplicas");
    const std::vector<StatusCondition> conditions = conditionsOf(status);
    facts.isPaused = spec.boolean("paused");
    facts.generation = metadata.integer("generation");
    facts.observed = status.integer("observedGeneration");
    const StatusCondition *progress = findCondition(conditions, "Progressing");
    facts.isLate = progress && progress->reason == "ProgressDeadlineExceeded";
    const std::string name = metadata.text("name");
    facts.name = name;
    return deploymentFrom(facts);
}

/// Sets \p number to the integer \p value, leaves it where that is absent; false for any other type.
bool readInteger(const object::View &value, std::int64_t &number)
{
    return value.isNull() || value.readInt(number);
}

bool isTextOrAbsent(const object::View &value)
{
    return value.isNull() || value.isString();
}

/// Reads whether the first Progressing condition is late; false where a condition is not as it should be.
bool readLateness(const object::View &conditions, bool &isLate)
{
    if (conditions.isNull())
        return true;
    bool isFound = false;
    for (std::size_t i = 0; conditions.isList() && i < conditions.size(); ++i) {
        const object::View condition = conditions.at(i);
        const object::View type = condition["type"];
        const object::View reason = condition["reason"];
        if (!condition.isMap() || !isTextOrAbsent(type) || !isTextOrAbsent(reason) || !isTextOrAbsent(condition["status"])
            || !isTextOrAbsent(condition["message"]))
            return false;
        if (!isFound && type.stringOr() == "Progressing") {
            isFound = true;
            isLate = reason.stringOr() == "ProgressDeadlineExceeded";
        }
    }
    return conditions.isList();
}

/// The facts of a Deployment whose fields all have the right types: nearly every one, and nothing is copied. Nothing for
/// the others, of which the reader of typed fields tells what is wrong.
std::optional<DeploymentFacts> plainFacts(const object::View &object)
{
    DeploymentFacts facts;
    const object::View metadata = object["metadata"];
    const object::View spec = object["spec"];
    const object::View status = object["status"];
    const object::View paused = spec["paused"];
    const object::View replicas = spec["replicas"];
    const object::View name = metadata["name"];
    std::int64_t wanted = 0;
    const bool isPlain = metadata.isMap() && spec.isMap() && status.isMap() && (paused.isNull() || paused.isBool())
        && isTextOrAbsent(name) && readInteger(replicas, wanted)
        && readInteger(metadata["generation"], facts.generation)
        && readInteger(status["observedGeneration"], facts.observed)
        && readInteger(status["updatedReplicas"], facts.updated) && readInteger(status["replicas"], facts.existing)
        && readInteger(status["availableReplicas"], facts.available)
        && readLateness(status["conditions"], facts.isLate);
    if (!isPlain)
        return std::nullopt;
    facts.isPaused = paused.boolOr(false);
    if (!replicas.isNull())
        facts.replicas = wanted;
    facts.name = name.stringOr();
    return facts;
}

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
        return progressing("Waiting for rollout to finish: " + to_string(available) + " out of "
                           + to_string(*replicas) + " new replicas are available...");
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

Expected<Health> deploymentHealth(const object::Object &object)
{
    if (object.version() != "v1")
        return unsupportedVersion("Deployment", object);
    if (const std::optional<DeploymentFacts> facts = plainFacts(object::View(object.value())))
        return deploymentFrom(*facts);
    return checkTyped("Deployment", object, deploymentOf);
}

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
