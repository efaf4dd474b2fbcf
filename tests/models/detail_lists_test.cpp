// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/detail_lists.h"

#include "models/application_table.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::OperationPhase;

namespace {

constexpr int kSecondary = static_cast<int>(models::AppRole::Secondary);

/// A sync whose second wave waits for a Deployment, and then has a hook to run.
service::OperationView running()
{
    service::OperationView operation;
    operation.phase = OperationPhase::Running;
    operation.results = {
        {{"apps", "Deployment", "shop", "web"},
         "Sync",
         "Synced",
         "",
         "Running",
         "1 of 3 updated replicas are available",
         1},
        {{"", "ConfigMap", "shop", "settings"}, "Sync", "Synced", "", "Succeeded", "configmap/settings created", 0},
        {{"", "Service", "shop", "web"}, "Sync", "Synced", "", "Succeeded", "service/web created", 1},
        {{"batch", "Job", "shop", "migrate"}, "PreSync", "", "PreSync", "Succeeded", "job completed", -1}};
    return operation;
}

} // namespace

class DetailListsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resultsAreGroupedByPhaseAndWave()
    {
        models::ResultList list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::Fatal);
        list.apply(running().results, OperationPhase::Running);
        QStringList groups;
        QStringList counts;
        for (int row = 0; row < list.rowCount(); ++row) {
            groups << list.index(row, 0).data().toString();
            counts << list.index(row, 0).data(kSecondary).toString();
        }
        QCOMPARE(groups, QStringList({u"PreSync · wave -1"_s, u"Sync · wave 0"_s, u"Sync · wave 1"_s, QString()}));
        QCOMPARE(counts, QStringList({u"1 of 1 done"_s, u"1 of 1 done"_s, u"1 of 2 done"_s, QString()}));
        // Who listens hears the group in every line.
        QCOMPARE(list.index(3, 0).data(Qt::AccessibleTextRole).toString(), u"Sync · wave 1"_s);
    }

    void hooksAreMarked()
    {
        models::ResultList list;
        list.apply(running().results, OperationPhase::Running);
        QVERIFY(list.index(0, 1).data(models::kHookRole).toBool());
        QCOMPARE(list.index(0, 1).data(kSecondary).toString(), u"hook PreSync in shop"_s);
        QCOMPARE(list.index(0, 1).data(Qt::AccessibleTextRole).toString(), u"Job migrate in shop, hook PreSync"_s);
        QVERIFY(!list.index(1, 1).data(models::kHookRole).toBool());
    }

    void whatIsWaitedForIsNamed()
    {
        service::OperationView operation = running();
        QCOMPARE(models::awaitedText(operation),
                 u"Waits for Deployment web in shop (Sync, wave 1): 1 of 3 updated replicas are available"_s);
        QCOMPARE(models::phasesText(operation), u"PreSync 1 of 1 → Sync 2 of 3"_s);
        models::ResultList list;
        list.apply(operation.results, operation.phase);
        QVERIFY(list.isAwaited(2));
        QVERIFY(!list.isAwaited(3));
        QVERIFY(list.index(2, 2).data(Qt::AccessibleTextRole).toString().endsWith(u"waited for now"_s));
        operation.results.push_back({{"batch", "Job", "shop", "smoke"}, "PostSync", "", "PostSync", "Running", "", 0});
        QCOMPARE(models::awaitedText(operation), u"Waits for hook Job smoke in shop (PostSync, wave 0) · and 1 more"_s);
    }

    void afterItsEndNothingIsWaitedFor()
    {
        service::OperationView operation = running();
        operation.phase = OperationPhase::Failed;
        QCOMPARE(models::awaitedText(operation), QString());
        models::ResultList list;
        list.apply(operation.results, OperationPhase::Running);
        QVERIFY(list.isAwaited(2));
        list.apply(operation.results, operation.phase);
        QVERIFY(!list.isAwaited(2));
        QCOMPARE(models::phasesText({}), QString());
    }

    void theFirstWordsOfAMessageStandForIt()
    {
        const auto brief = [](const std::string &message) {
            service::OperationView operation;
            operation.message = message;
            return models::briefMessage(operation);
        };
        QCOMPARE(brief("one or more objects failed to apply, reason: Deployment.apps \"web\" is invalid"),
                 u"one or more objects failed to apply"_s);
        QCOMPARE(brief("one or more synchronization tasks completed unsuccessfully (retried 5 times)."),
                 u"one or more synchronization tasks completed unsuccessfully"_s);
        QCOMPARE(brief("ComparisonError: Failed to load target state: no such chart"),
                 u"ComparisonError: Failed to load target state"_s);
        QCOMPARE(brief("short\nand more"), u"short"_s);
        QCOMPARE(brief(std::string(200, 'x')).size(), 90);
    }

    void aNameStandsAboveItsNamespace()
    {
        // One line with both would lose the name first where the column is narrow.
        models::ResultList results;
        results.apply(running().results, OperationPhase::Running);
        QCOMPARE(results.index(1, 1).data().toString(), u"ConfigMap settings"_s);
        QCOMPARE(results.index(1, 1).data(kSecondary).toString(), u"shop"_s);
        QCOMPARE(results.index(1, 1).data(Qt::AccessibleTextRole).toString(), u"ConfigMap settings in shop"_s);
        models::EventList events;
        events.apply({{"Normal", "Pulled", "", {"", "Pod", "shop", "web"}, 1, 500}}, 2'000);
        QCOMPARE(events.index(0, 1).data().toString(), u"Pod web"_s);
        QCOMPARE(events.index(0, 1).data(kSecondary).toString(), u"shop"_s);
        QCOMPARE(events.index(0, 1).data(Qt::AccessibleTextRole).toString(), u"Pod web in shop"_s);
    }

    void anEventsWarningMarkHasAWord()
    {
        models::EventList list;
        list.apply({{"Warning", "Failed", "image not found", {"", "Pod", "shop", "web"}, 1, 1'000},
                    {"Normal", "Pulled", "", {"", "Pod", "shop", "web"}, 1, 500}},
                   2'000);
        QCOMPARE(list.index(0, 0).data(Qt::AccessibleTextRole).toString(), u"Warning, Failed"_s);
        QVERIFY(!list.index(1, 0).data(Qt::AccessibleTextRole).isValid());
    }

    void aLineThatComesRenewsItsGroup()
    {
        models::ResultList list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::Fatal);
        std::vector<service::ResultRow> rows = running().results;
        const service::ResultRow late = rows.front();
        rows.erase(rows.begin());
        list.apply(rows, OperationPhase::Running);
        const QPersistentModelIndex service(list.index(2, 1));
        QCOMPARE(list.index(2, 0).data(kSecondary).toString(), u"1 of 1 done"_s);
        rows.push_back(late);
        list.apply(rows, OperationPhase::Running);
        QCOMPARE(list.rowCount(), 4);
        QCOMPARE(service.data().toString(), u"Service web"_s);
        QCOMPARE(list.index(2, 0).data(kSecondary).toString(), u"1 of 2 done"_s);
    }
};

QTEST_MAIN(DetailListsTest)
#include "detail_lists_test.moc"
