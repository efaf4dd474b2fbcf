// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparison_tree.h"
#include "models/diff_list.h"
#include "support/recorded_service.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace tiphys;
using namespace Qt::StringLiterals;
using models::DiffList;

namespace {

service::AppDetail detail()
{
    return test::appDetail(
        test::appRow("prod-eu", "shop", service::HealthStatus::Healthy, service::SyncStatus::OutOfSync));
}

service::ComparedResource resource(const std::string &name, std::uint64_t identity)
{
    service::ComparedResource made;
    made.key = {"apps", "Deployment", "shop", name};
    made.diff.key = made.key;
    made.diff.lines = test::diffLines({" a: 1", "-b: 2", "+b: 3"});
    made.identity = identity;
    return made;
}

bool isTicked(const QModelIndex &index)
{
    return index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
}

} // namespace

class ReviewedDiffsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneSentenceSaysWhatASyncWouldDo()
    {
        const auto of = [](service::ChangeKind change) {
            service::ResourceDiff diff;
            diff.change = change;
            return diff;
        };
        using enum service::ChangeKind;
        QCOMPARE(models::differencesText({}), u"Live and desired state are the same"_s);
        QCOMPARE(models::differencesText({of(Changed)}), u"1 resource(s) differ: sync would change 1"_s);
        QCOMPARE(models::differencesText({of(Removed), of(Added), of(Changed), of(Added)}),
                 u"4 resource(s) differ: sync would create 2, change 1, prune 1"_s);
    }

    void aTickStaysWhileTheDifferenceIsTheSame()
    {
        DiffList list;
        QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy told(&list, &DiffList::reviewed);
        service::AppDetail shown = detail();
        list.setScope(u"tiphys://prod-eu/argocd/shop"_s);
        list.apply(shown.diffs, "shop");
        QVERIFY(list.setData(list.index(0, 0), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(told.count(), 1);
        QVERIFY(list.index(0, 0).data(Qt::AccessibleTextRole).toString().endsWith(u", reviewed"_s));
        // News of another resource, and other words for the cause, change nothing.
        shown.diffs[1].lines[0].text += " ";
        shown.diffs[0].cause = "changed in the cluster by somebody";
        list.apply(shown.diffs, "shop");
        QVERIFY(list.isReviewed(0));
        QCOMPARE(list.reviewedCount(), 1);
        shown.diffs[0].lines[8].text = "  replicas: 6";
        list.apply(shown.diffs, "shop");
        QVERIFY(!list.isReviewed(0));
    }

    void anotherProgramStartKnowsItAndAnotherApplicationDoesNot()
    {
        DiffList first;
        first.setScope(u"tiphys://prod-eu/argocd/shop"_s);
        first.apply(detail().diffs, "shop");
        QSignalSpy told(&first, &DiffList::reviewed);
        first.setReviewed(1, true);
        DiffList next;
        next.setReviewed(std::set<QString>{told[0][0].toString()});
        next.setScope(u"tiphys://prod-eu/argocd/shop"_s);
        next.apply(detail().diffs, "shop");
        QVERIFY(!next.isReviewed(0));
        QVERIFY(next.isReviewed(1));
        next.setScope(u"tiphys://staging/argocd/shop"_s);
        QVERIFY(!next.isReviewed(1));
    }

    void theTickOfAGroupIsThatOfItsResources()
    {
        service::Comparison comparison;
        comparison.applications = {
            {"shop", "apps/shop", service::AppChange::Changed, "", {resource("web", 7), resource("worker", 7)}},
            {"broken", "apps/broken", service::AppChange::Error, "chart dependency is missing", {}}};
        models::ComparisonTree tree;
        QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy told(&tree, &models::ComparisonTree::reviewed);
        tree.apply(std::make_shared<service::Comparison>(comparison), models::CompareGrouping::Application);
        const QModelIndex shop = tree.index(0, 0);
        QVERIFY(tree.setData(tree.index(0, 0, shop), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(shop.data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::PartiallyChecked));
        QVERIFY(tree.setData(shop, Qt::Checked, Qt::CheckStateRole));
        QVERIFY(isTicked(tree.index(1, 0, shop)));
        QCOMPARE(told.count(), 2);
        QCOMPARE(tree.reviewedCount(), 2);
        QVERIFY(!tree.index(1, 0).flags().testFlag(Qt::ItemIsUserCheckable));
        // Another arrangement shows the same ticks.
        tree.apply(std::make_shared<service::Comparison>(comparison), models::CompareGrouping::IdenticalChange);
        QCOMPARE(tree.reviewedCount(), 2);
    }

    void aGroupIsToldOnceAndEqualChangesElsewhereAreShown()
    {
        service::Comparison comparison;
        comparison.applications = {
            {"shop-eu", "apps/eu", service::AppChange::Changed, "", {resource("web", 7), resource("worker", 7)}},
            {"shop-us", "apps/us", service::AppChange::Changed, "", {resource("web", 7)}}};
        models::ComparisonTree tree;
        tree.apply(std::make_shared<service::Comparison>(comparison), models::CompareGrouping::Application);
        QSignalSpy told(&tree, &models::ComparisonTree::reviewed);
        QSignalSpy shown(&tree, &QAbstractItemModel::dataChanged);
        QVERIFY(tree.setData(tree.index(0, 0), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(told.count(), 1);
        QCOMPARE(told[0][0].toStringList().size(), 2);
        const QModelIndex other = tree.index(1, 0);
        QVERIFY(isTicked(tree.index(0, 0, other)));
        QVERIFY(std::ranges::any_of(
            shown, [&other](const QList<QVariant> &news) { return news[0].toModelIndex().parent() == other; }));
    }
};

QTEST_GUILESS_MAIN(ReviewedDiffsTest)
#include "reviewed_diffs_test.moc"
