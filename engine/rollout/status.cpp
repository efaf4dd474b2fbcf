// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/status.h"

#include "object/view.h"
#include "rollout/reading.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

using crd::FieldReader;
using object::Value;
using object::View;

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

/// True if \p condition has the members that are written and no other, its times without fractions and in UTC.
bool isAsWritten(const Value &condition)
{
    constexpr std::size_t timeSize = std::string_view("2006-01-02T15:04:05Z").size();
    constexpr std::array keys{"type", "status", "lastUpdateTime", "lastTransitionTime", "reason", "message"};
    const View view(condition);
    const auto isTime = [&view](const char *key) {
        const std::string_view text = view[key].stringOr();
        return text.size() == timeSize && crd::timestampOf(text);
    };
    return view.isMap() && view.size() == keys.size()
           && std::ranges::all_of(keys, [&view](const char *key) { return view[key].isString(); })
           && isTime("lastUpdateTime") && isTime("lastTransitionTime");
}

Condition readCondition(const FieldReader &reader)
{
    return {.type = reader.text("type"),
            .status = reader.text("status"),
            .lastUpdateTime = optionalTime(reader, "lastUpdateTime").value_or(crd::Timestamp()),
            .lastTransitionTime = optionalTime(reader, "lastTransitionTime").value_or(crd::Timestamp()),
            .reason = reader.text("reason"),
            .message = reader.text("message"),
            .stands = isAsWritten(reader.value()) ? reader.value() : Value()};
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

} // namespace

std::string_view text(AnalysisPhase phase)
{
    return kPhaseWords[static_cast<std::size_t>(phase)];
}

AnalysisPhase analysisPhaseOf(std::string_view text)
{
    const auto found = std::ranges::find(kPhaseWords, text);
    return found == kPhaseWords.end() ? AnalysisPhase::None : static_cast<AnalysisPhase>(found - kPhaseWords.begin());
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

bool isConditionSet(const Status &status, std::string_view type, std::string_view state, std::string_view reason)
{
    const Condition *current = status.condition(type);
    return current && isSame(current->status, state) && isSame(current->reason, reason);
}

} // namespace tiphys::rollout
