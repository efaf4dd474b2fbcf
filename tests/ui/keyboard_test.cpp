// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/recorded_service.h"
#include "ui/dialogs/shortcut_sheet.h"
#include "ui/dialogs/sync_dialog.h"
#include "ui/main_window/main_window.h"
#include "ui/pages/application_page.h"
#include "ui/pages/applications_page.h"
#include "ui/settings.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/resource_graph.h"

#include <QAccessible>
#include <QApplication>
#include <QPushButton>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <algorithm>
#include <memory>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::HealthStatus;
using service::SyncStatus;

namespace {

/// A window over one recorded application, for somebody who has no mouse.
struct Stage
{
    Stage()
    {
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod-eu", 1)};
        service.show(clusters);
        const service::AppRow row = test::appRow("prod-eu", "shop", HealthStatus::Degraded, SyncStatus::OutOfSync);
        service.show(std::vector{row});
        service.show(test::appDetail(row));
        window = std::make_unique<ui::MainWindow>(ui::UiContext{service, settings, [] { return test::kNow; }, {}});
        window->show();
        window->activateWindow();
        window->open({ui::PageKind::Applications, {}, {}});
    }
    /// From the list to the application's page.
    ui::ApplicationPage *enter()
    {
        auto *list = qobject_cast<ui::ApplicationsPage *>(window->currentPage());
        list->view()->setFocus();
        QTest::keyClick(list->view(), Qt::Key_Return);
        return qobject_cast<ui::ApplicationPage *>(window->currentPage());
    }
    static void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    /// Tabs on until \p wanted has the keyboard; false after once around.
    static bool tabTo(const QWidget *wanted)
    {
        for (int i = 0; i < 60 && QApplication::focusWidget() != wanted; ++i)
            press(Qt::Key_Tab);
        return QApplication::focusWidget() == wanted;
    }

    QTemporaryDir folder;
    test::RecordedService service;
    ui::Settings settings{folder.filePath(u"settings.ini"_s)};
    std::unique_ptr<ui::MainWindow> window;
};

QString described(QWidget *widget)
{
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(widget);
    return face ? face->text(QAccessible::Description) : QString();
}

} // namespace

class KeyboardTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ctrlTabWalksTheTabsOfAPage()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        ui::ApplicationPage *page = stage.enter();
        QVERIFY(page);
        const auto tab = [&stage] { return stage.window->currentPage()->findChild<QTabBar *>()->currentIndex(); };
        const int first = tab();
        const int count = stage.window->currentPage()->findChild<QTabBar *>()->count();
        Stage::press(Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(tab(), (first + 1) % count);
        Stage::press(Qt::Key_Backtab, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(tab(), first);
    }

    void f1ShowsTheKeys()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        stage.enter();
        Stage::press(Qt::Key_F1);
        QTRY_VERIFY(stage.window->findChild<ui::ShortcutSheet *>());
    }

    void closeClosesTheWindow()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        stage.enter();
        const QList<QKeySequence> keys = QKeySequence::keyBindings(QKeySequence::Close);
        QVERIFY(!keys.isEmpty());
        QTest::keySequence(QApplication::focusWidget(), keys.front());
        QTRY_VERIFY(!stage.window->isVisible());
    }

    void everyPartOfAnApplicationsPageIsReachedByTab()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        ui::ApplicationPage *page = stage.enter();
        QVERIFY(page);
        QTRY_VERIFY(page->syncButton()->isEnabled());
        QVERIFY(Stage::tabTo(page->syncButton()));
        QVERIFY(Stage::tabTo(page->tabs()));
        QVERIFY(Stage::tabTo(page->graph()));
        for (const QWidget *widget : page->findChildren<QAbstractButton *>()) {
            if (widget->isVisible() && widget->isEnabled() && widget->focusPolicy() != Qt::NoFocus)
                QVERIFY2(Stage::tabTo(widget), qPrintable(widget->accessibleName() + u' ' + widget->toolTip()));
        }
    }

    void aResourceIsChosenAndItsInspectorClosed()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        ui::ApplicationPage *page = stage.enter();
        QVERIFY(Stage::tabTo(page->graph()));
        Stage::press(Qt::Key_Right);
        QVERIFY(page->inspector()->isVisible());
        Stage::press(Qt::Key_Escape);
        QVERIFY(!page->inspector()->isVisible());
        QCOMPARE(QApplication::focusWidget(), page->graph());
    }

    void theGraphTellsWhatIsSelected()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        ui::ApplicationPage *page = stage.enter();
        QVERIFY2(described(page->graph()).startsWith(u"Application shop, Degraded, OutOfSync"_s),
                 qPrintable(described(page->graph())));
        QVERIFY(Stage::tabTo(page->graph()));
        Stage::press(Qt::Key_Right);
        const service::AppDetailPtr detail = stage.service.application({"prod-eu", "argocd", "shop"});
        const auto isTold = [&](const service::TreeNode &node) {
            return described(page->graph()).contains(QString::fromStdString(node.key.name));
        };
        QVERIFY2(std::ranges::any_of(detail->tree, isTold), qPrintable(described(page->graph())));
    }

    void everyCardOfTheGraphHasNameStatusAndPlace()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        ui::ApplicationPage *page = stage.enter();
        QAccessibleInterface *graph = QAccessible::queryAccessibleInterface(page->graph());
        QVERIFY(graph);
        QCOMPARE(graph->role(), QAccessible::Tree);
        QCOMPARE(graph->childCount(), static_cast<int>(page->graph()->layoutShown().cards.size()));
        QStringList names;
        for (int i = 0; i < graph->childCount(); ++i) {
            QAccessibleInterface *card = graph->child(i);
            QVERIFY(card && card->isValid());
            QCOMPARE(card->role(), QAccessible::TreeItem);
            QCOMPARE(graph->indexOfChild(card), i);
            QCOMPARE(card->parent(), graph);
            QVERIFY(!card->rect().isEmpty());
            names << card->text(QAccessible::Name);
        }
        QVERIFY(names.front().startsWith(u"Application shop, Degraded, OutOfSync"_s));
        QVERIFY(graph->child(0)->state().selected);
        QVERIFY2(names.contains(u"Deployment web in shop, Degraded, OutOfSync"_s), qPrintable(names.join(u'|')));
        const auto isPodFold = [](const QString &name) { return name.endsWith(u"folded, Pod, 1 not healthy"_s); };
        QVERIFY2(std::ranges::any_of(names, isPodFold), qPrintable(names.join(u'|')));
    }

    void tabsAreWalkedByArrows()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        ui::ApplicationPage *page = stage.enter();
        QVERIFY(Stage::tabTo(page->tabs()));
        for (int tab = 1; tab < page->tabs()->count(); ++tab) {
            Stage::press(Qt::Key_Right);
            QCOMPARE(page->tabs()->currentIndex(), tab);
        }
    }

    void aSyncIsOpenedAndLeftAgain()
    {
        Stage stage;
        QVERIFY(QTest::qWaitForWindowActive(stage.window.get()));
        ui::ApplicationPage *page = stage.enter();
        QTRY_VERIFY(page->syncButton()->isEnabled());
        QVERIFY(Stage::tabTo(page->syncButton()));
        Stage::press(Qt::Key_Space);
        auto *dialog = page->findChild<ui::SyncDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!page->findChild<ui::SyncDialog *>());
    }
};

QTEST_MAIN(KeyboardTest)
#include "keyboard_test.moc"
