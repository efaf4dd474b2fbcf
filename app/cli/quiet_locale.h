// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QtLogging>

namespace tiphys::cli {

/// While it lives Qt does not tell that no UTF-8 locale is set, as in containers and cron jobs: it takes one by itself.
/// Made before the QCoreApplication.
class QuietLocale
{
public:
    QuietLocale() { s_before = qInstallMessageHandler(handle); }
    ~QuietLocale() { qInstallMessageHandler(s_before); }
    QuietLocale(const QuietLocale &) = delete;
    QuietLocale &operator=(const QuietLocale &) = delete;

private:
    static void handle(QtMsgType type, const QMessageLogContext &context, const QString &message)
    {
        if (type == QtWarningMsg && message.startsWith(QLatin1StringView("Detected locale ")))
            return;
        s_before(type, context, message);
    }

    inline static QtMessageHandler s_before = nullptr;
};

} // namespace tiphys::cli
