// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/desktop.h"
#include "ui/main_window/location.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <vector>

namespace tiphys::ui {

class MainWindow;

/// Renders pages to PNG files, each as soon as its page has all its data: NAME-light-1100x700.png.
class ShotTaker final : public QObject
{
    Q_OBJECT

public:
    /// A page that has not got its data after this many milliseconds is taken as it is, and counts as failed.
    static constexpr int kPatience = 60'000;

    ShotTaker(MainWindow &window, service::Service &service, const DesktopOptions &options, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    /// 0: all pages were taken with their data.
    void finished(int exitCode);

private:
    struct Shot
    {
        QString name;
        Location location;
        QSize size;
        Scheme scheme = Scheme::Light;
    };
    void plan();
    void next();
    void take();
    void capture();
    bool isComplete() const;
    void fail();

    MainWindow &m_window;
    service::Service &m_service;
    DesktopOptions m_options;
    std::vector<Shot> m_shots;
    std::size_t m_current = 0;
    bool m_isPlanned = false;
    bool m_isWaiting = false;
    int m_failures = 0;
    QTimer m_patience;
};

} // namespace tiphys::ui
