// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/analysis/run_metrics.h"
#include "rollout/decision.h"

#include <string>
#include <vector>

/// Private to the folder: what the measurements of a run amount to.
/// Source: argo-rollouts analysis/analysis.go (assessRunStatus, assessMetricStatus)@v1.9.1
namespace tiphys::rollout {

MetricResult *resultOf(RunStatus &status, const std::string &name);
const MetricResult *resultOf(const RunStatus &status, const std::string &name);

/// True if \p right is worse than \p left.
bool isWorse(AnalysisPhase left, AnalysisPhase right);

/// True if a run is to end: somebody asked for it, or a metric that counts has failed.
bool isTerminating(bool isAskedFor, const RunStatus &status);

struct Assessment
{
    AnalysisPhase phase = AnalysisPhase::Running;
    std::string message;
    std::vector<Event> events; ///< of metrics that have ended
};

/// Judges \p metrics by the results in \p status and writes their phases and the summaries there.
Assessment assessRun(const AnalysisRun &run, const std::vector<Metric> &metrics, const MetricRules &rules,
                     RunStatus &status);

} // namespace tiphys::rollout
