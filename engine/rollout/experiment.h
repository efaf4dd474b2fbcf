// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "rollout/analysis_reference.h"
#include "rollout/analysis_run.h"
#include "rollout/status.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::rollout {

/// One ReplicaSet of an experiment.
struct ExperimentTemplate
{
    std::string name;
    std::optional<int> replicas;
    int minReadySeconds = 0;
    object::Value selector;
    object::Value podTemplate;
    bool hasService = false;
    std::string serviceName;
};

struct ExperimentAnalysis
{
    std::string name;
    TemplateReference reference;
    std::vector<RunArgument> arguments;
    bool isRequiredForCompletion = false;
};

enum class TemplatePhase { None, Progressing, Running, Successful, Failed, Error };
std::string_view text(TemplatePhase phase);
TemplatePhase templatePhaseOf(std::string_view text);

struct ExperimentTemplateStatus
{
    std::string name;
    int replicas = 0;
    int updatedReplicas = 0;
    int readyReplicas = 0;
    int availableReplicas = 0;
    std::optional<int> collisionCount;
    TemplatePhase status = TemplatePhase::None;
    std::string message;
    std::optional<crd::Timestamp> lastTransitionTime;
    std::string serviceName;
    std::string podTemplateHash;
    bool operator==(const ExperimentTemplateStatus &) const = default;
};

struct ExperimentRunStatus
{
    std::string name;
    std::string analysisRun;
    AnalysisPhase phase = AnalysisPhase::None;
    std::string message;
    bool operator==(const ExperimentRunStatus &) const = default;
};

struct ExperimentStatus
{
    AnalysisPhase phase = AnalysisPhase::None;
    std::string message;
    std::optional<crd::Timestamp> availableAt;
    std::vector<ExperimentTemplateStatus> templates;
    std::vector<Condition> conditions;
    std::vector<ExperimentRunStatus> runs;
    bool operator==(const ExperimentStatus &) const = default;
};

struct Experiment
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
    std::vector<ExperimentTemplate> templates;
    std::string duration; ///< Go duration, "" has no end
    std::optional<int> progressDeadlineSeconds;
    std::optional<int> scaleDownDelaySeconds;
    std::vector<ExperimentAnalysis> analyses;
    std::vector<std::string> dryRun;
    std::vector<MeasurementRetention> measurementRetention;
    PodMetadata runMetadata;
    ExperimentStatus status;
};

/// Tolerant reader: a field of a wrong type counts as absent.
Experiment readExperiment(const object::Object &object);
/// The status with all fields that it owns, zero values left out as the controller does.
object::Value valueOf(const ExperimentStatus &status);

} // namespace tiphys::rollout
