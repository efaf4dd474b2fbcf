// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

#include <limits>

namespace tiphys::health::kinds {

namespace {

/// Bounds of the number of executors.
struct ExecutorRange
{
    Term least;
    Term most;
};

Term numberOrNil(const Field &text)
{
    const std::optional<double> number = toNumber(text);
    return number ? Term(*number) : Term();
}

/// The bounds below \p prefix of sparkConf.
ExecutorRange rangeIn(const Field &configuration, const std::string &prefix)
{
    ExecutorRange range{0, std::numeric_limits<double>::infinity()};
    if (configuration[prefix + ".maxExecutors"].exists())
        range.most = numberOrNil(configuration[prefix + ".maxExecutors"]);
    if (configuration[prefix + ".minExecutors"].exists())
        range.least = numberOrNil(configuration[prefix + ".minExecutors"]);
    return range;
}

/// The bounds of dynamic allocation; nothing without it.
std::optional<ExecutorRange> executorRange(const Field &spec)
{
    const Field allocation = spec["dynamicAllocation"];
    if (allocation.isTruthy() && allocation["enabled"].isTruthy()) {
        ExecutorRange range{0, std::numeric_limits<double>::infinity()};
        if (allocation["maxExecutors"].isTruthy())
            range.most = allocation["maxExecutors"];
        if (allocation["minExecutors"].isTruthy())
            range.least = allocation["minExecutors"];
        return range;
    }
    const Field configuration = spec["sparkConf"];
    if (configuration.isNil())
        return std::nullopt;
    for (const std::string prefix : {"spark.streaming.dynamicAllocation", "spark.dynamicAllocation"}) {
        if (configuration[prefix + ".enabled"] == "true") {
            const ExecutorRange range = rangeIn(configuration, prefix);
            // A least number that is none counts as no range at all.
            return range.least.isNil() ? std::nullopt : std::optional(range);
        }
    }
    return std::nullopt;
}

bool runsEnough(const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    const Field executors = object["status"]["executorState"];
    if (executors.isNil())
        return false;
    int count = 0;
    for (const auto &[key, state] : executors.each())
        count += state == "RUNNING" ? 1 : 0;
    const Field spec = object["spec"];
    const Field instances = spec["executor"]["instances"];
    if (instances.exists() && instances == count)
        return true;
    if (const std::optional<ExecutorRange> range = executorRange(spec))
        return isAtMost(evaluation, range->least, count) && isAtMost(evaluation, count, range->most);
    return spec["dynamicAllocation"].isNil() && instances.isNil() && count >= 1;
}

Health sparkApplication(const Field &object)
{
    const Field status = object["status"];
    if (status.isNil())
        return progressing("Waiting for Executor pods");
    const Field application = status["applicationState"];
    const Field state = application["state"];
    if (state == "")
        return progressing("SparkApplication was added, enqueuing it for submission");
    if (state == "RUNNING" && runsEnough(object))
        return healthy("SparkApplication is Running");
    if (state == "SUBMITTED")
        return progressing("SparkApplication was submitted successfully");
    if (state == "COMPLETED")
        return healthy("SparkApplication was Completed");
    if (state == "FAILED" || state == "SUBMISSION_FAILED" || state == "FAILING")
        return degraded(application["errorMessage"]);
    if (state == "PENDING_RERUN")
        return progressing("SparkApplication is Pending Rerun");
    if (state == "INVALIDATING")
        return verdict(HealthCode::Missing, "SparkApplication is in InvalidatingState");
    if (state == "SUCCEEDING")
        return progressing(
            "The driver pod has been completed successfully. The executor pods terminate and are cleaned "
            "up.\n                                Under this circumstances, we assume the executor pod "
            "are completed.");
    if (state == "UNKNOWN")
        return progressing(
            "SparkApplication is in UnknownState because either driver pod or one or all executor pods in "
            "unknown state  ");
    return progressing("Waiting for Executor pods");
}

Health flinkDeployment(const Field &object)
{
    const Field status = object["status"];
    if (status.exists() && status["reconciliationStatus"].exists()) {
        const Field reconciliation = status["reconciliationStatus"];
        const Field manager = status["jobManagerDeploymentStatus"];
        if (reconciliation["success"].isTruthy() || reconciliation["state"] == "DEPLOYED")
            return healthy();
        if (manager == "DEPLOYED_NOT_READY" || manager == "DEPLOYING")
            return progressing("Waiting for deploying");
        if (manager == "ERROR")
            return degraded(reconciliation["error"]);
    }
    return progressing("Waiting for Flink operator");
}

constexpr KindRule kRules[] = {
    {"sparkoperator.k8s.io", "SparkApplication",
     OwnRule{
         sparkApplication,
         "`status.applicationState.state`: `RUNNING` with as many running executors as wanted, as dynamic allocation "
         "allows, or with any where neither is said, is **Healthy**; `COMPLETED` **Healthy**; `FAILED`, "
         "`SUBMISSION_FAILED`, `FAILING` **Degraded**; `INVALIDATING` **Missing**; else **Progressing**."}},
    {"flink.apache.org", "FlinkDeployment",
     OwnRule{flinkDeployment,
             "A reconciliation that succeeded or state `DEPLOYED` is **Healthy**; job manager `DEPLOYED_NOT_READY` or "
             "`DEPLOYING` **Progressing**, `ERROR` **Degraded**; else **Progressing**."}},
};

} // namespace

std::span<const KindRule> sparkRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
