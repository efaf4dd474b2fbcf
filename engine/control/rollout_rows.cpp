// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_rows.h"

#include "control/app_views.h"
#include "rollout/info/rollout_info.h"
#include "rollout/step.h"

#include <algorithm>
#include <charconv>

namespace tiphys::control {

using object::Object;
using object::Value;
using rollout::Intent;
using service::Permission;
using service::RolloutAct;
using service::RolloutPhase;
using service::RolloutRow;
using service::RolloutStep;
using service::RolloutWait;

namespace {

std::string textOf(const Value &value)
{
    return std::string(value.stringOr());
}

RolloutPhase phaseOf(std::string_view word)
{
    if (word == "Healthy")
        return RolloutPhase::Healthy;
    if (word == "Progressing")
        return RolloutPhase::Progressing;
    if (word == "Paused")
        return RolloutPhase::Paused;
    return word == "Degraded" ? RolloutPhase::Degraded : RolloutPhase::Unknown;
}

/// Names of the templates of an analysis step: "error-rate, latency".
std::string templateNames(const Value &analysis)
{
    std::string names;
    const Value templates = analysis["templates"];
    for (const Value &reference : templates.items())
        names += (names.empty() ? "" : ", ") + textOf(reference["templateName"]);
    return names;
}

void readWait(RolloutRow &row, const Object &rollout)
{
    row.isPausedBySpec = rollout.path({"spec", "paused"}).boolOr(false);
    const Value conditions = rollout.path({"status", "pauseConditions"});
    for (const Value &condition : conditions.items()) {
        const std::string_view reason = condition["reason"].stringOr();
        row.waitSince = wallTimeOf(condition["startTime"].stringOr());
        if (reason == "CanaryPauseStep") {
            const bool isCurrent = row.stepIndex >= 0 && row.stepIndex < static_cast<int>(row.steps.size());
            const std::int64_t seconds = isCurrent ? row.steps[static_cast<std::size_t>(row.stepIndex)].seconds : 0;
            row.wait = seconds > 0 ? RolloutWait::Timer : RolloutWait::Promotion;
            row.waitEnds = seconds > 0 ? row.waitSince + seconds * 1000 : 0;
        } else if (reason == "BlueGreenPause") {
            const Value strategy = rollout.path({"spec", "strategy", "blueGreen"});
            const std::int64_t seconds = strategy["autoPromotionSeconds"].intOr(0);
            const bool isTimed = strategy["autoPromotionEnabled"].boolOr(true) && seconds > 0;
            row.wait = isTimed ? RolloutWait::Timer : RolloutWait::Switch;
            row.waitEnds = isTimed ? row.waitSince + seconds * 1000 : 0;
        } else {
            row.wait = RolloutWait::Inconclusive;
            break;
        }
    }
    if (row.isPausedBySpec && row.wait == RolloutWait::Nothing)
        row.wait = RolloutWait::Resume;
}

void readWeight(RolloutRow &row, const Object &rollout, const rollout::RolloutInfo &info)
{
    const Value routing = rollout.path({"spec", "strategy", "canary", "trafficRouting"});
    row.hasRouting = routing.isMap() && !routing.isEmpty();
    row.maxWeight = static_cast<int>(routing["maxTrafficWeight"].intOr(100));
    const Value weights = rollout.path({"status", "canary", "weights"});
    if (row.hasRouting && weights.isMap())
        row.weight = static_cast<int>(weights.path({"canary", "weight"}).intOr(0));
    else if (row.isUpdating && !row.isAborted)
        row.weight = static_cast<int>(info.setWeight);
    if (!row.isUpdating)
        row.weight = 0;
}

void readAnalysis(RolloutRow &row, const Value &status)
{
    for (const auto &path : {std::pair("canary", "currentStepAnalysisRunStatus"),
                             std::pair("canary", "currentBackgroundAnalysisRunStatus"),
                             std::pair("blueGreen", "prePromotionAnalysisRunStatus"),
                             std::pair("blueGreen", "postPromotionAnalysisRunStatus")}) {
        const Value run = status.path({path.first, path.second});
        if (!run.isMap())
            continue;
        row.analysis = textOf(run["status"]);
        row.analysisMessage = textOf(run["message"]);
        return;
    }
}

std::int64_t revisionOf(const Object &object)
{
    const std::string_view text = object.annotation("rollout.argoproj.io/revision").value_or("");
    std::int64_t revision = 0;
    std::from_chars(text.data(), text.data() + text.size(), revision);
    return revision;
}

} // namespace

std::vector<std::string> imagesOfTemplate(const Value &podTemplate)
{
    std::vector<std::string> images;
    const Value containers = podTemplate.path({"spec", "containers"});
    for (const Value &container : containers.items())
        images.push_back(textOf(container["image"]));
    return images;
}

RolloutStep rolloutStepOf(const Value &step)
{
    using Kind = RolloutStep::Kind;
    RolloutStep shown;
    shown.detail = rollout::stepText(step);
    if (const Value weight = step["setWeight"]; !weight.isNull()) {
        shown.kind = Kind::SetWeight;
        shown.weight = static_cast<int>(weight.intOr(0));
    } else if (step.contains("pause")) {
        shown.kind = Kind::Pause;
        const rollout::PauseStep pause{rollout::IntOrText::of(step.path({"pause", "duration"}))};
        shown.seconds = std::max<std::int64_t>(pause.seconds(), 0);
    } else if (step.contains("analysis")) {
        shown.kind = Kind::Analysis;
        shown.detail = templateNames(step["analysis"]);
    } else if (step.contains("experiment")) {
        shown.kind = Kind::Experiment;
    } else if (step.contains("setCanaryScale")) {
        shown.kind = Kind::SetCanaryScale;
    } else if (step.contains("setHeaderRoute")) {
        shown.kind = Kind::SetHeaderRoute;
        shown.detail = textOf(step.path({"setHeaderRoute", "name"}));
    } else if (step.contains("setMirrorRoute")) {
        shown.kind = Kind::SetMirrorRoute;
        shown.detail = textOf(step.path({"setMirrorRoute", "name"}));
    } else if (step.contains("plugin")) {
        shown.kind = Kind::Plugin;
        shown.detail = textOf(step.path({"plugin", "name"}));
    }
    return shown;
}

RolloutRow rolloutRowOf(const Object &object, const std::string &context)
{
    const rollout::RolloutInfo info = rollout::rolloutSummary(object);
    const Value status = object.value()["status"];
    RolloutRow row;
    row.id = {context, std::string(object.ns()), std::string(object.name())};
    row.phase = phaseOf(info.phase.phase);
    row.message = info.phase.message;
    row.isBlueGreen = info.strategy == rollout::StrategyKind::BlueGreen;
    for (const Value &step : info.steps)
        row.steps.push_back(rolloutStepOf(step));
    row.stepIndex = info.stepIndex ? static_cast<int>(*info.stepIndex) : -1;
    row.podHash = textOf(status["currentPodHash"]);
    row.stableHash = textOf(status["stableRS"]);
    row.isUpdating = row.podHash != row.stableHash;
    row.isAborted = status["abort"].boolOr(false);
    row.isPromotingFully = status["promoteFull"].boolOr(false);
    row.hasWorkloadRef = object.path({"spec", "workloadRef"}).isMap();
    row.desired = static_cast<int>(info.desired);
    row.current = static_cast<int>(info.current);
    row.updated = static_cast<int>(info.updated);
    row.ready = static_cast<int>(info.ready);
    row.available = static_cast<int>(info.available);
    row.revision = revisionOf(object);
    row.created = wallTimeOf(object.creationTimestamp());
    const Value podTemplate = object.path({"spec", "template"});
    row.images = imagesOfTemplate(podTemplate);
    const Value containers = podTemplate.path({"spec", "containers"});
    for (const Value &container : containers.items())
        row.containers.emplace_back(textOf(container["name"]), textOf(container["image"]));
    readWeight(row, object, info);
    readWait(row, object);
    readAnalysis(row, status);
    const Value conditions = status["conditions"];
    for (const Value &condition : conditions.items()) {
        if (const auto type = condition["type"].stringOr(); type == "Progressing" || type == "Paused")
            row.since = std::max(row.since, wallTimeOf(condition["lastTransitionTime"].stringOr()));
    }
    return row;
}

std::optional<Intent> intentOf(RolloutAct act)
{
    switch (act) {
    case RolloutAct::Promote: return Intent::Promote;
    case RolloutAct::PromoteFull: return Intent::PromoteFull;
    case RolloutAct::SkipStep: return Intent::SkipStep;
    case RolloutAct::SkipAllSteps: return Intent::SkipAllSteps;
    case RolloutAct::Pause: return Intent::Pause;
    case RolloutAct::Resume: return Intent::Resume;
    case RolloutAct::Abort: return Intent::Abort;
    case RolloutAct::Retry: return Intent::Retry;
    case RolloutAct::Restart: return Intent::Restart;
    case RolloutAct::Undo:
    case RolloutAct::SetImage: break;
    }
    return std::nullopt;
}

const Permission &rightFor(RolloutAct act, const service::RolloutRights &rights)
{
    switch (act) {
    case RolloutAct::Promote:
    case RolloutAct::PromoteFull:
    case RolloutAct::SkipStep:
    case RolloutAct::SkipAllSteps:
    case RolloutAct::Abort:
    case RolloutAct::Retry: return rights.status;
    case RolloutAct::Pause:
    case RolloutAct::Resume:
    case RolloutAct::Restart:
    case RolloutAct::Undo:
    case RolloutAct::SetImage: break;
    }
    return rights.spec;
}

Permission actPermission(RolloutAct act, const Object &rollout, const service::RolloutRights &rights)
{
    const bool isPausedBySpec = rollout.path({"spec", "paused"}).boolOr(false);
    const bool isPausedByStatus = rollout.path({"status", "pauseConditions"}).size() > 0;
    Permission right = rightFor(act, rights);
    if ((act == RolloutAct::Promote || act == RolloutAct::Resume) && (isPausedBySpec || isPausedByStatus)) {
        // The pause stands in spec, in status, or in both.
        right = isPausedByStatus && !rights.status.isAllowed ? rights.status
                : isPausedBySpec                             ? rights.spec
                                                             : rights.status;
    }
    if (!right.isAllowed)
        return right;
    if (const std::optional<Intent> intent = intentOf(act)) {
        if (const std::optional<std::string> refusal = rollout::refusalOf(*intent, rollout))
            return {false, *refusal};
    }
    return {true, {}};
}

/// Whether containers of \p podTemplate have the images asked for; of two for one container the last counts.
bool hasImages(const Value &podTemplate, const std::vector<std::pair<std::string, std::string>> &images)
{
    for (const char *kind : {"initContainers", "containers", "ephemeralContainers"}) {
        const Value containers = podTemplate.path({"spec", kind});
        for (const Value &container : containers.items()) {
            std::string_view wanted = container["image"].stringOr();
            for (const auto &[name, image] : images) {
                if (name == "*" || name == container["name"].stringOr())
                    wanted = image;
            }
            if (wanted != container["image"].stringOr())
                return false;
        }
    }
    return podTemplate["spec"].isMap();
}

bool hasTakenEffect(const AskedAct &asked, const Object &rollout, const Value &podTemplate)
{
    const service::SeenRollout &seen = asked.request.seen;
    const Value status = rollout.value()["status"];
    const bool isSameUpdate = status["currentPodHash"].stringOr() == seen.podHash;
    const std::optional<std::int64_t> index = status["currentStepIndex"].asInt();
    switch (asked.request.act) {
    case RolloutAct::Promote:
    case RolloutAct::Resume:
        return isSameUpdate
               && (index != seen.stepIndex
                   || (status["pauseConditions"].size() == 0 && !rollout.path({"spec", "paused"}).boolOr(false)));
    case RolloutAct::PromoteFull:
        return isSameUpdate && (status["promoteFull"].boolOr(false) || status["stableRS"].stringOr() == seen.podHash);
    case RolloutAct::SkipStep:
    case RolloutAct::SkipAllSteps: return isSameUpdate && index != seen.stepIndex;
    case RolloutAct::Pause: return rollout.path({"spec", "paused"}).boolOr(false);
    case RolloutAct::Abort: return isSameUpdate && status["abort"].boolOr(false);
    case RolloutAct::Retry: return isSameUpdate && !status["abort"].boolOr(false);
    case RolloutAct::Restart: {
        const std::optional<crd::Timestamp> restart = crd::timestampOf(rollout.path({"spec", "restartAt"}).stringOr());
        return restart && *restart >= asked.restartAt;
    }
    case RolloutAct::Undo: return asked.undoTarget && !rollout::undoPatch(podTemplate, *asked.undoTarget);
    case RolloutAct::SetImage: return hasImages(podTemplate, asked.request.images);
    }
    return false;
}

} // namespace tiphys::control
