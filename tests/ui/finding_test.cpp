// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_table.h"
#include "ui/dialogs/shortcut_sheet.h"
#include "ui/dialogs/sync_dialog.h"
#include "ui/main_window/command_palette.h"
#include "ui/main_window/sidebar.h"
#include "ui/pages/application_page.h"
#include "ui/pages/applications_page.h"
#include "ui/pages/rollout_page.h"
#include "ui/widgets/filter_bar.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/resource_graph.h"
#include "window_stage.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>

using namespace tiphys;
using namespace Qt::StringLiterals;
using test::kShop;
using test::Stage;

namespace {

/// Types \p words into the palette and chooses the first match.
void find(Stage &stage, const QString &words)
{
    stage.window->openPalette();
    QTest::keyClicks(stage.window->palettePopup()->field(), words);
    QTest::keyClick(stage.window->palettePopup()->field(), Qt::Key_Return);
}

} // namespace

class FindingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aResourceOfTheOpenApplicationIsFoundFromAnyOfItsTabs()
    {
        Stage stage;
        stage.window->open(ui::applicationLocation(kShop, u"history"_s));
        auto *page = stage.page<ui::ApplicationPage>();
        find(stage, u"pod web-5c7d9f8b6d-1003"_s);
        QCOMPARE(page->tabs()->currentIndex(), static_cast<int>(ui::ApplicationPage::Tab::Tree));
        QVERIFY(page->inspector()->isVisible());
        QVERIFY2(page->inspector()->content().contains(u"Pod"_s), qPrintable(page->inspector()->content()));
        // The fold that hid it is open.
        QVERIFY(std::ranges::any_of(page->graph()->layoutShown().cards, &models::GraphCard::isFoldOpen));
    }

    void actsOfTheOpenApplicationAreFound()
    {
        Stage stage;
        stage.window->open(ui::applicationLocation(kShop));
        auto *page = stage.page<ui::ApplicationPage>();
        QTRY_VERIFY(page->syncButton()->isEnabled());
        find(stage, u"sync shop"_s);
        QVERIFY(page->findChild<ui::SyncDialog *>());
    }

    void aRolloutIsFound()
    {
        Stage stage;
        stage.service.rollouts().show(std::vector{test::rolloutRow("prod-eu", "checkout")});
        stage.window->open({ui::PageKind::Applications, {}, {}});
        find(stage, u"checkout"_s);
        QVERIFY(stage.page<ui::RolloutPage>());
        QCOMPARE(stage.settings.recentPlaces().size(), 1);
    }

    void aFilterIsKeptUnderANameAndComesBackByOneClick()
    {
        Stage stage;
        stage.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = stage.page<ui::ApplicationsPage>();
        models::ApplicationFilter filter;
        filter.chosen[models::Facet::Cluster] = {u"prod-eu"_s};
        filter.text = u"billing"_s; // the project of all of them is "shop"
        page->filterBar()->setFilter(filter);
        QCOMPARE(page->location().options.value(u"cluster"_s), u"prod-eu"_s);
        QVERIFY(page->filterBar()->saveButton()->isVisible());
        page->saveView(u"shops of prod"_s);
        ui::Sidebar *sidebar = stage.window->sidebar();
        QCOMPARE(sidebar->currentItem()->text(), u"shops of prod"_s);
        // "Applications" leads from a view to all of them.
        Q_EMIT sidebar->pageChosen(ui::PageKind::Applications);
        QTRY_COMPARE(page->table()->rowCount(), 3);
        QCOMPARE(sidebar->currentItem()->text(), u"Applications"_s);
        stage.window->open({ui::PageKind::Clusters, {}, {}});
        find(stage, u"shops of prod"_s);
        QCOMPARE(stage.window->currentPage(), page);
        QCOMPARE(page->filterBar()->filter(), filter);
        QTRY_COMPARE(page->table()->rowCount(), 1);
        stage.window->goBack();
        stage.window->goForward();
        QCOMPARE(sidebar->currentItem()->text(), u"shops of prod"_s);
        // Another name, then none.
        Q_EMIT sidebar->viewRenamed(u"shops of prod"_s, u"my shops"_s);
        QCOMPARE(stage.settings.savedViews().front().name, u"my shops"_s);
        sidebar->setFocus();
        QTest::keyClick(sidebar, Qt::Key_Delete);
        QVERIFY(stage.settings.savedViews().isEmpty());
        QCOMPARE(page->filterBar()->filter(), filter);
    }

    void goingBackShowsAllWhereAllWereShown()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = stage.page<ui::ApplicationsPage>();
        stage.window->openAddress(u"tiphys:applications?cluster=staging"_s);
        QTRY_COMPARE(page->table()->rowCount(), 1);
        stage.window->goBack();
        QTRY_COMPARE(page->table()->rowCount(), 3);
        QVERIFY(page->filterBar()->filter().isEmpty());
        stage.window->goForward();
        QTRY_COMPARE(page->table()->rowCount(), 1);
    }

    void aFilterWithoutANameStaysWhenThePageIsLeft()
    {
        Stage stage;
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = stage.page<ui::ApplicationsPage>();
        QTest::keyClicks(page->filterBar()->textField(), u"search"_s);
        stage.window->open({ui::PageKind::Clusters, {}, {}});
        Q_EMIT stage.window->sidebar()->pageChosen(ui::PageKind::Applications);
        QCOMPARE(page->table()->rowCount(), 1);
    }

    void aSlashStartsTheFilterFromTheList()
    {
        Stage stage;
        stage.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = stage.page<ui::ApplicationsPage>();
        page->view()->setFocus();
        QTest::keyClick(page->view(), Qt::Key_Slash);
        QVERIFY(page->filterBar()->textField()->hasFocus());
        // In a field it is a letter.
        QTest::keyClick(page->filterBar()->textField(), Qt::Key_Slash);
        QCOMPARE(page->filterBar()->textField()->text(), u"/"_s);
    }

    void theShortcutSheetTellsTheKeysOfThePageAndCanBeNarrowed()
    {
        Stage stage;
        stage.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        stage.window->open({ui::PageKind::Rollouts, {}, {}});
        QTest::keyClick(stage.window.get(), Qt::Key_Question);
        auto *sheet = stage.window->findChild<ui::ShortcutSheet *>();
        QVERIFY(sheet && sheet->isVisible());
        QCOMPARE(sheet->list()->topLevelItemCount(), 2);
        QCOMPARE(sheet->list()->topLevelItem(0)->text(0), u"Rollouts"_s);
        QTest::keyClicks(sheet->field(), u"promote"_s);
        QVERIFY(!sheet->list()->topLevelItem(0)->isHidden());
        QVERIFY(sheet->list()->topLevelItem(1)->isHidden());
        QTest::keyClick(sheet, Qt::Key_Escape);
        QTRY_VERIFY(!stage.window->findChild<ui::ShortcutSheet *>());
    }
};

QTEST_MAIN(FindingTest)
#include "finding_test.moc"
