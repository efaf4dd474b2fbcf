// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"
#include "cli/module.h"
#include "cli/quiet_locale.h"
#include "demo/demo_cluster.h"

#include <QCoreApplication>
#include <QTimer>

#include <atomic>
#include <csignal>
#include <cstdio>

namespace {

/// Set by the signal handler, read by a timer: all that a handler may do.
std::atomic<bool> isStopping = false;

void stopOn(int)
{
    isStopping = true;
}

int serveDemo(const tiphys::cli::Invocation &invocation)
{
    int count = 1;
    char name[] = "tiphysctl";
    char *arguments[] = {name, nullptr};
    const tiphys::cli::QuietLocale quiet;
    QCoreApplication application(count, arguments);
    const auto cluster = tiphys::demo::DemoCluster::start({.port = static_cast<quint16>(invocation.demo.port)});
    if (!cluster)
        return tiphys::cli::fail(cluster.error());
    std::signal(SIGINT, stopOn);
    std::signal(SIGTERM, stopOn);
    std::printf("address: %s\nkubeconfig: %s\n", qPrintable((*cluster)->address().toString()),
                qPrintable((*cluster)->kubeconfigPath()));
    std::fflush(stdout);
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &application, [] {
        if (isStopping)
            QCoreApplication::quit();
    });
    watch.start(100);
    return application.exec();
}

} // namespace

TIPHYS_MODULE_EXPORT int tiphysModuleMain(const tiphys::cli::Invocation *invocation)
{
    return serveDemo(*invocation);
}
