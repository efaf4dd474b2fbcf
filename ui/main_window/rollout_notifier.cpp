// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/rollout_notifier.h"

#include "models/rollout_text.h"
#include "models/text.h"
#include "ui/theme/marks.h"

#include <QSystemTrayIcon>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

RolloutNotifier::RolloutNotifier(service::Rollouts &rollouts, QObject *parent) : QObject(parent), m_rollouts(rollouts)
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
    if (news.empty() || !QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages())
        return;
    if (!m_tray) {
        m_tray = new QSystemTrayIcon(icon(u"forward"_s), this);
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, [this] {
            if (m_told)
                Q_EMIT opened(*m_told);
        });
        m_tray->show();
    }
    m_told = news.front();
    const QString text = news.size() == 1 ? tr("%1 in %2 waits for you.").arg(models::text(news.front().name), models::text(news.front().context))
                                          : tr("%n Rollout(s) wait for you.", nullptr, static_cast<int>(news.size()));
    m_tray->showMessage(tr("Rollout waits"), text, QSystemTrayIcon::NoIcon);
}

} // namespace tiphys::ui
