// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/store.h"

#include <map>
#include <string>

namespace tiphys::demo {

/// The controllers of the demo cluster: each step looks at the objects and moves them one step on. No timers, no threads.
class Controllers
{
public:
    /// \p speed divides how long pods and jobs take.
    Controllers(Store &store, double speed) : m_store(&store), m_speed(speed) {}

    /// One step; cheap while nothing has changed and nothing is due.
    void step();
    /// Steps until nothing changes at this moment of the clock.
    void settle();

private:
    Store *m_store;
    double m_speed;
    std::int64_t m_seenRevision = -1;
};

} // namespace tiphys::demo
