// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/desktop_notices.h"

#include "ui/settings.h"
#include "ui/theme/marks.h"

#include <QSystemTrayIcon>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

DesktopNotices::DesktopNotices(Settings &settings, QObject *parent) : QObject(parent), m_settings(settings) {}

bool DesktopNotices::areOn() const
{
    return m_settings.showsNotifications();
}

void DesktopNotices::setOn(bool isOn)
{
    m_settings.setShowsNotifications(isOn);
}

void DesktopNotices::tell(const QString &title, const QString &text, std::function<void()> opens)
{
    if (!areOn())
        return;
    m_opens = std::move(opens);
    Q_EMIT told(title, text);
    if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages())
        return;
    if (!m_tray) {
        m_tray = new QSystemTrayIcon(icon(u"forward"_s), this);
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, &DesktopNotices::open);
        m_tray->show();
    }
    m_tray->showMessage(title, text, QSystemTrayIcon::NoIcon);
}

void DesktopNotices::open()
{
    if (m_opens)
        m_opens();
}

} // namespace tiphys::ui
