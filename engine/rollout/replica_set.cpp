// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/replica_set.h"

#include "rollout/names.h"
#include "rollout/number.h"
#include "rollout/reading.h"

namespace tiphys::rollout {

using crd::FieldReader;
using object::Object;
using object::Value;

namespace {

/// Rollout conditions have a time of update where a ReplicaSet's have none.
Condition readFailure(const Value &condition)
{
    const crd::Timestamp time = crd::timestampOf(condition["lastTransitionTime"].stringOr()).value_or(crd::Timestamp());
    return {.type = std::string(condition["type"].stringOr()),
            .status = std::string(condition["status"].stringOr()),
            .lastUpdateTime = time,
            .lastTransitionTime = time,
            .reason = std::string(condition["reason"].stringOr()),
            .message = std::string(condition["message"].stringOr())};
}

} // namespace

std::optional<std::string> ReplicaSet::annotation(std::string_view key) const
{
    const auto found = entryAt(annotations, key);
    return found == annotations.end() ? std::nullopt : std::optional(found->second);
}

ReplicaSet readReplicaSet(const Object &object)
{
    ReplicaSet result;
    result.object = object;
    result.name = object.name();
    result.uid = object.uid();
    result.ownerUid = controllerUid(object);
    result.resourceVersion = object.resourceVersion();
    result.labels = textMapOf(object.path({"metadata", "labels"}));
    result.hash = textAt(result.labels, kHashLabel);
    result.annotations = textMapOf(object.path({"metadata", "annotations"}));
    result.created = crd::timestampOf(object.creationTimestamp());
    result.isBeingDeleted = object.isBeingDeleted();
    result.generation = object.generation();
    readTolerantly(object.value()["spec"], [&result](const FieldReader &spec) {
        result.replicas = optionalNumber(spec, "replicas").value_or(1);
        result.minReadySeconds = number(spec, "minReadySeconds");
        return true;
    });
    readTolerantly(object.value()["status"], [&result](const FieldReader &status) {
        result.observedGeneration = status.integer("observedGeneration");
        result.currentReplicas = number(status, "replicas");
        result.readyReplicas = number(status, "readyReplicas");
        result.availableReplicas = number(status, "availableReplicas");
        return true;
    });
    const Value conditions = object.path({"status", "conditions"});
    for (const Value &condition : conditions.items()) {
        if (condition["type"].stringOr() == "ReplicaFailure")
            result.failures.push_back(readFailure(condition));
    }
    const std::optional<std::int64_t> revision = decimalOf(textAt(result.annotations, kRevisionAnnotation));
    result.revision = revision.value_or(0);
    result.hasRevision = revision.has_value();
    result.hasPodMetadata = entryAt(result.annotations, kEphemeralMetadataAnnotation) != result.annotations.end();
    result.deadline = textAt(result.annotations, kScaleDownDeadlineAnnotation);
    result.desiredText = textAt(result.annotations, kDesiredReplicasAnnotation);
    result.desired = smallDecimalOf(result.desiredText);
    result.affinity = object.path({"spec", "template", "spec", "affinity"});
    return result;
}

bool isCreatedBefore(const ReplicaSet &left, const ReplicaSet &right)
{
    if (left.created == right.created)
        return left.name < right.name;
    if (!left.created || !right.created)
        return !left.created;
    return *left.created < *right.created;
}

} // namespace tiphys::rollout
