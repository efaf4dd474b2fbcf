// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/experiment.h"
#include "rollout/moment.h"

#include <optional>
#include <string>

/// Private to the folder: what the parts of an experiment amount to.
/// Source: argo-rollouts utils/experiment/experiment.go, utils/conditions/experiments.go@v1.9.1
namespace tiphys::rollout {

inline constexpr int kExperimentDeadlineSeconds = 600;
inline constexpr int kExperimentScaleDownDelaySeconds = 30;

bool isCompleted(TemplatePhase phase);
ExperimentTemplateStatus *templateStatusOf(ExperimentStatus &status, const std::string &name);
const ExperimentTemplateStatus *templateStatusOf(const ExperimentStatus &status, const std::string &name);
const ExperimentRunStatus *runStatusOf(const ExperimentStatus &status, const std::string &name);
void setTemplateStatus(ExperimentStatus &status, const ExperimentTemplateStatus &part);
void setRunStatus(ExperimentStatus &status, const ExperimentRunStatus &part);

/// True if \p experiment with \p status is to end.
bool isTerminating(const Experiment &experiment, const ExperimentStatus &status);
/// True if it has analyses that it needs, and all of them succeeded.
bool hasRequiredSuccess(const Experiment &experiment, const ExperimentStatus &status);
/// When its time is up; nothing if it has not begun or has no end.
std::optional<Moment> endOf(const Experiment &experiment, const ExperimentStatus &status);
/// Pods that \p part should have.
int replicasOf(const Experiment &experiment, const ExperimentTemplate &part);

/// Sets phase, message, availableAt and conditions of \p status by its parts.
void concludeExperiment(const Experiment &experiment, ExperimentStatus &status, Moment now);

/// Why the spec makes no sense, "" if it does.
std::string invalidReasonOf(const Experiment &experiment);
/// Says so in the conditions.
void setInvalid(ExperimentStatus &status, const std::string &reason, Moment now);

} // namespace tiphys::rollout
