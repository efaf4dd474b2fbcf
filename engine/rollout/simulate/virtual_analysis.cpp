// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/simulate/virtual_analysis.h"

#include "rollout/analysis/expression.h"
#include "rollout/provider/provider.h"

namespace tiphys::rollout {

namespace {

/// True if no number of answers ends \p metric.
bool isEndless(const Metric &metric, bool fails)
{
    if (metric.effectiveCount())
        return false;
    if (fails)
        return metric.failureLimit && metric.failureLimit->intValue() < 0;
    return !metric.consecutiveSuccessLimit || metric.consecutiveSuccessLimit->intValue() <= 0;
}

/// Why \p metric cannot be measured, "" if it can.
std::string problemOf(const Metric &metric)
{
    const object::Value plugin = metric.provider["plugin"];
    for (const auto &[name, config] : plugin.entries())
        return "metric plugins are not supported: " + std::string(name);
    // These two judge by themselves.
    if (provider::isJob(metric) || metric.provider["kayenta"].isMap())
        return {};
    for (const std::string &condition : {metric.successCondition, metric.failureCondition}) {
        if (condition.empty())
            continue;
        if (const auto tree = expression::parse(condition); !tree)
            return tree.error().message();
    }
    return {};
}

} // namespace

Measurement virtualAnswer(const MeasurementRequest &request, const VirtualProvider &provider, Moment now)
{
    Measurement measurement = request.measurement;
    if (!measurement.startedAt)
        measurement.startedAt = now.timestamp();
    if (request.task == MeasurementTask::Terminate) {
        measurement.phase = AnalysisPhase::Successful;
        measurement.finishedAt = now.timestamp();
        return measurement;
    }
    if (std::string problem = problemOf(request.metric); !problem.empty())
        return provider::erroneous(measurement, std::move(problem), now);
    const bool isSlow = provider.seconds > 0 && (request.number == 1 || provider::isJob(request.metric));
    const bool isEndlessMetric = isEndless(request.metric, provider.fails);
    if (isEndlessMetric || (isSlow && request.task == MeasurementTask::Run)) {
        measurement.phase = AnalysisPhase::Running;
        if (!isEndlessMetric)
            measurement.resumeAt = now.plusSeconds(provider.seconds).timestamp();
        return measurement;
    }
    measurement.phase = provider.fails ? AnalysisPhase::Failed : AnalysisPhase::Successful;
    measurement.finishedAt = now.timestamp();
    return measurement;
}

} // namespace tiphys::rollout
