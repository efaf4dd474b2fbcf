// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

#include <algorithm>

// What serves requests and scales: Knative, KServe, OpenFaaS, KEDA, Flagger, Spin, Spot.
namespace tiphys::health::kinds {

namespace {

/// Counts of one pass over the conditions of a Knative operator's object.
Health knativeOperator(std::string_view name, std::span<const std::string_view> needed,
                       std::span<const std::string_view> waiting, const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const std::string product(name);
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("Waiting for " + product);
    const auto isOneOf = [](std::span<const std::string_view> types, const Field &type) {
        return std::ranges::any_of(types, [&](std::string_view one) { return type == one; });
    };
    std::size_t trueOnes = 0;
    std::size_t falseOnes = 0;
    std::string message;
    for (const auto &[key, condition] : conditions.each()) {
        const Field type = condition["type"];
        const Field status = condition["status"];
        message = concat(evaluation, {message, key, ": ", type, " | ", status, "\n"});
        if (status == "True" && isOneOf(needed, type))
            ++trueOnes;
        else if ((status == "False" && isOneOf(waiting, type)) || status == "Unknown")
            ++falseOnes;
    }
    if (falseOnes > 0)
        return progressing(message);
    return trueOnes == needed.size() ? healthy(product + " is healthy.") : degraded(message);
}

constexpr std::string_view kEventingNeeds[] = {"Ready", "InstallSucceeded"};
constexpr std::string_view kEventingWaits[] = {"Ready"};
constexpr std::string_view kServingNeeds[] = {"Ready", "InstallSucceeded", "DependenciesInstalled",
                                              "DeploymentsAvailable"};
constexpr std::string_view kServingWaits[] = {"Ready", "DeploymentsAvailable"};

Health knativeService(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return progressing("Waiting for status update.");
    int trueOnes = 0;
    int falseOnes = 0;
    int unknownOnes = 0;
    std::string message;
    for (const auto &[key, condition] : conditions.each()) {
        const Field status = condition["status"];
        const Field type = condition["type"];
        if (status == "True" && (type == "ConfigurationsReady" || type == "RoutesReady" || type == "Ready")) {
            ++trueOnes;
        } else if (status == "False" || status == "Unknown") {
            std::string line = concat(evaluation, {type, " is ", status});
            const Field reason = condition["reason"];
            const Field text = condition["message"];
            if (reason.exists() && !(reason == ""))
                line = concat(evaluation, {line, ", since ", reason, "."});
            if (text.exists() && !(text == ""))
                line = concat(evaluation, {line, " ", text});
            message += line + "\n";
            ++(status == "False" ? falseOnes : unknownOnes);
        }
    }
    if (trueOnes == 3 && falseOnes == 0 && unknownOnes == 0)
        return healthy("Knative Service is healthy.");
    return falseOnes > 0 ? degraded(message) : progressing(message);
}

Health inferenceService(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    constexpr std::string_view kWaiting = "Waiting for InferenceService to report status...";
    const Field status = object["status"];
    if (status.isNil())
        return progressing(kWaiting);
    bool isInTransition = false;
    bool isDegraded = false;
    int unsettled = 0;
    std::string message;
    const Field model = status["modelStatus"];
    if (model.exists() && !(model["transitionStatus"] == "UpToDate")) {
        const Field transition = model["transitionStatus"];
        isInTransition = transition == "InProgress";
        isDegraded = !isInTransition;
        message = concat(evaluation, {"0: transitionStatus | ", transition});
    }
    const Field conditions = status["conditions"];
    if (conditions.isNil())
        return progressing(kWaiting);
    for (const auto &[key, condition] : conditions.each()) {
        const Field type = condition["type"];
        const Field value = condition["status"];
        const bool isStopCondition = type == "Stopped";
        if (isStopCondition && value == "True")
            return suspended("InferenceService is Stopped");
        if (value == "Unknown" || (value == "False" && !isStopCondition))
            ++unsettled;
        if (value == "True" || isStopCondition)
            continue;
        message = concat(evaluation, {message, " | ", key, ": ", type, " | ", value});
        for (const std::string_view part : {"reason", "message"}) {
            const Field text = condition[part];
            if (text.exists() && !(text == ""))
                message = concat(evaluation, {message, " | ", text});
        }
    }
    if (!isInTransition && !isDegraded && unsettled == 0)
        return healthy("InferenceService is healthy.");
    return isDegraded ? degraded(message) : progressing(message);
}

Health openFaasFunction(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            const Field type = condition["type"];
            const Field value = condition["status"];
            if ((type == "Ready" && value == "False") || (type == "Stalled" && value == "True"))
                return degraded(condition["message"]);
            if (!(type == "Ready") || !(value == "True"))
                continue;
            const Field replicas = object["status"]["replicas"];
            return replicas.exists() && isLess(object.evaluation(), 0, replicas) ? healthy(condition["message"])
                                                                                 : suspended("No replicas available");
        }
    }
    return progressing("Waiting for Function");
}

/// \p alsoDegraded: what besides Ready False degrades.
Health keda(const Field &object, bool (*alsoDegraded)(const Field &condition), std::string_view waiting)
{
    bool isHealthy = false;
    bool isDegraded = false;
    bool isPaused = false;
    Term message;
    const Field conditions = conditionsBelow(object);
    if (conditions.exists()) {
        for (const auto &[key, condition] : conditions.items()) {
            const Field value = condition["status"];
            const Field type = condition["type"];
            const bool isReady = type == "Ready" && value == "True";
            const bool isPause = type == "Paused" && value == "True";
            const bool isBad = (type == "Ready" && value == "False") || alsoDegraded(condition);
            if (isReady || isPause || isBad)
                message = condition["message"];
            isHealthy |= isReady;
            isPaused |= isPause;
            isDegraded |= isBad;
        }
    }
    if (isDegraded)
        return degraded(message);
    if (isHealthy)
        return isPaused ? suspended(message) : healthy(message);
    return progressing(waiting);
}

Health scaledJob(const Field &object)
{
    return keda(
        object, [](const Field &one) { return one["type"] == "Ready" && one["status"] == "Unknown"; },
        "Waiting for ScaledJob");
}

Health scaledObject(const Field &object)
{
    return keda(
        object, [](const Field &one) { return one["type"] == "Fallback" && one["status"] == "True"; },
        "Creating HorizontalPodAutoscaler Object");
}

Health flaggerCanary(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    constexpr std::string_view kSeparator = " --- ";
    const Field status = object["status"];
    if (status.isNil())
        return unknown("No status");
    std::string message;
    const std::optional<double> weight = toNumber(status["canaryWeight"]);
    if (isLess(evaluation, 0, weight ? Term(*weight) : Term()))
        message = concat(evaluation, {"Canary Weight: ", status["canaryWeight"], " %"});
    for (const auto &[key, condition] : status["conditions"].items())
        message =
            concat(evaluation, {message, message.empty() ? std::string_view() : kSeparator, condition["message"]});
    const Field phase = status["phase"];
    const std::string text = concat(evaluation, {phase, kSeparator, message});
    if (phase == "Failed")
        return degraded(text);
    if (phase == "Progressing" || phase == "Finalising" || phase == "Promoting")
        return progressing(text);
    return phase == "Succeeded" || phase == "Initialized" ? healthy(text) : unknown(text);
}

std::string lowerOf(const Field &message)
{
    std::string text = textArgument(message.evaluation(), message.orElse(""), "lower");
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

bool spinHasFailed(const Field &condition)
{
    if (condition["reason"] == "ProgressDeadlineExceeded")
        return true;
    const std::string text = lowerOf(condition["message"]);
    return text.find("timeout") != std::string::npos || text.find("failed") != std::string::npos;
}

/// A number of replicas as `%d` prints it.
std::string wholeNumber(const Term &term)
{
    const std::optional<double> number = toNumber(term);
    return number ? std::to_string(static_cast<std::int64_t>(*number)) : std::string(term.text());
}

Health spinApp(const Field &object)
{
    const Field status = object["status"];
    if (!status.isTruthy())
        return progressing("Waiting for status to be available");
    bool isAvailable = false;
    bool isInProgress = false;
    Term availableMessage = "";
    Term progressMessage = "";
    if (status["conditions"].isTruthy()) {
        for (const auto &[key, condition] : status["conditions"].items()) {
            const Field type = condition["type"];
            const Field value = condition["status"];
            const Field message = condition["message"];
            if (type == "Progressing") {
                if (value == "False" && spinHasFailed(condition))
                    return degraded(message.orElse("Application deployment has failed"));
                if (value == "True") {
                    isInProgress = true;
                    progressMessage = message.orElse("Application progress status");
                }
            } else if (type == "Available") {
                isAvailable = value == "True";
                availableMessage =
                    message.orElse(isAvailable ? "Application availability status" : "Application is not available");
            }
        }
    }
    const Term ready = status["readyReplicas"].orElse(0);
    const Term desired = object["spec"]["replicas"].orElse(1);
    if (!isAvailable)
        return degraded(availableMessage);
    if (isLess(object.evaluation(), ready, desired))
        return progressing("Waiting for replicas to be ready (" + wholeNumber(ready) + "/" + wholeNumber(desired)
                           + ")");
    if (isInProgress)
        return progressing(progressMessage);
    return healthy("Application is healthy with " + wholeNumber(ready) + "/" + wholeNumber(desired)
                   + " replicas ready");
}

Health spotDeployment(const Field &object)
{
    const Field conditions = conditionsBelow(object);
    if (conditions.isNil())
        return noStatus();
    for (const auto &[key, condition] : conditions.items()) {
        const Field type = condition["type"];
        const Field reason = condition["reason"];
        if (type == "InvalidSpec"
            || (type == "Progressing" && (reason == "RolloutAborted" || reason == "ProgressDeadlineExceeded")))
            return degraded(condition["message"]);
        if (type == "Paused" && condition["status"] == "True")
            return suspended("Rollout is paused");
    }
    if (object["status"]["phase"] == "Progressing")
        return progressing("Waiting for rollout to finish steps");
    return healthy("");
}

constexpr KindRule kRules[] = {
    {"operator.knative.dev", "KnativeEventing",
     OwnRule{
         [](const Field &object) { return knativeOperator("KnativeEventing", kEventingNeeds, kEventingWaits, object); },
         "`Ready=False` or any condition Unknown is **Progressing**; `Ready` and `InstallSucceeded` True is "
         "**Healthy**; else **Degraded** (all conditions)."}},
    {"operator.knative.dev", "KnativeServing",
     OwnRule{
         [](const Field &object) { return knativeOperator("KnativeServing", kServingNeeds, kServingWaits, object); },
         "`Ready=False`, `DeploymentsAvailable=False` or any condition Unknown is **Progressing**; `Ready`, "
         "`InstallSucceeded`, `DependenciesInstalled`, `DeploymentsAvailable` True is **Healthy**; else "
         "**Degraded** (all conditions)."}},
    {"serving.knative.dev", "Service",
     OwnRule{knativeService,
             "`ConfigurationsReady`, `RoutesReady`, `Ready` True and no condition False or Unknown is **Healthy**; one "
             "False is **Degraded**; else **Progressing** (those that are not True)."}},
    {"serving.kserve.io", "InferenceService",
     OwnRule{
         inferenceService,
         "`Stopped=True` is **Suspended**; an up-to-date model with no condition False or Unknown is **Healthy**; a "
         "transition that is neither up to date nor in progress is **Degraded**; else **Progressing**."}},
    {"openfaas.com", "Function",
     OwnRule{openFaasFunction,
             "`Ready=False` or `Stalled=True` is **Degraded**; `Ready=True` with replicas is **Healthy**, without "
             "**Suspended**; else **Progressing**."}},
    {"keda.sh", "ScaledJob",
     OwnRule{scaledJob,
             "`Ready` False or Unknown is **Degraded**; `Ready=True` is **Healthy**, with `Paused=True` **Suspended**; "
             "else **Progressing**."}},
    {"keda.sh", "ScaledObject",
     OwnRule{scaledObject,
             "`Ready=False` or `Fallback=True` is **Degraded**; `Ready=True` is **Healthy**, with `Paused=True` "
             "**Suspended**; else **Progressing**."}},
    {"flagger.app", "Canary",
     OwnRule{flaggerCanary,
             "`status.phase`: `Failed` is **Degraded**; `Progressing`, `Finalising`, `Promoting` **Progressing**; "
             "`Succeeded`, `Initialized` **Healthy**; else **Unknown** (phase, weight and messages)."}},
    {"core.spinkube.dev", "SpinApp",
     OwnRule{spinApp,
             "`Progressing=False` for a deadline, timeout or failure is **Degraded**; not `Available` **Degraded**; "
             "fewer ready replicas than wanted or `Progressing=True` **Progressing**; else **Healthy**."}},
    {"spot.io", "SpotDeployment",
     OwnRule{spotDeployment,
             "No conditions give no status; `InvalidSpec`, or `Progressing` with reason `RolloutAborted` or "
             "`ProgressDeadlineExceeded` is **Degraded**; `Paused=True` **Suspended**; phase `Progressing` "
             "**Progressing**; else **Healthy**."}},
};

} // namespace

std::span<const KindRule> servingRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
