// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"
#include "ui/main_window/desktop_notices.h"

#include <QObject>

#include <set>

namespace tiphys::ui {

/// Tells the desktop when a Rollout begins to wait for a person. A click opens its sheet and never acts. Silent about
/// those that waited already when the program started.
class RolloutNotifier final : public QObject
{
    Q_OBJECT

public:
    RolloutNotifier(service::Rollouts &rollouts, DesktopNotices &notices, QObject *parent);

    /// Rollouts that would be told about after \p rollouts; remembers those that wait.
    std::vector<service::RolloutId> newlyWaiting(const service::RolloutsSnapshot &rollouts);

Q_SIGNALS:
    void opened(const tiphys::service::RolloutId &rollout);

private:
    void update();

    service::Rollouts &m_rollouts;
    DesktopNotices &m_notices;
    std::set<service::RolloutId> m_waiting;
    bool m_isPrimed = false; ///< what waited at the start is known
};

} // namespace tiphys::ui
