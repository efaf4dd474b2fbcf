// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/analysis_reference.h"
#include "rollout/int_or_text.h"
#include "rollout/status.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::rollout {

/// An argument of a template or a run: a value, where it comes from, or neither yet.
struct RunArgument
{
    std::string name;
    std::optional<std::string> value;
    object::Value valueFrom; ///< secretKeyRef or fieldRef, null if absent
    object::Value toValue() const;
    bool operator==(const RunArgument &) const = default;
};

/// A metric of a template or a run. What the engine decides on is read; the rest is in `value`.
struct Metric
{
    std::string name;
    std::string interval;     ///< Go duration, "" if absent
    std::string initialDelay; ///< Go duration, "" if absent
    std::optional<IntOrText> count;
    std::string successCondition;
    std::string failureCondition;
    std::optional<IntOrText> failureLimit;
    std::optional<IntOrText> inconclusiveLimit;
    std::optional<IntOrText> consecutiveErrorLimit;
    std::optional<IntOrText> consecutiveSuccessLimit;
    object::Value provider; ///< one member names the provider
    object::Value value;    ///< the metric as written

    /// Measurements to take; nothing if there is no end.
    /// Source: argo-rollouts pkg/apis/rollouts/v1alpha1/analysis_types.go (EffectiveCount)@v1.9.1
    std::optional<int> effectiveCount() const;
};

/// An AnalysisTemplate or a ClusterAnalysisTemplate.
struct AnalysisTemplate
{
    object::Object object;
    std::string ns; ///< "" for a cluster's
    std::string name;
    bool isClusterScoped = false;
    std::vector<Metric> metrics;
    std::vector<RunArgument> arguments;
    std::vector<std::string> dryRun;
    std::vector<MeasurementRetention> measurementRetention;
    std::vector<TemplateReference> templates;
};

struct Measurement
{
    AnalysisPhase phase = AnalysisPhase::None;
    std::string message;
    std::optional<crd::Timestamp> startedAt;
    std::optional<crd::Timestamp> finishedAt;
    std::optional<crd::Timestamp> resumeAt;
    std::string value;
    crd::TextMap metadata;
    bool operator==(const Measurement &) const = default;
};

struct MetricResult
{
    std::string name;
    AnalysisPhase phase = AnalysisPhase::None;
    std::string message;
    std::vector<Measurement> measurements;
    int count = 0;
    int successful = 0;
    int failed = 0;
    int inconclusive = 0;
    int error = 0;
    int consecutiveError = 0;
    int consecutiveSuccess = 0;
    bool isDryRun = false;
    crd::TextMap metadata;
    bool operator==(const MetricResult &) const = default;
};

struct RunSummary
{
    int count = 0;
    int successful = 0;
    int failed = 0;
    int inconclusive = 0;
    int error = 0;
    bool operator==(const RunSummary &) const = default;
};

/// `status` of an AnalysisRun.
struct RunStatus
{
    AnalysisPhase phase = AnalysisPhase::None;
    std::string message;
    std::vector<MetricResult> results;
    std::optional<crd::Timestamp> startedAt;
    std::optional<crd::Timestamp> completedAt;
    RunSummary summary;
    std::optional<RunSummary> dryRunSummary;
    bool operator==(const RunStatus &) const = default;
};

/// `ttlStrategy`: seconds that a completed run is kept.
struct TimeToLive
{
    std::optional<int> afterCompletion;
    std::optional<int> afterFailure;
    std::optional<int> afterSuccess;
};

struct AnalysisRun
{
    object::Object object;
    std::string ns;
    std::string name;
    std::string uid;
    std::string resourceVersion;
    std::string ownerUid; ///< of its controller
    crd::TextMap labels;
    std::optional<crd::Timestamp> created;
    bool isBeingDeleted = false;
    bool isTerminated = false; ///< spec.terminate
    std::vector<Metric> metrics;
    std::vector<RunArgument> arguments;
    std::vector<std::string> dryRun;
    std::vector<MeasurementRetention> measurementRetention;
    std::optional<TimeToLive> timeToLive;
    RunStatus status;
};

/// Tolerant readers: a field of a wrong type counts as absent.
Metric readMetric(const crd::FieldReader &reader);
AnalysisTemplate readAnalysisTemplate(const object::Object &object);
AnalysisRun readAnalysisRun(const object::Object &object);
/// The status with all fields that it owns, zero values left out as the controller does.
object::Value valueOf(const RunStatus &status);

} // namespace tiphys::rollout
