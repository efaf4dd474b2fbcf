// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/clock.h"
#include "ports/cluster.h"
#include "ports/connections.h"
#include "ports/http.h"
#include "rollout/analysis/analysis.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::control {

/// What measuring needs besides the cluster.
struct MeasurementSettings
{
    ports::HttpPtr http; ///< null: providers on the network are refused by name
    /// Variables that providers read, see rollout::provider::environmentNames().
    std::map<std::string, std::string> environment;
    std::string ns; ///< of the engine: where the Secrets of providers are
    /// Files of this machine that providers read. Errors: NotFound for what does not exist. Null: there are none.
    std::function<Expected<std::string>(const std::string &path)> readFile = {};
    /// Runs a command that the files of this machine name, and gives what it prints. Null: none may run.
    std::function<Async<std::string>(std::string command)> runProgram = {};

    /// The cluster that ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG names; empty where Jobs run in that of their run.
    ports::Connection jobs = {};

    /// Where Jobs are made, "" for the namespace of their run.
    std::string jobNamespace() const;
};

/// Takes measurements of analysis runs: asks servers, and makes and reads Jobs. Engine thread only.
class MeasurementRunner
{
public:
    /// \p find gives an object that is watched, null if it is not there; \p onWritten hears of every Job.
    MeasurementRunner(ports::ClusterPtr cluster, std::shared_ptr<const ports::Clock> clock,
                      MeasurementSettings settings, std::function<object::Object(const object::ObjectKey &)> find,
                      std::function<void(const object::ObjectKey &, const object::Object &)> onWritten);

    /// All of \p requests at once. Errors: only Cancelled; whatever else goes wrong is a measurement in phase Error.
    Async<rollout::MeasurementAnswers> measure(rollout::AnalysisRun run,
                                               std::vector<rollout::MeasurementRequest> requests, CancelToken cancel);

private:
    Async<rollout::Measurement> measured(rollout::AnalysisRun run, rollout::MeasurementRequest request,
                                         CancelToken cancel);
    Async<rollout::Measurement> asked(rollout::AnalysisRun run, rollout::MeasurementRequest request,
                                      CancelToken cancel);
    Async<rollout::Measurement> jobMeasured(rollout::AnalysisRun run, rollout::MeasurementRequest request,
                                            CancelToken cancel);
    Async<object::Object> jobMade(rollout::AnalysisRun run, object::Object job, CancelToken cancel);
    Async<std::map<std::string, std::string>> secret(std::string ns, std::string name, CancelToken cancel);
    rollout::Moment now() const { return {m_clock->now()}; }
    const ports::ClusterPtr &jobCluster() const
    {
        return m_settings.jobs.cluster ? m_settings.jobs.cluster : m_cluster;
    }

    ports::ClusterPtr m_cluster;
    std::shared_ptr<const ports::Clock> m_clock;
    MeasurementSettings m_settings;
    std::function<object::Object(const object::ObjectKey &)> m_find;
    std::function<void(const object::ObjectKey &, const object::Object &)> m_onWritten;
};

} // namespace tiphys::control
