// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_table.h"
#include "models/attention_list.h"
#include "models/comparison_tree.h"
#include "models/graph_layout.h"
#include "models/resource_tree.h"
#include "models/status_text.h"
#include "models/sync_text.h"
#include "models/text.h"
#include "ui/desktop.h"
#include "ui/dialogs/confirm_dialog.h"
#include "ui/main_window/app_notifier.h"
#include "ui/main_window/command_palette.h"
#include "ui/main_window/sidebar.h"
#include "ui/pages/application_header.h"
#include "ui/pages/application_page.h"
#include "ui/pages/applications_page.h"
#include "ui/pages/clusters_page.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/resource_pane.h"
#include "ui/remembered_levels.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/filter_bar.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/resource_graph.h"
#include "window_stage.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>
#include <memory>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::HealthStatus;
using service::SyncStatus;
using test::kShop;
using test::kWeb;
using test::Stage;
using test::wasCalled;

class WindowTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOptionWithAWrongValueIsNamed()
    {
        const auto problem = [](const QStringList &arguments) {
            const Expected<ui::DesktopOptions> options = ui::parseDesktopOptions(arguments);
            return options ? QString() : models::text(options.error().message());
        };
        for (const QString &theme : {u"light"_s, u"dark"_s, u"system"_s})
            QCOMPARE(problem({u"--theme"_s, theme}), QString());
        QCOMPARE(problem({u"--theme"_s, u"Dark"_s}), u"--theme 'Dark' is neither light, dark nor system"_s);
        QCOMPARE(problem({u"--size"_s, u"big"_s}), u"--size 'big' is not WIDTHxHEIGHT"_s);
        QCOMPARE(problem({u"--shots"_s}), u"--shots needs a value"_s);
    }

    void firstStartContactsNothing()
    {
        Stage stage;
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod-eu", 2)};
        clusters.clusters[0].reachability = service::Reachability::NotContacted;
        stage.service.show(clusters);
        QCOMPARE(stage.window->startLocation().page, ui::PageKind::Start);
        stage.window->open(stage.window->startLocation());
        for (const std::string &call : stage.service.calls)
            QVERIFY2(!call.starts_with("setTicked"), call.c_str());
    }

    void theSideBarCountsWhatNeedsAPerson()
    {
        Stage stage;
        QCOMPARE(stage.window->sidebar()->countOf(ui::PageKind::Attention), u"1"_s);
        QCOMPARE(stage.window->sidebar()->countOf(ui::PageKind::Applications), u"3"_s);
    }

    void theFilterNarrowsAndEscapeClearsIt()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = stage.page<ui::ApplicationsPage>();
        QVERIFY(page);
        QTest::keyClicks(page->filterBar()->textField(), u"search"_s);
        QCOMPARE(page->table()->rowCount(), 1);
        QTest::keyClick(stage.window.get(), Qt::Key_Escape);
        QCOMPARE(page->table()->rowCount(), 3);
        QTest::keyClicks(page->filterBar()->textField(), u"nothing like this"_s);
        QCOMPARE(page->table()->rowCount(), 0);
        QCOMPARE(page->emptyPane()->title(), u"Nothing matches"_s);
    }

    void enterOpensTheApplicationAndBackReturns()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *list = stage.page<ui::ApplicationsPage>();
        list->view()->setCurrentIndex(list->table()->index(0, 1));
        QTest::keyClick(list->view(), Qt::Key_Return);
        QVERIFY(stage.page<ui::ApplicationPage>());
        QVERIFY(wasCalled(stage.service, "openApplication shop"));
        stage.window->goBack();
        QVERIFY(stage.page<ui::ApplicationsPage>());
        QVERIFY(wasCalled(stage.service, "closeApplication shop"));
    }

    void aSilentClusterIsSaidWithTheAgeOfItsRows()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Applications, {}, {}});
        service::ClustersSnapshot clusters = *stage.service.clusters();
        clusters.clusters[1].reachability = service::Reachability::Stale;
        clusters.clusters[1].lastSeen = test::kNow - 4 * 60'000;
        stage.service.show(clusters);
        QCOMPARE(stage.page<ui::ApplicationsPage>()->banner()->text(),
                 u"No answer from staging. Greyed rows are as last seen 4 min ago."_s);
    }

    void theDifferencesAreListedAndWalked()
    {
        Stage stage;
        QVERIFY(stage.window->openAddress(u"tiphys://prod-eu/argocd/shop?tab=diff"_s));
        auto *page = stage.page<ui::ApplicationPage>();
        ui::DiffPane *pane = page->diffPane();
        QCOMPARE(pane->list()->model()->rowCount(), 3);
        QCOMPARE(pane->text()->view()->changeCount(), 2);
        pane->text()->walk(1);
        pane->text()->walk(1);
        QCOMPARE(pane->text()->view()->currentChange(), 1);
        pane->text()->walk(1);
        QCOMPARE(pane->list()->currentIndex().row(), 1);
    }

    void newsKeepTheSelectedDifference()
    {
        Stage stage;
        stage.window->openAddress(u"tiphys://prod-eu/argocd/shop?tab=diff"_s);
        ui::DiffPane *pane = stage.page<ui::ApplicationPage>()->diffPane();
        pane->list()->setCurrentIndex(pane->list()->model()->index(1, 0));
        service::AppDetail detail = test::appDetail(stage.rows[0]);
        detail.diffs.erase(detail.diffs.begin());
        stage.service.show(detail);
        QCOMPARE(pane->list()->currentIndex().row(), 0);
        QCOMPARE(pane->list()->currentIndex().data().toString(), u"Deployment worker"_s);
    }

    void aStalePageSaysItsAge()
    {
        Stage stage;
        service::AppDetail detail = test::appDetail(stage.rows[0]);
        detail.isStale = true;
        detail.observedAt = test::kNow - 4 * 60'000;
        stage.service.show(detail);
        stage.window->open(ui::applicationLocation(kShop));
        QCOMPARE(stage.page<ui::ApplicationPage>()->banner()->text(),
                 u"prod-eu does not answer. This page is as last seen 4 min ago."_s);
    }

    void aStaleDestinationIsNamedInThePlaceOfTheApplicationsOwnCluster()
    {
        Stage stage;
        service::AppDetail detail = test::appDetail(stage.rows[0]);
        detail.isStale = true;
        detail.silentContext = "edge-1";
        detail.observedAt = test::kNow - 4 * 60'000;
        stage.service.show(detail);
        stage.window->open(ui::applicationLocation(kShop));
        QCOMPARE(stage.page<ui::ApplicationPage>()->banner()->text(),
                 u"edge-1 does not answer. This page is as last seen 4 min ago."_s);
    }

    void aFailedSyncIsSaidShortAndLeadsToAllThatItSaid()
    {
        Stage stage;
        service::AppDetail detail = test::appDetail(stage.rows[0]);
        const std::string message = "one or more objects failed to apply, reason: Deployment.apps \"web\" is invalid";
        detail.row.cause = "sync failed: " + message;
        detail.row.conditions.clear();
        detail.operation.phase = service::OperationPhase::Failed;
        detail.operation.message = message;
        detail.operation.finishedAt = test::kNow - 4 * 60'000;
        stage.service.show(detail);
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        QCOMPARE(page->banner()->text(), u"The last sync failed 4 min ago: One or more objects failed to apply."_s);
        auto *way = page->banner()->findChild<QPushButton *>();
        QVERIFY(way->isVisible());
        way->click();
        QCOMPARE(page->tabs()->currentIndex(), static_cast<int>(ui::ApplicationPage::Tab::Operation));
        // It leads nowhere from there.
        QVERIFY(!way->isVisible());
        stage.service.show(detail);
        QVERIFY(!way->isVisible());
        page->tabs()->setCurrentIndex(static_cast<int>(ui::ApplicationPage::Tab::Tree));
        QVERIFY(way->isVisible());
        page->tabs()->setCurrentIndex(static_cast<int>(ui::ApplicationPage::Tab::Operation));
        const auto labels = page->findChildren<ui::TextLabel *>();
        QCOMPARE(std::ranges::count_if(labels,
                                       [](const ui::TextLabel *label) {
                                           return label->isVisible() && label->text().contains(u"is invalid"_s);
                                       }),
                 std::ptrdiff_t(1));
        // A condition that repeats it is no other news, one of its own is.
        detail.row.conditions = {"SyncError: Failed last sync attempt to [abc]: " + message};
        stage.service.show(detail);
        QVERIFY(page->banner()->text().startsWith(u"The last sync failed"_s));
        detail.row.conditions = {"ComparisonError: no such chart"};
        stage.service.show(detail);
        QVERIFY(page->banner()->text().contains(u"no such chart"_s));
    }

    void whatWasStoredOfAnUnseenClusterIsToldWithItsAge()
    {
        Stage stage;
        service::AppDetail detail = test::appDetail(stage.rows[0]);
        detail.row.conditions.clear();
        detail.row.isDisputed = false;
        detail.row.cause = "Degraded";
        detail.row.reconciledAt = test::kNow - 4 * 60'000;
        detail.unseen = "edge-1 is not connected";
        stage.service.show(detail);
        stage.window->open(ui::applicationLocation(kShop));
        QCOMPARE(
            stage.page<ui::ApplicationPage>()->banner()->text(),
            u"Degraded. That is what was stored 4 min ago; what is there now is not seen: edge-1 is not connected"_s);
    }

    void choosingANodeShowsItAndItsManifest()
    {
        Stage stage;
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        page->graph()->setFocus();
        QTest::keyClick(page->graph(), Qt::Key_Right);
        QVERIFY(page->inspector()->isVisible());
        page->inspector()->tabs()->setCurrentIndex(1);
        QTRY_VERIFY(page->inspector()->content().startsWith(u"# live"_s));
    }

    void theHeadOfAnApplicationThatIsNotKnownYetShowsNothingOfTheOneBefore()
    {
        Stage stage;
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        const auto words = [page] {
            QString all = page->banner()->text();
            const QList<ui::StatusLabel *> labels =
                page->findChildren<ui::ApplicationHeader *>().at(0)->findChildren<ui::StatusLabel *>();
            for (const ui::StatusLabel *label : labels)
                all += label->word();
            return all;
        };
        QVERIFY(words().contains(u"Degraded"_s));
        stage.window->open(ui::applicationLocation(stage.rows[1].id));
        QCOMPARE(words(), QString());
        QVERIFY(!page->syncButton()->isEnabled());
    }

    void newsKeepWhatIsSelectedInTheInspector()
    {
        Stage stage;
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        service::AppDetail detail = test::appDetail(stage.rows[0]);
        ui::Inspector *inspector = page->inspector();
        inspector->show(detail, nullptr, test::kNow);
        QTextCursor cursor(inspector->text()->document());
        cursor.movePosition(QTextCursor::End);
        cursor.movePosition(QTextCursor::StartOfBlock, QTextCursor::KeepAnchor);
        inspector->text()->setTextCursor(cursor);
        const QString selected = cursor.selectedText();
        QVERIFY(!selected.isEmpty());
        detail.row.project = "another-project";
        inspector->show(detail, nullptr, test::kNow);
        QVERIFY(inspector->content().contains(u"another-project"_s));
        QCOMPARE(inspector->text()->textCursor().selectedText(), selected);
    }

    void aTextIsReplacedWhereItDiffers()
    {
        QPlainTextEdit edit;
        ui::replaceText(edit, u"one 5 s\ntwo 6 s\nthree"_s);
        ui::replaceText(edit, u"one 10 s\ntwo 11 s\nthree"_s);
        QCOMPARE(edit.toPlainText(), u"one 10 s\ntwo 11 s\nthree"_s);
        ui::replaceText(edit, u"zero\r\none 10 s\nthree"_s);
        QCOMPARE(edit.toPlainText(), u"zero\none 10 s\nthree"_s);
        ui::replaceText(edit, u"zero\none\nthree\nthree\n"_s);
        QCOMPARE(edit.toPlainText(), u"zero\none\nthree\nthree\n"_s);
        ui::replaceText(edit, {});
        QCOMPARE(edit.toPlainText(), QString());
    }

    void aFailingScriptOfAUserIsShownAtItsResource()
    {
        const std::string failure = "<string> line:3(column:21) near '=':   syntax error\n";
        Stage stage;
        service::AppDetail detail = test::appDetail(stage.rows[0]);
        const auto web = std::ranges::find(detail.tree, kWeb, &service::TreeNode::key);
        QVERIFY(web != detail.tree.end());
        web->health = HealthStatus::Unknown;
        web->healthMessage = failure;
        const auto at = static_cast<int>(web - detail.tree.begin());
        stage.service.show(detail);
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        ui::Inspector *inspector = page->inspector();
        inspector->show(detail, &detail.tree[static_cast<std::size_t>(at)], test::kNow);
        inspector->tabs()->setCurrentIndex(0);
        QVERIFY2(inspector->content().contains(u"<string> line:3(column:21) near '=':   syntax error"_s),
                 qPrintable(inspector->content()));
        QVERIFY(!inspector->content().contains(u"error\n\n"_s));
        models::ResourceTree tree;
        tree.apply(detail.tree, "shop");
        QVERIFY(tree.indexOf(kWeb).data(Qt::ToolTipRole).toString().contains(u"near '=':   syntax error."_s));
        page->graph()->setFocus();
        if (const QByteArray file = qgetenv("TIPHYS_SHOT"); !file.isEmpty())
            QVERIFY(stage.window->grab().save(QString::fromLocal8Bit(file)));
    }

    void anApplicationThatBecomesDegradedIsTold()
    {
        Stage stage;
        QSignalSpy told(stage.window->notices(), &ui::DesktopNotices::told);
        stage.rows[1].health = HealthStatus::Degraded;
        stage.rows[1].cause = "Deployment api: 2 of 3 pods: CrashLoopBackOff";
        stage.service.show(test::appDetail(stage.rows[1]));
        stage.service.show(stage.rows);
        QCOMPARE(told.count(), 1);
        QCOMPARE(told[0][0].toString(), u"billing is Degraded"_s);
        QCOMPARE(told[0][1].toString(), u"prod-eu: Deployment api: 2 of 3 pods: CrashLoopBackOff"_s);
        stage.window->notices()->open();
        QCOMPARE(stage.window->currentPage()->location(), ui::applicationLocation(stage.rows[1].id));
    }

    void whatWasSoBeforeIsNotTold()
    {
        Stage stage;
        QSignalSpy told(stage.window->notices(), &ui::DesktopNotices::told);
        stage.rows[0].cause = "still the same";
        stage.rows.push_back(test::appRow("staging", "new", HealthStatus::Degraded, SyncStatus::Synced));
        stage.service.show(stage.rows);
        // Not compared for a while, then as before.
        stage.rows[0].health = HealthStatus::Unknown;
        stage.service.show(stage.rows);
        stage.rows[0].health = HealthStatus::Degraded;
        stage.service.show(stage.rows);
        QCOMPARE(told.count(), 0);
    }

    void aFloodIsOneNotification()
    {
        test::RecordedService service;
        QTemporaryDir folder;
        ui::Settings settings(folder.filePath(u"settings.ini"_s));
        ui::DesktopNotices notices(settings, nullptr);
        std::vector<service::AppRow> rows;
        for (int i = 0; i < 100; ++i)
            rows.push_back(
                test::appRow("prod-eu", "tenant-" + std::to_string(i), HealthStatus::Healthy, SyncStatus::Synced));
        service.show(rows);
        ui::AppNotifier notifier(service, notices, nullptr);
        QSignalSpy told(&notices, &ui::DesktopNotices::told);
        for (service::AppRow &row : rows) {
            row.health = HealthStatus::Degraded;
            service.show(rows);
        }
        QCOMPARE(told.count(), 1);
        notifier.endPause();
        QCOMPARE(told.count(), 2);
        QVERIFY2(told[1][1].toString().startsWith(u"99 "_s), qPrintable(told[1][1].toString()));
        QSignalSpy several(&notifier, &ui::AppNotifier::severalOpened);
        notices.open();
        QCOMPARE(several.count(), 1);
    }

    void aFailedSyncIsToldUnlessNotificationsAreOff()
    {
        test::RecordedService service;
        QTemporaryDir folder;
        ui::Settings settings(folder.filePath(u"settings.ini"_s));
        ui::DesktopNotices notices(settings, nullptr);
        std::vector<service::AppRow> rows{
            test::appRow("prod-eu", "billing", HealthStatus::Healthy, SyncStatus::OutOfSync)};
        rows[0].operation = service::OperationPhase::Running;
        service.show(rows);
        ui::AppNotifier notifier(service, notices, nullptr);
        QSignalSpy told(&notices, &ui::DesktopNotices::told);
        rows[0].operation = service::OperationPhase::Failed;
        rows[0].operationMessage = "one or more objects failed to apply";
        service.show(rows);
        QCOMPARE(told.count(), 1);
        QCOMPARE(told[0][0].toString(), u"Sync of billing failed"_s);
        notifier.endPause();
        notices.setOn(false);
        QVERIFY(!settings.showsNotifications());
        rows[0].operation = service::OperationPhase::Running;
        service.show(rows);
        rows[0].operation = service::OperationPhase::Error;
        service.show(rows);
        QCOMPARE(told.count(), 1);
    }

    void aDestinationOutOfReachAsksForAContext()
    {
        Stage stage;
        service::AppDetail detail = test::appDetail(stage.rows[0]);
        detail.treeProblem = "no access to https://10.4.0.1:6443: choose a context of this cluster";
        detail.unreachedServer = "https://10.4.0.1:6443";
        stage.service.show(detail);
        stage.window->open(ui::applicationLocation(kShop));
        auto *pane = stage.page<ui::ApplicationPage>()->findChild<ui::ResourcePane *>();
        QVERIFY(pane);
        QVERIFY2(pane->banner()->text().contains(u"No access to https://10.4.0.1:6443"_s),
                 qPrintable(pane->banner()->text()));
        QList<QAction *> choices = pane->contextMenu()->actions();
        choices.removeIf([](const QAction *action) { return action->isSeparator(); });
        QCOMPARE(choices.size(), 2);
        QVERIFY2(choices[1]->text().startsWith(u"staging"_s), qPrintable(choices[1]->text()));
        choices[1]->trigger();
        QVERIFY(wasCalled(stage.service, "chooseContext https://10.4.0.1:6443 staging"));
        QVERIFY(stage.settings.tickedContexts().contains(u"staging"_s));
        detail.treeProblem.clear();
        detail.unreachedServer.clear();
        stage.service.show(detail);
        QVERIFY(pane->banner()->text().isEmpty());
        QVERIFY(pane->contextMenu()->actions().isEmpty());
    }

    void manyPodsFoldIntoOneCard()
    {
        const service::AppDetail detail =
            test::appDetail(test::appRow("prod-eu", "shop", HealthStatus::Degraded, SyncStatus::Synced));
        const models::GraphLayout folded = models::layoutOf(detail.tree, {});
        const auto fold = std::ranges::find_if(folded.cards, &models::GraphCard::isFold);
        QVERIFY(fold != folded.cards.end());
        QCOMPARE(static_cast<int>(fold->folded.size()), 12);
        QCOMPARE(detail.tree[static_cast<std::size_t>(fold->folded.front())].health,
                 HealthStatus::Degraded); // worst first
        const models::GraphLayout open = models::layoutOf(detail.tree, {fold->foldKey});
        QCOMPARE(open.cards.size(), folded.cards.size() + 12);
    }

    void theTreeKeepsItsIndexesWhenNodesComeAndGo()
    {
        models::ResourceTree tree;
        QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
        service::AppDetail detail =
            test::appDetail(test::appRow("prod-eu", "shop", HealthStatus::Degraded, SyncStatus::Synced));
        tree.apply(detail.tree, "shop");
        const QPersistentModelIndex deployment = tree.indexOf(detail.tree[1].key);
        detail.tree.pop_back();
        std::swap(detail.tree[0], detail.tree[2]);
        tree.apply(detail.tree, "shop");
        QVERIFY(deployment.isValid());
        QCOMPARE(deployment.data().toString(), u"Deployment web"_s);
        QCOMPARE(tree.rowCount(deployment), 1);
    }

    void paletteFindsApplicationsAndCommands()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Attention, {}, {}});
        stage.window->openPalette();
        ui::CommandPalette *palette = stage.window->palettePopup();
        QTest::keyClicks(palette->field(), u"prodshop"_s);
        QVERIFY(palette->list()->rowCount() > 0);
        QCOMPARE(palette->list()->entryAt(0).title, u"shop"_s);
        QTest::keyClick(palette->field(), Qt::Key_Return);
        QVERIFY(stage.page<ui::ApplicationPage>());
    }

    void comparingShowsApplicationsErrorsAndUnmatchedFiles()
    {
        Stage stage;
        service::Comparison &comparison = stage.service.nextComparison;
        comparison.applicationCount = 40;
        service::ComparedResource resource;
        resource.key = {"apps", "Deployment", "shop", "web"};
        resource.diff.key = resource.key;
        resource.diff.lines = test::diffLines({" a: 1", "-b: 2", "+b: 3"});
        resource.identity = 7;
        comparison.applications = {
            {"shop", "apps/shop", service::AppChange::Changed, "", {resource}},
            {"web", "apps/web", service::AppChange::Changed, "", {resource}},
            {"broken", "apps/broken", service::AppChange::Error, "chart dependency is missing", {}}};
        comparison.unmatchedFiles = {"README.md"};
        comparison.pinned = {"old (v1)"};
        comparison.elsewhere = {"other"};
        stage.window->openAddress(u"tiphys:compare?repo=/srv/config&a=main~1&b=main"_s);
        auto *page = stage.page<ui::ComparePage>();
        QTRY_COMPARE(page->results()->model()->rowCount(), 3);
        QVERIFY(wasCalled(stage.service, "compare main~1..main"));
        QCOMPARE(page->diff()->view()->changeCount(), 1);
        models::ComparisonTree tree;
        QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
        tree.apply(std::make_shared<service::Comparison>(comparison), models::CompareGrouping::IdenticalChange);
        QCOMPARE(tree.rowCount(), 2); // the error, and one change of two objects
        QCOMPARE(tree.rowCount(tree.index(1, 0)), 2);
        QVERIFY(models::patchOf(comparison).contains(u"@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"_s));
        QVERIFY(models::markdownOf(comparison).contains(u"README.md"_s));
        QVERIFY(models::comparisonText(comparison).contains(u"2 not compared"_s));
        QCOMPARE(
            models::notComparedText(comparison),
            u"Not compared, since they are pinned to another revision: old (v1)\nNot compared, since they are of other repositories: other"_s);
    }

    void aRefusedLocalEngineStaysOffAndSaysWhy()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Clusters, {}, {}});
        auto *page = stage.page<ui::ClustersPage>();
        page->view()->setCurrentIndex(page->view()->model()->index(1, 0)); // staging, which is not protected
        stage.service.nextError = Error(ErrorCode::Denied, "an Argo CD controller runs in namespace argocd");
        page->engineBox()->click();
        QTRY_COMPARE(page->refusal(), u"An Argo CD controller runs in namespace argocd."_s);
        QVERIFY(!page->engineBox()->isChecked());
        // News of the clusters do not wipe it away; another try does.
        page->tick();
        stage.service.show(*stage.service.clusters());
        QCOMPARE(page->refusal(), u"An Argo CD controller runs in namespace argocd."_s);
        page->engineBox()->click();
        QTRY_COMPARE(page->refusal(), QString());
    }

    void theLocalEngineOfAProtectedContextWantsItsNameTyped()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Clusters, {}, {}});
        auto *page = stage.page<ui::ClustersPage>();
        page->engineBox()->click();
        auto *question = page->findChild<ui::ConfirmDialog *>();
        QVERIFY(question);
        QVERIFY(!page->engineBox()->isChecked());
        QVERIFY(!wasCalled(stage.service, "setLocalEngine prod-eu on"));
        QVERIFY(!question->actButton()->isEnabled());
        question->typingField()->setText(u"prod-eu"_s);
        question->actButton()->click();
        QVERIFY(wasCalled(stage.service, "setLocalEngine prod-eu on"));
    }

    void theLevelOfAContextIsRemembered()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Clusters, {}, {}});
        auto *page = stage.page<ui::ClustersPage>();
        Q_EMIT page->levelBox()->activated(static_cast<int>(service::Level::Protected));
        QVERIFY(wasCalled(stage.service, "setLevel prod-eu 2"));

        // The next start, with a context of the same name and another server beside it.
        test::RecordedService next;
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("staging", 1)};
        next.show(clusters);
        const ui::Settings settings(stage.folder.filePath(u"settings.ini"_s));
        const ui::RememberedLevels levels(next, settings);
        QVERIFY(next.calls.empty());
        clusters.clusters.push_back(test::liveCluster("prod-eu", 2));
        clusters.clusters.back().server = "https://elsewhere.example.com";
        next.show(clusters);
        QVERIFY(next.calls.empty());
        clusters.clusters.back() = test::liveCluster("prod-eu", 2);
        clusters.clusters.back().level = service::Level::ReadOnly; // as it is when a program starts
        next.show(clusters);
        next.show(clusters);
        QCOMPARE(next.calls, std::vector<std::string>{"setLevel prod-eu 2"});
    }

    void theNamespacesOfAContextAreRemembered()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Clusters, {}, {}});
        auto *edit = stage.page<ui::ClustersPage>()->namespacesEdit();
        edit->setText(u" team-a,team-b  team-a"_s);
        Q_EMIT edit->editingFinished();
        QCOMPARE(edit->text(), u"team-a, team-b"_s);
        const QString server = QString::fromStdString(test::liveCluster("prod-eu", 2).server);
        QCOMPARE(stage.settings.namespaces(u"prod-eu"_s, server), QStringList({u"team-a"_s, u"team-b"_s}));
        QVERIFY(stage.settings.namespaces(u"prod-eu"_s, u"https://elsewhere"_s).isEmpty());
        edit->clear();
        Q_EMIT edit->editingFinished();
        QVERIFY(stage.settings.namespaces(u"prod-eu"_s, server).isEmpty());
    }

    void addressesOfContextsWithSlashesComeBack()
    {
        const ui::Location location =
            ui::applicationLocation({"arn:aws:eks:eu-1:42:cluster/prod", "argocd", "shop"}, u"diff"_s);
        QCOMPARE(ui::locationOf(ui::addressOf(location)), std::optional(location));
        QVERIFY(!ui::locationOf(u"https://example.com"_s));
    }

    void newsOfADifferenceKeepWhereOneReads()
    {
        std::vector<service::DiffLine> lines;
        for (int i = 0; i < 2'000; ++i)
            lines.push_back({i % 100 == 50 ? service::LineKind::Desired : service::LineKind::Same,
                             i,
                             i,
                             "key-" + std::to_string(i) + ": value",
                             {}});
        ui::DiffView view;
        view.resize(900, 600);
        view.setDiff(lines);
        view.unfoldAll();
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 2);
        const int place = view.verticalScrollBar()->value();
        QVERIFY(place > 0);
        lines[10].text = "key-10: another value";
        view.setDiff(lines, ui::DiffView::Place::Kept);
        QCOMPARE(static_cast<int>(view.rows().size()), 2'000);
        QCOMPARE(view.verticalScrollBar()->value(), place);
        lines[10].text = "key-10: of another resource";
        view.setDiff(lines);
        QVERIFY(view.verticalScrollBar()->value() != place);
    }

    void aLargeDiffFoldsAndPaintsOnlyWhatIsSeen()
    {
        std::vector<service::DiffLine> lines;
        for (int i = 0; i < 100'000; ++i) {
            lines.push_back({i % 1000 == 500 ? service::LineKind::Desired : service::LineKind::Same,
                             i,
                             i,
                             "key-" + std::to_string(i) + ": a value that is somewhat longer than the key",
                             {}});
        }
        ui::DiffView view;
        view.resize(900, 600);
        view.setDiff(lines);
        QCOMPARE(view.changeCount(), 100);
        QVERIFY(view.rows().size() < 1000);
        view.unfoldAll();
        QCOMPARE(static_cast<int>(view.rows().size()), 100'000);
        QVERIFY(!view.grab().isNull());
    }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
