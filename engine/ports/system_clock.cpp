// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/system_clock.h"

#include <QDateTime>

#include <chrono>

#ifdef Q_OS_LINUX
#include <ctime>
#endif

namespace tiphys::ports {

WallTime SystemClock::now() const
{
    return QDateTime::currentMSecsSinceEpoch();
}

BootTime SystemClock::sinceBoot() const
{
#ifdef Q_OS_LINUX
    // The steady clock of Linux stands still while the machine sleeps.
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return static_cast<BootTime>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
#else
    const auto time = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
#endif
}

} // namespace tiphys::ports
