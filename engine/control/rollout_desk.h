// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/task_scope.h"
#include "control/pace.h"
#include "control/rollout_board.h"
#include "control/rollout_page.h"
#include "service/rollouts.h"

#include <QThreadPool>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::control {

struct AskedAct;

/// Rollouts of all ticked contexts, open pages, and what a person asks for. Engine thread only.
class RolloutDesk
{
public:
    struct News
    {
        std::function<void(service::RolloutsPtr)> rollouts;
        std::function<void(const service::RolloutId &, service::RolloutDetailPtr)> rollout;
    };

    RolloutDesk(News news, std::shared_ptr<const ports::Clock> clock, QThreadPool *pool);
    ~RolloutDesk();

    /// \p session has connected, or knows more.
    void sessionChanged(ContextSession &session);
    /// Everything of \p context ends; its session may be closed when this returns.
    Async<void> sessionEnds(std::string context);
    Async<void> close();

    void open(const service::RolloutId &id);
    void closePage(const service::RolloutId &id);
    Async<std::string> act(service::RolloutRequest request);
    Async<service::RolloutForecast> simulate(service::RolloutId id);
    Async<service::ResourceDiff> difference(service::RolloutId id, std::string fromHash, std::string toHash);

private:
    Expected<RolloutBoard *> boardOf(const service::RolloutId &id);
    void openPage(const service::RolloutId &id, RolloutBoard &board);
    void boardChanged();
    /// Closes \p page, which is no longer among the open ones.
    Async<void> endPage(std::shared_ptr<RolloutPage> page);
    void publishNow();
    Async<std::string> carryOut(std::shared_ptr<AskedAct> asked, RolloutBoard *board, CancelToken cancel);
    /// Reads the object until it tells what became of an act whose answer was lost.
    Async<void> check(std::shared_ptr<const AskedAct> asked, CancelToken cancel);

    News m_news;
    std::shared_ptr<const ports::Clock> m_clock;
    QThreadPool *m_pool;
    std::map<std::string, std::unique_ptr<RolloutBoard>> m_boards;
    std::map<service::RolloutId, std::shared_ptr<RolloutPage>> m_pages;
    std::vector<std::shared_ptr<RolloutPage>> m_endingPages; ///< they still look at boards
    std::map<service::RolloutId, int> m_openCounts;
    std::uint64_t m_version = 0;
    Pace m_publishing;
    async::TaskScope m_tasks;
};

} // namespace tiphys::control
