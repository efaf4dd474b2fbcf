// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/pace.h"

#include "async/delay.h"

#include <utility>

namespace tiphys::control {

void Pace::ask(async::TaskScope &tasks)
{
    m_isWanted = true;
    if (!std::exchange(m_isRunning, true))
        tasks.start(run(this, tasks.token()));
}

Async<void> Pace::run(Pace *pace, CancelToken cancel)
{
    // What comes in this turn of the event loop goes along.
    Expected<void> waited = co_await async::delay(std::chrono::milliseconds(0), cancel);
    while (waited && std::exchange(pace->m_isWanted, false)) {
        pace->m_act();
        waited = co_await async::delay(pace->m_pause, cancel);
    }
    pace->m_isRunning = false;
    co_return {};
}

} // namespace tiphys::control
