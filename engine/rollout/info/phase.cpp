// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/info/phase.h"

#include "crd/timestamp.h"

#include <charconv>
#include <optional>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

std::optional<std::int64_t> numberOf(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

bool isGenerationObserved(const Object &rollout)
{
    const std::optional<std::int64_t> observed = numberOf(rollout.path({"status", "observedGeneration"}).stringOr());
    // Before 0.10 it was a hash, which may look like a number.
    return !observed || *observed > rollout.generation() || *observed == rollout.generation();
}

bool isWorkloadObserved(const Object &rollout)
{
    const std::optional<std::int64_t> wanted =
        numberOf(rollout.annotation("rollout.argoproj.io/workload-generation").value_or(""));
    const std::optional<std::int64_t> observed =
        numberOf(rollout.path({"status", "workloadObservedGeneration"}).stringOr());
    return !wanted || !observed || *wanted == *observed;
}

PhaseText progressing(std::string message)
{
    return {"Progressing", std::move(message)};
}

std::int64_t countOf(const Value &status, std::string_view name)
{
    return status[name].intOr(0);
}

/// What blue-green waits for after its pods are up.
std::optional<std::string> blueGreenWait(const Value &strategy, const Value &status)
{
    const std::string_view current = status["currentPodHash"].stringOr();
    const std::string_view active = status.path({"blueGreen", "activeSelector"}).stringOr();
    if (active.empty() || active != current)
        return "active service cutover pending";
    const std::string_view stable = status["stableRS"].stringOr();
    if (!stable.empty() && stable == current)
        return std::nullopt;
    const std::string_view run = status.path({"blueGreen", "postPromotionAnalysisRunStatus", "status"}).stringOr();
    const bool hasRun = status["blueGreen"].contains("postPromotionAnalysisRunStatus");
    const bool isCompleted = run == "Successful" || run == "Failed" || run == "Error" || run == "Inconclusive";
    if (strategy["postPromotionAnalysis"].isMap() && !(hasRun && isCompleted))
        return "waiting for analysis to complete";
    return "waiting for post-promotion verification to complete";
}

/// What a canary waits for after its pods are up.
std::optional<std::string> canaryWait(const Value &strategy, const Value &status)
{
    if (!strategy["trafficRouting"].isMap() && countOf(status, "replicas") > countOf(status, "updatedReplicas"))
        return "old replicas are pending termination";
    const std::string_view stable = status["stableRS"].stringOr();
    if (stable.empty() || stable != status["currentPodHash"].stringOr())
        return "waiting for all steps to complete";
    return std::nullopt;
}

std::optional<PhaseText> phaseOfConditions(const Value &status)
{
    const Value conditions = status["conditions"];
    for (const Value &condition : conditions.items()) {
        const std::string message(condition["message"].stringOr());
        if (condition["type"].stringOr() == "InvalidSpec")
            return PhaseText{"Degraded", "InvalidSpec: " + message};
        const std::string_view reason = condition["reason"].stringOr();
        if (reason == "RolloutAborted" || reason == "ProgressDeadlineExceeded")
            return PhaseText{"Degraded", std::string(reason) + ": " + message};
    }
    return std::nullopt;
}

bool isRestarting(const Value &spec, const Value &status)
{
    const auto wanted = crd::timestampOf(spec["restartAt"].stringOr());
    return wanted && wanted != crd::timestampOf(status["restartedAt"].stringOr());
}

} // namespace

PhaseText calculatedPhase(const Object &rollout)
{
    const Value spec = rollout.value()["spec"];
    const Value status = rollout.value()["status"];
    if (const std::optional<PhaseText> told = phaseOfConditions(status))
        return *told;
    if (spec["paused"].boolOr(false))
        return {"Paused", "manually paused"};
    const Value pauses = status["pauseConditions"];
    if (pauses.size() > 0)
        return {"Paused", std::string(pauses.at(0)["reason"].stringOr())};
    if (isRestarting(spec, status))
        return progressing("rollout is restarting");
    if (countOf(status, "updatedReplicas") < spec["replicas"].intOr(1))
        return progressing("more replicas need to be updated");
    if (countOf(status, "availableReplicas") < countOf(status, "updatedReplicas"))
        return progressing("updated replicas are still becoming available");
    const Value strategy = spec["strategy"];
    std::optional<std::string> wait;
    if (strategy["blueGreen"].isMap())
        wait = blueGreenWait(strategy["blueGreen"], status);
    else if (strategy["canary"].isMap())
        wait = canaryWait(strategy["canary"], status);
    return wait ? progressing(*wait) : PhaseText{"Healthy", ""};
}

PhaseText shownPhase(const Object &rollout)
{
    const Value status = rollout.value()["status"];
    if (!isGenerationObserved(rollout))
        return progressing("waiting for rollout spec update to be observed");
    if (status["controllerPause"].boolOr(false) && status["pauseConditions"].size() == 0)
        return progressing("waiting for rollout to unpause");
    if (rollout.path({"spec", "workloadRef"}).isMap() && !isWorkloadObserved(rollout))
        return progressing("waiting for rollout spec update to be observed for the reference workload");
    if (const std::string_view phase = status["phase"].stringOr(); !phase.empty())
        return {std::string(phase), std::string(status["message"].stringOr())};
    return calculatedPhase(rollout);
}

std::string stepText(const Value &step)
{
    const auto number = [](const Value &value) { return std::to_string(value.intOr(0)); };
    if (const Value weight = step["setWeight"]; !weight.isNull())
        return "setWeight: " + number(weight);
    if (const Value pause = step["pause"]; pause.isMap()) {
        const Value duration = pause["duration"];
        if (duration.isNull())
            return "pause";
        return "pause: " + (duration.isString() ? std::string(duration.stringOr()) : number(duration));
    }
    if (step["experiment"].isMap())
        return "experiment";
    if (step["analysis"].isMap())
        return "analysis";
    if (const Value scale = step["setCanaryScale"]; scale.isMap()) {
        if (const Value weight = scale["weight"]; !weight.isNull())
            return "setCanaryScale{weight: " + number(weight) + "}";
        if (scale["matchTrafficWeight"].boolOr(false))
            return "setCanaryScale{matchTrafficWeight: true}";
        if (const Value replicas = scale["replicas"]; !replicas.isNull())
            return "setCanaryScale{replicas: " + number(replicas) + "}";
    }
    for (const std::string_view kind : {"plugin", "setHeaderRoute", "setMirrorRoute"}) {
        if (const Value member = step[kind]; member.isMap())
            return std::string(kind) + ": " + std::string(member["name"].stringOr());
    }
    return "invalid";
}

} // namespace tiphys::rollout
