// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_detail.h"

#include "base/text.h"
#include "control/app_views.h"
#include "control/diff_view.h"
#include "rollout/analysis_run.h"
#include "rollout/names.h"

#include <algorithm>
#include <charconv>

namespace tiphys::control {

using object::Object;
using object::Value;
using service::RolloutDetail;
using service::RolloutService;

namespace {

service::WallTime momentOf(const std::optional<crd::Timestamp> &time)
{
    return time ? time->seconds * 1000 : 0;
}

service::RolloutRevision revisionOf(const rollout::ReplicaSetInfo &set, const std::string &experiment)
{
    service::RolloutRevision revision;
    revision.revision = set.revision;
    revision.replicaSet = set.name;
    revision.hash = set.podHash;
    revision.status = set.status;
    revision.replicas = set.replicas;
    revision.available = set.available;
    revision.created = wallTimeOf(set.created);
    revision.scaleDownAt = wallTimeOf(set.scaleDownDeadline);
    revision.images = set.images;
    revision.isStable = set.isStable;
    revision.isCanary = set.isCanary;
    revision.isActive = set.isActive;
    revision.isPreview = set.isPreview;
    revision.experiment = experiment;
    for (const rollout::PodInfo &pod : set.pods)
        revision.pods.push_back({pod.name, pod.status, pod.ready, pod.containers, pod.restarts});
    return revision;
}

/// A version that an experiment runs, with the Service in front of it and its share of the traffic, as they are told by
/// the statuses of the experiment and of the Rollout.
/// Source: argo-rollouts rollout/trafficrouting.go (calculateWeightDestinationsFromExperiment)@v1.9.1
service::RolloutRevision experimentRevisionOf(const rollout::ReplicaSetInfo &set, const Object &experiment,
                                              const Value &additional)
{
    service::RolloutRevision revision = revisionOf(set, std::string(experiment.name()));
    revision.templateName = set.templateName;
    std::string hash;
    const Value statuses = experiment.path({"status", "templateStatuses"});
    for (const Value &status : statuses.items()) {
        if (status["name"].stringOr() != set.templateName)
            continue;
        revision.service = status["serviceName"].stringOr();
        hash = status["podTemplateHash"].stringOr();
    }
    for (const Value &destination : additional.items()) {
        if (!hash.empty() && destination["podTemplateHash"].stringOr() == hash)
            revision.weight = static_cast<int>(destination["weight"].intOr(0));
    }
    return revision;
}

/// What a provider is asked, in one text: its query, its address, the Job's images. Headers may hold secrets.
std::string queryOf(std::string_view provider, const Value &settings)
{
    for (const std::string_view member : {"query", "url", "applicationID"}) {
        if (const Value found = settings[member]; found.isString())
            return std::string(found.stringOr());
    }
    if (provider == "job") {
        std::string images;
        const Value containers = settings.path({"spec", "template", "spec", "containers"});
        for (const Value &container : containers.items())
            images += (images.empty() ? "" : ", ") + std::string(container["image"].stringOr());
        return images;
    }
    return {};
}

service::MetricRow metricOf(const rollout::Metric &metric, const rollout::AnalysisRun &run)
{
    service::MetricRow row;
    row.name = metric.name;
    for (const auto &[name, settings] : metric.provider.entries()) {
        row.provider = name;
        row.query = queryOf(name, settings);
    }
    row.successCondition = metric.successCondition;
    row.failureCondition = metric.failureCondition;
    row.count = metric.effectiveCount().value_or(0);
    row.failureLimit = metric.failureLimit ? metric.failureLimit->shown() : "0";
    row.inconclusiveLimit = metric.inconclusiveLimit ? metric.inconclusiveLimit->shown() : "0";
    const auto result = std::ranges::find(run.status.results, metric.name, &rollout::MetricResult::name);
    if (result == run.status.results.end())
        return row;
    row.phase = rollout::text(result->phase);
    row.message = result->message;
    row.successful = result->successful;
    row.failed = result->failed;
    row.inconclusive = result->inconclusive;
    row.error = result->error;
    row.isDryRun = result->isDryRun;
    for (const rollout::Measurement &each : result->measurements)
        row.measurements.push_back({std::string(rollout::text(each.phase)), each.value, each.message,
                                    momentOf(each.startedAt), momentOf(each.finishedAt)});
    return row;
}

service::AnalysisRow analysisOf(const rollout::AnalysisRunInfo &info, const std::string &currentHash)
{
    const rollout::AnalysisRun run = rollout::readAnalysisRun(info.object);
    service::AnalysisRow row;
    row.name = info.name;
    row.type = info.object.label(rollout::kRolloutTypeLabel).value_or("");
    row.revision = info.revision;
    row.phase = info.status;
    row.message = run.status.message;
    row.startedAt = momentOf(run.status.startedAt);
    row.completedAt = momentOf(run.status.completedAt);
    row.isCurrent = info.object.label(rollout::kHashLabel) == currentHash;
    if (const auto step = info.object.label(rollout::kStepIndexLabel))
        std::from_chars(step->data(), step->data() + step->size(), row.stepIndex);
    for (const rollout::Metric &metric : run.metrics)
        row.metrics.push_back(metricOf(metric, run));
    return row;
}

void addServices(RolloutDetail &detail, const Object &rollout, const std::vector<Object> &services)
{
    using Role = RolloutService::Role;
    const auto add = [&](Role role, std::string_view name) {
        if (name.empty())
            return;
        RolloutService row{role, std::string(name), {}, true};
        const auto found =
            std::ranges::find_if(services, [&](const Object &service) { return service.name() == name; });
        if (found != services.end()) {
            row.isMissing = false;
            row.hash = found->path({"spec", "selector", rollout::kHashLabel}).stringOr();
        }
        detail.services.push_back(std::move(row));
    };
    const Value canary = rollout.path({"spec", "strategy", "canary"});
    add(Role::Stable, canary["stableService"].stringOr());
    add(Role::Canary, canary["canaryService"].stringOr());
    if (const Value pingPong = canary["pingPong"]; pingPong.isMap()) {
        const bool isPingStable = rollout.path({"status", "canary", "stablePingPong"}).stringOr() == "ping";
        add(isPingStable ? Role::Stable : Role::Canary, pingPong["pingService"].stringOr());
        add(isPingStable ? Role::Canary : Role::Stable, pingPong["pongService"].stringOr());
    }
    const Value blueGreen = rollout.path({"spec", "strategy", "blueGreen"});
    add(Role::Active, blueGreen["activeService"].stringOr());
    add(Role::Preview, blueGreen["previewService"].stringOr());
}

/// What routes traffic in an object of any kind: annotations of weights, and destinations with weights in its spec.
std::vector<std::string> factsOf(const Object &router)
{
    std::vector<std::string> facts;
    const Value annotations = router.path({"metadata", "annotations"});
    for (const auto &[key, value] : annotations.entries()) {
        if (key.contains("/canary") || key.contains("actions."))
            facts.push_back(std::string(key) + ": " + std::string(value.stringOr()));
    }
    struct Walk
    {
        static void of(const Value &value, std::vector<std::string> &facts, int depth)
        {
            if (depth > 12 || facts.size() > 20)
                return;
            if (value.isMap()) {
                if (const Value weight = value["weight"]; weight.isInteger()) {
                    std::string name(value.path({"destination", "host"}).stringOr());
                    for (const std::string_view member : {"name", "service", "serviceName", "hostname"}) {
                        if (name.empty())
                            name = value[member].stringOr();
                    }
                    const std::string subset(value.path({"destination", "subset"}).stringOr());
                    facts.push_back(name + (subset.empty() ? "" : "/" + subset) + ": "
                                    + std::to_string(weight.intOr(0)));
                }
                for (const auto &[key, member] : value.entries())
                    of(member, facts, depth + 1);
            } else if (value.isList()) {
                for (const Value &item : value.items())
                    of(item, facts, depth + 1);
            }
        }
    };
    Walk::of(router.value()["spec"], facts, 0);
    return facts;
}

/// Names of objects that `spec.strategy.canary.trafficRouting` mentions, at any depth.
void collectNames(const Value &value, std::vector<std::string> &names, int depth)
{
    if (depth > 8)
        return;
    if (value.isString())
        names.emplace_back(value.stringOr());
    else if (value.isMap())
        for (const auto &[key, member] : value.entries())
            collectNames(member, names, depth + 1);
    else if (value.isList())
        for (const Value &item : value.items())
            collectNames(item, names, depth + 1);
}

void addRouters(RolloutDetail &detail, const Object &rollout, const std::vector<Object> &routers)
{
    std::vector<std::string> names;
    collectNames(rollout.path({"spec", "strategy", "canary", "trafficRouting"}), names, 0);
    for (const Object &router : routers) {
        const bool isOwned = std::ranges::any_of(
            router.ownerReferences(), [&](const object::OwnerReference &owner) { return owner.uid == rollout.uid(); });
        const bool isNamed = router.ns() == rollout.ns() && std::ranges::contains(names, router.name());
        if (isOwned || isNamed)
            detail.routers.push_back({std::string(router.kind()), std::string(router.name()), factsOf(router), false});
    }
}

/// Only a controller that was told to asks AWS; everybody else leaves it open.
service::WeightCheck weightCheckOf(const Object &rollout)
{
    if (!rollout.path({"spec", "strategy", "canary", "trafficRouting", "alb"}).isMap())
        return service::WeightCheck::NotNeeded;
    const std::optional<bool> verified = rollout.path({"status", "canary", "weights", "verified"}).asBool();
    if (!verified)
        return service::WeightCheck::NotVerified;
    return *verified ? service::WeightCheck::Taken : service::WeightCheck::NotTaken;
}

} // namespace

RolloutDetail rolloutDetailOf(const rollout::RolloutObjects &objects, const RolloutSurroundings &around)
{
    const rollout::RolloutInfo info = rollout::rolloutInfo(objects);
    const Object &object = objects.rollout;
    RolloutDetail detail;
    for (const rollout::ReplicaSetInfo &set : info.replicaSets)
        detail.revisions.push_back(revisionOf(set, {}));
    for (const rollout::ExperimentInfo &experiment : info.experiments) {
        detail.experiments.push_back({experiment.name, experiment.status, experiment.message, experiment.revision});
        const auto known = std::ranges::find(objects.experiments, std::string_view(experiment.name), &Object::name);
        const Value additional = object.path({"status", "canary", "weights", "additional"});
        for (const rollout::ReplicaSetInfo &set : experiment.replicaSets)
            detail.revisions.push_back(
                experimentRevisionOf(set, known == objects.experiments.end() ? Object() : *known, additional));
    }
    const std::string currentHash(object.path({"status", "currentPodHash"}).stringOr());
    for (const rollout::AnalysisRunInfo &run : info.analysisRuns)
        detail.analyses.push_back(analysisOf(run, currentHash));
    std::ranges::stable_sort(detail.analyses, std::ranges::greater(),
                             [](const service::AnalysisRow &row) { return std::pair(row.revision, row.startedAt); });
    addServices(detail, object, around.services);
    addRouters(detail, object, around.routers);
    detail.weightCheck = weightCheckOf(object);
    const Value conditions = object.path({"status", "conditions"});
    for (const Value &condition : conditions.items())
        detail.conditions.push_back(
            {std::string(condition["type"].stringOr()), std::string(condition["status"].stringOr()),
             std::string(condition["reason"].stringOr()), std::string(condition["message"].stringOr()),
             wallTimeOf(condition["lastTransitionTime"].stringOr())});
    detail.manifest = manifestText(object);
    return detail;
}

Object templateOf(const Object &replicaSet)
{
    const Value podTemplate =
        replicaSet.path({"spec", "template"}).withoutPath({"metadata", "labels", rollout::kHashLabel});
    return Object(Value::map({{"template", podTemplate}}));
}

std::vector<std::string> rolloutPolicies(const Object &rbacConfig, const std::string &project)
{
    std::vector<std::string> lines;
    const Value texts = rbacConfig.path({"data"});
    for (const auto &[key, value] : texts.entries()) {
        if (!key.starts_with("policy") || !key.ends_with(".csv"))
            continue;
        for (const std::string_view line : split(value.stringOr(), '\n')) {
            std::vector<std::string> fields;
            for (const std::string_view field : split(line, ','))
                fields.emplace_back(trimmed(field));
            if (fields.size() < 6 || fields[0] != "p" || fields[2] != "applications")
                continue;
            const bool isAct =
                fields[3] == "*" || fields[3].starts_with("action/argoproj.io/Rollout") || fields[3] == "action/*";
            const bool isProject = fields[4].starts_with(project + "/") || fields[4].starts_with("*");
            if (isAct && isProject)
                lines.emplace_back(trimmed(line));
        }
    }
    return lines;
}

} // namespace tiphys::control
