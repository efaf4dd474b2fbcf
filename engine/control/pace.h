// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"

#include <chrono>
#include <functional>

namespace tiphys::control {

/// Does something when it is asked for, at once but not too often: what is asked for while it has just been done is
/// done together, a pause later. Engine thread only; must outlive the tasks.
class Pace
{
public:
    Pace(std::chrono::milliseconds pause, std::function<void()> act) : m_pause(pause), m_act(std::move(act)) {}

    /// Asks for it; a task of \p tasks does it, never this call.
    void ask(async::TaskScope &tasks);

private:
    static Async<void> run(Pace *pace, CancelToken cancel);

    std::chrono::milliseconds m_pause;
    std::function<void()> m_act;
    bool m_isWanted = false;
    bool m_isRunning = false;
};

} // namespace tiphys::control
