// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the desktop program on the applications of a context, as a person would who ticked it before, and ends with a
// painted list of them. Arguments: kubeconfig, context, a folder, and which list: "live" (nothing is remembered), "seen"
// (what was last seen, which must be painted before the cluster has answered) or "leave" (the live list, then the
// program ends as usual and remembers it). What it takes is what the process takes: tests/bench/paint_bench.sh measures it.
#include "compose/git_reader.h"
#include "compose/git_repositories.h"
#include "compose/jq.h"
#include "compose/kept_texts.h"
#include "compose/kube_connections.h"
#include "compose/parallel_for_each.h"
#include "control/desktop_service.h"
#include "models/application_table.h"
#include "ports/system_clock.h"
#include "ui/desktop.h"
#include "ui/pages/applications_page.h"
#include "ui/settings.h"

#include <QApplication>
#include <QEvent>
#include <QEventLoop>
#include <QThreadPool>
#include <QTimer>
#include <QTreeView>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace tiphys;

namespace {

constexpr int kWrongList = 4;

/// Ends the program after a paint of the list that had rows.
class FirstPaint final : public QObject
{
public:
    FirstPaint(QApplication &application, std::string_view which) : m_which(which)
    {
        application.installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Paint || m_isOver)
            return false;
        const auto *view = qobject_cast<QTreeView *>(watched->parent());
        if (!view || view->viewport() != watched || !qobject_cast<models::ApplicationTable *>(view->model()))
            return false;
        if (view->model()->rowCount() > 0 && (m_which != "leave" || !isOld(*view->model()))) {
            m_isOver = true;
            // After this event, which paints.
            QTimer::singleShot(0, this, [this, view] { end(isOld(*view->model())); });
        }
        return false;
    }

private:
    static bool isOld(const QAbstractItemModel &model)
    {
        return model.index(0, 0).data(static_cast<int>(models::AppRole::IsStale)).toBool();
    }
    void end(bool isOld) const
    {
        if (m_which == "leave")
            QApplication::quit();
        else
            std::_Exit(isOld == (m_which == "seen") ? 0 : kWrongList);
    }

    std::string_view m_which;
    bool m_isOver = false;
};

control::EngineParts partsOf(const std::string &kubeconfig, const std::string &folder, bool remembers,
                             QThreadPool &pool)
{
    control::EngineParts parts;
    parts.clock = std::make_shared<const ports::SystemClock>();
    parts.connections = compose::kubeConnections(kubeconfig, {}, {}, &pool, parts.clock);
    parts.repositories = compose::gitRepositories(folder, [](const auto &...) { return false; }, &pool, parts.clock);
    parts.openReader = compose::openReader;
    parts.forEach = compose::parallelForEach();
    parts.jq = compose::jqEngine();
    parts.lua = compose::luaEngine();
    parts.identity = "bench";
    if (remembers)
        parts.shelf = compose::keptTexts(folder + "/last-seen");
    return parts;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const std::string_view which = argc == 5 ? argv[4] : "";
    if (which != "live" && which != "seen" && which != "leave") {
        std::puts("usage: tiphys_paint_bench KUBECONFIG CONTEXT FOLDER live|seen|leave");
        return 2;
    }
    const std::string folder = argv[3];
    ui::DesktopOptions options;
    options.settingsFile = QString::fromStdString(folder + "/settings.ini");
    options.address = QStringLiteral("tiphys:applications");
    ui::Settings(options.settingsFile).setTicked(QString::fromLocal8Bit(argv[2]), true);
    QThreadPool pool;
    int code = 0;
    {
        control::DesktopService service([&] { return partsOf(argv[1], folder, which != "live", pool); });
        QEventLoop contexts;
        QObject::connect(&service, &service::Service::clustersChanged, &contexts, &QEventLoop::quit);
        contexts.exec();
        const FirstPaint paint(application, which);
        QTimer::singleShot(std::chrono::seconds(60), &application, [] { QApplication::exit(3); });
        code = ui::runDesktop(application, service, options);
    }
    pool.waitForDone();
    if (code != 0)
        std::puts("no application was painted within 60 seconds");
    return code;
}
