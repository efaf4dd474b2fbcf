// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rollout/analysis_run.h"
#include "rollout/decision.h"
#include "rollout/experiment.h"
#include "rollout/observed.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// Analysis runs and experiments: decisions here, requests to providers and Jobs in the shell.
namespace tiphys::rollout {

/// What the shell is to do for a measurement.
enum class MeasurementTask { Run, Resume, Terminate };

/// One metric to measure now. The shell asks the provider and gives the Measurement back in RunObserved::answers.
struct MeasurementRequest
{
    MeasurementTask task = MeasurementTask::Run;
    Metric metric;           ///< arguments filled in, secrets too: never shown
    Measurement measurement; ///< the open one for Resume and Terminate
    int number = 1;          ///< how many there have been, with this one
    std::size_t index = 0;   ///< of the metric in the run
};

/// A measurement that came back, by the name of the request's metric.
using MeasurementAnswers = std::map<std::string, Measurement>;

/// What an analysis run depends on.
struct RunObserved
{
    AnalysisRun run;
    /// Values of the Secrets that its arguments name, by "name/key"; one that is absent there does not exist.
    std::map<std::string, std::string> secrets;
    /// Names of Secrets that do not exist at all.
    std::set<std::string> missingSecrets;
    /// Names of Secrets that may not be read, with the server's words.
    std::map<std::string, std::string> deniedSecrets;
    MeasurementAnswers answers;
    /// Jobs with its uid in their label.
    std::vector<object::Object> jobs;
};

struct RunDecision
{
    /// Events and the status patch of the run, with the answers counted in; nothing while there are requests.
    Decision decision;
    /// What to measure before the next decision; empty if nothing is due.
    std::vector<MeasurementRequest> requests;
    RunStatus status; ///< after the acts
};

/// What the controller would do now with an analysis run. With answers it counts them and asks for no more.
/// Source: argo-rollouts analysis/{analysis,sync}.go@v1.9.1
RunDecision decideRun(const RunObserved &observed, Moment now);

/// What an experiment depends on: its own ReplicaSets, Services, runs, and the templates that its analyses name.
struct ExperimentObserved
{
    Experiment experiment;
    std::vector<ReplicaSet> replicaSets;
    std::vector<Service> services;
    std::vector<AnalysisRun> analysisRuns;
    SharedItems<AnalysisTemplate> templates;
    /// What the API server said to creations and patches of a former try of this pass, by "Kind/name".
    std::map<std::string, std::string> refusals;
};

/// What the controller would do now with an experiment.
/// Source: argo-rollouts experiments/{controller,experiment,replicaset,service,conditions}.go@v1.9.1
Decision decideExperiment(const ExperimentObserved &observed, Moment now);

} // namespace tiphys::rollout
