// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/decision_writer.h"
#include "demo/store.h"
#include "rollout/observed.h"

#include <optional>

namespace tiphys::demo {

/// The Rollouts controller of the demo cluster: `rollout::reconcile` over the store. No timers, no threads.
class RolloutController
{
public:
    explicit RolloutController(Store &store) : m_store(&store), m_writer(store) {}

    /// One pass over every Rollout. Gives when to look again though nothing changes; nothing if never.
    std::optional<ports::WallTime> step();

private:
    void pass(const object::Object &rollout);
    rollout::Observed observe(const object::Object &rollout) const;
    void lookAgainAt(ports::WallTime moment);

    Store *m_store;
    DecisionWriter m_writer;
    std::optional<ports::WallTime> m_again;
};

} // namespace tiphys::demo
