// SPDX-License-Identifier: GPL-3.0-or-later
// From a click on Promote to the patch at the server, and from a change in the cluster to the painted line: the real
// window, engine and HTTP, drawn offscreen, against the demo cluster in the same process. Arguments: how often (10).
// Prints lines of a table.
#include "models/application_table.h"
#include "support/desktop_stage.h"
#include "ui/dialogs/rollout_sheet.h"
#include "ui/pages/applications_page.h"
#include "ui/pages/rollout_page.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPushButton>
#include <QTreeView>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

using namespace tiphys;

namespace {

class Stage final : public test::DesktopStage
{
public:
    Stage()
    {
        startCluster({});
        openWindow();
        window->resize(1100, 700);
        if (!knowsContexts())
            qFatal("the demo cluster is not known");
        service->setTicked("demo", true);
        service->setLevel("demo", service::Level::Normal);
    }

    static void wait(const std::function<bool()> &isDone, const char *what)
    {
        if (!QTest::qWaitFor(isDone, test::kPatience))
            qFatal("waited in vain for %s", what);
    }
};

/// Milliseconds until \p isDone, the event loop running meanwhile.
double millisecondsUntil(const std::function<bool()> &isDone)
{
    QElapsedTimer timer;
    timer.start();
    while (!isDone()) {
        QCoreApplication::processEvents();
        if (timer.elapsed() > test::kPatience)
            qFatal("nothing happened");
    }
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

void print(const char *name, std::vector<double> times)
{
    std::ranges::sort(times);
    std::printf("| %s | %zu times | median %.1f ms | longest %.1f ms |\n", name, times.size(), times[times.size() / 2],
                times.back());
}

double promotion()
{
    Stage stage;
    stage.window->open(ui::rolloutLocation({"demo", "rollouts", "rollouts-demo"}));
    auto *page = stage.page<ui::RolloutPage>();
    Stage::wait([page] { return page->isSettled() && page->button(service::RolloutAct::Promote)->isEnabled(); },
                "the right to promote");
    page->button(service::RolloutAct::Promote)->click();
    QPushButton *act = page->sheet()->actButton();
    Stage::wait([act] { return act->isEnabled(); }, "the sheet");
    const int before = stage.cluster->requestCount("PATCH", "rollouts-demo");
    act->click();
    return millisecondsUntil([&] { return stage.cluster->requestCount("PATCH", "rollouts-demo") > before; });
}

/// Notes that the list was painted while it had \p m_wanted in a line.
class PaintWatch final : public QObject
{
public:
    PaintWatch(ui::ApplicationsPage &page, service::AppId app) : m_page(page), m_app(std::move(app))
    {
        page.view()->viewport()->installEventFilter(this);
    }

    void await(service::HealthStatus wanted)
    {
        m_wanted = wanted;
        m_isPainted = false;
    }
    bool isPainted() const { return m_isPainted; }

    bool eventFilter(QObject *, QEvent *event) override
    {
        const int row = event->type() == QEvent::Paint ? m_page.table()->rowOf(m_app) : -1;
        m_isPainted = m_isPainted || (row >= 0 && m_page.table()->rowAt(row)->health == m_wanted);
        return false;
    }

private:
    ui::ApplicationsPage &m_page;
    service::AppId m_app;
    service::HealthStatus m_wanted = service::HealthStatus::None;
    bool m_isPainted = false;
};

std::vector<double> changes(int times)
{
    Stage stage;
    stage.window->open({ui::PageKind::Applications, {}, {}});
    auto *page = stage.page<ui::ApplicationsPage>();
    Stage::wait([page] { return page->table()->rowCount() > 0 && page->isSettled(); }, "the applications");
    const service::AppId app = page->table()->rowAt(0)->id;
    PaintWatch watch(*page, app);
    std::vector<double> taken;
    for (int i = 0; i < times; ++i) {
        QTest::qWait(300); // one by one
        const bool isHealthy =
            page->table()->rowAt(page->table()->rowOf(app))->health != service::HealthStatus::Healthy;
        watch.await(isHealthy ? service::HealthStatus::Healthy : service::HealthStatus::Suspended);
        const object::Value change = object::Value::map(
            {{"status", object::Value::map(
                            {{"health", object::Value::map({{"status", isHealthy ? "Healthy" : "Suspended"}})}})}});
        QElapsedTimer timer;
        timer.start();
        stage.cluster->run([&](demo::Store &store) {
            const demo::Resource *resource = store.catalog().byKind({"argoproj.io", "Application"});
            (void)store.patch(*resource, {app.ns, app.name}, demo::PatchKind::Merge, change, "",
                              {.fieldManager = "bench"});
        });
        millisecondsUntil([&] { return watch.isPainted(); });
        taken.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    return taken;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const int times = argc > 1 ? std::max(1, std::atoi(argv[1])) : 10;
    std::vector<double> promotions;
    for (int i = 0; i < times; ++i)
        promotions.push_back(promotion());
    print("click on Promote to the patch at the server", promotions);
    print("change in the cluster to the painted line", changes(3 * times));
    return 0;
}
