// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/experiment_controller.h"

#include "demo/namespace_view.h"

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
    observeNamespace(*m_store, ns, observed);
    return observed;
}

} // namespace tiphys::demo
