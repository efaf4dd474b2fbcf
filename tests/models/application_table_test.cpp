// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_table.h"
#include "models/attention_list.h"
#include "models/cluster_list.h"
#include "models/fuzzy.h"
#include "models/text.h"
#include "support/recorded_service.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

using namespace tiphys;
using namespace tiphys::models;
using namespace Qt::StringLiterals;
using service::HealthStatus;
using service::SyncStatus;

namespace {

std::vector<service::AppRow> threeApplications()
{
    return {test::appRow("prod", "billing", HealthStatus::Healthy, SyncStatus::Synced),
            test::appRow("prod", "shop", HealthStatus::Degraded, SyncStatus::OutOfSync),
            test::appRow("staging", "search", HealthStatus::Healthy, SyncStatus::OutOfSync)};
}

QStringList names(const ApplicationTable &table)
{
    QStringList result;
    for (const service::AppRowPtr &row : table.rows())
        result << text(row->id.name);
    return result;
}

} // namespace

class ApplicationTableTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mostUrgentComesFirst()
    {
        test::RecordedService service;
        ApplicationTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        service.show(threeApplications());
        table.apply(service.applications());
        QCOMPARE(names(table), (QStringList{u"shop"_s, u"search"_s, u"billing"_s}));
    }

    void aChangedRowKeepsSelectionAndTouchesOnlyItself()
    {
        test::RecordedService service;
        ApplicationTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        std::vector<service::AppRow> rows = threeApplications();
        service.show(rows);
        table.apply(service.applications());
        const QPersistentModelIndex search = table.index(table.rowOf(rows[2].id), 0);
        QSignalSpy changed(&table, &QAbstractItemModel::dataChanged);
        QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
        rows[2].commit.subject = "another subject";
        service.show(rows);
        table.apply(service.applications());
        QCOMPARE(reset.count(), 0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), search.row());
        QCOMPARE(text(table.rowAt(search.row())->id.name), u"search"_s);
    }

    void rowsThatMoveKeepTheirPersistentIndexes()
    {
        test::RecordedService service;
        ApplicationTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        std::vector<service::AppRow> rows = threeApplications();
        service.show(rows);
        table.apply(service.applications());
        const QPersistentModelIndex billing = table.index(table.rowOf(rows[0].id), 0);
        rows[0] = test::appRow("prod", "billing", HealthStatus::Degraded, SyncStatus::Synced);
        rows.erase(rows.begin() + 2);
        rows.push_back(test::appRow("prod", "api", HealthStatus::Healthy, SyncStatus::Synced));
        service.show(rows);
        table.apply(service.applications());
        QCOMPARE(names(table), (QStringList{u"billing"_s, u"shop"_s, u"api"_s}));
        QCOMPARE(billing.row(), 0);
    }

    void textAndFacetsNarrowTogether()
    {
        test::RecordedService service;
        ApplicationTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        service.show(threeApplications());
        table.apply(service.applications());
        ApplicationFilter filter;
        filter.text = u"sho"_s;
        table.setFilter(filter);
        QCOMPARE(names(table), (QStringList{u"shop"_s, u"search"_s, u"billing"_s})); // all are of project shop
        filter.text = u"config apps/sea"_s;
        table.setFilter(filter);
        QCOMPARE(names(table), QStringList{u"search"_s});
        filter.text.clear();
        filter.chosen[Facet::Cluster] = {u"prod"_s};
        table.setFilter(filter);
        QCOMPARE(names(table), (QStringList{u"shop"_s, u"billing"_s}));
    }

    void theClusterOfTheControlPlaneHasItsName()
    {
        auto rows = threeApplications();
        rows.front().destination = "https://kubernetes.default.svc";
        test::RecordedService service;
        ApplicationTable table;
        service.show(rows);
        table.apply(service.applications());
        ApplicationFilter filter;
        for (const QString &words : {u"in-cluster"_s, u"kubernetes.default"_s}) {
            filter.text = words;
            table.setFilter(filter);
            QCOMPARE(names(table), QStringList{QString::fromStdString(rows.front().id.name)});
        }
        const QModelIndex cell = table.index(0, static_cast<int>(ApplicationTable::Column::Destination));
        QCOMPARE(cell.data().toString(), u"in-cluster"_s);
        QCOMPARE(cell.data(Qt::ToolTipRole).toString(), u"https://kubernetes.default.svc"_s);
    }

    void aFilterComesBackFromTheOptionsOfAnAddress()
    {
        models::ApplicationFilter filter;
        filter.text = u"payments api"_s;
        filter.chosen[models::Facet::Health] = {u"Degraded"_s, u"Missing"_s};
        filter.chosen[models::Facet::Project] = {QString()};
        filter.chosen[models::Facet::Cluster] = {u"a,b & c%"_s};
        const QMap<QString, QString> options = models::optionsOf(filter);
        QCOMPARE(options.value(u"health"_s), u"Degraded,Missing"_s);
        QVERIFY(models::hasFilter(options));
        QCOMPARE(models::filterOf(options), filter);
        QVERIFY(!models::hasFilter({{u"tab"_s, u"diff"_s}}));
        QVERIFY(models::optionsOf({}).isEmpty());
        QVERIFY(models::filterOf({{u"filter"_s, QString()}}).isEmpty());
    }

    void facetCountsFollowTheOtherFacets()
    {
        test::RecordedService service;
        ApplicationTable table;
        service.show(threeApplications());
        table.apply(service.applications());
        ApplicationFilter filter;
        filter.chosen[Facet::Sync] = {u"OutOfSync"_s};
        table.setFilter(filter);
        const std::vector<FacetCount> clusters = table.facet(Facet::Cluster);
        QCOMPARE(clusters, (std::vector<FacetCount>{{u"prod"_s, 1, false}, {u"staging"_s, 1, false}}));
        const std::vector<FacetCount> sync = table.facet(Facet::Sync);
        QCOMPARE(sync, (std::vector<FacetCount>{{u"OutOfSync"_s, 2, true}, {u"Synced"_s, 1, false}}));
    }

    void manyRowsSurviveFilterAndSort()
    {
        test::RecordedService service;
        ApplicationTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        std::vector<service::AppRow> rows;
        for (int i = 0; i < 10'000; ++i)
            rows.push_back(test::appRow("c" + std::to_string(i % 7), "app-" + std::to_string(i),
                                        i % 9 ? HealthStatus::Healthy : HealthStatus::Degraded,
                                        i % 5 ? SyncStatus::Synced : SyncStatus::OutOfSync));
        service.show(rows);
        table.apply(service.applications());
        QCOMPARE(table.rowCount(), 10'000);
        ApplicationFilter filter;
        filter.text = u"app-99"_s;
        table.setFilter(filter);
        QCOMPARE(table.rowCount(), 111); // 99, 990-999, 9900-9999
        table.sort(static_cast<int>(ApplicationTable::Column::Name), Qt::DescendingOrder);
        QCOMPARE(table.index(0, 1).data().toString(), u"app-9999"_s);
        table.setFilter({});
        QCOMPARE(table.rowCount(), 10'000);
    }

    void rowsOfASilentClusterAreStale()
    {
        test::RecordedService service;
        ApplicationTable table;
        service.show(threeApplications());
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod", 2), test::liveCluster("staging", 1)};
        clusters.clusters[1].reachability = service::Reachability::Stale;
        table.apply(service.applications());
        table.applyClusters(clusters);
        const int search = table.rowOf({"staging", "argocd", "search"});
        QVERIFY(table.index(search, 0).data(static_cast<int>(AppRole::IsStale)).toBool());
        QVERIFY(!table.index(0, 0).data(static_cast<int>(AppRole::IsStale)).toBool());
    }

    void attentionFoldsOneCauseAndUnfoldsInPlace()
    {
        test::RecordedService service;
        AttentionList list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::Fatal);
        std::vector<service::AppRow> rows = threeApplications();
        for (int i = 0; i < 5; ++i) {
            rows.push_back(
                test::appRow("prod", "copy-" + std::to_string(i), HealthStatus::Degraded, SyncStatus::Synced));
            rows.back().cause = "image x cannot be pulled";
        }
        service.show(rows);
        list.apply(service.applications(), service.clusters());
        QCOMPARE(list.rowCount(), 3); // the group, shop, search
        QCOMPARE(list.attentionCount(), 7);
        int group = 0;
        while (list.rowAt(group).kind != AttentionItem::Kind::Group)
            ++group;
        QCOMPARE(list.rowAt(group).count, 5);
        list.toggle(list.rowAt(group).key);
        QCOMPARE(list.rowCount(), 8);
        QVERIFY(list.rowAt(group + 1).isInGroup);
    }

    void anUnreachableClusterIsOneLineInsteadOfItsApplications()
    {
        test::RecordedService service;
        AttentionList list;
        service.show(threeApplications());
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod", 2), test::liveCluster("staging", 1)};
        clusters.clusters[0].reachability = service::Reachability::Unreachable;
        clusters.clusters[0].message = "connection refused";
        service.show(clusters);
        list.apply(service.applications(), service.clusters());
        QCOMPARE(list.rowCount(), 2);
        QCOMPARE(list.rowAt(0).kind, AttentionItem::Kind::Cluster);
        QVERIFY(list.rowAt(0).cause.startsWith(u"Connection refused."_s));
        QCOMPARE(list.rowAt(1).title, u"search"_s);
        QCOMPARE(list.quietCount(), 0);
    }

    void tickingAContextAsksOnly()
    {
        ClusterList list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::Fatal);
        auto snapshot = std::make_shared<service::ClustersSnapshot>();
        snapshot->clusters = {test::liveCluster("prod", 2)};
        snapshot->clusters[0].reachability = service::Reachability::NotContacted;
        list.apply(snapshot);
        QSignalSpy ticks(&list, &ClusterList::tickRequested);
        QVERIFY(list.setData(list.index(0, 0), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(ticks.count(), 1);
        QCOMPARE(list.index(0, 0).data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Unchecked));
    }

    void fuzzyPrefersRunsAndWordStarts()
    {
        QCOMPARE(fuzzyScore(u"xyz"_s, u"shop"_s), -1);
        QVERIFY(fuzzyScore(u"shop"_s, u"shop"_s) > fuzzyScore(u"shop"_s, u"workshop"_s));
        QVERIFY(fuzzyScore(u"prodshop"_s, u"prod shop"_s) > 0);
    }

    void fuzzyTakesSeveralWordsForARun()
    {
        QVERIFY(models::fuzzyScore(u"deployment web"_s, u"Deployment web"_s) > 1'000);
        QVERIFY(models::fuzzyScore(u"dep web"_s, u"Deployment web"_s) > 0);
        QVERIFY(models::fuzzyScore(u"deployment web"_s, u"Deployment web"_s)
                > models::fuzzyScore(u"deployment web"_s, u"Deployment worker-base"_s));
    }

    void agesAndRevisionsReadWell()
    {
        QCOMPARE(agoText(test::kNow - 4 * 60'000, test::kNow), u"4 min ago"_s);
        QCOMPARE(ageText(0, test::kNow), QString());
        QCOMPARE(shortRevision("3f2c1ab9d0e4f5a6b7c8d9e0f1a2b3c4d5e6f708"), u"3f2c1ab"_s);
        QCOMPARE(shortRevision("1.4.2"), u"1.4.2"_s);
        QCOMPARE(repositoryName("git@git.example.com:platform/config.git"), u"platform/config"_s);
        QCOMPARE(sentence("connection refused"), u"Connection refused."_s);
    }
};

QTEST_GUILESS_MAIN(ApplicationTableTest)
#include "application_table_test.moc"
