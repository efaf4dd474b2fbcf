// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis_reference.h"

#include "rollout/reading.h"

namespace tiphys::rollout {

using crd::FieldReader;
using object::Value;

Value PodMetadata::value() const
{
    std::vector<std::pair<std::string, Value>> members;
    if (!labels.empty())
        members.emplace_back("labels", mapOf(labels));
    if (!annotations.empty())
        members.emplace_back("annotations", mapOf(annotations));
    return Value::map(members);
}

PodMetadata readPodMetadata(const FieldReader &reader)
{
    return {.labels = reader.textMap("labels"), .annotations = reader.textMap("annotations")};
}

TemplateReference readTemplateReference(const FieldReader &reader)
{
    return {.name = reader.text("templateName"), .isClusterScoped = reader.boolean("clusterScope")};
}

AnalysisArgument readAnalysisArgument(const FieldReader &reader)
{
    AnalysisArgument argument{.name = reader.text("name"), .value = reader.text("value")};
    if (const auto from = reader.object("valueFrom")) {
        argument.hasValueFrom = true;
        argument.podTemplateHashValue = from->text("podTemplateHashValue");
        if (const auto field = from->object("fieldRef")) {
            argument.hasFieldRef = true;
            argument.fieldPath = field->text("fieldPath");
        }
    }
    return argument;
}

MeasurementRetention readMeasurementRetention(const FieldReader &reader)
{
    return {.metricName = reader.text("metricName"), .limit = number(reader, "limit")};
}

AnalysisReference readAnalysisReference(const FieldReader &reader)
{
    AnalysisReference reference;
    reference.templates = readList(reader, "templates", readTemplateReference);
    reference.arguments = readList(reader, "args", readAnalysisArgument);
    reference.dryRun = readList(reader, "dryRun", [](const FieldReader &item) { return item.text("metricName"); });
    reference.measurementRetention = readList(reader, "measurementRetention", readMeasurementRetention);
    reference.metadata = readOptional(reader, "analysisRunMetadata", readPodMetadata);
    reference.startingStep = optionalNumber(reader, "startingStep");
    return reference;
}

} // namespace tiphys::rollout
