// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/analysis_run.h"
#include "rollout/decision.h"
#include "rollout/experiment.h"
#include "rollout/observed.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// The interfaces of analysis runs and experiments: decisions here, requests and answers of providers in the shell.
namespace tiphys::rollout {

/// What the shell is to do for a measurement.
enum class MeasurementTask { Run, Resume, Terminate };

/// One metric to measure now. The shell asks the provider and gives the Measurement back in RunObserved::answers.
struct MeasurementRequest
{
    MeasurementTask task = MeasurementTask::Run;
    Metric metric;           ///< arguments filled in, secrets too: never shown
    Measurement measurement; ///< the open one for Resume and Terminate
};

/// A measurement that came back, by metric name.
using MeasurementAnswers = std::map<std::string, Measurement>;

/// What an analysis run depends on.
struct RunObserved
{
    AnalysisRun run;
    /// Values of the Secrets that its arguments name, by "name/key"; one that is absent there does not exist.
    std::map<std::string, std::string> secrets;
    MeasurementAnswers answers;
};

struct RunDecision
{
    /// Events and the status patch of the run, with the answers counted in.
    Decision decision;
    /// What to measure before the next decision; empty if nothing is due.
    std::vector<MeasurementRequest> requests;
    RunStatus status; ///< after the acts
};

/// What an experiment depends on: its own ReplicaSets, Services, runs, and the templates that its analyses name.
struct ExperimentObserved
{
    Experiment experiment;
    std::vector<ReplicaSet> replicaSets;
    std::vector<Service> services;
    std::vector<AnalysisRun> analysisRuns;
    std::vector<AnalysisTemplate> templates;
};

} // namespace tiphys::rollout
