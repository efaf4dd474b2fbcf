// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the window on the applications of a context and ends with the first painted list of them. Arguments: kubeconfig,
// context. What it takes is what the process takes: tests/bench/paint_bench.sh measures it.
#include "compose/git_reader.h"
#include "compose/git_repositories.h"
#include "compose/jq.h"
#include "compose/kube_connections.h"
#include "control/desktop_service.h"
#include "models/application_table.h"
#include "ports/system_clock.h"
#include "ui/main_window/main_window.h"
#include "ui/pages/applications_page.h"
#include "ui/settings.h"

#include <QApplication>
#include <QEvent>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>
#include <QTreeView>

#include <chrono>
#include <cstdio>

using namespace tiphys;

namespace {

/// Ends the program after a paint of the list that had rows.
class FirstPaint final : public QObject
{
public:
    explicit FirstPaint(ui::ApplicationsPage &page) : m_page(page) { page.view()->viewport()->installEventFilter(this); }

    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && m_page.table()->rowCount() > 0)
            QTimer::singleShot(0, qApp, &QApplication::quit);
        return false;
    }

private:
    ui::ApplicationsPage &m_page;
};

control::EngineParts partsOf(const std::string &kubeconfig, const std::string &cache, QThreadPool &pool)
{
    control::EngineParts parts;
    parts.clock = std::make_shared<const ports::SystemClock>();
    parts.connections = compose::kubeConnections(kubeconfig, {}, {}, &pool, parts.clock);
    parts.repositories = compose::gitRepositories(cache, [](const std::string &) { return false; }, &pool, parts.clock);
    parts.openReader = compose::openReader;
    parts.forEach = compose::parallelForEach();
    parts.jq = compose::jqEngine();
    parts.lua = compose::luaEngine();
    parts.identity = "bench";
    return parts;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    if (argc != 3) {
        std::puts("usage: tiphys_paint_bench KUBECONFIG CONTEXT");
        return 2;
    }
    const std::string context = argv[2];
    const QTemporaryDir folder;
    QThreadPool pool;
    int code = 0;
    {
        control::DesktopService service([&] { return partsOf(argv[1], folder.path().toStdString(), pool); });
        ui::Settings settings(folder.filePath(QStringLiteral("settings.ini")));
        ports::SystemClock clock;
        ui::MainWindow window(ui::UiContext{service, settings, [&clock] { return clock.now(); }, {}});
        window.resize(1100, 700);
        window.open({ui::PageKind::Applications, {}, {}});
        const FirstPaint paint(*qobject_cast<ui::ApplicationsPage *>(window.currentPage()));
        const auto tick = [&] {
            if (!service.clusters()->clusters.empty())
                service.setTicked(context, true);
        };
        QObject::connect(&service, &service::Service::clustersChanged, &service, tick, Qt::SingleShotConnection);
        tick();
        window.show();
        QTimer::singleShot(std::chrono::seconds(60), &application, [] { QApplication::exit(3); });
        code = QApplication::exec();
    }
    pool.waitForDone();
    if (code != 0)
        std::puts("no application was painted within 60 seconds");
    return code;
}
