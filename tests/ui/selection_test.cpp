// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_table.h"
#include "ui/dialogs/acts_dialog.h"
#include "ui/pages/applications_page.h"
#include "ui/widgets/filter_bar.h"
#include "ui/widgets/selection_bar.h"
#include "ui/widgets/typed_confirmation.h"
#include "window_stage.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTest>
#include <QTreeView>

using namespace tiphys;
using namespace Qt::StringLiterals;
using models::ActProgress;
using models::ManyAct;
using test::Stage;
using test::wasCalled;

namespace {

/// The table with all three applications selected.
ui::ApplicationsPage *selectAll(Stage &stage)
{
    stage.window->open({ui::PageKind::Applications, {}, {}});
    auto *page = stage.page<ui::ApplicationsPage>();
    page->view()->selectAll();
    return page;
}

/// The row of the application \p name.
int rowOf(const ui::ActsDialog &dialog, const std::string &name)
{
    for (int row = 0; row < dialog.list()->rowCount({}); ++row) {
        if (dialog.list()->rowAt(row).app->id.name == name)
            return row;
    }
    return -1;
}

const models::ActRow &actRow(const ui::ActsDialog &dialog, const std::string &name)
{
    return dialog.list()->rowAt(rowOf(dialog, name));
}

} // namespace

class SelectionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBarIsThereForSeveralAndCountsWhatIsSeen()
    {
        Stage stage;
        ui::ApplicationsPage *page = selectAll(stage);
        QVERIFY(page->selectionBar()->isVisible());
        QVERIFY2(page->selectionBar()->text().startsWith(u"3 "_s), qPrintable(page->selectionBar()->text()));
        models::ApplicationFilter filter;
        filter.text = u"billing"_s;
        page->filterBar()->setFilter(filter);
        QVERIFY(!page->selectionBar()->isVisible());
        QCOMPARE(page->selectionMenu()->actions().size(), 5);
        page->view()->clearSelection();
        page->openActs(ManyAct::Sync);
        QVERIFY(!page->actsDialog());
    }

    void aRefreshIsDoneAtOnceAndEachHasItsLine()
    {
        Stage stage;
        stage.service.nextError = Error(ErrorCode::Denied, "nobody may");
        ui::ApplicationsPage *page = selectAll(stage);
        page->selectionBar()->button(ManyAct::Refresh)->click();
        QVERIFY(page->actsDialog());
        ui::ActsDialog &dialog = *page->actsDialog();
        QAbstractItemModelTester tester(dialog.list(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        QTRY_COMPARE(models::countsOf(dialog.list()->rows()).done, 2);
        QTRY_VERIFY(dialog.isSettled());
        for (const char *name : {"refresh shop", "refresh billing", "refresh search"})
            QVERIFY2(wasCalled(stage.service, name), name);
        // The first one failed, and can be tried again.
        QCOMPARE(dialog.list()->rowAt(0).progress, ActProgress::Failed);
        QVERIFY(dialog.list()->rowAt(0).result.contains(u"nobody may"_s, Qt::CaseInsensitive));
        QVERIFY2(dialog.summary().contains(u"2 done"_s) && dialog.summary().contains(u"1 failed"_s),
                 qPrintable(dialog.summary()));
        dialog.runButton()->click();
        QTRY_COMPARE(models::countsOf(dialog.list()->rows()).done, 3);
        QTRY_VERIFY(!dialog.runButton()->isVisible());
        QCOMPARE(std::ranges::count(stage.service.calls, "refresh shop")
                     + std::ranges::count(stage.service.calls, "refresh billing")
                     + std::ranges::count(stage.service.calls, "refresh search"),
                 4);
        dialog.closeButton()->click();
        QTRY_VERIFY(!page->actsDialog());
    }

    void whatCouldNotBeRefreshedByKeyIsNamed()
    {
        Stage stage;
        ui::ApplicationsPage *page = selectAll(stage);
        stage.service.nextError = Error(ErrorCode::Denied, "nobody may");
        page->refresh(false);
        QTRY_COMPARE(stage.window->statusBar()->currentMessage(), u"shop: Nobody may."_s);
        for (const char *name : {"refresh shop", "refresh billing", "refresh search"})
            QVERIFY2(wasCalled(stage.service, name), name);
    }

    void aSyncShowsWhatWillHappenToEachAndDoesWhatIsTicked()
    {
        Stage stage;
        stage.rows[2].operation = service::OperationPhase::Running;
        stage.service.show(stage.rows);
        ui::ApplicationsPage *page = selectAll(stage);
        page->selectionBar()->button(ManyAct::Sync)->click();
        ui::ActsDialog &dialog = *page->actsDialog();
        QTRY_VERIFY(dialog.isSettled());
        QVERIFY(stage.service.syncRequests.empty());
        QCOMPARE(actRow(dialog, "search").progress, ActProgress::Refused);
        QVERIFY(actRow(dialog, "search").outlook.contains(u"already running"_s));
        QVERIFY2(actRow(dialog, "shop").outlook.contains(u"1 change"_s)
                     && actRow(dialog, "shop").outlook.contains(u"1 hook"_s),
                 qPrintable(actRow(dialog, "shop").outlook));
        QTRY_VERIFY2(dialog.runButton()->text().startsWith(u"Sync 2 "_s), qPrintable(dialog.runButton()->text()));
        // By keyboard: the tick of one goes.
        dialog.view()->setCurrentIndex(dialog.list()->index(rowOf(dialog, "billing"), 0));
        QTest::keyClick(dialog.view(), Qt::Key_Space);
        QVERIFY(!actRow(dialog, "billing").isChosen);
        // What may not be done is not ticked by anybody.
        QVERIFY(
            !dialog.list()->setData(dialog.list()->index(rowOf(dialog, "search"), 0), Qt::Checked, Qt::CheckStateRole));
        QTRY_VERIFY(dialog.runButton()->text().startsWith(u"Sync 1 "_s));
        dialog.runButton()->click();
        QTRY_COMPARE(actRow(dialog, "shop").progress, ActProgress::Done);
        QCOMPARE(stage.service.syncRequests.size(), std::size_t(1));
        QCOMPARE(stage.service.syncRequests[0].app.name, std::string("shop"));
        QCOMPARE(stage.service.syncRequests[0].plannedRevision, stage.rows[0].revision);
        QVERIFY(!stage.service.syncRequests[0].prunes);
    }

    void whatWantsAConfirmationIsNotSyncedWithOthers()
    {
        Stage stage;
        stage.service.nextPlan.confirmations = {"it replaces a claim"};
        ui::ApplicationsPage *page = selectAll(stage);
        page->openActs(ManyAct::Sync);
        ui::ActsDialog &dialog = *page->actsDialog();
        QTRY_VERIFY(dialog.isSettled());
        QCOMPARE(models::countsOf(dialog.list()->rows()).refused, 3);
        QVERIFY(actRow(dialog, "shop").outlook.contains(u"claim"_s));
        QTRY_VERIFY(!dialog.runButton()->isEnabled());
    }

    void afterAFailureTheRestIsLeftIfWanted()
    {
        Stage stage;
        ui::ApplicationsPage *page = selectAll(stage);
        page->openActs(ManyAct::Sync);
        ui::ActsDialog &dialog = *page->actsDialog();
        QTRY_VERIFY(dialog.isSettled() && dialog.runButton()->isEnabled());
        dialog.stopBox()->setChecked(true);
        stage.service.nextError = Error(ErrorCode::Conflict, "the branch moved");
        dialog.runButton()->click();
        QTRY_VERIFY(dialog.isSettled());
        const models::ActCounts counts = models::countsOf(dialog.list()->rows());
        QCOMPARE(counts.failed, 1);
        QCOMPARE(counts.left, 2);
        QCOMPARE(stage.service.syncRequests.size(), std::size_t(1));
        // Again: plans are made anew before anything is done.
        stage.service.calls.clear();
        QVERIFY(dialog.runButton()->isVisible() && dialog.runButton()->isEnabled());
        dialog.runButton()->click();
        QTRY_VERIFY(dialog.isSettled());
        QVERIFY(wasCalled(stage.service, "plan shop"));
        QCOMPARE(stage.service.syncRequests.size(), std::size_t(1));
        QTRY_VERIFY(dialog.runButton()->isEnabled());
        dialog.runButton()->click();
        QTRY_COMPARE(models::countsOf(dialog.list()->rows()).done, 3);
    }

    void operationsOfAProtectedClusterAreStoppedAfterItsNameIsTyped()
    {
        Stage stage;
        stage.rows[0].operation = stage.rows[2].operation = service::OperationPhase::Running;
        stage.service.show(stage.rows);
        ui::ApplicationsPage *page = selectAll(stage);
        page->openActs(ManyAct::Terminate);
        ui::ActsDialog &dialog = *page->actsDialog();
        QTRY_VERIFY(dialog.isSettled());
        QCOMPARE(models::countsOf(dialog.list()->rows()).refused, 1);
        QTRY_COMPARE(dialog.confirmation()->typing(), u"prod-eu"_s);
        QVERIFY(!dialog.runButton()->isEnabled());
        // Ticked and begun at once, it is asked for all the same.
        const QModelIndex shop = dialog.list()->index(rowOf(dialog, "shop"), 0);
        dialog.list()->setData(shop, Qt::Unchecked, Qt::CheckStateRole);
        QTRY_VERIFY(dialog.confirmation()->typing().isEmpty() && dialog.runButton()->isEnabled());
        dialog.list()->setData(shop, Qt::Checked, Qt::CheckStateRole);
        dialog.runButton()->click();
        QVERIFY(!wasCalled(stage.service, "terminate shop") && !wasCalled(stage.service, "terminate search"));
        QCOMPARE(dialog.confirmation()->typing(), u"prod-eu"_s);
        QTest::keyClicks(dialog.confirmation()->field(), u"prod-eu"_s);
        QVERIFY(dialog.runButton()->isEnabled());
        dialog.runButton()->click();
        QTRY_VERIFY(wasCalled(stage.service, "terminate shop"));
        QVERIFY(!wasCalled(stage.service, "terminate billing"));
    }

    void closedMeanwhileItDoesNotGoOnAndTellsWhatWasNotBegun()
    {
        Stage stage;
        ui::ApplicationsPage *page = selectAll(stage);
        page->openActs(ManyAct::Sync);
        QPointer<ui::ActsDialog> dialog = page->actsDialog();
        QTRY_VERIFY(dialog->isSettled() && dialog->runButton()->isEnabled());
        QSignalSpy told(page, &ui::Page::failed);
        dialog->runButton()->click();
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
        QCOMPARE(stage.service.syncRequests.size(), std::size_t(1));
        QCOMPARE(told.count(), 1);
        QVERIFY2(told[0][0].toString().contains(u"2 not begun"_s), qPrintable(told[0][0].toString()));
    }
};

QTEST_MAIN(SelectionTest)
#include "selection_test.moc"
