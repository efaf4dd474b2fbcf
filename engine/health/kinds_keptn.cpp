// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

namespace tiphys::health::kinds {

namespace {

constexpr State kAppVersion[] = {{"Succeeded", HealthCode::Healthy, "KeptnAppVersion is healthy"},
                                 {"Failed", HealthCode::Degraded, "KeptnAppVersion is degraded"}};
constexpr State kEvaluation[] = {{"Succeeded", HealthCode::Healthy, "KeptnEvaluation is healthy"},
                                 {"Failed", HealthCode::Degraded, "KeptnEvaluation is degraded"}};
constexpr State kTask[] = {{"Succeeded", HealthCode::Healthy, "KeptnTask is healthy"},
                           {"Failed", HealthCode::Degraded, "KeptnTask is degraded"}};
constexpr State kWorkloadInstance[] = {{"Succeeded", HealthCode::Healthy, "KeptnWorkloadInstance is healthy"},
                                       {"Failed", HealthCode::Degraded, "KeptnWorkloadInstance is degraded"}};
constexpr State kWorkloadVersion[] = {{"Succeeded", HealthCode::Healthy, "KeptnWorkloadVersion is healthy"},
                                      {"Failed", HealthCode::Degraded, "KeptnWorkloadVersion is degraded"}};

Health keptnAnalysis(const Field &object)
{
    const Field status = object["status"];
    const Field pass = status["pass"];
    if (pass.is(true))
        return healthy("Analysis is healthy");
    if (status["warning"].is(true))
        return healthy("Analysis is healthy with warnings");
    return pass.is(false) ? degraded("Analysis is degraded") : progressing("Analysis is progressing");
}

Health keptnMetric(const Field &object)
{
    const Field status = object["status"];
    const Field problem = status["errMsg"];
    const bool hasProblem = problem.exists() && !(problem == "");
    if (!hasProblem && status["value"].exists())
        return healthy("KeptnMetric is healthy");
    return hasProblem ? degraded("KeptnMetric is degraded") : progressing("KeptnMetric is progressing");
}

constexpr KindRule kRules[] = {
    {"lifecycle.keptn.sh", "KeptnAppVersion",
     StateRule{"status", kAppVersion, "KeptnAppVersion is progressing", StatusNeed::Required}},
    {"lifecycle.keptn.sh", "KeptnEvaluation",
     StateRule{"overallStatus", kEvaluation, "KeptnEvaluation is progressing", StatusNeed::Required}},
    {"lifecycle.keptn.sh", "KeptnTask", StateRule{"status", kTask, "KeptnTask is progressing", StatusNeed::Required}},
    {"lifecycle.keptn.sh", "KeptnWorkloadInstance",
     StateRule{"status", kWorkloadInstance, "KeptnWorkloadInstance is progressing", StatusNeed::Required}},
    {"lifecycle.keptn.sh", "KeptnWorkloadVersion",
     StateRule{"status", kWorkloadVersion, "KeptnWorkloadVersion is progressing", StatusNeed::Required}},
    {"metrics.keptn.sh", "Analysis",
     OwnRule{keptnAnalysis,
             "`status.pass` or `status.warning` true is **Healthy**, `pass` false **Degraded**, else **Progressing**. "
             "Without `status` the check fails."}},
    {"metrics.keptn.sh", "KeptnMetric",
     OwnRule{keptnMetric,
             "`status.errMsg` is **Degraded**; else a `status.value` is **Healthy**, none **Progressing**. Without "
             "`status` the check fails."}},
};

} // namespace

std::span<const KindRule> keptnRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
