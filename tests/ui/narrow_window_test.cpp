// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/application_page.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/elided_button.h"
#include "ui/widgets/inspector.h"
#include "ui/widgets/resource_graph.h"
#include "window_stage.h"

#include <QTest>

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
