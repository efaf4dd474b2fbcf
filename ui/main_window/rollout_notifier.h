// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QObject>

#include <optional>
#include <set>

class QSystemTrayIcon;

namespace tiphys::ui {

/// Tells the desktop when a Rollout begins to wait for a person. A click opens its sheet and never acts. Silent about
/// those that waited already when the program started, and where the desktop shows no notifications.
class RolloutNotifier final : public QObject
{
    Q_OBJECT

public:
    RolloutNotifier(service::Rollouts &rollouts, QObject *parent);

    /// Rollouts that would be told about after \p rollouts; remembers those that wait.
    std::vector<service::RolloutId> newlyWaiting(const service::RolloutsSnapshot &rollouts);

Q_SIGNALS:
    void opened(const tiphys::service::RolloutId &rollout);

private:
    void update();

    service::Rollouts &m_rollouts;
    std::set<service::RolloutId> m_waiting;
    bool m_isPrimed = false; ///< what waited at the start is known
    std::optional<service::RolloutId> m_told;
    QSystemTrayIcon *m_tray = nullptr;
};

} // namespace tiphys::ui
