// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/experiment_controller.h"

#include <algorithm>
#include <map>
#include <string>

namespace tiphys::demo {

using object::Object;

namespace {

constexpr ports::WallTime kRetry = 1000; ///< after a write that was refused
/// Refusals of one pass that the experiment may tell of.
constexpr int kMostTries = 16;

} // namespace

void ExperimentController::lookAgainAt(ports::WallTime moment)
{
    m_again = m_again ? std::min(*m_again, moment) : moment;
}

std::optional<ports::WallTime> ExperimentController::step()
{
    m_again.reset();
    std::vector<Object> experiments;
    for (const auto &[place, object] : m_store->objectsOf({"argoproj.io", "Experiment"}))
        experiments.push_back(object);
    for (const Object &experiment : experiments)
        pass(experiment);
    return m_again;
}

void ExperimentController::pass(const Object &experiment)
{
    std::map<std::string, std::string> refusals;
    for (int tries = 0; tries < kMostTries; ++tries) {
        rollout::ExperimentObserved observed = observe(experiment);
        observed.refusals = refusals;
        const rollout::Decision decision = rollout::decideExperiment(observed, {m_store->now()});
        const std::optional<DecisionWriter::Refused> refused = m_writer.carryOut(decision, experiment);
        if (!refused) {
            if (decision.lookAgain)
                lookAgainAt(decision.lookAgain->milliseconds);
            return;
        }
        // The experiment is to say what was refused.
        if (!refusals.emplace(refused->write.gvk.kind + "/" + refused->write.name, refused->message).second)
            break;
    }
    lookAgainAt(m_store->now() + kRetry);
}

rollout::ExperimentObserved ExperimentController::observe(const Object &experiment) const
{
    rollout::ExperimentObserved observed;
    observed.experiment = rollout::readExperiment(experiment);
    const std::string &ns = observed.experiment.ns;
    for (const Object &set : m_store->objectsIn({"apps", "ReplicaSet"}, ns))
        observed.replicaSets.push_back(rollout::readReplicaSet(set));
    for (const Object &service : m_store->objectsIn({"", "Service"}, ns))
        observed.services.push_back(rollout::readService(service));
    for (const Object &run : m_store->objectsIn({"argoproj.io", "AnalysisRun"}, ns))
        observed.analysisRuns.push_back(rollout::readAnalysisRun(run));
    for (const Object &found : m_store->objectsIn({"argoproj.io", "AnalysisTemplate"}, ns))
        observed.templates.push_back(rollout::readAnalysisTemplate(found));
    for (const Object &found : m_store->objectsIn({"argoproj.io", "ClusterAnalysisTemplate"}, ""))
        observed.templates.push_back(rollout::readAnalysisTemplate(found));
    return observed;
}

} // namespace tiphys::demo
