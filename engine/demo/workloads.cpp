// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/controllers.h"
#include "demo/deployment_progress.h"
#include "demo/pod_life.h"
#include "object/json.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kHashLabel = "pod-template-hash";
constexpr std::string_view kRevision = "deployment.kubernetes.io/revision";

std::int64_t replicasOf(const Object &set)
{
    return set.path({"spec", "replicas"}).intOr(1);
}

std::int64_t availableOf(const Object &set)
{
    return set.path({"status", "availableReplicas"}).intOr(0);
}

std::int64_t numberOf(std::string_view text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

enum class Round { Up, Down };

/// A count, or a share of \p total: 1 or "25%".
std::int64_t amount(const Value &value, std::int64_t total, Round round)
{
    if (const auto number = value.asInt())
        return *number;
    const std::int64_t percent = numberOf(value.stringOr("25%"));
    return round == Round::Up ? (total * percent + 99) / 100 : total * percent / 100;
}

std::int64_t sum(const std::vector<Object> &sets, std::int64_t (*of)(const Object &))
{
    return std::accumulate(sets.begin(), sets.end(), std::int64_t(0),
                           [&](std::int64_t total, const Object &set) { return total + of(set); });
}

bool isOver(const Object &pod)
{
    const std::string_view phase = pod.path({"status", "phase"}).stringOr();
    return phase == "Succeeded" || phase == "Failed";
}

std::string hashOf(const Object &owner)
{
    return RandomNames::hashOf(object::toJson(owner.path({"spec", "template"})));
}

Value labels(const Object &owner)
{
    return owner.path({"spec", "template", "metadata", "labels"});
}

} // namespace

void Controllers::stepDeployments()
{
    for (const Object &deployment : all("apps", "Deployment")) {
        if (!deployment.isBeingDeleted())
            stepDeployment(deployment);
    }
}

Object Controllers::currentReplicaSet(const Object &deployment, const Objects &sets)
{
    const std::string hash = hashOf(deployment);
    std::int64_t newest = 0;
    Object current;
    for (const Object &set : sets) {
        newest = std::max(newest, numberOf(set.annotation(kRevision).value_or("0")));
        if (set.label(kHashLabel) == hash)
            current = set;
    }
    const Resource &replicaSets = *m_store->catalog().byPlural("apps", "replicasets");
    const Resource &deployments = *m_store->catalog().byPlural("apps", "deployments");
    const auto mark = [&](const Resource &resource, const Object &object, std::int64_t revision) {
        const std::string text = std::to_string(revision);
        if (object.annotation(kRevision) == text)
            return;
        const Value change = Value::map({{"metadata", Value::map({{"annotations", Value::map({{kRevision, text}})}})}});
        (void)m_store->patch(resource, {std::string(object.ns()), std::string(object.name())}, PatchKind::Merge, change,
                             "", {.fieldManager = "kube-controller-manager"});
    };
    if (!current.isNull()) {
        const std::int64_t revision = numberOf(current.annotation(kRevision).value_or("0"));
        mark(replicaSets, current, revision == newest ? newest : newest + 1);
        mark(deployments, deployment, revision == newest ? newest : newest + 1);
        return current;
    }
    if (deployment.path({"spec", "paused"}).boolOr(false))
        return {};
    Value metadata = podFor(deployment, std::string(deployment.name()) + "-" + hash, "").value()["metadata"];
    metadata = metadata.with("labels", labels(deployment).with(kHashLabel, hash))
                   .with("annotations", Value::map({{kRevision, std::to_string(newest + 1)}}));
    const Value podTemplate = deployment.path({"spec", "template"}).withPath({"metadata", "labels", kHashLabel}, hash);
    const Value selector = deployment.path({"spec", "selector"}).withPath({"matchLabels", kHashLabel}, hash);
    const bool isFirst = sum(sets, replicasOf) == 0;
    make(Object(Value::map({{"apiVersion", "apps/v1"},
                            {"kind", "ReplicaSet"},
                            {"metadata", metadata},
                            {"spec", Value::map({{"replicas", isFirst ? replicasOf(deployment) : 0},
                                                 {"selector", selector},
                                                 {"template", podTemplate}})}})));
    mark(deployments, deployment, newest + 1);
    report(deployment, "Normal", "ScalingReplicaSet",
           "Scaled up replica set " + std::string(deployment.name()) + "-" + hash);
    return {};
}

void Controllers::stepDeployment(const Object &deployment)
{
    const Objects sets = owned("apps", "ReplicaSet", deployment);
    Object current = currentReplicaSet(deployment, sets);
    Objects old;
    for (const Object &set : sets) {
        if (current.isNull() || set.uid() != current.uid())
            old.push_back(set);
    }
    if (deployment.path({"spec", "paused"}).boolOr(false)) {
        if (!current.isNull() && sum(old, replicasOf) == 0)
            setReplicas(current, replicasOf(deployment));
    } else if (!current.isNull()) {
        rollOut(deployment, current, old);
    }
    reportDeployment(deployment, current, old);
}

void Controllers::rollOut(const Object &deployment, const Object &current, const Objects &old)
{
    const std::int64_t wanted = replicasOf(deployment);
    const Value strategy = deployment.path({"spec", "strategy"});
    if (strategy["type"].stringOr() == "Recreate") {
        for (const Object &set : old)
            setReplicas(set, 0);
        const auto existing = sum(old, [](const Object &set) { return set.path({"status", "replicas"}).intOr(0); });
        if (existing == 0)
            setReplicas(current, wanted);
        return;
    }
    const Value rolling = strategy["rollingUpdate"];
    const std::int64_t surge = amount(rolling["maxSurge"], wanted, Round::Up);
    std::int64_t unavailable = amount(rolling["maxUnavailable"], wanted, Round::Down);
    if (surge == 0 && unavailable == 0)
        unavailable = 1;
    const std::int64_t total = replicasOf(current) + sum(old, replicasOf);
    std::int64_t next = replicasOf(current);
    if (next > wanted)
        next = wanted;
    else if (total < wanted + surge)
        next = std::min(wanted, next + wanted + surge - total);
    setReplicas(current, next);

    const std::int64_t newUnavailable = next - std::min(next, availableOf(current));
    std::int64_t removable = total - replicasOf(current) + next - (wanted - unavailable) - newUnavailable;
    for (const Object &set : old) {
        const std::int64_t broken = replicasOf(set) - availableOf(set);
        const std::int64_t down = std::clamp<std::int64_t>(removable, 0, replicasOf(set));
        const std::int64_t count = down > 0 ? down : 0;
        if (count == 0 && !(broken > 0 && removable > 0))
            continue;
        setReplicas(set, replicasOf(set) - count);
        removable -= count;
    }
}

void Controllers::reportDeployment(const Object &deployment, const Object &current, const Objects &old)
{
    Objects sets = old;
    if (!current.isNull())
        sets.push_back(current);
    const auto total = [&](std::string_view field) {
        std::int64_t count = 0;
        for (const Object &set : sets)
            count += set.path({"status", field}).intOr(0);
        return count;
    };
    const std::int64_t wanted = replicasOf(deployment);
    const std::int64_t available = total("availableReplicas");
    const std::int64_t updated = current.path({"status", "replicas"}).intOr(0);
    const std::int64_t unavailableAllowed =
        amount(deployment.path({"spec", "strategy", "rollingUpdate", "maxUnavailable"}), wanted, Round::Down);
    const bool isAvailable = available >= wanted - unavailableAllowed;
    Value status = Value::map({{"observedGeneration", deployment.generation()}});
    const auto add = [&](std::string_view key, std::int64_t count) {
        if (count > 0)
            status = status.with(key, count);
    };
    add("replicas", total("replicas"));
    add("updatedReplicas", updated);
    add("readyReplicas", total("readyReplicas"));
    add("availableReplicas", available);
    add("unavailableReplicas", std::max<std::int64_t>(0, std::max(wanted, total("replicas")) - available));
    const Value progress = progressOf(
        deployment, {.status = status,
                     .replicaSet = current.isNull() ? std::string(deployment.name()) + "-" + hashOf(deployment)
                                                    : std::string(current.name()),
                     .hasReplicaSet = !current.isNull(),
                     .now = m_store->now(),
                     .speed = m_speed});
    if (progress["reason"].stringOr() != "NewReplicaSetAvailable" && progress["status"].stringOr() == "True")
        m_due = std::min(m_due, m_store->now() + 1000);
    const Value availability = isAvailable ? condition(deployment, "Available", true, "MinimumReplicasAvailable",
                                                       "Deployment has minimum availability.")
                                           : condition(deployment, "Available", false, "MinimumReplicasUnavailable",
                                                       "Deployment does not have minimum availability.");
    setStatus(deployment, status.with("conditions", Value::list({availability, progress})));
}

void Controllers::stepReplicaSets()
{
    for (const Object &set : all("apps", "ReplicaSet")) {
        if (set.isBeingDeleted())
            continue;
        Objects pods;
        for (const Object &pod : owned("", "Pod", set)) {
            if (!pod.isBeingDeleted() && !isOver(pod))
                pods.push_back(pod);
        }
        std::ranges::stable_sort(pods, [](const Object &a, const Object &b) { return isPodReady(a) > isPodReady(b); });
        const auto wanted = static_cast<std::size_t>(replicasOf(set));
        for (std::size_t i = pods.size(); i < wanted; ++i)
            make(podFor(set, std::string(set.name()) + "-", ""));
        for (std::size_t i = wanted; i < pods.size(); ++i)
            drop(pods[i]);
        const std::int64_t ready = std::ranges::count_if(pods, isPodReady);
        Value status = Value::map({{"replicas", static_cast<std::int64_t>(pods.size())}});
        if (!pods.empty())
            status = status.with("fullyLabeledReplicas", static_cast<std::int64_t>(pods.size()));
        if (ready > 0)
            status = status.with("readyReplicas", ready).with("availableReplicas", ready);
        setStatus(set, status.with("observedGeneration", set.generation()));
    }
}

void Controllers::claimVolumes(const Object &set, const std::string &podName)
{
    const Value templates = set.path({"spec", "volumeClaimTemplates"});
    for (const Value &claim : templates.items()) {
        const std::string name = std::string(claim["metadata"]["name"].stringOr()) + "-" + podName;
        const Place place{std::string(set.ns()), name};
        if (m_store->find({"", "PersistentVolumeClaim"}, place).isNull())
            make(Object(Value::map(
                {{"apiVersion", "v1"},
                 {"kind", "PersistentVolumeClaim"},
                 {"metadata", Value::map({{"name", name}, {"namespace", set.ns()}, {"labels", labels(set)}})},
                 {"spec", claim["spec"]}})));
    }
}

void Controllers::stepStatefulSets()
{
    for (const Object &set : all("apps", "StatefulSet")) {
        if (!set.isBeingDeleted())
            stepStatefulSet(set);
    }
}

void Controllers::stepStatefulSet(const Object &set)
{
    const std::string hash = hashOf(set);
    const std::int64_t wanted = replicasOf(set);
    const Objects pods = owned("", "Pod", set);
    std::int64_t ready = 0, updated = 0;
    bool isSettled = true;
    for (std::int64_t i = 0; i < wanted; ++i) {
        const std::string name = std::string(set.name()) + "-" + std::to_string(i);
        const auto pod = std::ranges::find(pods, name, &Object::name);
        if (pod == pods.end() && isSettled) {
            claimVolumes(set, name);
            make(podFor(set, name, "controller-revision-hash"));
        }
        const bool isReady = pod != pods.end() && !pod->isBeingDeleted() && isPodReady(*pod);
        ready += isReady;
        updated += pod != pods.end() && pod->label("controller-revision-hash") == hash;
        isSettled = isSettled && isReady;
    }
    for (auto pod = pods.rbegin(); pod != pods.rend(); ++pod) {
        const std::int64_t ordinal = numberOf(pod->name().substr(pod->name().rfind('-') + 1));
        const bool isOld = pod->label("controller-revision-hash") != hash;
        if (pod->isBeingDeleted())
            continue;
        if (ordinal >= wanted || (isOld && isSettled)) {
            drop(*pod);
            break;
        }
    }
    const std::string revision = std::string(set.name()) + "-" + hash;
    const bool isDone = updated == wanted;
    Value status = Value::map({{"observedGeneration", set.generation()},
                               {"replicas", static_cast<std::int64_t>(pods.size())},
                               {"updateRevision", revision},
                               {"currentRevision", isDone ? Value(revision) : set.path({"status", "currentRevision"})},
                               {"availableReplicas", ready},
                               {"collisionCount", 0}});
    if (ready > 0)
        status = status.with("readyReplicas", ready);
    if (updated > 0)
        status = status.with("updatedReplicas", updated).with("currentReplicas", updated);
    setStatus(set, status);
}

void Controllers::stepDaemonSets()
{
    const Objects nodes = all("", "Node");
    for (const Object &set : all("apps", "DaemonSet")) {
        if (set.isBeingDeleted())
            continue;
        const std::string hash = hashOf(set);
        const Objects pods = owned("", "Pod", set);
        std::int64_t current = 0, ready = 0, updated = 0;
        bool isReplacing = false;
        for (const Object &node : nodes) {
            const auto pod = std::ranges::find_if(
                pods, [&](const Object &each) { return each.path({"spec", "nodeName"}).stringOr() == node.name(); });
            if (pod == pods.end()) {
                const Object made = podFor(set, std::string(set.name()) + "-", "controller-revision-hash");
                make(Object(made.value().withPath({"spec", "nodeName"}, node.name())));
                isReplacing = true;
                continue;
            }
            ++current;
            ready += isPodReady(*pod) && !pod->isBeingDeleted();
            const bool isUpdated = pod->label("controller-revision-hash") == hash;
            updated += isUpdated;
            if (!isUpdated && !isReplacing && ready == current) {
                isReplacing = true;
                drop(*pod);
            }
        }
        const auto desired = static_cast<std::int64_t>(nodes.size());
        setStatus(set, Value::map({{"currentNumberScheduled", current},
                                   {"numberMisscheduled", 0},
                                   {"desiredNumberScheduled", desired},
                                   {"numberReady", ready},
                                   {"observedGeneration", set.generation()},
                                   {"updatedNumberScheduled", updated},
                                   {"numberAvailable", ready},
                                   {"numberUnavailable", desired - ready}}));
    }
}

void Controllers::stepJobs()
{
    for (const Object &job : all("batch", "Job")) {
        if (!job.isBeingDeleted())
            stepJob(job);
    }
}

void Controllers::stepJob(const Object &job)
{
    const Objects pods = owned("", "Pod", job);
    std::int64_t active = 0, succeeded = 0, failed = 0;
    for (const Object &pod : pods) {
        const std::string_view phase = pod.path({"status", "phase"}).stringOr();
        succeeded += phase == "Succeeded";
        failed += phase == "Failed";
        active += !isOver(pod) && !pod.isBeingDeleted();
    }
    const std::int64_t completions = job.path({"spec", "completions"}).intOr(1);
    const std::int64_t parallelism = job.path({"spec", "parallelism"}).intOr(1);
    const bool hasFailed = failed > job.path({"spec", "backoffLimit"}).intOr(6);
    const bool isComplete = succeeded >= completions;
    const bool isSuspended = job.path({"spec", "suspend"}).boolOr(false);
    Value status = Value::map({});
    if (!isSuspended)
        status =
            status.with("startTime", job.path({"status", "startTime"}).isNull() ? Value(m_store->timeText())
                                                                                : job.path({"status", "startTime"}));
    for (const auto &[key, count] :
         {std::pair<std::string_view, std::int64_t>{"active", active}, {"succeeded", succeeded}, {"failed", failed}}) {
        if (count > 0)
            status = status.with(key, count);
    }
    if (isSuspended) {
        for (const Object &pod : pods) {
            if (!isOver(pod) && !pod.isBeingDeleted())
                drop(pod);
        }
        status = status.with(
            "conditions",
            Value::list(
                {condition(job, "Suspended", true, "JobSuspended", "Job suspended").without("lastUpdateTime")}));
    } else if (hasFailed) {
        status = status.with("conditions", Value::list({condition(job, "Failed", true, "BackoffLimitExceeded",
                                                                  "Job has reached the specified backoff limit")
                                                            .without("lastUpdateTime")}));
    } else if (isComplete) {
        const Value done = job.path({"status", "completionTime"});
        status = status.with("completionTime", done.isNull() ? Value(m_store->timeText()) : done)
                     .with("conditions", Value::list({condition(job, "Complete", true, "CompletionsReached",
                                                                "Reached expected number of succeeded pods")
                                                          .without("lastUpdateTime")}));
    } else {
        Object pod = podFor(job, std::string(job.name()) + "-", "");
        pod = pod.withLabel("job-name", job.name())
                  .withLabel("batch.kubernetes.io/job-name", job.name())
                  .withLabel("batch.kubernetes.io/controller-uid", job.uid());
        for (std::int64_t i = active; i < std::min(parallelism, completions - succeeded); ++i)
            make(pod);
    }
    setStatus(job, status);
}

} // namespace tiphys::demo
