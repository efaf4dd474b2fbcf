// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/merge_patch.h"
#include "rollout/names.h"
#include "rollout/pass.h"
#include "rollout/pod_metadata.h"
#include "rollout/reading.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::int64_t kRestartCheckMilliseconds = 30'000;

/// True if the pod was ready for \p minReadySeconds.
/// Source: k8s.io/kubernetes/pkg/api/v1/pod/util.go (IsPodAvailable)@v1.34.1
bool isAvailable(const Object &pod, int minReadySeconds, Moment now)
{
    const Value conditions = pod.path({"status", "conditions"});
    for (const Value &condition : conditions.items()) {
        if (condition["type"].stringOr() != "Ready" || condition["status"].stringOr() != "True")
            continue;
        if (minReadySeconds == 0)
            return true;
        const auto since = crd::timestampOf(condition["lastTransitionTime"].stringOr());
        return since && Moment::of(*since).plusSeconds(minReadySeconds) <= now;
    }
    return false;
}

bool isOwnedBy(const Object &pod, const ReplicaSet &replicaSet)
{
    return !replicaSet.uid.empty() && controllerUid(pod) == replicaSet.uid;
}

} // namespace

void Pass::restartPods()
{
    if (!ro().restartAt)
        return;
    const Moment restartAt = Moment::of(*ro().restartAt);
    if (m_now <= restartAt) {
        lookAgainAfter(restartAt);
        return;
    }
    if (ro().restartAt == ro().status.restartedAt)
        return;
    ReplicaSets sorted = m_all;
    const auto rank = [this](const ReplicaSet *replicaSet) {
        return m_stable && replicaSet->name == m_stable->name ? 0 : m_new && replicaSet->name == m_new->name ? 1 : 2;
    };
    std::ranges::stable_sort(sorted, [&rank](const ReplicaSet *a, const ReplicaSet *b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a->created < b->created;
    });
    std::vector<const Object *> pods;
    int available = 0;
    for (const Object &pod : m_observed.pods) {
        if (!std::ranges::any_of(sorted, [&pod](const ReplicaSet *owner) { return isOwnedBy(pod, *owner); }))
            continue;
        pods.push_back(&pod);
        if (!pod.isBeingDeleted() && isAvailable(pod, ro().minReadySeconds, m_now))
            ++available;
    }
    const int mayRestart =
        available - (std::max(ro().desiredReplicas(), specReplicasOf(sorted)) - std::max(maxUnavailableOf(ro()), 1));
    int waiting = 0;
    for (const Object *pod : pods) {
        const auto created = crd::timestampOf(pod->creationTimestamp());
        if (created && *created >= *ro().restartAt)
            continue;
        ++waiting;
        // Of all that could go so many do: a budget may refuse some of them.
        if (mayRestart <= 0 || pod->isBeingDeleted())
            continue;
        const Value metadata = Value::map({{"name", pod->name()}, {"namespace", pod->ns()}});
        write({.verb = Verb::Evict,
               .gvk = {"", "v1", "Pod"},
               .ns = ro().ns,
               .name = std::string(pod->name()),
               .subresource = "eviction",
               .body = Value::map({{"apiVersion", "policy/v1"}, {"kind", "Eviction"}, {"metadata", metadata}}),
               .onFailure = OnFailure::Ignore,
               .endsPass = ro().canary.has_value()});
    }
    m_decision.mostEvictions = std::max(mayRestart, 0);
    // A budget may refuse what is evicted here: done is what has no old pod left.
    if (waiting > 0)
        lookAgainIn(kRestartCheckMilliseconds);
    else
        m_status.restartedAt = ro().restartAt;
}

void Pass::syncPodMetadata()
{
    const std::optional<PodMetadata> &newMetadata =
        ro().canary ? ro().canary->canaryMetadata : ro().blueGreen->previewMetadata;
    const std::optional<PodMetadata> &stableMetadata =
        ro().canary ? ro().canary->stableMetadata : ro().blueGreen->activeMetadata;
    if (ro().status.stableRs.empty() || ro().status.stableRs == newHash()) {
        syncPodMetadata(m_new, stableMetadata);
    } else {
        syncPodMetadata(m_new, newMetadata);
        syncPodMetadata(m_stable, stableMetadata);
    }
    for (const ReplicaSet *other : m_others)
        syncPodMetadata(other, std::nullopt);
}

void Pass::syncPodMetadata(const ReplicaSet *replicaSet, const std::optional<PodMetadata> &desired)
{
    if (!replicaSet || (!desired && !replicaSet->hasPodMetadata))
        return;
    const std::optional<PodMetadata> existing = injectedMetadata(*replicaSet);
    if (!existing && !desired)
        return;
    // The ReplicaSet first: pods that it makes meanwhile are right from the start.
    if (const std::optional<Object> changed = withPodMetadata(*replicaSet, desired))
        patchReplicaSet(*replicaSet, object::mergePatchOf(replicaSet->object.value(), changed->value()));
    for (const Object &pod : m_observed.pods) {
        if (!isOwnedBy(pod, *replicaSet))
            continue;
        const Value before = pod.value()["metadata"];
        const std::optional<Value> after = syncedMetadata(before, existing, desired);
        if (!after)
            continue;
        write({.verb = Verb::MergePatch,
               .gvk = {"", "v1", "Pod"},
               .ns = ro().ns,
               .name = std::string(pod.name()),
               .body = Value::map({{"metadata", object::mergePatchOf(before, *after)}}),
               .onFailure = OnFailure::IgnoreIfAbsent});
    }
}

} // namespace tiphys::rollout
