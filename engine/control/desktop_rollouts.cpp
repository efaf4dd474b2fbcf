// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/desktop_rollouts.h"

namespace tiphys::control {

using service::RolloutId;
using service::Ticket;

namespace {

/// Runs \p ask in the engine thread and gives its answer by ticket.
template <typename T>
Ticket<T> asked(const DesktopRollouts::Post &post, std::function<Async<T>(RolloutDesk &)> ask)
{
    Ticket<T> ticket;
    post([ask = std::move(ask), ticket](EngineCore &core) {
        struct Answer
        {
            static Async<void> give(std::function<Async<T>(RolloutDesk &)> ask, RolloutDesk &desk, Ticket<T> ticket)
            {
                ticket.resolve(co_await ask(desk));
                co_return {};
            }
        };
        core.tasks().start(Answer::give(ask, core.rollouts(), ticket));
    });
    return ticket;
}

} // namespace

DesktopRollouts::DesktopRollouts(Post post, QObject *parent) : Rollouts(parent), m_post(std::move(post)) {}

service::RolloutDetailPtr DesktopRollouts::rollout(const RolloutId &id) const
{
    const auto found = m_details.find(id);
    return found == m_details.end() ? nullptr : found->second;
}

void DesktopRollouts::open(const RolloutId &id)
{
    m_post([=](EngineCore &core) { core.rollouts().open(id); });
}

void DesktopRollouts::close(const RolloutId &id)
{
    m_post([=](EngineCore &core) { core.rollouts().closePage(id); });
}

Ticket<std::string> DesktopRollouts::act(const service::RolloutRequest &request)
{
    return asked<std::string>(m_post, [=](RolloutDesk &desk) { return desk.act(request); });
}

Ticket<service::RolloutForecast> DesktopRollouts::simulate(const RolloutId &id)
{
    return asked<service::RolloutForecast>(m_post, [=](RolloutDesk &desk) { return desk.simulate(id); });
}

Ticket<service::ResourceDiff> DesktopRollouts::difference(const RolloutId &id, const std::string &fromHash,
                                                          const std::string &toHash)
{
    return asked<service::ResourceDiff>(m_post,
                                        [=](RolloutDesk &desk) { return desk.difference(id, fromHash, toHash); });
}

void DesktopRollouts::take(service::RolloutsPtr rollouts)
{
    m_rollouts = std::move(rollouts);
    Q_EMIT rolloutsChanged();
}

void DesktopRollouts::take(const RolloutId &id, service::RolloutDetailPtr detail)
{
    if (detail)
        m_details[id] = std::move(detail);
    else
        m_details.erase(id);
    Q_EMIT rolloutChanged(id);
}

} // namespace tiphys::control
