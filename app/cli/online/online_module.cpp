// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/module.h"
#include "cli/online/commands.h"
#include "cli/quiet_locale.h"

#include "async/wait_for.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QTimer>

#include <csignal>
#include <memory>
#include <string>

#if !defined(_WIN32)
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace tiphys::cli {

namespace {

using Command = Invocation::Command;

Async<int> run(OnlineSession &session, const Invocation &invocation, CancelToken cancel)
{
    switch (invocation.command) {
    case Command::AppList: return runAppList(session, invocation, cancel);
    case Command::AppGet: return runAppGet(session, invocation, cancel);
    case Command::AppResources:
    case Command::AppTree: return runAppTree(session, invocation, cancel);
    case Command::AppDiff: return runAppDiff(session, invocation, cancel);
    case Command::AppManifests: return runAppManifests(session, invocation, cancel);
    case Command::AppSync: return runAppSync(session, invocation, cancel);
    case Command::AppWait: return runAppWait(session, invocation, cancel);
    case Command::AppHistory: return runAppHistory(session, invocation, cancel);
    case Command::AppRollback: return runAppRollback(session, invocation, cancel);
    case Command::AppRefresh: return runAppRefresh(session, invocation, cancel);
    case Command::AppTerminate: return runAppTerminate(session, invocation, cancel);
    case Command::AppDelete: return runAppDelete(session, invocation, cancel);
    case Command::AppCreate: return runAppCreate(session, invocation, cancel);
    case Command::AppActions: return runAppActions(session, invocation, cancel);
    case Command::AppGetResource: return runAppGetResource(session, invocation, cancel);
    case Command::AppPatchResource: return runAppPatchResource(session, invocation, cancel);
    case Command::AppDeleteResource: return runAppDeleteResource(session, invocation, cancel);
    case Command::AppSet:
    case Command::AppAddSource:
    case Command::AppRemoveSource:
    case Command::AppUnset: return runAppSource(session, invocation, cancel);
    case Command::AppPatch: return runAppPatch(session, invocation, cancel);
    case Command::AppEdit: return runAppEdit(session, invocation, cancel);
    case Command::AppConfirmDeletion: return runAppConfirmDeletion(session, invocation, cancel);
    case Command::AppLogs: return runAppLogs(session, invocation, cancel);
    case Command::EngineRun:
        if (invocation.engine.forRollouts || !invocation.engine.instanceId.empty())
            return runRolloutEngine(session, invocation, cancel);
        return runEngine(session, invocation, cancel);
    case Command::InstallCrds: return runInstallCrds(session, invocation, cancel);
    case Command::RolloutList:
    case Command::RolloutGet:
    case Command::RolloutStatus:
    case Command::RolloutPromote:
    case Command::RolloutPause:
    case Command::RolloutResume:
    case Command::RolloutAbort:
    case Command::RolloutRetry:
    case Command::RolloutRestart:
    case Command::RolloutUndo:
    case Command::RolloutSetImage:
    case Command::RolloutTerminate:
    case Command::AnalysisList:
    case Command::ExperimentList:
    case Command::ExperimentGet: return runRollout(session, invocation, cancel);
    case Command::ClusterUse: return runClusterUse(session, invocation, cancel);
    default: return runClusterList(session, invocation, cancel);
    }
}

/// Ctrl+C and SIGTERM cancel what runs, so that the engine ends its wave and gives up its Lease.
class Interrupt
{
public:
    explicit Interrupt(CancelSource &source)
    {
#if !defined(_WIN32)
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, s_ends) != 0)
            return;
        m_notifier = std::make_unique<QSocketNotifier>(s_ends[1], QSocketNotifier::Read);
        QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [&source] {
            char byte = 0;
            if (read(s_ends[1], &byte, 1) == 1)
                source.cancel();
        });
        for (const int number : {SIGINT, SIGTERM})
            std::signal(number, [](int) {
                const char byte = 1;
                [[maybe_unused]] const auto written = write(s_ends[0], &byte, 1);
            });
#else
        static_cast<void>(source);
#endif
    }

private:
#if !defined(_WIN32)
    static inline int s_ends[2] = {-1, -1};
    std::unique_ptr<QSocketNotifier> m_notifier;
#endif
};

/// What an interrupted command has to say of itself: something may go on only where it was asked for.
std::string interruptionText(Command command)
{
    switch (command) {
    case Command::AppSync:
    case Command::AppRollback:
    case Command::AppRefresh:
    case Command::AppTerminate:
    case Command::AppDelete: return "interrupted; what was asked for goes on where a reconciler is at work";
    default: return "interrupted";
    }
}

int failureCode(const Invocation &invocation)
{
    return invocation.command == Command::AppDiff ? 2 : 1;
}

} // namespace

int runOnline(const Invocation &invocation)
{
    int argc = 1;
    char name[] = "tiphysctl";
    char *argv[] = {name, nullptr};
    const QuietLocale quiet;
    QCoreApplication application(argc, argv);
    CancelSource interrupted;
    const Interrupt interrupt(interrupted);
    // Sockets of Qt switch the signal of a closed pipe off, so what goes on printing has to be ended. An engine works on.
    bool isOutputLost = false;
    if (invocation.command != Command::EngineRun) {
        whenOutputIsLost([&] {
            isOutputLost = true;
            // Not from within what prints: it may be the one that is cancelled.
            QTimer::singleShot(0, &application, [&interrupted] { interrupted.cancel(); });
        });
    }
    OnlineSession session(invocation);
    if (const Expected<void> read = session.checkKubeconfig(); !read)
        return fail(read.error(), failureCode(invocation));
    if (const Expected<void> taken = session.takeSettings(); !taken)
        return fail(taken.error(), failureCode(invocation));
    const Expected<int> code = async::waitFor(run(session, invocation, interrupted.token()));
    ignoreError(async::waitFor(session.close()), "the program ends");
    whenOutputIsLost({});
    if (code)
        return *code;
    if (isOutputLost)
        return 1;
    if (code.error().code() == ErrorCode::Cancelled && interrupted.isCancelled())
        return fail(Error(ErrorCode::Cancelled, interruptionText(invocation.command)), failureCode(invocation));
    return fail(code.error(), failureCode(invocation));
}

} // namespace tiphys::cli

TIPHYS_MODULE_EXPORT int tiphysModuleMain(const tiphys::cli::Invocation *invocation)
{
    return tiphys::cli::runOnline(*invocation);
}
