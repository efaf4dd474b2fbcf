// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_table.h"
#include "models/rollout_table.h"
#include "ui/pages/application_page.h"
#include "ui/theme/contrast.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/elided_button.h"
#include "ui/widgets/health_bar.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/resource_graph.h"
#include "window_stage.h"

#include <QComboBox>
#include <QTest>
#include <QTreeView>

using namespace tiphys;
using namespace Qt::StringLiterals;
using test::Stage;

class NarrowWindowTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noPageKeepsTheWindowWiderThanItMustBe()
    {
        Stage stage;
        ui::MainWindow window(ui::UiContext{stage.service, stage.settings, [] { return test::kNow; }, [] {}});
        window.resize(1100, 700);
        window.show();
        const int most = 190 * ui::unit(&window); // 760 at the usual size of text
        const auto fits = [&] { return window.minimumSizeHint().width() <= most; };
        for (const QString &address :
             {u"tiphys:start"_s, u"tiphys:attention"_s, u"tiphys:applications"_s,
              u"tiphys:applications?cluster=prod-eu,staging&health=Degraded&sync=OutOfSync"_s, u"tiphys:rollouts"_s,
              u"tiphys:compare"_s, u"tiphys:clusters"_s, u"tiphys:settings"_s,
              u"tiphys://prod-eu/argocd/shop?tab=diff"_s, u"tiphys://prod-eu/argocd/shop?tab=history"_s,
              u"tiphys://prod-eu/argocd/shop?tab=operation"_s,
              u"tiphys://prod-eu/argocd/shop?tab=tree&only=problems&find=pod"_s}) {
            QVERIFY2(window.openAddress(address), qPrintable(address));
            QVERIFY2(fits(), qPrintable(address + u" needs "_s + QString::number(window.minimumSizeHint().width())));
        }
        // Also beside the inspector.
        auto *page = qobject_cast<ui::ApplicationPage *>(window.currentPage());
        Q_EMIT page->graph()->nodeSelected(0);
        QVERIFY(page->inspector()->isVisible());
        QVERIFY2(fits(), qPrintable(QString::number(window.minimumSizeHint().width())));
    }

    void whatIsWaitedForStaysInTheNarrowestWindow()
    {
        Stage stage;
        stage.service.rollouts().show(std::vector{test::rolloutRow("prod-eu", "web")});
        stage.window->resize(190 * ui::unit(stage.window.get()), 520);
        stage.window->open({ui::PageKind::Rollouts, {}, {}});
        auto *view = stage.window->currentPage()->findChild<QTreeView *>();
        QVERIFY(view);
        QTRY_VERIFY(view->viewport()->width() > 300);
        QVERIFY(!view->isColumnHidden(static_cast<int>(models::RolloutTable::Column::Wait)));
        QVERIFY(!view->isColumnHidden(static_cast<int>(models::RolloutTable::Column::Acts)));
    }

    void aNameHasMoreRoomThanARevision()
    {
        Stage stage;
        stage.window->resize(1100, 700);
        stage.window->open({ui::PageKind::Applications, {}, {}});
        auto *view = stage.window->currentPage()->findChild<QTreeView *>();
        QVERIFY(view);
        const auto widthOf = [view](models::ApplicationTable::Column column) {
            return view->columnWidth(static_cast<int>(column));
        };
        // What is wrong with an application stands below its name.
        QTRY_VERIFY(widthOf(models::ApplicationTable::Column::Name)
                    > 1.5 * widthOf(models::ApplicationTable::Column::Revision));
    }

    void theLegendIsNotCutOff()
    {
        using service::HealthStatus;
        ui::HealthBar bar;
        bar.setShares({{HealthStatus::Healthy, 6},
                       {HealthStatus::Progressing, 2},
                       {HealthStatus::Suspended, 3},
                       {HealthStatus::Missing, 2},
                       {HealthStatus::Degraded, 2}});
        const QColor ground = bar.palette().color(QPalette::Window);
        for (int width = 250; width < 900; width += 7) {
            bar.resize(width, bar.sizeHint().height());
            const QImage picture = bar.grab().toImage();
            for (int y = 4 * ui::unit(&bar); y < bar.height(); ++y)
                QVERIFY2(picture.pixelColor(width - 1, y) == ground, qPrintable(QString::number(width)));
        }
    }

    void aRepositoryHasRoomInTheNarrowestWindow()
    {
        Stage stage;
        const int u = ui::unit(stage.window.get());
        stage.window->resize(190 * u, 520);
        stage.window->open({ui::PageKind::Compare, {}, {}});
        QComboBox *repository = nullptr;
        for (QComboBox *box : stage.window->currentPage()->findChildren<QComboBox *>()) {
            if (box->accessibleName() == u"Repository"_s)
                repository = box;
        }
        QVERIFY(repository);
        QTRY_VERIFY2(repository->width() >= 50 * u, qPrintable(QString::number(repository->width())));
    }

    void aCauseIsReadAsFarAsThereIsRoom()
    {
        service::AppRow row =
            test::appRow("prod-eu", "shop", service::HealthStatus::Degraded, service::SyncStatus::Synced);
        row.cause = std::string(300, 'm');
        Stage stage;
        stage.service.show(std::vector{row});
        const int u = ui::unit(stage.window.get());
        stage.window->resize(190 * u, 520);
        stage.window->open({ui::PageKind::Attention, {}, {}});
        auto *view = stage.window->currentPage()->findChild<QTreeView *>();
        QVERIFY(view && view->model()->rowCount() > 0);
        view->setCurrentIndex({});
        const QRect line = view->visualRect(view->model()->index(0, 0));
        const QImage picture = view->viewport()->grab(line).toImage();
        // Below the age and the act, which stand in the middle of the line.
        const int y = picture.height() / 2 + view->fontMetrics().height() / 2;
        int last = 0;
        for (int x = 10 * u; x < picture.width(); ++x) {
            if (ui::contrastOf(picture.pixelColor(x, y), view->palette().color(QPalette::Base)) > 2)
                last = x;
        }
        QVERIFY2(last > 0.59 * picture.width(), qPrintable(QString::number(last)));
    }

    void aButtonWithoutRoomIsElided()
    {
        ui::ElidedButton button;
        button.setText(u"Cluster: the-one-with-the-long-name-eu-west-1"_s);
        QVERIFY(button.minimumSizeHint().width() < button.sizeHint().width() / 2);
        button.setText(u"A"_s);
        QVERIFY(button.minimumSizeHint().width() <= button.sizeHint().width());
    }
};

QTEST_MAIN(NarrowWindowTest)
#include "narrow_window_test.moc"
