// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/experiment_build.h"

#include "rollout/analysis_build.h"
#include "rollout/names.h"
#include "rollout/reading.h"
#include "rollout/router/router.h"

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

/// \p map with the members of \p added set.
Value withTexts(const Value &map, const crd::TextMap &added)
{
    Value result = map;
    for (const auto &[key, text] : added)
        result = result.with(key, Value(text));
    return result;
}

Expected<Value> templateOf(const ExperimentTemplateStep &step, const ReplicaSet &newRs, const ReplicaSet &stableRs)
{
    if (step.specRef != "canary" && step.specRef != "stable")
        return failure(ErrorCode::InvalidInput, "Invalid template step SpecRef: must be canary or stable");
    const ReplicaSet &source = step.specRef == "canary" ? newRs : stableRs;
    Value podTemplate = source.podTemplate();
    Value selector = step.selector.isNull() ? source.selector() : step.selector;
    const PodMetadata &metadata = step.metadata;
    if (!metadata.labels.empty()) {
        podTemplate = podTemplate.withPath({"metadata", "labels"},
                                           withTexts(podTemplate.path({"metadata", "labels"}), metadata.labels));
        selector = selector.with("matchLabels", withTexts(selector["matchLabels"], metadata.labels));
    }
    if (!metadata.annotations.empty())
        podTemplate =
            podTemplate.withPath({"metadata", "annotations"},
                                 withTexts(podTemplate.path({"metadata", "annotations"}), metadata.annotations));
    std::vector<std::pair<std::string, Value>> members{{"name", Value(step.name)}};
    if (step.replicas)
        members.emplace_back("replicas", Value(*step.replicas));
    if (source.minReadySeconds != 0)
        members.emplace_back("minReadySeconds", Value(source.minReadySeconds));
    members.emplace_back("selector", selector);
    members.emplace_back("template", podTemplate);
    if (step.weight || step.hasService)
        members.emplace_back("service", step.serviceName.empty() ? Value::map({})
                                                                 : Value::map({{"name", Value(step.serviceName)}}));
    return Value::map(members);
}

Expected<Value> analysisOf(const ExperimentAnalysisStep &step, const RunHashes &hashes, const Rollout &rollout)
{
    const Expected<std::vector<RunArgument>> arguments = resolvedArguments(step.arguments, hashes, rollout);
    if (!arguments)
        return std::unexpected(arguments.error());
    std::vector<std::pair<std::string, Value>> members{{"name", Value(step.name)},
                                                       {"templateName", Value(step.reference.name)}};
    if (step.reference.isClusterScoped)
        members.emplace_back("clusterScope", Value(true));
    std::vector<Value> values;
    for (const RunArgument &argument : *arguments)
        values.push_back(argument.toValue());
    if (!values.empty())
        members.emplace_back("args", Value::list(values));
    if (step.isRequiredForCompletion)
        members.emplace_back("requiredForCompletion", Value(true));
    return Value::map(members);
}

Value experimentMetadata(const Rollout &rollout, const std::string &hash)
{
    crd::TextMap labels = rollout.labels;
    labels.insert_or_assign(std::string(kHashLabel), hash);
    const std::string revision(textAt(rollout.annotations, kRevisionAnnotation));
    const std::string name = rollout.name + "-" + hash + "-" + revision + "-" + std::to_string(rollout.stepIndex());
    return Value::map({{"name", name},
                       {"namespace", rollout.ns},
                       {"labels", mapOf(labels)},
                       {"annotations", Value::map({{kRevisionAnnotation, Value(revision)}})},
                       {"ownerReferences", Value::list({ownerReferenceOf(rollout)})}});
}

} // namespace

Expected<Object> experimentOf(const Rollout &rollout, const ExperimentStep &step, const ReplicaSet &newRs,
                              const ReplicaSet &stableRs)
{
    std::vector<Value> templates;
    for (const ExperimentTemplateStep &part : step.templates) {
        const Expected<Value> value = templateOf(part, newRs, stableRs);
        if (!value)
            return std::unexpected(value.error());
        templates.push_back(*value);
    }
    std::vector<Value> analyses;
    const RunHashes hashes{.latest = newRs.hash, .stable = stableRs.hash};
    for (const ExperimentAnalysisStep &part : step.analyses) {
        const Expected<Value> value = analysisOf(part, hashes, rollout);
        if (!value)
            return std::unexpected(value.error());
        analyses.push_back(*value);
    }
    std::vector<std::pair<std::string, Value>> spec{{"templates", Value::list(templates)}};
    if (!step.duration.empty())
        spec.emplace_back("duration", Value(step.duration));
    if (rollout.progressDeadlineSeconds)
        spec.emplace_back("progressDeadlineSeconds", Value(*rollout.progressDeadlineSeconds));
    if (!analyses.empty())
        spec.emplace_back("analyses", Value::list(analyses));
    std::vector<Value> dryRun;
    for (const std::string &name : step.dryRun)
        dryRun.push_back(Value::map({{"metricName", Value(name)}}));
    if (!dryRun.empty())
        spec.emplace_back("dryRun", Value::list(dryRun));
    if (const Value metadata = step.runMetadata.value(); metadata.size() > 0)
        spec.emplace_back("analysisRunMetadata", metadata);
    if (step.scaleDownDelaySeconds)
        spec.emplace_back("scaleDownDelaySeconds", Value(*step.scaleDownDelaySeconds));
    return Object(Value::map({{"apiVersion", kApiVersion},
                              {"kind", "Experiment"},
                              {"metadata", experimentMetadata(rollout, rollout.computedHash())},
                              {"spec", Value::map(spec)}}));
}

bool isSameExperimentSpec(const Value &left, const Value &right)
{
    return left.without("terminate") == right.without("terminate");
}

} // namespace tiphys::rollout
