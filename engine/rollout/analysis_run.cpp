// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis_run.h"

#include "rollout/members.h"
#include "rollout/names.h"
#include "rollout/reading.h"

namespace tiphys::rollout {

using crd::FieldReader;
using object::Object;
using object::Value;

namespace {

RunArgument readArgument(const FieldReader &reader)
{
    return {.name = reader.text("name"), .value = reader.optionalText("value"), .valueFrom = reader.any("valueFrom")};
}

std::vector<std::string> readDryRun(const FieldReader &reader)
{
    return readList(reader, "dryRun", [](const FieldReader &item) { return item.text("metricName"); });
}

Measurement readMeasurement(const FieldReader &reader)
{
    return {.phase = analysisPhaseOf(reader.text("phase")),
            .message = reader.text("message"),
            .startedAt = optionalTime(reader, "startedAt"),
            .finishedAt = optionalTime(reader, "finishedAt"),
            .resumeAt = optionalTime(reader, "resumeAt"),
            .value = reader.text("value"),
            .metadata = reader.textMap("metadata")};
}

MetricResult readResult(const FieldReader &reader)
{
    MetricResult result;
    result.name = reader.text("name");
    result.phase = analysisPhaseOf(reader.text("phase"));
    result.message = reader.text("message");
    result.measurements = readList(reader, "measurements", readMeasurement);
    result.count = number(reader, "count");
    result.successful = number(reader, "successful");
    result.failed = number(reader, "failed");
    result.inconclusive = number(reader, "inconclusive");
    result.error = number(reader, "error");
    result.consecutiveError = number(reader, "consecutiveError");
    result.consecutiveSuccess = number(reader, "consecutiveSuccess");
    result.isDryRun = reader.boolean("dryRun");
    result.metadata = reader.textMap("metadata");
    return result;
}

RunSummary readSummary(const FieldReader &reader)
{
    return {.count = number(reader, "count"),
            .successful = number(reader, "successful"),
            .failed = number(reader, "failed"),
            .inconclusive = number(reader, "inconclusive"),
            .error = number(reader, "error")};
}

RunStatus readRunStatus(const FieldReader &reader)
{
    return {.phase = analysisPhaseOf(reader.text("phase")),
            .message = reader.text("message"),
            .results = readList(reader, "metricResults", readResult),
            .startedAt = optionalTime(reader, "startedAt"),
            .completedAt = optionalTime(reader, "completedAt"),
            .summary = readSummary(reader.objectOrEmpty("runSummary")),
            .dryRunSummary = readOptional(reader, "dryRunSummary", readSummary)};
}

TimeToLive readTimeToLive(const FieldReader &reader)
{
    return {.afterCompletion = optionalNumber(reader, "secondsAfterCompletion"),
            .afterFailure = optionalNumber(reader, "secondsAfterFailure"),
            .afterSuccess = optionalNumber(reader, "secondsAfterSuccess")};
}

Value summaryValue(const RunSummary &summary)
{
    return Members()
        .number("count", summary.count)
        .number("successful", summary.successful)
        .number("failed", summary.failed)
        .number("inconclusive", summary.inconclusive)
        .number("error", summary.error)
        .map();
}

Value measurementValue(const Measurement &measurement)
{
    Members members;
    members.add("phase", text(measurement.phase))
        .text("message", measurement.message)
        .time("startedAt", measurement.startedAt)
        .time("finishedAt", measurement.finishedAt)
        .text("value", measurement.value);
    if (!measurement.metadata.empty())
        members.add("metadata", mapOf(measurement.metadata));
    return members.time("resumeAt", measurement.resumeAt).map();
}

Value resultValue(const MetricResult &result)
{
    Members members;
    members.add("name", result.name)
        .add("phase", text(result.phase))
        .list("measurements", result.measurements, measurementValue)
        .text("message", result.message)
        .number("count", result.count)
        .number("successful", result.successful)
        .number("failed", result.failed)
        .number("inconclusive", result.inconclusive)
        .number("error", result.error)
        .number("consecutiveError", result.consecutiveError)
        .flag("dryRun", result.isDryRun);
    if (!result.metadata.empty())
        members.add("metadata", mapOf(result.metadata));
    return members.number("consecutiveSuccess", result.consecutiveSuccess).map();
}

} // namespace

Value RunArgument::toValue() const
{
    Members members;
    members.add("name", name);
    if (value)
        members.add("value", *value);
    if (!valueFrom.isNull())
        members.add("valueFrom", valueFrom);
    return members.map();
}

std::optional<int> Metric::effectiveCount() const
{
    if (count && count->intValue() != 0)
        return count->intValue();
    return interval.empty() ? std::optional(1) : std::nullopt;
}

Metric readMetric(const FieldReader &reader)
{
    Metric metric;
    metric.name = reader.text("name");
    metric.interval = reader.text("interval");
    metric.initialDelay = reader.text("initialDelay");
    metric.count = IntOrText::of(reader.any("count"));
    metric.successCondition = reader.text("successCondition");
    metric.failureCondition = reader.text("failureCondition");
    metric.failureLimit = IntOrText::of(reader.any("failureLimit"));
    metric.inconclusiveLimit = IntOrText::of(reader.any("inconclusiveLimit"));
    metric.consecutiveErrorLimit = IntOrText::of(reader.any("consecutiveErrorLimit"));
    metric.consecutiveSuccessLimit = IntOrText::of(reader.any("consecutiveSuccessLimit"));
    metric.provider = reader.any("provider");
    metric.value = reader.value();
    return metric;
}

AnalysisTemplate readAnalysisTemplate(const Object &object)
{
    AnalysisTemplate result;
    result.object = object;
    result.name = object.name();
    result.isClusterScoped = object.kind() == "ClusterAnalysisTemplate";
    result.ns = result.isClusterScoped ? std::string() : std::string(object.ns());
    readTolerantly(object.value()["spec"], [&result](const FieldReader &spec) {
        result.metrics = readList(spec, "metrics", readMetric);
        result.arguments = readList(spec, "args", readArgument);
        result.dryRun = readDryRun(spec);
        result.measurementRetention = readList(spec, "measurementRetention", readMeasurementRetention);
        result.templates = readList(spec, "templates", readTemplateReference);
        return true;
    });
    return result;
}

AnalysisRun readAnalysisRun(const Object &object)
{
    AnalysisRun run;
    run.object = object;
    run.ns = object.ns();
    run.name = object.name();
    run.uid = object.uid();
    run.resourceVersion = object.resourceVersion();
    run.ownerUid = controllerUid(object);
    run.labels = textMapOf(object.path({"metadata", "labels"}));
    run.created = crd::timestampOf(object.creationTimestamp());
    run.isBeingDeleted = object.isBeingDeleted();
    readTolerantly(object.value()["spec"], [&run](const FieldReader &spec) {
        run.isTerminated = spec.boolean("terminate");
        run.metrics = readList(spec, "metrics", readMetric);
        run.arguments = readList(spec, "args", readArgument);
        run.dryRun = readDryRun(spec);
        run.measurementRetention = readList(spec, "measurementRetention", readMeasurementRetention);
        run.timeToLive = readOptional(spec, "ttlStrategy", readTimeToLive);
        return true;
    });
    run.status = readTolerantly(object.value()["status"], readRunStatus);
    return run;
}

Value valueOf(const RunStatus &status)
{
    return Members()
        .add("phase", text(status.phase))
        .text("message", status.message)
        .list("metricResults", status.results, resultValue)
        .time("startedAt", status.startedAt)
        .add("runSummary", summaryValue(status.summary))
        .optional("dryRunSummary", status.dryRunSummary, summaryValue)
        .time("completedAt", status.completedAt)
        .map();
}

} // namespace tiphys::rollout
