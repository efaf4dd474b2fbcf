// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/status.h"

#include "rollout/members.h"
#include "rollout/reading.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

using crd::FieldReader;
using object::Value;

namespace {

constexpr std::array<std::string_view, 7> kPhaseWords{"",       "Pending", "Running",     "Successful",
                                                      "Failed", "Error",   "Inconclusive"};

AnalysisRunReference readRunReference(const FieldReader &reader)
{
    return {.name = reader.text("name"),
            .status = analysisPhaseOf(reader.text("status")),
            .message = reader.text("message")};
}

WeightDestination readDestination(const FieldReader &reader)
{
    return {.weight = number(reader, "weight"),
            .serviceName = reader.text("serviceName"),
            .podTemplateHash = reader.text("podTemplateHash")};
}

TrafficWeights readWeights(const FieldReader &reader)
{
    return {.canary = readDestination(reader.objectOrEmpty("canary")),
            .stable = readDestination(reader.objectOrEmpty("stable")),
            .additional = readList(reader, "additional", readDestination),
            .verified = reader.optionalBoolean("verified")};
}

StepPluginStatus readStepPlugin(const FieldReader &reader)
{
    return {.index = number(reader, "index"),
            .name = reader.text("name"),
            .operation = reader.text("operation"),
            .phase = reader.text("phase"),
            .isDisabled = reader.boolean("disabled"),
            .value = reader.value()};
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

CanaryStatus readCanaryStatus(const FieldReader &reader)
{
    return {.stepRun = readOptional(reader, "currentStepAnalysisRunStatus", readRunReference),
            .backgroundRun = readOptional(reader, "currentBackgroundAnalysisRunStatus", readRunReference),
            .currentExperiment = reader.text("currentExperiment"),
            .weights = readOptional(reader, "weights", readWeights),
            .stablePingPong = reader.text("stablePingPong"),
            .stepPlugins = readList(reader, "stepPluginStatuses", readStepPlugin)};
}

BlueGreenStatus readBlueGreenStatus(const FieldReader &reader)
{
    return {.previewSelector = reader.text("previewSelector"),
            .activeSelector = reader.text("activeSelector"),
            .scaleUpPreviewCheckPoint = reader.boolean("scaleUpPreviewCheckPoint"),
            .prePromotionRun = readOptional(reader, "prePromotionAnalysisRunStatus", readRunReference),
            .postPromotionRun = readOptional(reader, "postPromotionAnalysisRunStatus", readRunReference)};
}

Value runValue(const AnalysisRunReference &run)
{
    return Members().add("name", run.name).add("status", text(run.status)).text("message", run.message).map();
}

Value destinationValue(const WeightDestination &destination)
{
    return Members()
        .add("weight", destination.weight)
        .text("serviceName", destination.serviceName)
        .text("podTemplateHash", destination.podTemplateHash)
        .map();
}

Value weightsValue(const TrafficWeights &weights)
{
    return Members()
        .add("canary", destinationValue(weights.canary))
        .add("stable", destinationValue(weights.stable))
        .list("additional", weights.additional, destinationValue)
        .optional("verified", weights.verified, [](bool verified) { return Value(verified); })
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

Value canaryValue(const CanaryStatus &status)
{
    return Members()
        .optional("currentStepAnalysisRunStatus", status.stepRun, runValue)
        .optional("currentBackgroundAnalysisRunStatus", status.backgroundRun, runValue)
        .text("currentExperiment", status.currentExperiment)
        .optional("weights", status.weights, weightsValue)
        .text("stablePingPong", status.stablePingPong)
        .list("stepPluginStatuses", status.stepPlugins, [](const StepPluginStatus &plugin) { return plugin.value; })
        .map();
}

Value blueGreenValue(const BlueGreenStatus &status)
{
    return Members()
        .text("previewSelector", status.previewSelector)
        .text("activeSelector", status.activeSelector)
        .flag("scaleUpPreviewCheckPoint", status.scaleUpPreviewCheckPoint)
        .optional("prePromotionAnalysisRunStatus", status.prePromotionRun, runValue)
        .optional("postPromotionAnalysisRunStatus", status.postPromotionRun, runValue)
        .map();
}

} // namespace

std::string_view text(AnalysisPhase phase)
{
    return kPhaseWords[static_cast<std::size_t>(phase)];
}

AnalysisPhase analysisPhaseOf(std::string_view text)
{
    const auto found = std::ranges::find(kPhaseWords, text);
    return found == kPhaseWords.end() ? AnalysisPhase::None
                                      : static_cast<AnalysisPhase>(found - kPhaseWords.begin());
}

bool isCompleted(AnalysisPhase phase)
{
    return phase >= AnalysisPhase::Successful;
}

const PauseCondition *Status::pauseCondition(std::string_view reason) const
{
    const auto found = std::ranges::find(pauseConditions, reason, &PauseCondition::reason);
    return found == pauseConditions.end() ? nullptr : &*found;
}

const Condition *Status::condition(std::string_view type) const
{
    const auto found = std::ranges::find(conditions, type, &Condition::type);
    return found == conditions.end() ? nullptr : &*found;
}

Status readStatus(const Value &value)
{
    return readTolerantly(value, [](const FieldReader &reader) {
        Status status;
        status.abort = reader.boolean("abort");
        status.abortedAt = optionalTime(reader, "abortedAt");
        status.pauseConditions = readList(reader, "pauseConditions", [](const FieldReader &item) {
            return PauseCondition{.reason = item.text("reason"),
                                  .startTime = optionalTime(item, "startTime").value_or(crd::Timestamp())};
        });
        status.controllerPause = reader.boolean("controllerPause");
        status.currentPodHash = reader.text("currentPodHash");
        status.currentStepHash = reader.text("currentStepHash");
        status.replicas = number(reader, "replicas");
        status.updatedReplicas = number(reader, "updatedReplicas");
        status.readyReplicas = number(reader, "readyReplicas");
        status.availableReplicas = number(reader, "availableReplicas");
        status.hpaReplicas = number(reader, "HPAReplicas");
        status.currentStepIndex = optionalNumber(reader, "currentStepIndex");
        status.collisionCount = optionalNumber(reader, "collisionCount");
        status.observedGeneration = reader.text("observedGeneration");
        status.workloadObservedGeneration = reader.text("workloadObservedGeneration");
        status.conditions = readList(reader, "conditions", readCondition);
        status.canary = readCanaryStatus(reader.objectOrEmpty("canary"));
        status.blueGreen = readBlueGreenStatus(reader.objectOrEmpty("blueGreen"));
        status.selector = reader.text("selector");
        status.stableRs = reader.text("stableRS");
        status.restartedAt = optionalTime(reader, "restartedAt");
        status.promoteFull = reader.boolean("promoteFull");
        status.phase = reader.text("phase");
        status.message = reader.text("message");
        status.alb = reader.any("alb");
        status.albs = reader.any("albs");
        return status;
    });
}

Value valueOf(const Status &status)
{
    Members members;
    members.flag("abort", status.abort)
        .list("pauseConditions", status.pauseConditions,
              [](const PauseCondition &pause) {
                  return Value::map({{"reason", pause.reason}, {"startTime", pause.startTime.text()}});
              })
        .flag("controllerPause", status.controllerPause)
        .time("abortedAt", status.abortedAt)
        .text("currentPodHash", status.currentPodHash)
        .text("currentStepHash", status.currentStepHash)
        .number("replicas", status.replicas)
        .number("updatedReplicas", status.updatedReplicas)
        .number("readyReplicas", status.readyReplicas)
        .number("availableReplicas", status.availableReplicas)
        .optional("currentStepIndex", status.currentStepIndex, [](int index) { return Value(index); })
        .optional("collisionCount", status.collisionCount, [](int count) { return Value(count); })
        .text("observedGeneration", status.observedGeneration)
        .list("conditions", status.conditions, conditionValue)
        .add("canary", canaryValue(status.canary))
        .add("blueGreen", blueGreenValue(status.blueGreen))
        .number("HPAReplicas", status.hpaReplicas)
        .text("selector", status.selector)
        .text("stableRS", status.stableRs)
        .time("restartedAt", status.restartedAt)
        .flag("promoteFull", status.promoteFull)
        .text("phase", status.phase)
        .text("message", status.message)
        .text("workloadObservedGeneration", status.workloadObservedGeneration);
    if (!status.alb.isNull())
        members.add("alb", status.alb);
    if (!status.albs.isEmpty())
        members.add("albs", status.albs);
    return members.map();
}

bool setCondition(Status &status, Condition condition)
{
    if (const Condition *current = status.condition(condition.type)) {
        if (current->status == condition.status) {
            if (current->reason == condition.reason)
                return false;
            condition.lastTransitionTime = current->lastTransitionTime;
        }
        removeCondition(status, condition.type);
    }
    status.conditions.push_back(std::move(condition));
    return true;
}

void removeCondition(Status &status, std::string_view type)
{
    // The type may belong to a condition that is removed.
    const std::string removed(type);
    std::erase_if(status.conditions, [&removed](const Condition &condition) { return condition.type == removed; });
}

} // namespace tiphys::rollout
