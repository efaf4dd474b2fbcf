// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/experiment.h"

#include "rollout/members.h"
#include "rollout/reading.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

using crd::FieldReader;
using object::Object;
using object::Value;

namespace {

constexpr std::array<std::string_view, 6> kPhaseWords{"", "Progressing", "Running", "Successful", "Failed", "Error"};

ExperimentTemplate readTemplate(const FieldReader &reader)
{
    ExperimentTemplate result;
    result.name = reader.text("name");
    result.replicas = optionalNumber(reader, "replicas");
    result.minReadySeconds = number(reader, "minReadySeconds");
    result.selector = reader.any("selector");
    result.podTemplate = reader.any("template");
    if (const auto service = reader.object("service")) {
        result.hasService = true;
        result.serviceName = service->text("name");
    }
    return result;
}

ExperimentAnalysis readAnalysis(const FieldReader &reader)
{
    ExperimentAnalysis analysis;
    analysis.name = reader.text("name");
    analysis.reference = readTemplateReference(reader);
    analysis.arguments = readList(reader, "args", [](const FieldReader &item) {
        return RunArgument{
            .name = item.text("name"), .value = item.optionalText("value"), .valueFrom = item.any("valueFrom")};
    });
    analysis.isRequiredForCompletion = reader.boolean("requiredForCompletion");
    return analysis;
}

ExperimentTemplateStatus readTemplateStatus(const FieldReader &reader)
{
    ExperimentTemplateStatus status;
    status.name = reader.text("name");
    status.replicas = number(reader, "replicas");
    status.updatedReplicas = number(reader, "updatedReplicas");
    status.readyReplicas = number(reader, "readyReplicas");
    status.availableReplicas = number(reader, "availableReplicas");
    status.collisionCount = optionalNumber(reader, "collisionCount");
    status.status = templatePhaseOf(reader.text("status"));
    status.message = reader.text("message");
    status.lastTransitionTime = optionalTime(reader, "lastTransitionTime");
    status.serviceName = reader.text("serviceName");
    status.podTemplateHash = reader.text("podTemplateHash");
    return status;
}

Condition readCondition(const FieldReader &reader)
{
    return {.type = reader.text("type"),
            .status = reader.text("status"),
            .lastUpdateTime = optionalTime(reader, "lastUpdateTime").value_or(crd::Timestamp()),
            .lastTransitionTime = optionalTime(reader, "lastTransitionTime").value_or(crd::Timestamp()),
            .reason = reader.text("reason"),
            .message = reader.text("message")};
}

ExperimentRunStatus readRun(const FieldReader &reader)
{
    return {.name = reader.text("name"),
            .analysisRun = reader.text("analysisRun"),
            .phase = analysisPhaseOf(reader.text("phase")),
            .message = reader.text("message")};
}

ExperimentStatus readExperimentStatus(const FieldReader &reader)
{
    return {.phase = analysisPhaseOf(reader.text("phase")),
            .message = reader.text("message"),
            .availableAt = optionalTime(reader, "availableAt"),
            .templates = readList(reader, "templateStatuses", readTemplateStatus),
            .conditions = readList(reader, "conditions", readCondition),
            .runs = readList(reader, "analysisRuns", readRun)};
}

Value templateValue(const ExperimentTemplateStatus &status)
{
    return Members()
        .add("name", status.name)
        .add("replicas", status.replicas)
        .add("updatedReplicas", status.updatedReplicas)
        .add("readyReplicas", status.readyReplicas)
        .add("availableReplicas", status.availableReplicas)
        .optional("collisionCount", status.collisionCount, [](int count) { return Value(count); })
        .text("status", text(status.status))
        .text("message", status.message)
        .time("lastTransitionTime", status.lastTransitionTime)
        .text("serviceName", status.serviceName)
        .text("podTemplateHash", status.podTemplateHash)
        .map();
}

Value conditionValue(const Condition &condition)
{
    return Value::map({{"type", condition.type},
                       {"status", condition.status},
                       {"lastUpdateTime", condition.lastUpdateTime.text()},
                       {"lastTransitionTime", condition.lastTransitionTime.text()},
                       {"reason", condition.reason},
                       {"message", condition.message}});
}

Value runValue(const ExperimentRunStatus &run)
{
    return Members()
        .add("name", run.name)
        .add("analysisRun", run.analysisRun)
        .add("phase", text(run.phase))
        .text("message", run.message)
        .map();
}

} // namespace

std::string_view text(TemplatePhase phase)
{
    return kPhaseWords[static_cast<std::size_t>(phase)];
}

TemplatePhase templatePhaseOf(std::string_view text)
{
    const auto found = std::ranges::find(kPhaseWords, text);
    return found == kPhaseWords.end() ? TemplatePhase::None : static_cast<TemplatePhase>(found - kPhaseWords.begin());
}

Experiment readExperiment(const Object &object)
{
    Experiment result;
    result.object = object;
    result.ns = object.ns();
    result.name = object.name();
    result.uid = object.uid();
    result.resourceVersion = object.resourceVersion();
    result.ownerUid = controllerUid(object);
    result.labels = textMapOf(object.path({"metadata", "labels"}));
    result.created = crd::timestampOf(object.creationTimestamp());
    result.isBeingDeleted = object.isBeingDeleted();
    readTolerantly(object.value()["spec"], [&result](const FieldReader &spec) {
        result.isTerminated = spec.boolean("terminate");
        result.templates = readList(spec, "templates", readTemplate);
        result.duration = spec.text("duration");
        result.progressDeadlineSeconds = optionalNumber(spec, "progressDeadlineSeconds");
        result.scaleDownDelaySeconds = optionalNumber(spec, "scaleDownDelaySeconds");
        result.analyses = readList(spec, "analyses", readAnalysis);
        result.dryRun = readList(spec, "dryRun", [](const FieldReader &item) { return item.text("metricName"); });
        result.measurementRetention = readList(spec, "measurementRetention", readMeasurementRetention);
        result.runMetadata = readPodMetadata(spec.objectOrEmpty("analysisRunMetadata"));
        return true;
    });
    result.status = readTolerantly(object.value()["status"], readExperimentStatus);
    return result;
}

Value valueOf(const ExperimentStatus &status)
{
    return Members()
        .text("phase", text(status.phase))
        .text("message", status.message)
        .time("availableAt", status.availableAt)
        .list("templateStatuses", status.templates, templateValue)
        .list("conditions", status.conditions, conditionValue)
        .list("analysisRuns", status.runs, runValue)
        .map();
}

} // namespace tiphys::rollout
