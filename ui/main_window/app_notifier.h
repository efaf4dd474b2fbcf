// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "ui/main_window/desktop_notices.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <vector>

namespace tiphys::service {
class Service;
}

namespace tiphys::ui {

/// What happened to an application that a person may want to know.
struct AppNews
{
    enum class Kind { Degraded, SyncFailed } kind = Kind::Degraded;
    service::AppId app;
    std::string cause; ///< "" where nobody says why

    bool operator==(const AppNews &) const = default;
};

/// Tells the desktop when the health of an application becomes Degraded or an operation of it failed. Silent about what
/// was so when the application was first seen. Many at once are one notification, and there is one at most in half a
/// minute: what happens meanwhile is told together afterwards.
class AppNotifier final : public QObject
{
    Q_OBJECT

public:
    AppNotifier(service::Service &service, DesktopNotices &notices, QObject *parent);

    /// What \p applications have that was not so before; remembers it.
    std::vector<AppNews> newsOf(const service::ApplicationsSnapshot &applications);
    /// Ends the silence behind a notification.
    void endPause();

Q_SIGNALS:
    void opened(const tiphys::service::AppId &app);
    /// Of several.
    void severalOpened();

private:
    struct Seen
    {
        service::HealthStatus health = service::HealthStatus::None;
        service::OperationPhase operation = service::OperationPhase::None;
    };
    void update();
    void tell();

    service::Service &m_service;
    DesktopNotices &m_notices;
    std::map<service::AppId, Seen> m_seen;
    std::vector<AppNews> m_waiting;
    QTimer m_pause;
};

} // namespace tiphys::ui
