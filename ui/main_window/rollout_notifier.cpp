// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/rollout_notifier.h"

#include "models/rollout_text.h"
#include "models/text.h"

namespace tiphys::ui {

RolloutNotifier::RolloutNotifier(service::Rollouts &rollouts, DesktopNotices &notices, QObject *parent)
    : QObject(parent), m_rollouts(rollouts), m_notices(notices)
{
    connect(&m_rollouts, &service::Rollouts::rolloutsChanged, this, &RolloutNotifier::update);
}

std::vector<service::RolloutId> RolloutNotifier::newlyWaiting(const service::RolloutsSnapshot &rollouts)
{
    std::set<service::RolloutId> waiting;
    std::vector<service::RolloutId> news;
    for (const service::RolloutRowPtr &row : rollouts.rows) {
        if (!service::waitsForPerson(row->wait))
            continue;
        waiting.insert(row->id);
        if (m_isPrimed && !m_waiting.contains(row->id))
            news.push_back(row->id);
    }
    m_waiting = std::move(waiting);
    m_isPrimed = m_isPrimed || rollouts.isComplete;
    return news;
}

void RolloutNotifier::update()
{
    const service::RolloutsPtr rollouts = m_rollouts.rollouts();
    const std::vector<service::RolloutId> news = newlyWaiting(*rollouts);
    if (news.empty())
        return;
    const QString text =
        news.size() == 1
            ? tr("%1 in %2 waits for you.").arg(models::text(news.front().name), models::text(news.front().context))
            : tr("%n Rollout(s) wait for you.", nullptr, static_cast<int>(news.size()));
    m_notices.tell(tr("Rollout waits"), text, [this, rollout = news.front()] { Q_EMIT opened(rollout); });
}

} // namespace tiphys::ui
