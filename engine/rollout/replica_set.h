// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/moment.h"
#include "rollout/short_list.h"
#include "rollout/status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::rollout {

/// A ReplicaSet decoded once per resource version.
struct ReplicaSet
{
    object::Object object;
    std::string name;
    std::string uid;
    std::string ownerUid; ///< of its controller, "" if it is an orphan
    std::string resourceVersion;
    std::string hash; ///< label rollouts-pod-template-hash, "" if absent
    crd::TextMap labels;
    crd::TextMap annotations;
    std::optional<crd::Timestamp> created;
    bool isBeingDeleted = false;
    std::int64_t generation = 0;
    std::int64_t observedGeneration = 0;
    int replicas = 0; ///< spec.replicas
    int minReadySeconds = 0;
    int currentReplicas = 0; ///< status.replicas
    int readyReplicas = 0;
    int availableReplicas = 0;
    std::vector<Condition> failures; ///< status.conditions of type ReplicaFailure
    std::int64_t revision = 0;       ///< 0 if absent or malformed
    bool hasRevision = false;        ///< the annotation is a number
    bool hasPodMetadata = false;     ///< the annotation of injectedMetadata() is there
    std::string deadline;            ///< annotation scale-down-deadline
    std::string desiredText;         ///< annotation desired-replicas
    std::optional<int> desired;      ///< the same as a number
    object::Value affinity;          ///< spec.template.spec.affinity

    bool hasDeadline() const { return !deadline.empty(); }
    std::optional<std::string> annotation(std::string_view key) const;
    object::Value podTemplate() const { return object.path({"spec", "template"}); }
    object::Value selector() const { return object.path({"spec", "selector"}); }
};

ReplicaSet readReplicaSet(const object::Object &object);

/// True if \p left was created before \p right; an unknown time is before all others, equal names come last.
/// Source: k8s.io/kubernetes/pkg/controller/controller_utils.go (ReplicaSetsByCreationTimestamp)@v1.34.1
bool isCreatedBefore(const ReplicaSet &left, const ReplicaSet &right);

using ReplicaSets = ShortList<const ReplicaSet *>;

} // namespace tiphys::rollout
