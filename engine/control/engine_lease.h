// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "control/reconciler_choice.h"
#include "ports/clock.h"
#include "ports/cluster.h"

#include <chrono>
#include <functional>

namespace tiphys::control {

/// The Lease that keeps two local engines from doing the same work. A Lease alone does not fence: before each write
/// that must happen once isHeld() is asked, which goes by the boot-time clock and is false after a long sleep.
class EngineLease
{
public:
    /// \p name tells the Leases of one namespace apart: Applications and Rollouts are reconciled by different engines.
    EngineLease(ports::ClusterPtr cluster, std::string ns, std::string identity,
                std::shared_ptr<const ports::Clock> clock, std::string name = std::string(kEngineLease));

    /// Takes or renews the Lease. Errors: Denied or Conflict "the engine of X is at work", naming the holder.
    Async<void> renew(CancelToken cancel);
    /// Gives it up so that another engine can start at once.
    Async<void> release(CancelToken cancel);
    /// True while it was renewed recently enough that nobody else can have taken it.
    bool isHeld() const;
    const std::string &ns() const { return m_ns; }
    /// \p goOn hears, in renew(), that the Lease is held again after it was not for a while: what could not be written
    /// meanwhile need not wait for its next turn.
    void whenHeldAgain(std::function<void()> goOn) { m_goOn = std::move(goOn); }

private:
    ports::ClusterPtr m_cluster;
    std::string m_ns;
    std::string m_identity;
    std::string m_name;
    std::shared_ptr<const ports::Clock> m_clock;
    ports::BootTime m_heldUntil = 0;
    bool m_wasTaken = false; ///< and not given up since
    std::function<void()> m_goOn = [] {};
};

/// How long to wait until the next renewal after one that ended with \p renewed: shorter where the server gave no answer,
/// as after a sleep, since the Lease may be over soon.
std::chrono::milliseconds renewalPause(const Expected<void> &renewed);

/// Why nothing is written any more.
Error leaseLost();

} // namespace tiphys::control
