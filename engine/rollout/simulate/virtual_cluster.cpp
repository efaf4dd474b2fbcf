// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/simulate/virtual_cluster.h"

#include "crd/duration.h"
#include "object/json_patch.h"
#include "object/merge_patch.h"
#include "rollout/analysis/run_metrics.h"
#include "rollout/reading.h"

#include <algorithm>
#include <limits>

namespace tiphys::rollout {

using object::Object;
using object::ObjectKey;
using object::Value;

namespace {

constexpr Moment kNever{std::numeric_limits<std::int64_t>::max() / 2};

std::int64_t secondsOf(const std::string &duration)
{
    const Expected<crd::Duration> parsed = crd::goDurationOf(duration);
    return parsed ? parsed->seconds() : 0;
}

Moment createdAt(const std::optional<crd::Timestamp> &created)
{
    return Moment::of(created.value_or(crd::Timestamp()));
}

/// Seconds to the last measurement of \p metric; nothing if there is none.
std::optional<std::int64_t> measuringSeconds(const Metric &metric, const AnalysisRun &run)
{
    std::vector<RunArgument> arguments = run.arguments;
    for (RunArgument &argument : arguments) {
        // What stands in Secrets is not known here, and hardly a time or a number.
        if (!argument.value)
            argument.value = "1";
    }
    const Metric resolved = resolvedMetric(metric, arguments).value_or(metric);
    const std::optional<int> count = resolved.effectiveCount();
    if (!count)
        return std::nullopt;
    return secondsOf(resolved.initialDelay) + (*count - 1) * secondsOf(resolved.interval);
}

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
        const bool isIgnored = write->onFailure == OnFailure::Ignore
                               || (isAbsent && write->onFailure == OnFailure::IgnoreIfAbsent);
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
        if (const Object *workload =
                find({gvk.group, gvk.kind, observed.rollout.ns, observed.rollout.workload->name}))
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
    const Value status = Value::map({{"replicas", Value(static_cast<std::int64_t>(pods.size()))},
                                     {"readyReplicas", Value(static_cast<std::int64_t>(readySince(0)))},
                                     {"availableReplicas",
                                      Value(static_cast<std::int64_t>(readySince(replicaSet.minReadySeconds)))},
                                     {"observedGeneration", replicaSet.generation}});
    return setStatus(key, status);
}

bool VirtualCluster::mustFail(const AnalysisRun &run) const
{
    // A run does not say which templates it is of; their metrics stand in it as they were written.
    const auto measures = [&run](const Metric &metric) { return std::ranges::contains(run.metrics, metric.value, &Metric::value); };
    for (const auto &[key, object] : m_objects) {
        if (!key.kind.ends_with("AnalysisTemplate") || !m_behaviour.failedTemplates.contains(key.name))
            continue;
        const AnalysisTemplate part = readAnalysisTemplate(object);
        if (std::ranges::any_of(part.metrics, [&](const Metric &metric) { return measures(metric); }))
            return true;
    }
    return false;
}

Moment VirtualCluster::endOf(const AnalysisRun &run) const
{
    if (run.isTerminated)
        return createdAt(run.created);
    std::int64_t seconds = 0;
    for (const Metric &metric : run.metrics) {
        if (mustFail(run)) {
            seconds = std::max(seconds, secondsOf(metric.initialDelay));
            continue;
        }
        const std::optional<std::int64_t> measuring = measuringSeconds(metric, run);
        if (!measuring)
            return kNever;
        seconds = std::max(seconds, *measuring);
    }
    return createdAt(run.created).plusSeconds(seconds + m_behaviour.measurementSeconds);
}

bool VirtualCluster::runAnalysis(const ObjectKey &key, Moment now)
{
    const AnalysisRun run = readAnalysisRun(m_objects.at(key));
    if (isCompleted(run.status.phase))
        return false;
    RunStatus status = run.status;
    status.phase = AnalysisPhase::Running;
    if (!status.startedAt)
        status.startedAt = now.timestamp();
    if (endOf(run) <= now) {
        const bool isFailed = !run.isTerminated && mustFail(run);
        status.phase = isFailed ? AnalysisPhase::Failed : AnalysisPhase::Successful;
        status.completedAt = now.timestamp();
        if (isFailed)
            status.message = "Metric \"" + run.metrics.front().name
                             + "\" assessed Failed due to failed (1) > failureLimit (0)";
        else if (run.isTerminated)
            status.message = "Run Terminated";
    }
    return setStatus(key, valueOf(status));
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
        } else if (key.kind == "AnalysisRun") {
            const AnalysisRun run = readAnalysisRun(object);
            if (!isCompleted(run.status.phase))
                consider(endOf(run));
        }
    }
    for (const auto &[key, look] : m_looks)
        consider(look);
    return next >= kNever ? std::nullopt : std::optional(next);
}

} // namespace tiphys::rollout
