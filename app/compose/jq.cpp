// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/jq.h"

#include "process/jq_worker.h"
#include "process/jsonnet_worker.h"
#include "process/lua_worker.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace tiphys::compose {

namespace {

/// The tiphysctl beside the running program; "" if there is none.
std::string workerProgram()
{
#if defined(Q_OS_WIN)
    const QString name = QStringLiteral("tiphysctl.exe");
#else
    const QString name = QStringLiteral("tiphysctl");
#endif
    const QFileInfo program(QDir(QCoreApplication::applicationDirPath()).filePath(name));
    if (!program.isExecutable())
        return {};
    return program.absoluteFilePath().toStdString();
}

} // namespace

std::shared_ptr<script::JqEngine> jqEngine()
{
    const std::string program = workerProgram();
    return program.empty() ? nullptr : std::make_shared<process::JqWorker>(program);
}

std::shared_ptr<script::JsonnetEngine> jsonnetEngine()
{
    const std::string program = workerProgram();
    return program.empty() ? nullptr : std::make_shared<process::JsonnetWorker>(program);
}

std::shared_ptr<script::LuaEngine> luaEngine()
{
    const std::string program = workerProgram();
    return program.empty() ? nullptr : std::make_shared<process::LuaWorker>(program);
}

} // namespace tiphys::compose
