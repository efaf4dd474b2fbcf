// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/analysis/analysis.h"

#include <string>

/// Measurements by Jobs: which Job, and what it says.
/// Source: argo-rollouts metricproviders/job/job.go@v1.9.1
namespace tiphys::rollout::provider {

inline constexpr std::string_view kRunUidLabel = "analysisrun.argoproj.io/uid";
inline constexpr std::string_view kRunNameAnnotation = "analysisrun.argoproj.io/name";
inline constexpr std::string_view kRunNamespaceAnnotation = "analysisrun.argoproj.io/namespace";

/// Whether Jobs run in the cluster of their run.
enum class JobCluster { Own, Other };

/// The Job that measures \p request of \p run. \p ns is where, "" for the run's namespace. Only one that is beside its run
/// can name it as owner.
object::Object jobOf(const AnalysisRun &run, const MeasurementRequest &request, const std::string &ns,
                     JobCluster cluster = JobCluster::Own);

/// Where the Job of an open measurement is. Errors: InvalidInput `job metadata reference missing`.
Expected<object::ObjectKey> jobKeyOf(const Measurement &measurement, const std::string &defaultNs);

/// The measurement that has just made \p job.
Measurement started(const object::Object &job, Moment now);
/// The open \p measurement after a look at \p job.
Measurement resumed(Measurement measurement, const object::Object &job, Moment now);

} // namespace tiphys::rollout::provider
