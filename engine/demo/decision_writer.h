// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/store.h"
#include "rollout/decision.h"

#include <array>
#include <map>
#include <optional>
#include <string>

namespace tiphys::demo {

/// Carries decisions about Rollouts out on a store, as component rollouts-controller.
class DecisionWriter
{
public:
    explicit DecisionWriter(Store &store) : m_store(&store) {}

    /// A write of a decision that was refused and counts.
    struct Refused
    {
        rollout::Write write;
        std::string message;
    };
    /// Does the acts of \p decision about \p about in their order, up to the first write that is refused and counts.
    std::optional<Refused> carryOut(const rollout::Decision &decision, const object::Object &about);

private:
    Answer<object::Object> written(const rollout::Write &write);
    void report(const object::Object &about, const rollout::Event &event);
    /// Whether the same warning about \p subject was written a moment ago: a controller that is woken by its own events would
    /// write it for ever.
    bool isRepeated(const object::Object &subject, const rollout::Event &event);

    Store *m_store;
    std::map<std::array<std::string, 3>, ports::WallTime> m_warnings; ///< when last, by uid, reason and message
};

} // namespace tiphys::demo
