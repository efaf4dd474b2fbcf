// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_table.h"
#include "models/diff_list.h"
#include "models/text.h"
#include "ui/delegates/row_delegate.h"
#include "ui/pages/application_header.h"
#include "ui/pages/application_page.h"
#include "ui/pages/applications_page.h"
#include "ui/pages/resource_pane.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/resource_graph.h"
#include "ui/widgets/table_columns.h"
#include "window_stage.h"

#include <QHeaderView>
#include <QLayout>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

#include <map>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::HealthStatus;
using service::SyncStatus;
using test::Stage;

class ApplicationPartsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNameKeepsItsRoomWhileAnOperationRunsInANarrowWindow()
    {
        service::AppDetail detail = test::appDetail(
            test::appRow("prod-eu", "payments-gateway-eu", HealthStatus::Progressing, SyncStatus::OutOfSync));
        detail.row.operation = service::OperationPhase::Running;
        ui::ApplicationHeader header;
        header.setApplication(detail.row.id);
        header.show(detail, test::kNow);
        header.showActs(&detail,
                        service::Permissions{{true, {}}, {true, {}}, {true, {}}, {true, {}}, {true, {}}, {true, {}}});
        static_cast<QWidget &>(header).show();
        for (const int width : {2400, 1300, 1000, 700}) {
            header.resize(width, 200);
            header.layout()->activate();
            QVERIFY2(header.name()->width() >= header.name()->sizeHint().width(), qPrintable(QString::number(width)));
        }
        QVERIFY(header.hasStatusLine());
        header.resize(2400, 200);
        header.layout()->activate();
        QVERIFY(!header.hasStatusLine());
        QVERIFY(header.name()->width() >= header.name()->sizeHint().width());
    }

    void roomThatIsLeftGoesToWhatIsElided()
    {
        using Column = models::ApplicationTable::Column;
        Stage stage;
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = stage.page<ui::ApplicationsPage>();
        const auto widthsAt = [page](int width) {
            page->columns()->fit(width);
            std::map<Column, int> widths;
            for (const Column column :
                 {Column::Name, Column::Destination, Column::Source, Column::Revision, Column::Project})
                widths[column] = page->view()->columnWidth(static_cast<int>(column));
            return widths;
        };
        std::map<Column, int> narrow = widthsAt(2'000);
        std::map<Column, int> wide = widthsAt(2'900);
        for (const Column column : {Column::Destination, Column::Source, Column::Revision})
            QVERIFY(wide[column] - narrow[column] >= 90);
        QVERIFY(wide[Column::Name] - narrow[Column::Name]
                >= 2 * (wide[Column::Destination] - narrow[Column::Destination]));
        QCOMPARE(wide[Column::Project], narrow[Column::Project]);
    }

    void columnsStayAsAPersonArrangedThem()
    {
        using Column = models::ApplicationTable::Column;
        constexpr int kSource = static_cast<int>(Column::Source);
        constexpr int kProject = static_cast<int>(Column::Project);
        constexpr int kStatus = static_cast<int>(Column::Status);
        Stage stage;
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *page = stage.page<ui::ApplicationsPage>();
        const int width = 31 * ui::unit(page->view());
        page->columns()->fit(4'000);
        QVERIFY(!page->view()->isColumnHidden(kSource));
        page->columns()->setWidth(kProject, width);
        page->columns()->setHidden(kSource, true);
        page->columns()->setHidden(kStatus, true); // always shown
        page->view()->header()->moveSection(page->view()->header()->visualIndex(kProject), 1);
        page->columns()->fit(4'100);
        ui::MainWindow window(ui::UiContext{stage.service, stage.settings, [] { return test::kNow; }, {}});
        window.open({ui::PageKind::Applications, {}, {}});
        auto *next = qobject_cast<ui::ApplicationsPage *>(window.currentPage());
        next->columns()->fit(4'000);
        for (const ui::ApplicationsPage *shown : {page, next}) {
            QVERIFY(shown->view()->isColumnHidden(kSource));
            QVERIFY(!shown->view()->isColumnHidden(kStatus));
            QCOMPARE(shown->view()->columnWidth(kProject), width);
            QCOMPARE(shown->view()->header()->visualIndex(kProject), 1);
        }
        next->columns()->reset();
        next->columns()->fit(4'000);
        QVERIFY(!next->view()->isColumnHidden(kSource));
        QVERIFY(next->view()->columnWidth(kProject) != width);
        QCOMPARE(next->view()->header()->visualIndex(kProject), kProject);
        QVERIFY(stage.settings.tableLayout(u"applications"_s).isEmpty());
    }

    void anApplicationThatIsNotThereIsSaidNotToBe()
    {
        Stage stage;
        stage.window->openAddress(u"tiphys://prod-eu/argocd/shop"_s);
        auto *page = stage.page<ui::ApplicationPage>();
        QTRY_VERIFY(page->isSettled());
        auto *pane = page->findChild<ui::ResourcePane *>();
        Q_EMIT pane->graph()->nodeSelected(0);
        QVERIFY(pane->inspected());
        // What its tree lacks stands above it.
        service::AppDetail partial = test::appDetail(stage.rows[0]);
        partial.treeProblem = "jobs cannot be listed";
        stage.service.show(partial);
        QTRY_VERIFY(!pane->banner()->isHidden());
        QVERIFY(pane->inspected());
        service::AppDetail absent;
        absent.row.id = test::kShop;
        absent.treeProblem = "there is no Application 'shop' in namespace 'argocd' of prod-eu";
        stage.service.show(absent);
        QTRY_COMPARE(pane->emptyPane()->title(), u"The application cannot be shown"_s);
        QCOMPARE(pane->emptyPane()->text(), u"There is no Application 'shop' in namespace 'argocd' of prod-eu."_s);
        QVERIFY(!page->syncButton()->isEnabled());
        QVERIFY(page->isSettled());
        QVERIFY(pane->inspector()->isHidden());
        QVERIFY(pane->banner()->isHidden());
        // It comes back when it is there.
        stage.service.show(test::appDetail(stage.rows[0]));
        QTRY_VERIFY(page->syncButton()->isEnabled());
        QVERIFY(pane->emptyPane()->title() != u"The application cannot be shown"_s || !pane->emptyPane()->isVisible());
        QVERIFY(!pane->inspected());
    }

    void cellsBeginUnderTheTitlesOfTheirColumns()
    {
        Stage stage;
        stage.window->openAddress(u"tiphys://prod-eu/argocd/shop?tab=operation"_s);
        auto *list = qobject_cast<QTreeView *>(stage.page<ui::ApplicationPage>()->panes().front());
        QVERIFY(list);
        QStyleOptionViewItem option;
        option.widget = list;
        option.fontMetrics = list->fontMetrics();
        const int u = ui::unit(list);
        QCOMPARE(ui::cellInset(option, list->model()->index(0, 0)), 3 * u);
        QCOMPARE(ui::cellInset(option, list->model()->index(0, 1)), 2 * u);
        list->header()->moveSection(1, 0);
        QCOMPARE(ui::cellInset(option, list->model()->index(0, 1)), 3 * u);
        QCOMPARE(ui::cellInset(option, list->model()->index(0, 0)), 2 * u);
    }

    void differencesAreTickedByKeyAndMouseAndStayTicked()
    {
        Stage stage;
        stage.window->openAddress(u"tiphys://prod-eu/argocd/shop?tab=diff"_s);
        ui::DiffPane *pane = stage.page<ui::ApplicationPage>()->diffPane();
        QTreeView *list = pane->list();
        list->setCurrentIndex(pane->model()->index(0, 0));
        QTest::keyClick(list, Qt::Key_Space);
        QVERIFY(pane->model()->isReviewed(0));
        QVERIFY2(pane->summary().endsWith(u"1 of 3 reviewed"_s), qPrintable(pane->summary()));
        const QRect second = list->visualRect(pane->model()->index(1, 0));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          QPoint(second.left() + 5 * ui::unit(list), second.center().y()));
        QVERIFY(pane->model()->isReviewed(1));
        // On to the next one that is not ticked.
        list->setCurrentIndex(pane->model()->index(0, 0));
        pane->reviewAndGoOn();
        QCOMPARE(list->currentIndex().row(), 2);
        QCOMPARE(stage.settings.reviewedDiffs().size(), 2);
        ui::MainWindow next(ui::UiContext{stage.service, stage.settings, [] { return test::kNow; }, {}});
        next.openAddress(u"tiphys://prod-eu/argocd/shop?tab=diff"_s);
        QCOMPARE(qobject_cast<ui::ApplicationPage *>(next.currentPage())->diffPane()->model()->reviewedCount(), 2);
    }
};

QTEST_MAIN(ApplicationPartsTest)
#include "application_parts_test.moc"
