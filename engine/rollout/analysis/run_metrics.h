// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "rollout/analysis_run.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Private to the folder: metrics of a run with their arguments filled in, and what makes them valid.
namespace tiphys::rollout {

/// \p metric with `{{args.x}}` replaced everywhere. Errors: those of withArguments.
/// Source: argo-rollouts utils/analysis/factory.go (ResolveMetricArgs)@v1.9.1
Expected<Metric> resolvedMetric(const Metric &metric, const std::vector<RunArgument> &arguments);

/// The metrics of \p run with a stand-in where a Secret belongs.
Expected<std::vector<Metric>> metricsWithoutSecrets(const AnalysisRun &run);

/// Errors: InvalidInput `metrics[0]: no provider specified` and the like.
/// Source: argo-rollouts utils/analysis/factory.go (ValidateMetrics)@v1.9.1
Expected<void> checkMetrics(const std::vector<Metric> &metrics);

/// What each rule of a run applies to.
struct MetricRules
{
    std::map<std::string, bool> dryRun;
    std::map<std::string, int> retention; ///< measurements to keep
};
/// Errors: InvalidInput `dryRun[0]: Rule didn't match any metric name(s)`.
/// Source: argo-rollouts utils/analysis/helpers.go (GetDryRunMetrics, GetMeasurementRetentionMetrics)@v1.9.1
Expected<MetricRules> rulesOf(const AnalysisRun &run, const std::vector<Metric> &metrics);

} // namespace tiphys::rollout
