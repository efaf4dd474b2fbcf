// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/machine_lock.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLockFile>
#include <QStandardPaths>

namespace tiphys::control {

MachineLock::MachineLock(const std::string &server, const std::string &ns)
{
    const QString folder =
        QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + QStringLiteral("/tiphys/engines");
    QDir().mkpath(folder);
    const QByteArray hash =
        QCryptographicHash::hash(QByteArray::fromStdString(server + "\n" + ns), QCryptographicHash::Sha256);
    m_file = std::make_unique<QLockFile>(folder + QLatin1Char('/') + QString::fromLatin1(hash.toHex().left(24))
                                         + QStringLiteral(".lock"));
    // Only the end of its process makes it stale, never its age.
    m_file->setStaleLockTime(0);
}

MachineLock::~MachineLock() = default;

Expected<void> MachineLock::take()
{
    if (m_file->tryLock(0) || m_file->error() != QLockFile::LockFailedError)
        return {};
    qint64 process = 0;
    QString host;
    QString program;
    m_file->getLockInfo(&process, &host, &program);
    return failure(ErrorCode::Conflict, "another engine of this user is at work here: process "
                                            + std::to_string(process) + " (" + program.toStdString() + ")");
}

} // namespace tiphys::control
