// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/simulate/virtual_cluster.h"

#include "object/json_patch.h"
#include "object/merge_patch.h"
#include "rollout/reading.h"
#include "rollout/simulate/virtual_analysis.h"

#include <algorithm>
#include <limits>

namespace tiphys::rollout {

using object::Object;
using object::ObjectKey;
using object::Value;

namespace {

constexpr Moment kNever{std::numeric_limits<std::int64_t>::max() / 2};

} // namespace

Value VirtualCluster::stamped(const Value &value)
{
    return value.withPath({"metadata", "resourceVersion"}, std::to_string(++m_version));
}

void VirtualCluster::put(const Object &object, Moment now)
{
    const ObjectKey key = object.key();
    const Object *existing = find(key);
    Value value = object.value();
    if (existing) {
        store(key, existing->value(), value);
        return;
    }
    if (object.uid().empty())
        value = value.withPath({"metadata", "uid"}, "uid-" + std::to_string(m_version + 1));
    if (object.creationTimestamp().empty())
        value = value.withPath({"metadata", "creationTimestamp"}, now.text());
    if (object.generation() == 0)
        value = value.withPath({"metadata", "generation"}, Value(1));
    m_objects.insert_or_assign(key, Object(stamped(value)));
}

void VirtualCluster::store(const ObjectKey &key, const Value &before, const Value &after)
{
    if (before == after)
        return;
    Value value = after;
    if (before["spec"] != after["spec"])
        value = value.withPath({"metadata", "generation"}, before.path({"metadata", "generation"}).intOr(0) + 1);
    m_objects.insert_or_assign(key, Object(stamped(value)));
}

void VirtualCluster::mergePatch(const ObjectKey &key, const Value &patch, Moment)
{
    if (const Object *found = find(key)) {
        const Value before = found->value();
        store(key, before, object::applyMergePatch(before, patch));
    }
}

Expected<void> VirtualCluster::apply(const Write &write, Moment now)
{
    const ObjectKey key = write.key();
    const Object *found = find(key);
    if (write.verb == Verb::Create) {
        if (found)
            return failure(ErrorCode::Conflict, "'" + write.name + "' already exists");
        put(Object(write.body), now);
        return {};
    }
    if (!found)
        return failure(ErrorCode::NotFound, "'" + write.name + "' not found");
    const Value before = found->value();
    switch (write.verb) {
    case Verb::Create: break;
    case Verb::Delete:
        m_objects.erase(key);
        m_pods.erase(key);
        m_looks.erase(key);
        break;
    case Verb::Evict: break;
    case Verb::JsonPatch: {
        const Expected<Value> after = object::applyJsonPatch(before, write.body);
        if (!after)
            return std::unexpected(after.error());
        store(key, before, *after);
        break;
    }
    case Verb::MergePatch:
    case Verb::StrategicMergePatch: store(key, before, object::applyMergePatch(before, write.body)); break;
    }
    return {};
}

Expected<void> VirtualCluster::apply(const Decision &decision, Moment now)
{
    bool isOver = false;
    int evictions = 0;
    for (const Act &act : decision.acts) {
        const Write *write = std::get_if<Write>(&act);
        if (!write || (write->verb == Verb::Evict && evictions >= decision.mostEvictions))
            continue;
        if (isOver && !write->endsPass)
            break;
        const Expected<void> done = apply(*write, now);
        const bool isAbsent = !done && done.error().code() == ErrorCode::NotFound;
        const bool isIgnored =
            write->onFailure == OnFailure::Ignore || (isAbsent && write->onFailure == OnFailure::IgnoreIfAbsent);
        if (!done && !isIgnored)
            return done;
        isOver = isOver || (done && write->endsPass);
        evictions += done && write->verb == Verb::Evict ? 1 : 0;
    }
    return {};
}

const Object *VirtualCluster::find(const ObjectKey &key) const
{
    const auto found = m_objects.find(key);
    return found == m_objects.end() ? nullptr : &found->second;
}

Observed VirtualCluster::observe(const std::string &name) const
{
    Observed observed;
    for (const auto &[key, object] : m_objects) {
        if (key.kind == "Rollout" && key.name == name)
            observed.rollout = readRollout(object);
        else if (key.kind == "ReplicaSet")
            observed.replicaSets.push_back(readReplicaSet(object));
        else if (key.kind == "Service")
            observed.services.push_back(readService(object));
        else if (key.kind == "AnalysisRun")
            observed.analysisRuns.push_back(readAnalysisRun(object));
        else if (key.kind == "AnalysisTemplate" || key.kind == "ClusterAnalysisTemplate")
            observed.templates.push_back(readAnalysisTemplate(object));
        else if (key.kind == "Experiment")
            observed.experiments.push_back(readExperiment(object));
        else
            observed.routerObjects.push_back(object);
    }
    if (observed.rollout.workload) {
        const object::Gvk gvk = object::gvkOf(observed.rollout.workload->apiVersion, observed.rollout.workload->kind);
        if (const Object *workload = find({gvk.group, gvk.kind, observed.rollout.ns, observed.rollout.workload->name}))
            observed.workload = *workload;
    }
    return observed;
}

bool VirtualCluster::setStatus(const ObjectKey &key, const Value &status)
{
    const Value before = m_objects.at(key).value();
    if (before["status"] == status)
        return false;
    store(key, before, before.with("status", status));
    return true;
}

bool VirtualCluster::runReplicaSet(const ObjectKey &key, Moment now)
{
    const ReplicaSet replicaSet = readReplicaSet(m_objects.at(key));
    Pods &pods = m_pods[key];
    const auto wanted = static_cast<std::size_t>(std::max(replicaSet.replicas, 0));
    const bool isBroken = m_behaviour.brokenHashes.contains(replicaSet.hash);
    const Moment ready = isBroken ? kNever : now.plusSeconds(m_behaviour.podStartSeconds);
    if (!isBroken)
        std::ranges::replace(pods, kNever, ready);
    while (pods.size() < wanted)
        pods.push_back(ready);
    // Those that are not ready go first, then the youngest.
    std::ranges::sort(pods);
    pods.resize(wanted);
    const auto readySince = [&](std::int64_t seconds) {
        return std::ranges::count_if(pods, [&](Moment pod) { return pod.plusSeconds(seconds) <= now; });
    };
    const Value status =
        Value::map({{"replicas", Value(static_cast<std::int64_t>(pods.size()))},
                    {"readyReplicas", Value(static_cast<std::int64_t>(readySince(0)))},
                    {"availableReplicas", Value(static_cast<std::int64_t>(readySince(replicaSet.minReadySeconds)))},
                    {"observedGeneration", replicaSet.generation}});
    return setStatus(key, status);
}

bool VirtualCluster::mustFail(const Metric &metric) const
{
    // A run does not say which templates it is of; their metrics stand in it as they were written.
    return std::ranges::any_of(m_objects, [&](const auto &entry) {
        const auto &[key, object] = entry;
        return key.kind.ends_with("AnalysisTemplate") && m_behaviour.failedTemplates.contains(key.name)
               && std::ranges::contains(readAnalysisTemplate(object).metrics, metric.value, &Metric::value);
    });
}

MeasurementAnswers VirtualCluster::answersTo(const std::vector<MeasurementRequest> &requests, const AnalysisRun &run,
                                             Moment now) const
{
    MeasurementAnswers answers;
    for (const MeasurementRequest &request : requests) {
        // That of the request has its arguments filled in.
        const VirtualProvider provider{.fails = mustFail(run.metrics.at(request.index)),
                                       .seconds = m_behaviour.measurementSeconds};
        answers.insert_or_assign(request.metric.name, virtualAnswer(request, provider, now));
    }
    return answers;
}

bool VirtualCluster::runAnalysis(const ObjectKey &key, Moment now)
{
    RunObserved observed;
    observed.run = readAnalysisRun(m_objects.at(key));
    m_looks.erase(key);
    if (isCompleted(observed.run.status.phase))
        return false;
    for (const RunArgument &argument : observed.run.arguments) {
        // What stands in Secrets is not known here, and hardly a time or a number.
        if (const Value reference = argument.valueFrom["secretKeyRef"]; reference.isMap())
            observed.secrets.insert_or_assign(
                std::string(reference["name"].stringOr()) + "/" + std::string(reference["key"].stringOr()), "1");
    }
    RunDecision decision = decideRun(observed, now);
    if (!decision.requests.empty()) {
        observed.answers = answersTo(decision.requests, observed.run, now);
        decision = decideRun(observed, now);
    }
    if (decision.decision.lookAgain)
        m_looks.emplace(key, *decision.decision.lookAgain);
    const std::int64_t before = m_version;
    ignoreError(apply(decision.decision, now), "the run is looked at again");
    return m_version != before;
}

ExperimentObserved VirtualCluster::observeExperiment(const ObjectKey &key) const
{
    ExperimentObserved observed;
    observed.experiment = readExperiment(m_objects.at(key));
    for (const auto &[other, object] : m_objects) {
        if (other.kind == "ReplicaSet")
            observed.replicaSets.push_back(readReplicaSet(object));
        else if (other.kind == "Service")
            observed.services.push_back(readService(object));
        else if (other.kind == "AnalysisRun")
            observed.analysisRuns.push_back(readAnalysisRun(object));
        else if (other.kind == "AnalysisTemplate" || other.kind == "ClusterAnalysisTemplate")
            observed.templates.push_back(readAnalysisTemplate(object));
    }
    return observed;
}

bool VirtualCluster::runExperiment(const ObjectKey &key, Moment now)
{
    const std::int64_t before = m_version;
    const Decision decision = decideExperiment(observeExperiment(key), now);
    m_looks.erase(key);
    if (decision.lookAgain)
        m_looks.emplace(key, *decision.lookAgain);
    ignoreError(apply(decision, now), "the experiment is looked at again");
    return m_version != before;
}

bool VirtualCluster::runControllers(Moment now)
{
    std::vector<ObjectKey> keys;
    for (const auto &[key, object] : m_objects)
        keys.push_back(key);
    bool isChanged = false;
    for (const ObjectKey &key : keys) {
        if (key.kind == "ReplicaSet")
            isChanged = runReplicaSet(key, now) || isChanged;
        else if (key.kind == "AnalysisRun")
            isChanged = runAnalysis(key, now) || isChanged;
        else if (key.kind == "Experiment")
            isChanged = runExperiment(key, now) || isChanged;
    }
    return isChanged;
}

std::optional<Moment> VirtualCluster::nextEvent(Moment now) const
{
    Moment next = kNever;
    const auto consider = [&next, now](Moment moment) {
        if (moment > now)
            next = std::min(next, moment);
    };
    for (const auto &[key, object] : m_objects) {
        if (key.kind == "ReplicaSet") {
            const int minReady = readReplicaSet(object).minReadySeconds;
            const auto pods = m_pods.find(key);
            for (const Moment ready : pods == m_pods.end() ? Pods() : pods->second) {
                consider(ready);
                consider(ready.plusSeconds(minReady));
            }
        }
    }
    for (const auto &[key, look] : m_looks)
        consider(look);
    return next >= kNever ? std::nullopt : std::optional(next);
}

} // namespace tiphys::rollout
