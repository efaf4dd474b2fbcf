// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/online/terminal_program.h"

#include "async/completion.h"

#include <QProcess>

#include <cstdlib>

namespace tiphys::cli {

QStringList commandIn(const char *name)
{
    const char *command = std::getenv(name);
    return QProcess::splitCommand(QString::fromLocal8Bit(command ? command : ""));
}

Async<int> programRun(QStringList words, std::string role, CancelToken cancel)
{
    const QString program = words.takeFirst();
    const std::string name = role + " '" + program.toStdString() + "'";
    QProcess process;
    process.setInputChannelMode(QProcess::ForwardedInputChannel);
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    const async::Completion<void> ended;
    QObject::connect(&process, &QProcess::finished, &process, [ended] { ended.set({}); });
    QObject::connect(&process, &QProcess::errorOccurred, &process, [ended, &process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            ended.fail(Error(ErrorCode::NotFound, process.errorString().toStdString()));
    });
    const async::CancelRegistration registration = cancel.onCancel([&process] { process.terminate(); });
    process.start(program, words);
    const Expected<void> result = co_await ended;
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (!result)
        co_return std::unexpected(result.error().in(name));
    if (process.exitStatus() != QProcess::NormalExit)
        co_return failure(ErrorCode::Unavailable, name + " crashed");
    co_return process.exitCode();
}

} // namespace tiphys::cli
