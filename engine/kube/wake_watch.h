// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/clock.h"

#include <QTimer>

#include <functional>
#include <memory>

namespace tiphys::kube {

/// Notices that the machine, or this process, was asleep: connections that stood before may be dead without a word.
/// Lives in a thread with an event loop.
class WakeWatch
{
public:
    /// \p onWake is called from the event loop, once after each sleep of half a minute or more.
    WakeWatch(std::shared_ptr<const ports::Clock> clock, std::function<void()> onWake);

private:
    void look();

    std::shared_ptr<const ports::Clock> m_clock;
    std::function<void()> m_onWake;
    ports::BootTime m_lastLook = 0;
    QTimer m_timer;
};

} // namespace tiphys::kube
