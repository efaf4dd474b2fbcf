// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/for_each.h"

#include <memory>

namespace tiphys::compose {

/// Threads for the large pieces of one command, for code that has no event loop: one less than there are processors for
/// this process, at most three, started by the first work that is spread and ended with this object. They have as much
/// stack as documents may need (see async::JobPool). Where threads with such a stack cannot be had, everything runs in the
/// caller's.
class JobThreads
{
public:
    JobThreads();
    ~JobThreads();
    JobThreads(const JobThreads &) = delete;
    JobThreads &operator=(const JobThreads &) = delete;

    /// Spreads jobs over these threads and the calling one; empty where there is one processor. A job that spreads jobs runs
    /// them itself. To be called from one thread at a time; valid as long as this object.
    ForEach forEach();

private:
    class Crew;
    std::unique_ptr<Crew> m_crew;
};

} // namespace tiphys::compose
