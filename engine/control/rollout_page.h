// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "async/wake_up.h"
#include "control/rollout_board.h"
#include "control/rollout_view.h"

#include <chrono>
#include <functional>
#include <map>

namespace tiphys::control {

/// A Rollout that somebody looks at: keeps its detail up to date while it lives. Engine thread only.
class RolloutPage
{
public:
    /// \p publish gets each new detail; null when the Rollout is gone. Rights that are not there are looked at again each
    /// \p rightsPause; the board decides when the cluster is asked.
    RolloutPage(RolloutBoard &board, service::RolloutId id, std::function<void(service::RolloutDetailPtr)> publish,
                std::chrono::milliseconds rightsPause = std::chrono::seconds(5));

    void start();
    Async<void> close();
    /// The line of the board changed.
    void rowChanged() { m_wakeUp.notify(); }

    /// How the pod template of the version \p fromHash differs from that of \p toHash.
    Expected<service::ResourceDiff> difference(const std::string &fromHash, const std::string &toHash) const;

private:
    Async<void> run(CancelToken cancel);
    /// Looks again and again at rights that are not there, until they are others.
    Async<void> lookAgain(CancelToken cancel);
    Async<void> watchRouters(object::Object rollout, CancelToken cancel);
    Async<void> learnAdvice(service::RolloutRow row, CancelToken cancel);
    void publishNow();

    RolloutBoard &m_board;
    service::RolloutId m_id;
    std::function<void(service::RolloutDetailPtr)> m_publish;
    std::chrono::milliseconds m_rightsPause;
    async::WakeUp m_wakeUp;
    RolloutView m_view;
    ports::CacheUserPtr m_services;
    ports::CacheUserPtr m_events; ///< about the Rollout
    std::map<object::GroupKind, ports::CacheUserPtr> m_routers;
    std::string m_problem;
    std::vector<std::string> m_advice;
    bool m_hasAdvice = false;
    service::RolloutRights m_rights;
    bool m_looksAgain = false;
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
