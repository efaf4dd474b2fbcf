// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/text.h"
#include "ui/pages/application_header.h"
#include "ui/widgets/labels.h"
#include "window_stage.h"

#include <QLayout>
#include <QTest>

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
        service::AppDetail detail = test::appDetail(test::appRow("prod-eu", "payments-gateway-eu", HealthStatus::Progressing, SyncStatus::OutOfSync));
        detail.row.operation = service::OperationPhase::Running;
        ui::ApplicationHeader header;
        header.setApplication(detail.row.id);
        header.show(detail, test::kNow);
        header.showActs(&detail, service::Permissions{{true, {}}, {true, {}}, {true, {}}, {true, {}}, {true, {}}});
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
};

QTEST_MAIN(ApplicationPartsTest)
#include "application_parts_test.moc"
