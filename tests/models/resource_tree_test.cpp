// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/resource_tree.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace tiphys;
using namespace tiphys::models;
using namespace Qt::StringLiterals;
using service::HealthStatus;

namespace {

service::TreeNode nodeOf(HealthStatus health, std::string message)
{
    service::TreeNode node;
    node.key.kind = "Widget";
    node.key.name = "front";
    node.health = health;
    node.healthMessage = std::move(message);
    node.isLive = true;
    return node;
}

} // namespace

class ResourceTreeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aScriptsErrorBeginsWithItsLine_data()
    {
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("cause");
        QTest::newRow("raised")
            << u"<string>:3: attempt to index a non-table object(nil) with key 'x'\nstack traceback:\n\t[G]: in main"_s
            << u"script line 3: attempt to index a non-table object(nil) with key 'x' stack traceback: [G]: in main"_s;
        QTest::newRow("after other words") << u"failed to assess: <string>:12: bad"_s << u"script line 12: bad"_s;
        QTest::newRow("without a line") << u"Lua returned an invalid health status"_s
                                        << u"Lua returned an invalid health status"_s;
        QTest::newRow("nothing said") << QString() << QString();
    }

    void aScriptsErrorBeginsWithItsLine()
    {
        QFETCH(const QString, message);
        QFETCH(const QString, cause);
        QCOMPARE(healthCause(nodeOf(HealthStatus::Unknown, message.toStdString())), cause);
    }

    void otherwiseThePodsAreTheCause()
    {
        service::TreeNode node = nodeOf(HealthStatus::Degraded, "said by the object");
        QCOMPARE(healthCause(node), QString());
        node.podTrouble = "2 of 3 pods: CrashLoopBackOff";
        QCOMPARE(healthCause(node), u"2 of 3 pods: CrashLoopBackOff"_s);
    }

    void whatIsOnlyStoredSaysSo()
    {
        service::TreeNode node = nodeOf(HealthStatus::Healthy, {});
        QCOMPARE(nodeNote(node), QString());
        node.isStored = true;
        QCOMPARE(nodeNote(node), u"as the stored status says"_s);
        node.requiresPruning = true;
        QCOMPARE(nodeNote(node), u"no longer in Git · as the stored status says"_s);
    }

    void aTreeNamesWhatHasNotCome()
    {
        service::AppDetail detail;
        QCOMPARE(arrivalText(detail), QString());
        detail.arrival = {.listed = 12, .asked = 61, .waitsFor = "pods in all namespaces"};
        QVERIFY(arrivalText(detail).startsWith(
            u"12 of 61 lists have come, pods in all namespaces among those that have not."_s));
    }

    void aNodeIsTellableInWords()
    {
        service::TreeNode node = nodeOf(HealthStatus::Degraded, {});
        QCOMPARE(spokenNode(node, {}), u"Widget front, Degraded"_s);
        node.hasSync = true;
        node.sync = service::SyncStatus::OutOfSync;
        node.podTrouble = "2 of 3 pods: CrashLoopBackOff";
        node.info = "1/3";
        node.requiresPruning = true;
        QCOMPARE(spokenNode(node, {}),
                 u"Widget front, Degraded, OutOfSync, 2 of 3 pods: CrashLoopBackOff, 1/3, no longer in Git"_s);
        // No word where there is no status.
        QCOMPARE(spokenNode(nodeOf(HealthStatus::None, {}), {}), u"Widget front"_s);
    }

    void theListShowsIt()
    {
        ResourceTree tree;
        QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
        tree.apply({nodeOf(HealthStatus::Unknown, "<string>:3: bad")}, "default");
        QStringList cells;
        for (int column = 0; column < tree.columnCount({}); ++column)
            cells << tree.index(0, column, {}).data().toString();
        QVERIFY2(cells.contains(u"script line 3: bad"_s), qPrintable(cells.join(u'|')));
    }
};

QTEST_GUILESS_MAIN(ResourceTreeTest)
#include "resource_tree_test.moc"
