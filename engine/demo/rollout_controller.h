// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/store.h"
#include "rollout/decision.h"
#include "rollout/observed.h"

#include <optional>

namespace tiphys::demo {

/// The Rollouts controller of the demo cluster: `rollout::reconcile` over the store. No timers, no threads.
class RolloutController
{
public:
    explicit RolloutController(Store &store) : m_store(&store) {}

    /// One pass over every Rollout. Gives when to look again though nothing changes; nothing if never.
    std::optional<ports::WallTime> step();

private:
    using Objects = std::vector<object::Object>;

    void pass(const object::Object &rollout);
    rollout::Observed observe(const object::Object &rollout) const;
    Objects inNamespace(std::string_view group, std::string_view kind, std::string_view ns) const;
    /// Does the acts in their order; false if a write that counts was refused.
    bool carryOut(const rollout::Decision &decision, const rollout::Observed &observed);
    Answer<object::Object> written(const rollout::Write &write);
    void report(const object::Object &about, const rollout::Event &event);
    void lookAgainAt(ports::WallTime moment);

    Store *m_store;
    std::optional<ports::WallTime> m_again;
};

} // namespace tiphys::demo
