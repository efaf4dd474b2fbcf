// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"
#include "ui/theme/colors.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

class QApplication;

namespace tiphys::ui {

/// How the desktop program starts.
struct DesktopOptions
{
    QString address;     ///< page to open, "" is the usual first one
    QString shotsFolder; ///< renders pages there and ends, "" opens the window
    QStringList shots;   ///< "name=address" of the pages to render; empty renders the usual ones
    QList<QSize> shotSizes{{1100, 700}, {1920, 1200}};
    QString settingsFile;                   ///< "" is the person's own
    std::optional<Scheme> scheme;           ///< instead of the remembered one
    bool ticksAll = false;                  ///< contacts every context at once: the demo
    std::function<service::WallTime()> now; ///< the clock, milliseconds since 1970; empty is the real one
    std::function<void()> startDemo;        ///< what "Look around" does; empty hides it
    bool isDemo = false;                    ///< the clusters are those of the demo
};

/// Reads "--shots DIR --shot NAME=ADDRESS --size WxH --theme light|dark|system --settings FILE ADDRESS"; arguments it does not
/// know are left to the caller. An error names the argument.
Expected<DesktopOptions> parseDesktopOptions(const QStringList &arguments, QStringList *unknown = nullptr);

/// Opens the window over \p service and runs until it is closed. Gives the exit code.
int runDesktop(QApplication &application, service::Service &service, const DesktopOptions &options);

} // namespace tiphys::ui
