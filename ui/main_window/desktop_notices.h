// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <functional>

class QSystemTrayIcon;

namespace tiphys::ui {

class Settings;

/// What the program says by the notifications of the desktop. Nothing where the person turned them off, and nothing to
/// see where the desktop has none.
class DesktopNotices final : public QObject
{
    Q_OBJECT

public:
    DesktopNotices(Settings &settings, QObject *parent);

    bool areOn() const;
    void setOn(bool isOn);
    /// A click on the notification runs \p opens; only the newest can be clicked.
    void tell(const QString &title, const QString &text, std::function<void()> opens);
    /// As a click on the newest.
    void open();

Q_SIGNALS:
    void told(const QString &title, const QString &text);

private:
    Settings &m_settings;
    std::function<void()> m_opens;
    QSystemTrayIcon *m_tray = nullptr;
};

} // namespace tiphys::ui
