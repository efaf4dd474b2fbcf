// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/decision_writer.h"
#include "demo/store.h"
#include "rollout/analysis/analysis.h"

#include <optional>

namespace tiphys::demo {

/// The Experiments of the demo cluster: `rollout::decideExperiment` over the store. No timers, no threads.
class ExperimentController
{
public:
    explicit ExperimentController(Store &store) : m_store(&store), m_writer(store) {}

    /// One pass over every Experiment. Gives when to look again though nothing changes; nothing if never.
    std::optional<ports::WallTime> step();

private:
    void pass(const object::Object &experiment);
    rollout::ExperimentObserved observe(const object::Object &experiment) const;
    void lookAgainAt(ports::WallTime moment);

    Store *m_store;
    DecisionWriter m_writer;
    std::optional<ports::WallTime> m_again;
};

} // namespace tiphys::demo
