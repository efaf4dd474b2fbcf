// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window/demo_guide.h"

#include "ui/pages/application_page.h"
#include "ui/pages/start_page.h"
#include "window_stage.h"

#include <QPushButton>
#include <QTest>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::HealthStatus;
using service::SyncStatus;
using Step = ui::DemoGuide::Step;

namespace {

const service::RolloutId kWeb{"demo", "shop", "web"};

/// A window over a recorded demo: one application that drifted, one Rollout that waits.
struct DemoStage
{
    DemoStage()
    {
        service::ClustersSnapshot clusters;
        service::ClusterState real = test::liveCluster("prod-eu", 1);
        real.server = "https://prod.example.com";
        demo = test::liveCluster("demo", 1);
        demo.server = "http://127.0.0.1:40201";
        clusters.clusters = {real, demo};
        service.show(clusters);
        showSync(SyncStatus::OutOfSync);
        rollout = test::rolloutRow("demo", "web");
        service.rollouts().show(std::vector{rollout});
        window = std::make_unique<ui::MainWindow>(ui::UiContext{service, settings, [] { return test::kNow; }, {}});
        window->show();
        window->showDemoGuide();
        guide = window->demoGuide();
    }

    void showSync(SyncStatus sync)
    {
        service::AppRow mine = test::appRow("prod-eu", "mine", HealthStatus::Healthy, SyncStatus::OutOfSync);
        service::AppRow cart = test::appRow("demo", "cart", HealthStatus::Healthy, sync);
        service.show(std::vector{mine, cart});
    }

    QTemporaryDir folder;
    test::RecordedService service;
    ui::Settings settings{folder.filePath(u"settings.ini"_s)};
    service::ClusterState demo;
    service::RolloutRow rollout;
    std::unique_ptr<ui::MainWindow> window;
    ui::DemoGuide *guide = nullptr;
};

} // namespace

class DemoGuideTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWindowHasNoneByItself()
    {
        test::Stage stage;
        QVERIFY(!stage.window->demoGuide());
    }

    void theStepsLeadToTheDemosOwnThings()
    {
        DemoStage stage;
        QTRY_VERIFY(stage.guide->isVisible());
        QCOMPARE(stage.guide->progress(), u"0 of 5 steps done"_s);
        QCOMPARE(stage.guide->nextButton()->text(), u"See what drifted"_s);
        stage.guide->nextButton()->click();
        auto *page = qobject_cast<ui::ApplicationPage *>(stage.window->currentPage());
        QVERIFY(page);
        QCOMPARE(page->location().app, (service::AppId{"demo", "argocd", "cart"}));
        QVERIFY(stage.guide->isDone(Step::SeeDrift));
        QVERIFY(!stage.guide->isDone(Step::ReadWhy));
        stage.guide->nextButton()->click();
        QVERIFY(stage.guide->isDone(Step::ReadWhy));
        QCOMPARE(stage.guide->nextStep(), std::optional(Step::Sync));
    }

    void aStepCountsWhateverWayItWasDone()
    {
        DemoStage stage;
        stage.showSync(SyncStatus::Synced);
        QVERIFY(stage.guide->isDone(Step::Sync));
        QCOMPARE(stage.guide->nextStep(), std::optional(Step::SeeDrift));
        service::RolloutRow going = stage.rollout;
        going.wait = service::RolloutWait::Nothing;
        stage.service.rollouts().show(std::vector{going});
        QVERIFY(stage.guide->isDone(Step::Promote));
        QCOMPARE(stage.guide->progress(), u"2 of 5 steps done"_s);
    }

    void anAbortIsNoPromotion()
    {
        DemoStage stage;
        service::RolloutRow aborted = stage.rollout;
        aborted.wait = service::RolloutWait::Nothing;
        aborted.isAborted = true;
        stage.service.rollouts().show(std::vector{aborted});
        QVERIFY(!stage.guide->isDone(Step::Promote));
    }

    void theEndLeadsToOnesOwn()
    {
        DemoStage stage;
        stage.showSync(SyncStatus::Synced);
        service::RolloutRow going = stage.rollout;
        going.wait = service::RolloutWait::Nothing;
        stage.service.rollouts().show(std::vector{going});
        stage.guide->placeShown(ui::applicationLocation({"demo", "argocd", "cart"}, u"diff"_s));
        stage.guide->placeShown(
            {ui::PageKind::Compare, {}, {{u"repo"_s, u"/shop.git"_s}, {u"a"_s, u"main~1"_s}, {u"b"_s, u"main"_s}}});
        QCOMPARE(stage.guide->nextStep(), std::nullopt);
        stage.guide->nextButton()->click();
        QVERIFY(qobject_cast<ui::StartPage *>(stage.window->currentPage()));
    }

    void nothingRealIsCalledADemo()
    {
        DemoStage stage;
        QTRY_VERIFY(stage.guide->isVisible());
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod-eu", 1)};
        stage.service.show(clusters);
        QVERIFY(!stage.guide->isVisible());
    }
};

QTEST_MAIN(DemoGuideTest)
#include "demo_guide_test.moc"
