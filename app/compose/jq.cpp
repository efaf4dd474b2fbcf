// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/jq.h"

#include "process/jq_worker.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace tiphys::compose {

std::shared_ptr<script::JqEngine> jqEngine()
{
#if defined(Q_OS_WIN)
    const QString name = QStringLiteral("tiphysctl.exe");
#else
    const QString name = QStringLiteral("tiphysctl");
#endif
    const QFileInfo program(QDir(QCoreApplication::applicationDirPath()).filePath(name));
    if (!program.isExecutable())
        return nullptr;
    return std::make_shared<process::JqWorker>(program.absoluteFilePath().toStdString());
}

} // namespace tiphys::compose
