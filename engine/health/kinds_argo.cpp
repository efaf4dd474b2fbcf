// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

Health analysisRun(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for analysis run to finish: status has not been reconciled.");
    const Field phase = status["phase"];
    const Field message = status["message"];
    const auto messageOr = [&](std::string_view text) { return message.exists() ? Term(message) : Term(text); };
    if (phase == "Pending" || phase == "Running")
        return progressing("Analysis run is running");
    if (phase == "Successful")
        return healthy(messageOr("Analysis run completed successfully"));
    if (phase == "Failed")
        return degraded(messageOr("Analysis run failed"));
    if (phase == "Error")
        return degraded(messageOr("Analysis run had an error"));
    if (phase == "Inconclusive")
        return unknown(messageOr("Analysis run was inconclusive"));
    return noStatus();
}

Health experiment(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for experiment to finish: status has not been reconciled.");
    const Field phase = status["phase"];
    if (phase == "Pending")
        return progressing("Experiment is pending");
    if (phase == "Running")
        return progressing("Experiment is running");
    if (phase == "Successful")
        return healthy("Experiment is successful");
    if (phase == "Failed")
        return degraded("Experiment has failed");
    if (phase == "Error")
        return degraded("Experiment had an error");
    return noStatus();
}

bool rolloutIsObserved(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return false;
    const std::optional<double> observed = toNumber(status["observedGeneration"]);
    if (!observed)
        return true;
    const Field generation = object["metadata"]["generation"];
    return isLess(object.evaluation(), generation, *observed) || generation == *observed;
}

bool rolloutWorkloadIsObserved(const Field &object)
{
    if (object["spec"]["workloadRef"].isNil() || object["metadata"]["annotations"].isNil())
        return true;
    const Field generation = object["metadata"]["annotations"]["rollout.argoproj.io/workload-generation"];
    return toNumber(generation) == toNumber(object["status"]["workloadObservedGeneration"]);
}

/// What a Rollout of a controller before v1.0 says by its conditions and fields.
Health rolloutWithoutPhase(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field status = object["status"];
    const Field spec = object["spec"];
    for (const auto &[key, condition] : status["conditions"].items()) {
        const Field type = condition["type"];
        const Field reason = condition["reason"];
        if (type == "InvalidSpec"
            || (type == "Progressing" && (reason == "RolloutAborted" || reason == "ProgressDeadlineExceeded")))
            return degraded(condition["message"]);
    }
    if ((status["pauseConditions"].exists() && countOf(status["pauseConditions"]) > 0) || spec["paused"].isTruthy())
        return suspended("Rollout is paused");
    const Field podHash = status["currentPodHash"];
    if (podHash.isNil())
        return progressing("Waiting for rollout to finish: status has not been reconciled.");
    const auto numberOr = [](const Field &field, int fallback) {
        return field.exists() ? Term(field) : Term(fallback);
    };
    const Term desired = numberOr(spec["replicas"], 1);
    const Term existing = numberOr(status["replicas"], 0);
    const Term updated = numberOr(status["updatedReplicas"], 0);
    if (isLess(evaluation, updated, desired))
        return progressing("Waiting for roll out to finish: More replicas need to be updated");
    if (isLess(evaluation, numberOr(status["availableReplicas"], 0), updated))
        return progressing("Waiting for roll out to finish: updated replicas are still becoming available");
    Field stable = status["stableRS"];
    const bool hasNoStable = stable.isNil() && status["canary"].isNil();
    if (stable.isNil() && status["canary"].exists())
        stable = status["canary"]["stableRS"];
    const bool isStableKnown = !hasNoStable && !(stable == "");
    if (spec["strategy"]["blueGreen"].exists()) {
        if (status["blueGreen"].isNil() || !(status["blueGreen"]["activeSelector"] == podHash))
            return progressing("active service cutover pending");
        if (isStableKnown && !(stable == podHash))
            return progressing("waiting for analysis to complete");
    } else if (spec["strategy"]["canary"].exists()) {
        if (isLess(evaluation, updated, existing))
            return progressing("Waiting for roll out to finish: old replicas are pending termination");
        if (!isStableKnown || !(stable == podHash))
            return progressing("Waiting for rollout to finish steps");
    }
    return healthy("");
}

Health rollout(const Field &object)
{
    if (!rolloutIsObserved(object) || !rolloutWorkloadIsObserved(object))
        return progressing("Waiting for rollout spec update to be observed");
    const Field status = object["status"];
    const Field phase = status["phase"];
    if (phase.isNil())
        return rolloutWithoutPhase(object);
    if (phase == "Paused")
        return suspended(status["message"]);
    const Field message = status["message"];
    if (phase.kind() != Kind::Text || (message.exists() && message.kind() != Kind::Text))
        return noStatus();
    const HealthCode code = crd::healthCodeOf(phase.value().stringOr());
    return code == HealthCode::None ? unknown("Lua returned an invalid health status") : verdict(code, message);
}

constexpr Clause kApplicationSet[] = {
    {"ErrorOccurred", "True", "", HealthCode::Degraded},
    {"ResourcesUpToDate", "False", "", HealthCode::Degraded, MessageOf::Message, {}, 1},
    {"RolloutProgressing", "True", "", HealthCode::Progressing, MessageOf::Message, {}, 2},
    {"ResourcesUpToDate", "True", "", HealthCode::Healthy, MessageOf::Message, {}, 3}};

constexpr Clause kCronWorkflow[] = {{"SpecError", "True", "", HealthCode::Degraded},
                                    {"SubmissionError", "True", "", HealthCode::Degraded},
                                    {"Completed", "True", "", HealthCode::Healthy}};

constexpr Clause kEventBus[] = {{"Deployed", "False", "", HealthCode::Degraded, MessageOf::MessageOrReason},
                                {"Deployed", "True", "", HealthCode::Healthy, MessageOf::MessageOrReason}};

constexpr KindRule kRules[] = {
    {"argoproj.io", "AnalysisRun",
     OwnRule{analysisRun,
             "`status.phase`: `Pending` and `Running` are **Progressing**, `Successful` is **Healthy**, `Failed` and "
             "`Error` are **Degraded**, `Inconclusive` is **Unknown** (`status.message`, else a sentence); another "
             "phase gives no status; without `status` **Progressing**."}},
    {"argoproj.io", "ApplicationSet",
     ConditionRule{kApplicationSet, "Waiting for the status to be reported", HealthCode::Progressing, "type",
                   Walk::Each}},
    {"argoproj.io", "CronWorkflow",
     ConditionRule{kCronWorkflow, "CronWorkflow is healthy.", HealthCode::Healthy, "type", Walk::Each}},
    {"argoproj.io", "EventBus", ConditionRule{kEventBus, "Waiting for initialization"}},
    {"argoproj.io", "Experiment",
     OwnRule{experiment,
             "`status.phase`: `Pending` and `Running` are **Progressing**, `Successful` is **Healthy**, `Failed` and "
             "`Error` are **Degraded**; another phase gives no status; without `status` **Progressing**."}},
    {"argoproj.io", "Rollout",
     OwnRule{rollout,
             "A generation of the Rollout or of its workload that was not observed is **Progressing**; `status.phase` "
             "Paused is **Suspended**, any other phase is the health itself (`status.message`). Without a phase: "
             "`InvalidSpec`, or `Progressing` with reason `RolloutAborted` or `ProgressDeadlineExceeded` is "
             "**Degraded**; paused is **Suspended**; replicas not updated, not available, or a stable ReplicaSet that "
             "is not the current one is **Progressing**; else **Healthy**."}},
};

} // namespace

std::span<const KindRule> argoRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
