// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/machine.h"

#include <QStandardPaths>
#include <QSysInfo>

namespace tiphys::compose {

std::string engineIdentity()
{
    QString user = qEnvironmentVariable("USER");
    if (user.isEmpty())
        user = qEnvironmentVariable("USERNAME");
    if (user.isEmpty())
        user = QStringLiteral("unknown");
    return (user + QLatin1Char('@') + QSysInfo::machineHostName()).toStdString();
}

std::string cacheFolder()
{
    const QString chosen = qEnvironmentVariable("TIPHYS_CACHE");
    if (!chosen.isEmpty())
        return chosen.toStdString();
    return (QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + QStringLiteral("/tiphys"))
        .toStdString();
}

namespace {

Async<bool> allowed(kube::ExecConfig, std::string)
{
    co_return true;
}

} // namespace

kube::ExecConsent allowExecPlugins()
{
    return [](kube::ExecConfig exec, std::string context) { return allowed(std::move(exec), std::move(context)); };
}

} // namespace tiphys::compose
