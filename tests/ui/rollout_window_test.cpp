// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rollout_table.h"
#include "support/recorded_service.h"
#include "ui/delegates/rollout_delegate.h"
#include "ui/dialogs/rollout_sheet.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/rollout_notifier.h"
#include "ui/main_window/sidebar.h"
#include "ui/pages/rollout_page.h"
#include "ui/pages/rollouts_page.h"
#include "ui/settings.h"
#include "ui/theme/colors.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/metric_chart.h"
#include "ui/widgets/rollout_acts.h"
#include "ui/widgets/rollout_bar.h"
#include "ui/widgets/traffic_picture.h"

#include <QAbstractItemView>
#include <QAction>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <algorithm>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::RolloutAct;

namespace {

const service::RolloutId kWeb{"prod-eu", "shop", "web"};

/// A window over a recorded Rollout that waits at its first pause.
struct Stage
{
    Stage()
    {
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod-eu", 1)};
        clusters.clusters[0].level = service::Level::Normal;
        service.show(clusters);
        row = test::rolloutRow("prod-eu", "web");
        service.rollouts().show(std::vector{row});
        service.rollouts().show(test::rolloutDetail(row));
        window = std::make_unique<ui::MainWindow>(ui::UiContext{service, settings, [] { return test::kNow; }, {}});
        window->show();
    }
    ui::RolloutPage *page()
    {
        window->open(ui::rolloutLocation(kWeb));
        return qobject_cast<ui::RolloutPage *>(window->currentPage());
    }

    QTemporaryDir folder;
    test::RecordedService service;
    ui::Settings settings{folder.filePath(u"settings.ini"_s)};
    service::RolloutRow row;
    std::unique_ptr<ui::MainWindow> window;
};

} // namespace

class RolloutWindowTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aVersionOfThePictureIsAsHighAsWhatIsInIt()
    {
        ui::TrafficPicture picture;
        picture.show(test::rolloutDetail(test::rolloutRow("prod-eu", "web")));
        const int u = ui::unit(&picture);
        picture.resize(200 * u, 150 * u);
        const QImage image = picture.grab().toImage();
        const QColor edge = ui::statusColor(ui::StatusColor::Progressing, picture.palette());
        // Through the middle of the boxes, where there is no word; an edge may lie between two rows of pixels.
        const int x = picture.width() - 4 * u - 41 * u;
        std::vector<int> rows;
        for (int y = 0; y < image.height(); ++y) {
            const QColor here = image.pixelColor(x, y);
            const bool isEdge = here.blue() - here.red() > (edge.blue() - edge.red()) / 3;
            if (isEdge && (rows.empty() || y > rows.back() + 2))
                rows.push_back(y);
        }
        QCOMPARE(rows.size(), std::size_t(2));
        QVERIFY2(rows[1] - rows[0] < 22 * u, qPrintable(QString::number(rows[1] - rows[0])));
    }

    void theSideBarCountsThoseThatWait()
    {
        Stage stage;
        QCOMPARE(stage.window->sidebar()->countOf(ui::PageKind::Rollouts), u"1"_s);
        QCOMPARE(stage.window->sidebar()->countOf(ui::PageKind::Attention), u"1"_s);
    }

    void aButtonOpensTheSheetAndTheSheetActs()
    {
        Stage stage;
        ui::RolloutPage *page = stage.page();
        page->button(RolloutAct::Promote)->click();
        QVERIFY(stage.service.rollouts().requests.empty());
        ui::RolloutSheet *sheet = page->sheet();
        QCOMPARE(sheet->actButton()->text(), u"Promote: 40 %, then on its own to 100 % in about 10 s"_s);
        sheet->actButton()->click();
        QTRY_COMPARE(stage.service.rollouts().requests.size(), std::size_t{1});
        QCOMPARE(stage.service.rollouts().requests[0].seen, stage.row.seen());
    }

    void anAddressOpensTheSheetButNeverActs()
    {
        Stage stage;
        QVERIFY(stage.window->openAddress(u"tiphys:rollout?context=prod-eu&namespace=shop&name=web&act=promote"_s));
        auto *page = qobject_cast<ui::RolloutPage *>(stage.window->currentPage());
        QVERIFY(page && page->sheet());
        QVERIFY(stage.service.rollouts().requests.empty());
    }

    void thePageOfARolloutThatIsNotKnownYetShowsNothingOfTheOneBefore()
    {
        Stage stage;
        ui::RolloutPage *page = stage.page();
        const auto lines = [page] {
            int count = 0;
            const QList<QAbstractItemView *> views = page->findChildren<QAbstractItemView *>();
            for (const QAbstractItemView *view : views)
                count += view->model() ? view->model()->rowCount() : 0;
            return count;
        };
        const auto texts = [page] {
            QString all;
            const QList<QPlainTextEdit *> edits = page->findChildren<QPlainTextEdit *>();
            for (const QPlainTextEdit *edit : edits)
                all += edit->toPlainText();
            return all;
        };
        QVERIFY(lines() > 0);
        stage.window->open(ui::rolloutLocation({"prod-eu", "shop", "other"}));
        QCOMPARE(stage.window->currentPage(), page);
        QCOMPARE(lines(), 0);
        QCOMPARE(texts(), QString());
        stage.window->open(ui::rolloutLocation(kWeb));
        QVERIFY(lines() > 0);
    }

    void aClusterThatDoesNotAnswerIsSaidWithTheAgeOfItsRows()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Rollouts, {}, {}});
        auto *page = qobject_cast<ui::RolloutsPage *>(stage.window->currentPage());
        QCOMPARE(page->banner()->text(), QString());
        service::ClustersSnapshot clusters = *stage.service.clusters();
        clusters.clusters[0].reachability = service::Reachability::Stale;
        clusters.clusters[0].lastSeen = test::kNow - 4 * 60'000;
        stage.service.show(clusters);
        QCOMPARE(page->banner()->text(), u"prod-eu: no answer, last seen 4 min ago"_s);
        service::RolloutsSnapshot rollouts = *stage.service.rollouts().rollouts();
        rollouts.problems = {{"staging", "you may not list rollouts"}, {"test", "you may not list rollouts"}};
        stage.service.rollouts().show(std::make_shared<service::RolloutsSnapshot>(rollouts));
        QVERIFY(page->banner()->text().contains(u"\nstaging: You may not list rollouts."_s));
        QVERIFY(page->banner()->text().contains(u"\ntest: "_s));
    }

    void comingBackToAPlaceAsksForNoActAgain()
    {
        Stage stage;
        QVERIFY(stage.window->openAddress(u"tiphys:rollout?context=prod-eu&namespace=shop&name=web&act=promote"_s));
        auto *page = qobject_cast<ui::RolloutPage *>(stage.window->currentPage());
        QVERIFY(page->sheet());
        page->sheet()->reject();
        QTRY_VERIFY(!page->sheet());
        stage.window->open({ui::PageKind::Rollouts, {}, {}});
        stage.window->goBack();
        QCOMPARE(stage.window->currentPage(), page);
        QVERIFY(!page->sheet());
    }

    void aRolloutOfTheSameNameElsewhereIsAnotherOne()
    {
        Stage stage;
        ui::RolloutBar bar(stage.service, [] { return test::kNow; });
        service::AppRow app =
            test::appRow("prod-us", "shop", service::HealthStatus::Healthy, service::SyncStatus::Synced);
        bar.show(app, "shop", "web");
        QVERIFY(bar.isHidden());
        app.destination = "https://prod-eu.example.com:6443";
        bar.show(app, "shop", "web");
        QVERIFY(!bar.isHidden());
    }

    void aSimulationThatFailedIsAskedForAgainAndOneThatCameIsNot()
    {
        Stage stage;
        ui::RolloutPage *page = stage.page();
        const auto asked = [&stage] { return std::ranges::count(stage.service.rollouts().calls, "simulate web"); };
        stage.service.rollouts().nextSimulationError = Error(ErrorCode::Unavailable, "prod-eu does not answer");
        page->tabs()->setCurrentIndex(static_cast<int>(ui::RolloutPage::Tab::Simulate));
        QTRY_COMPARE(page->simulation(), u"Prod-eu does not answer."_s);
        stage.service.rollouts().show(test::rolloutDetail(stage.row));
        QTRY_COMPARE(page->simulation(), u"the way of web"_s);
        QCOMPARE(asked(), 2);
        stage.service.rollouts().show(test::rolloutDetail(stage.row));
        stage.window->openAddress(u"tiphys:rollout?context=prod-eu&namespace=shop&name=web&tab=simulate"_s);
        QCOMPARE(asked(), 2);
        stage.row.podHash = "5d4c3b2a19";
        stage.service.rollouts().show(test::rolloutDetail(stage.row));
        QCOMPARE(asked(), 3);
    }

    void aNarrowWindowKeepsTheNameAndMovesButtonsIntoTheMenu()
    {
        Stage stage;
        stage.row.id.name = "rollouts-demo";
        stage.service.rollouts().show(test::rolloutDetail(stage.row));
        stage.window->open(ui::rolloutLocation(stage.row.id));
        auto *page = qobject_cast<ui::RolloutPage *>(stage.window->currentPage());
        auto *acts = page->findChild<ui::RolloutActs *>();
        QVERIFY(acts);
        QVERIFY(page->button(RolloutAct::Pause)->isVisible());
        QVERIFY(!page->action(RolloutAct::Pause)->isVisible());
        const auto fits = [page] {
            const QList<ui::ElidedLabel *> labels = page->findChildren<ui::ElidedLabel *>();
            const auto name = std::ranges::find(labels, u"rollouts-demo"_s, &ui::ElidedLabel::text);
            return name != labels.end() && (*name)->width() >= (*name)->sizeHint().width();
        };
        for (int width = stage.window->width(); width > stage.window->minimumSizeHint().width(); width -= 40) {
            stage.window->resize(width, stage.window->height());
            QCoreApplication::processEvents();
            QVERIFY(fits());
            // Each act is there once, and what stops an update goes last.
            for (const RolloutAct act : {RolloutAct::Pause, RolloutAct::Abort})
                QCOMPARE(page->action(act)->isVisible(), !page->button(act)->isVisible());
            QVERIFY(page->button(RolloutAct::Abort)->isVisible() || !page->button(RolloutAct::Pause)->isVisible());
            QVERIFY(acts->rect().contains(page->button(RolloutAct::Promote)->geometry()));
        }
        acts->resize(acts->minimumSizeHint());
        QVERIFY(page->action(RolloutAct::Abort)->isVisible());
        page->action(RolloutAct::Abort)->trigger();
        QVERIFY(page->sheet());
        QVERIFY(stage.service.rollouts().requests.empty());
    }

    void aRolloutThatMovesOnHasToBeLookedAtAgain()
    {
        Stage stage;
        ui::RolloutPage *page = stage.page();
        page->openSheet(RolloutAct::Promote);
        service::RolloutRow moved = stage.row;
        moved.stepIndex = 3;
        stage.service.rollouts().show(test::rolloutDetail(moved));
        QVERIFY(!page->sheet()->actButton()->isEnabled());
        QVERIFY(page->sheet()->banner()->text().startsWith(u"It moved on"_s));
        Q_EMIT page->sheet()->banner()->actionTriggered();
        QVERIFY(page->sheet()->actButton()->isEnabled());
    }

    void whatMovedOnWhileItWasAskedForCanBeLookedAtAgain()
    {
        Stage stage;
        ui::RolloutPage *page = stage.page();
        page->openSheet(RolloutAct::Promote);
        stage.service.rollouts().nextError = Error(ErrorCode::Conflict, "it moved on");
        page->sheet()->actButton()->click();
        stage.row.stepIndex = 3;
        stage.service.rollouts().show(test::rolloutDetail(stage.row));
        QTRY_VERIFY(page->sheet()->banner()->text().startsWith(u"It moved on.\nIt moved on since"_s));
        QVERIFY(!page->sheet()->actButton()->isEnabled());
        Q_EMIT page->sheet()->banner()->actionTriggered();
        QVERIFY(page->sheet()->actButton()->isEnabled());
    }

    void aProtectedContextWantsTheNameTyped()
    {
        Stage stage;
        service::ClustersSnapshot clusters = *stage.service.clusters();
        clusters.clusters[0].level = service::Level::Protected;
        stage.service.show(clusters);
        ui::RolloutPage *page = stage.page();
        page->openSheet(RolloutAct::Abort);
        QVERIFY(!page->sheet()->actButton()->isEnabled());
        page->sheet()->typingField()->setText(u"web"_s);
        QVERIFY(page->sheet()->actButton()->isEnabled());
    }

    void aLostAnswerIsSaidAndNothingIsRepeated()
    {
        Stage stage;
        ui::RolloutPage *page = stage.page();
        page->openSheet(RolloutAct::Promote);
        stage.service.rollouts().nextError = Error(ErrorCode::Unknown, "the answer was lost");
        page->sheet()->actButton()->click();
        QTRY_VERIFY(page->sheet()->banner()->text().contains(u"being checked"_s));
        QCOMPARE(stage.service.rollouts().requests.size(), std::size_t{1});
    }

    void aRefusalThatComesAfterTheSheetWasClosedIsTold()
    {
        Stage stage;
        ui::RolloutPage *page = stage.page();
        page->openSheet(RolloutAct::Promote);
        QSignalSpy failed(page, &ui::Page::failed);
        stage.service.rollouts().nextError = Error(ErrorCode::Denied, "the cluster refuses it");
        page->sheet()->actButton()->click();
        page->sheet()->reject();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed.at(0).at(0).toString().endsWith(u": The cluster refuses it."_s));
    }

    void theNotifierIsSilentAboutWhatWaitedBefore()
    {
        test::RecordedRollouts rollouts;
        QTemporaryDir folder;
        ui::Settings settings(folder.filePath(u"settings.ini"_s));
        ui::DesktopNotices notices(settings, nullptr);
        ui::RolloutNotifier notifier(rollouts, notices, nullptr);
        rollouts.show(std::vector{test::rolloutRow("prod-eu", "web")});
        QVERIFY(notifier.newlyWaiting(*rollouts.rollouts()).empty());
        rollouts.show({test::rolloutRow("prod-eu", "api"), test::rolloutRow("prod-eu", "web")});
        // The notifier has heard the news itself: nothing is told twice.
        QVERIFY(notifier.newlyWaiting(*rollouts.rollouts()).empty());
    }

    void thePictureTellsItsSharesInWords()
    {
        Stage stage;
        ui::RolloutPage *page = stage.page();
        QVERIFY(page->picture()->accessibleDescription().contains(u"20 % of the traffic"_s));
        QVERIFY(page->picture()->accessibleDescription().contains(u"80 % of the traffic"_s));
    }

    void aThresholdIsReadFromASingleComparison()
    {
        QCOMPARE(ui::thresholdOf("result[0] >= 0.95").value_or(0), 0.95);
        QVERIFY(!ui::thresholdOf("result == 'ok'"));
        QVERIFY(!ui::thresholdOf("result > 1 && result < 2"));
    }

    void theFilterIsPartOfTheAddress()
    {
        Stage stage;
        stage.service.rollouts().show(std::vector{test::rolloutRow("prod-eu", "api"), stage.row});
        stage.window->open({ui::PageKind::Rollouts, {}, {}});
        auto *page = qobject_cast<ui::RolloutsPage *>(stage.window->currentPage());
        QCOMPARE(ui::addressOf(page->location()), u"tiphys:rollouts"_s);
        page->filterField()->setText(u"web prod"_s);
        const QString address = ui::addressOf(page->location());
        QVERIFY2(address.startsWith(u"tiphys:rollouts?filter=web"_s), qPrintable(address));
        ui::MainWindow other(ui::UiContext{stage.service, stage.settings, [] { return test::kNow; }, {}});
        QVERIFY(other.openAddress(address));
        auto *shown = qobject_cast<ui::RolloutsPage *>(other.currentPage());
        QCOMPARE(shown->filterField()->text(), u"web prod"_s);
        QCOMPARE(shown->table()->rowCount(), 1);
        QCOMPARE(ui::addressOf(shown->location()), address);
        // Each place of the history has its own; what no page knows is left out.
        stage.window->openAddress(u"tiphys:rollouts?filter=api&phase=Splendid&health=Splendid"_s);
        QCOMPARE(page->filterField()->text(), u"api"_s);
        QCOMPARE(page->table()->rowCount(), 1);
        QCOMPARE(ui::addressOf(page->location()), u"tiphys:rollouts?filter=api"_s);
        stage.window->goBack();
        QCOMPARE(page->filterField()->text(), u"web prod"_s);
        stage.window->goForward();
        QCOMPARE(page->filterField()->text(), u"api"_s);
        stage.window->open(ui::rolloutLocation(kWeb));
        stage.window->goBack();
        QCOMPARE(stage.window->currentPage(), page);
        QCOMPARE(page->filterField()->text(), u"api"_s);
        page->filterField()->clear();
        QCOMPARE(ui::addressOf(page->location()), u"tiphys:rollouts"_s);
        stage.window->goBack();
        QCOMPARE(page->filterField()->text(), u"web prod"_s);
        stage.window->goForward();
        QCOMPARE(page->filterField()->text(), QString());
        QCOMPARE(page->table()->rowCount(), 2);
        // An unknown word is no filter: who comes by one sees what was filtered last time.
        page->filterField()->setText(u"api"_s);
        stage.window->openAddress(u"tiphys:rollouts?health=Splendid"_s);
        QCOMPARE(page->filterField()->text(), u"api"_s);
    }

    void tenThousandRolloutsArePaintedWithinAFrame()
    {
        Stage stage;
        std::vector<service::RolloutRow> rows;
        for (int i = 0; i < 10'000; ++i) {
            rows.push_back(test::rolloutRow("prod-eu", "rollout-" + std::to_string(i)));
            if (i % 20)
                rows.back().wait = service::RolloutWait::Nothing;
        }
        stage.service.rollouts().show(rows);
        stage.window->open({ui::PageKind::Rollouts, {}, {}});
        auto *page = qobject_cast<ui::RolloutsPage *>(stage.window->currentPage());
        QCOMPARE(page->table()->rowCount(), 10'000);
        page->view()->grab();
        QElapsedTimer timer;
        timer.start();
        constexpr int kFrames = 20;
        for (int i = 0; i < kFrames; ++i)
            page->view()->viewport()->grab();
        qInfo("%.2f ms a frame", static_cast<double>(timer.nsecsElapsed()) / 1e6 / kFrames);
    }
};

QTEST_MAIN(RolloutWindowTest)
#include "rollout_window_test.moc"
