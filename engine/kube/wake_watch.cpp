// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/wake_watch.h"

#include <chrono>

namespace tiphys::kube {

namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 5s;
constexpr std::chrono::milliseconds kSleep = 30s; ///< servers and routers on the way keep connections at least so long

} // namespace

WakeWatch::WakeWatch(std::shared_ptr<const ports::Clock> clock, std::function<void()> onWake)
    : m_clock(std::move(clock)), m_onWake(std::move(onWake)), m_lastLook(m_clock->sinceBoot())
{
    m_timer.setTimerType(Qt::VeryCoarseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
    m_timer.start(kLook);
}

void WakeWatch::look()
{
    const ports::BootTime now = m_clock->sinceBoot();
    const bool hasSlept = now - m_lastLook >= kSleep.count();
    m_lastLook = now;
    if (hasSlept)
        m_onWake();
}

} // namespace tiphys::kube
