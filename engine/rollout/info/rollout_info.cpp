// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/info/rollout_info.h"

#include "rollout/info/pod_info.h"
#include "rollout/names.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

bool isOwnedBy(const Object &object, std::string_view uid)
{
    const std::vector<object::OwnerReference> owners = object.ownerReferences();
    return !uid.empty() && std::ranges::contains(owners, uid, &object::OwnerReference::uid);
}

std::int64_t revisionOf(const Object &object)
{
    const std::string_view text = object.annotation(kRevisionAnnotation).value_or("");
    std::int64_t revision = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), revision);
    return problem == std::errc() && end == text.data() + text.size() ? revision : 0;
}

std::string replicaSetStatus(const Object &set)
{
    const Value status = set.value()["status"];
    const std::int64_t wanted = set.path({"spec", "replicas"}).intOr(1);
    if (set.generation() > status["observedGeneration"].intOr(0))
        return "Progressing";
    const Value conditions = status["conditions"];
    for (const Value &condition : conditions.items()) {
        if (condition["type"].stringOr() == "ReplicaFailure" && condition["status"].stringOr() == "True")
            return "ReplicaFailure";
    }
    if (status["availableReplicas"].intOr(0) < wanted)
        return "Progressing";
    return wanted == 0 ? "ScaledDown" : "Healthy";
}

/// Which part \p set plays for \p rollout.
void assignPart(ReplicaSetInfo &set, const Object &rollout)
{
    const Value status = rollout.value()["status"];
    const Value strategy = rollout.path({"spec", "strategy"});
    set.isStable = !set.podHash.empty() && status["stableRS"].stringOr() == set.podHash;
    if (strategy["canary"].isMap()) {
        set.isCanary = !set.isStable && status["currentPodHash"].stringOr() == set.podHash;
        const bool isPingPong = strategy.path({"canary", "pingPong"}).isMap();
        const bool isStablePing = status.path({"canary", "stablePingPong"}).stringOr() == "ping";
        if (isPingPong && (set.isStable || set.isCanary)) {
            set.isPing = set.isStable == isStablePing;
            set.isPong = !set.isPing;
        }
    }
    if (strategy["blueGreen"].isMap()) {
        set.isActive = status.path({"blueGreen", "activeSelector"}).stringOr() == set.podHash;
        set.isPreview = !set.isActive && status.path({"blueGreen", "previewSelector"}).stringOr() == set.podHash;
    }
}

std::vector<PodInfo> podsOf(const Object &set, const std::vector<Object> &pods)
{
    std::vector<PodInfo> infos;
    for (const Object &pod : pods) {
        if (isOwnedBy(pod, set.uid()))
            infos.push_back(podInfo(pod));
    }
    std::ranges::sort(infos, {}, [](const PodInfo &pod) { return std::tie(pod.created, pod.name); });
    return infos;
}

/// Replica sets owned by \p owner; \p rollout is null for those of an Experiment.
std::vector<ReplicaSetInfo> replicaSetsOf(std::string_view owner, const Object *rollout, const RolloutObjects &objects)
{
    std::vector<ReplicaSetInfo> infos;
    for (const Object &set : objects.replicaSets) {
        if (!isOwnedBy(set, owner))
            continue;
        ReplicaSetInfo info;
        info.name = set.name();
        info.created = set.creationTimestamp();
        info.status = replicaSetStatus(set);
        info.podHash = set.label(kHashLabel).value_or("");
        info.templateName = set.annotation(kExperimentTemplateAnnotation).value_or("");
        info.scaleDownDeadline = set.annotation(kScaleDownDeadlineAnnotation).value_or("");
        info.revision = revisionOf(set);
        info.replicas = set.path({"status", "replicas"}).intOr(0);
        info.available = set.path({"status", "availableReplicas"}).intOr(0);
        const Value containers = set.path({"spec", "template", "spec", "containers"});
        for (const Value &container : containers.items())
            info.images.emplace_back(container["image"].stringOr());
        if (rollout)
            assignPart(info, *rollout);
        info.pods = podsOf(set, objects.pods);
        infos.push_back(std::move(info));
    }
    std::ranges::sort(infos, [](const ReplicaSetInfo &a, const ReplicaSetInfo &b) {
        return a.revision != b.revision ? a.revision > b.revision : a.name < b.name;
    });
    return infos;
}

void addJobs(AnalysisRunInfo &info, const Object &run, const Value &result)
{
    const Value measurements = result["measurements"];
    for (const Value &measurement : measurements.items()) {
        const Value metadata = measurement["metadata"];
        const std::string_view name = metadata["job-name"].stringOr();
        if (name.empty())
            continue;
        const std::string_view ns = metadata["job-namespace"].stringOr(run.ns());
        info.jobs.push_back({std::string(name), std::string(ns), std::string(measurement["phase"].stringOr()),
                             std::string(measurement["startedAt"].stringOr()), std::string(result["name"].stringOr())});
    }
}

std::vector<AnalysisRunInfo> analysisRunsOf(std::string_view owner, const std::vector<Object> &runs)
{
    std::vector<AnalysisRunInfo> infos;
    for (const Object &run : runs) {
        if (!isOwnedBy(run, owner))
            continue;
        AnalysisRunInfo info;
        info.name = run.name();
        info.created = run.creationTimestamp();
        info.status = run.path({"status", "phase"}).stringOr();
        info.revision = revisionOf(run);
        const Value results = run.path({"status", "metricResults"});
        for (const Value &result : results.items()) {
            info.successful += result["successful"].intOr(0);
            info.failed += result["failed"].intOr(0);
            info.inconclusive += result["inconclusive"].intOr(0);
            info.error += result["error"].intOr(0);
            addJobs(info, run, result);
        }
        info.object = run;
        infos.push_back(std::move(info));
    }
    std::ranges::sort(infos, [](const AnalysisRunInfo &a, const AnalysisRunInfo &b) {
        if (a.revision != b.revision)
            return a.revision > b.revision;
        return a.created != b.created ? a.created < b.created : a.name > b.name;
    });
    return infos;
}

ExperimentInfo experimentOf(const Object &experiment, const RolloutObjects &objects)
{
    ExperimentInfo info;
    info.ns = experiment.ns();
    info.name = experiment.name();
    info.created = experiment.creationTimestamp();
    info.status = experiment.path({"status", "phase"}).stringOr();
    info.message = experiment.path({"status", "message"}).stringOr();
    info.revision = revisionOf(experiment);
    info.replicaSets = replicaSetsOf(experiment.uid(), nullptr, objects);
    info.analysisRuns = analysisRunsOf(experiment.uid(), objects.analysisRuns);
    return info;
}

std::int64_t maxWeight(const Value &canary)
{
    return canary.path({"trafficRouting", "maxTrafficWeight"}).intOr(100);
}

/// Index of the step at work; nothing once all are done or where there are none.
std::optional<std::size_t> currentStep(const RolloutInfo &info)
{
    const auto index = static_cast<std::size_t>(std::max<std::int64_t>(info.stepIndex.value_or(0), 0));
    return index < info.steps.size() ? std::optional(index) : std::nullopt;
}

/// The weight that the steps up to the current one ask for.
/// Source: argo-rollouts utils/replicaset/canary.go (GetCurrentSetWeight)@v1.9.1
std::int64_t setWeightOf(const RolloutInfo &info, const Value &canary, const Value &status)
{
    if (status["abort"].boolOr(false))
        return 0;
    const std::optional<std::size_t> current = currentStep(info);
    if (!current)
        return maxWeight(canary);
    for (std::size_t i = *current + 1; i-- > 0;) {
        if (const std::optional<std::int64_t> weight = info.steps[i]["setWeight"].asInt())
            return *weight;
    }
    return 0;
}

std::int64_t actualWeightOf(const RolloutInfo &info, const Value &canary, const Value &status)
{
    if (!currentStep(info))
        return maxWeight(canary);
    if (info.available <= 0)
        return 0;
    if (canary["trafficRouting"].isMap())
        return status.path({"canary", "weights", "canary", "weight"})
            .intOr(status.path({"canary", "weights"}).isMap() ? 0 : info.setWeight);
    for (const ReplicaSetInfo &set : info.replicaSets) {
        if (set.isCanary)
            return set.available * maxWeight(canary) / info.available;
    }
    return 0;
}

void addStrategy(RolloutInfo &info, const Object &rollout)
{
    const Value strategy = rollout.path({"spec", "strategy"});
    const Value status = rollout.value()["status"];
    if (strategy["blueGreen"].isMap())
        info.strategy = StrategyKind::BlueGreen;
    const Value canary = strategy["canary"];
    if (!canary.isMap())
        return;
    info.strategy = StrategyKind::Canary;
    const Value steps = canary["steps"];
    for (const Value &step : steps.items())
        info.steps.push_back(step);
    if (const auto index = status["currentStepIndex"].asInt(); index && !info.steps.empty())
        info.stepIndex = *index;
    info.setWeight = setWeightOf(info, canary, status);
    info.actualWeight = actualWeightOf(info, canary, status);
}

/// Adds \p tags to the entry of \p image.
void addImage(std::vector<ImageInfo> &images, const std::string &image, const std::vector<std::string> &tags)
{
    const auto known = std::ranges::find(images, image, &ImageInfo::image);
    if (known == images.end()) {
        images.push_back({image, tags});
        std::ranges::sort(images, {}, &ImageInfo::image);
        return;
    }
    std::set<std::string> merged(known->tags.begin(), known->tags.end());
    merged.insert(tags.begin(), tags.end());
    known->tags.assign(merged.begin(), merged.end());
}

std::vector<std::string> tagsOf(const ReplicaSetInfo &set)
{
    std::vector<std::string> tags;
    const std::pair<bool, const char *> parts[] = {{set.isCanary, "canary"}, {set.isStable, "stable"},
                                                   {set.isActive, "active"}, {set.isPreview, "preview"},
                                                   {set.isPing, "ping"},     {set.isPong, "pong"}};
    for (const auto &[plays, tag] : parts) {
        if (plays)
            tags.emplace_back(tag);
    }
    return tags;
}

} // namespace

std::string RolloutInfo::step() const
{
    return stepIndex ? std::to_string(*stepIndex) + "/" + std::to_string(steps.size()) : std::string();
}

std::vector<std::int64_t> RolloutInfo::revisions() const
{
    std::set<std::int64_t, std::greater<>> revisions;
    for (const ReplicaSetInfo &set : replicaSets)
        revisions.insert(set.revision);
    for (const ExperimentInfo &experiment : experiments)
        revisions.insert(experiment.revision);
    for (const AnalysisRunInfo &run : analysisRuns)
        revisions.insert(run.revision);
    return {revisions.begin(), revisions.end()};
}

RolloutInfo rolloutInfo(const RolloutObjects &objects)
{
    const Object &rollout = objects.rollout;
    const Value status = rollout.value()["status"];
    RolloutInfo info;
    info.ns = rollout.ns();
    info.name = rollout.name();
    info.created = rollout.creationTimestamp();
    info.phase = shownPhase(rollout);
    info.desired = rollout.path({"spec", "replicas"}).intOr(1);
    info.current = status["replicas"].intOr(0);
    info.updated = status["updatedReplicas"].intOr(0);
    info.ready = status["readyReplicas"].intOr(0);
    info.available = status["availableReplicas"].intOr(0);
    info.replicaSets = replicaSetsOf(rollout.uid(), &rollout, objects);
    info.analysisRuns = analysisRunsOf(rollout.uid(), objects.analysisRuns);
    for (const Object &experiment : objects.experiments) {
        if (isOwnedBy(experiment, rollout.uid()))
            info.experiments.push_back(experimentOf(experiment, objects));
    }
    std::ranges::sort(info.experiments, [](const ExperimentInfo &a, const ExperimentInfo &b) {
        return a.revision != b.revision ? a.revision > b.revision : a.created < b.created;
    });
    addStrategy(info, rollout);
    return info;
}

RolloutInfo rolloutSummary(const Object &rollout)
{
    return rolloutInfo({.rollout = rollout, .replicaSets = {}, .pods = {}, .experiments = {}, .analysisRuns = {}});
}

ExperimentInfo experimentInfo(const RolloutObjects &objects)
{
    return experimentOf(objects.rollout, objects);
}

std::vector<ImageInfo> imagesOf(const ExperimentInfo &info)
{
    std::vector<ImageInfo> images;
    for (const ReplicaSetInfo &set : info.replicaSets) {
        if (set.replicas <= 0)
            continue;
        for (const std::string &image : set.images)
            addImage(images, image,
                     set.templateName.empty() ? std::vector<std::string>() : std::vector{"Σ:" + set.templateName});
    }
    return images;
}

std::vector<ImageInfo> imagesOf(const RolloutInfo &info)
{
    std::vector<ImageInfo> images;
    for (const ReplicaSetInfo &set : info.replicaSets) {
        if (set.replicas <= 0)
            continue;
        for (const std::string &image : set.images)
            addImage(images, image, tagsOf(set));
    }
    for (const ExperimentInfo &experiment : info.experiments) {
        for (const ImageInfo &image : imagesOf(experiment))
            addImage(images, image.image, image.tags);
    }
    return images;
}

std::string_view word(StrategyKind strategy)
{
    switch (strategy) {
    case StrategyKind::Unknown: return "unknown";
    case StrategyKind::Canary: return "Canary";
    case StrategyKind::BlueGreen: return "BlueGreen";
    }
    return "unknown";
}

} // namespace tiphys::rollout
