// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/diff_list.h"
#include "ui/pages/application_page.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/find_bar.h"
#include "window_stage.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace tiphys;
using namespace Qt::StringLiterals;
using models::DiffLayout;
using models::DiffSide;
using test::Stage;

namespace {

/// Two changes, far from each other: most of what is between them is folded.
std::vector<service::DiffLine> farApart()
{
    std::vector<std::string> lines{"-first: 1", "+first: 2"};
    for (int i = 0; i < 200; ++i)
        lines.push_back(" line: number-" + std::to_string(i));
    lines.emplace_back("-last: 1");
    lines.emplace_back("+last: 2");
    return test::diffLines(lines);
}

/// The differences of the application, in the window.
ui::DiffPane *openDiff(Stage &stage)
{
    stage.window->activateWindow();
    if (!QTest::qWaitForWindowActive(stage.window.get()))
        return nullptr;
    stage.window->openAddress(u"tiphys://prod-eu/argocd/shop?tab=diff"_s);
    auto *pane = stage.page<ui::ApplicationPage>()->diffPane();
    pane->list()->setCurrentIndex(pane->model()->index(0, 0));
    return pane;
}

QString clipboard()
{
    return QGuiApplication::clipboard()->text();
}

QAction *actOf(ui::DiffView &view, const QString &title)
{
    for (QAction *action : view.copyMenu()->actions()) {
        if (action->text().startsWith(title))
            return action;
    }
    return nullptr;
}

} // namespace

class DiffViewTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFoldThatHidesAPlaceOpensForIt()
    {
        ui::DiffView view;
        view.resize(800, 300);
        view.show();
        view.setDiff(farApart());
        QVERIFY(view.rows().size() < 20);
        view.find(u"NUMBER-150"_s);
        QCOMPARE(view.matchCount(), 1);
        QCOMPARE(view.currentMatch(), 0);
        QVERIFY(view.rows().size() > 150);
        QVERIFY(view.verticalScrollBar()->value() > 0);
        QVERIFY2(view.accessibleDescription().endsWith(u"line: number-150"_s),
                 qPrintable(view.accessibleDescription()));
        view.find({});
        QCOMPARE(view.matchCount(), 0);
        QCOMPARE(view.currentMatch(), -1);
    }

    void placesAreWalkedRound()
    {
        ui::DiffView view;
        view.setDiff(farApart());
        view.find(u"st:"_s);
        QCOMPARE(view.matchCount(), 4);
        QCOMPARE(view.currentMatch(), 0);
        for (const int expected : {1, 2, 3, 0}) {
            QVERIFY(view.walkMatches(1));
            QCOMPARE(view.currentMatch(), expected);
        }
        QVERIFY(view.walkMatches(-1));
        QCOMPARE(view.currentMatch(), 3);
        // The other layout shows the same place.
        view.setLayoutMode(DiffLayout::Unified);
        QCOMPARE(view.currentMatch(), 3);
        view.find(u"nowhere"_s);
        QVERIFY(!view.walkMatches(1));
    }

    void newsKeepThePlaceAndAnotherDifferenceHasNone()
    {
        ui::DiffView view;
        std::vector<service::DiffLine> lines = farApart();
        view.setDiff(lines);
        view.find(u"last"_s);
        view.walkMatches(1);
        QCOMPARE(view.currentMatch(), 1);
        lines[0].text = "first: 7";
        view.setDiff(lines, ui::DiffView::Place::Kept);
        QCOMPARE(view.currentMatch(), 1);
        view.setDiff(test::diffLines({"-last: 1"}));
        QCOMPARE(view.matchCount(), 1);
        QCOMPARE(view.currentMatch(), -1);
    }

    void theBarFindsByKeysAlone()
    {
        Stage stage;
        ui::DiffPane *pane = openDiff(stage);
        QVERIFY(pane);
        ui::FindBar *bar = pane->text()->findBar();
        QVERIFY(!bar->isVisible());
        pane->list()->setFocus();
        QTest::keyClick(pane->list(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(bar->isVisible() && bar->field()->hasFocus());
        QTest::keyClicks(bar->field(), u"image:"_s);
        QCOMPARE(bar->countText(), u"1 of 2"_s);
        QTest::keyClick(bar->field(), Qt::Key_F3);
        QCOMPARE(bar->countText(), u"2 of 2"_s);
        QTest::keyClick(bar->field(), Qt::Key_Return);
        QCOMPARE(bar->countText(), u"1 of 2"_s);
        pane->list()->setFocus();
        QTest::keyClick(pane->list(), Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(bar->countText(), u"2 of 2"_s);
        QTest::keyClicks(bar->field(), u"no"_s);
        QCOMPARE(bar->countText(), u"not found"_s);
        bar->field()->setFocus();
        QTest::keyClick(bar->field(), Qt::Key_Escape);
        QVERIFY(!bar->isVisible());
        QVERIFY(pane->text()->view()->hasFocus());
        QCOMPARE(pane->text()->view()->matchCount(), 0);
        QVERIFY(stage.page<ui::ApplicationPage>());
    }

    void escOnTheListClosesTheBarBeforeItLeavesThePage()
    {
        Stage stage;
        ui::DiffPane *pane = openDiff(stage);
        QVERIFY(pane);
        pane->startFind();
        pane->list()->setFocus();
        QTest::keyClick(pane->list(), Qt::Key_Escape);
        QVERIFY(!pane->text()->findBar()->isVisible());
        QVERIFY(stage.page<ui::ApplicationPage>());
    }

    void linesAreSelectedByKeysAndCopied()
    {
        Stage stage;
        ui::DiffPane *pane = openDiff(stage);
        QVERIFY(pane);
        ui::DiffView *view = pane->text()->view();
        QSignalSpy noticed(view, &ui::DiffView::noticed);
        view->setFocus();
        QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(noticed.count(), 1);
        view->setDiff(test::diffLines({" a: 1", "-b: 2", "+b: 3", " c: 4"}));
        QTest::keyClick(view, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(view, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(clipboard(), u"a: 1\nb: 2\n"_s);
        QTest::keyClick(view, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(clipboard(), u"a: 1\nb: 3\n"_s);
        QTest::keyClick(view, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(clipboard(), u"a: 1\nb: 3\nc: 4\n"_s);
        QTest::keyClick(view, Qt::Key_Escape);
        QVERIFY(view->selection().isEmpty());
        QVERIFY(stage.page<ui::ApplicationPage>());
    }

    void linesAreSelectedByMouse()
    {
        ui::DiffView view;
        view.resize(800, 300);
        view.show();
        view.setDiff(test::diffLines({" a: 1", "-b: 2", "+b: 3", " c: 4"}));
        const int height = view.verticalScrollBar()->singleStep();
        const auto at = [&](int x, int row) { return QPoint(x, row * height + height / 2); };
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, at(700, 0));
        QTest::mouseMove(view.viewport(), at(700, 1));
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, at(700, 1));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::ShiftModifier, at(10, 2));
        QCOMPARE(view.selection(), (models::PickedRows{0, 2, DiffSide::Right}));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, at(10, 1));
        QCOMPARE(view.selection(), (models::PickedRows{1, 1, DiffSide::Left}));
    }

    void sidesAndThePatchAreCopied()
    {
        Stage stage;
        ui::DiffPane *pane = openDiff(stage);
        QVERIFY(pane);
        ui::DiffView *view = pane->text()->view();
        QVERIFY(!actOf(*view, u"Copy the selected lines"_s)->isEnabled());
        actOf(*view, u"Copy all of: Live"_s)->trigger();
        QVERIFY2(clipboard().contains(u"  replicas: 5\n"_s) && !clipboard().contains(u"replicas: 3"_s),
                 qPrintable(clipboard()));
        actOf(*view, u"Copy all of: Desired"_s)->trigger();
        QVERIFY(clipboard().contains(u"  replicas: 3\n"_s) && !clipboard().contains(u"replicas: 5"_s));
        actOf(*view, u"Copy as patch"_s)->trigger();
        QVERIFY2(clipboard().startsWith(u"--- a/apps/Deployment/shop/web\n+++ b/apps/Deployment/shop/web\n@@ "_s),
                 qPrintable(clipboard()));
        // What is only wanted has no live side.
        pane->list()->setCurrentIndex(pane->model()->index(2, 0));
        QVERIFY(!actOf(*view, u"Copy all of: Live"_s)->isEnabled());
        actOf(*view, u"Copy as patch"_s)->trigger();
        QVERIFY2(clipboard().startsWith(u"--- /dev/null\n"_s), qPrintable(clipboard()));
    }

    void aSelectionStaysOnlyWhereItStillSaysTheSame()
    {
        ui::DiffView view;
        std::vector<service::DiffLine> lines = test::diffLines({" a: 1", "-b: 2", "+b: 3", " c: 4"});
        view.setDiff(lines);
        view.selectRows(0, 1, DiffSide::Left);
        lines[3].text = "c: 5";
        view.setDiff(lines, ui::DiffView::Place::Kept);
        QCOMPARE(view.selection(), (models::PickedRows{0, 1, DiffSide::Left}));
        lines[0].text = "a: 0";
        view.setDiff(lines, ui::DiffView::Place::Kept);
        QVERIFY(view.selection().isEmpty());
    }
};

QTEST_MAIN(DiffViewTest)
#include "diff_view_test.moc"
