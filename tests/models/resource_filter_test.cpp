// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/resource_filter.h"

#include "support/recorded_service.h"

#include <QTest>

using namespace tiphys;
using namespace tiphys::models;
using namespace Qt::StringLiterals;
using service::HealthStatus;
using service::SyncStatus;

namespace {

/// 18 resources; the Deployment differs and is Degraded, for one of its pods is.
std::vector<service::TreeNode> shopTree()
{
    return test::appDetail(test::appRow("prod-eu", "shop", HealthStatus::Degraded, SyncStatus::OutOfSync)).tree;
}

QStringList namesOf(const FilteredResources &left)
{
    QStringList names;
    for (const service::TreeNode &node : left.nodes)
        names << QString::fromStdString(node.key.kind + ' ' + node.key.name);
    return names;
}

} // namespace

class ResourceFilterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyFilterLeavesEverything()
    {
        const std::vector<service::TreeNode> tree = shopTree();
        ResourceFilter blank;
        blank.text = u"  "_s;
        QVERIFY(blank.isEmpty());
        const FilteredResources left = filtered(tree, blank);
        QVERIFY(left.nodes == tree);
        QCOMPARE(left.matches, 18);
    }

    void whatMatchesKeepsTheWayToIt()
    {
        ResourceFilter filter;
        filter.text = u"1003 POD"_s;
        const FilteredResources left = filtered(shopTree(), filter);
        QCOMPARE(namesOf(left),
                 (QStringList{u"Deployment web"_s, u"ReplicaSet web-5c7d9f8b6d"_s, u"Pod web-5c7d9f8b6d-1003"_s}));
        QCOMPARE(left.matches, 1);
        QCOMPARE(left.nodes[0].parent, -1);
        QCOMPARE(left.nodes[1].parent, 0);
        QCOMPARE(left.nodes[2].parent, 1);
        QCOMPARE(resourceCountText(filter, left.matches, 18), u"1 of 18"_s);
    }

    void whatHangsBelowAMatchIsHidden()
    {
        ResourceFilter filter;
        filter.text = u"replicaset"_s;
        QCOMPARE(namesOf(filtered(shopTree(), filter)),
                 (QStringList{u"Deployment web"_s, u"ReplicaSet web-5c7d9f8b6d"_s}));
    }

    void theNamespaceCounts()
    {
        std::vector<service::TreeNode> tree = shopTree();
        tree[3].key.ns = "edge";
        ResourceFilter filter;
        filter.text = u"edge"_s;
        QCOMPARE(namesOf(filtered(tree, filter)), QStringList{u"Ingress web"_s});
    }

    void problemsAreWhatIsOutOfSyncOrNotHealthy()
    {
        ResourceFilter filter;
        filter.isTroubleOnly = true;
        const FilteredResources left = filtered(shopTree(), filter);
        QCOMPARE(left.matches, 2);
        QCOMPARE(namesOf(left),
                 (QStringList{u"Deployment web"_s, u"ReplicaSet web-5c7d9f8b6d"_s, u"Pod web-5c7d9f8b6d-1003"_s}));
        std::vector<service::TreeNode> tree = shopTree();
        tree[3].sync = SyncStatus::OutOfSync;
        QVERIFY(namesOf(filtered(tree, filter)).contains(u"Ingress web"_s));
    }

    void statusesNarrowEachOther()
    {
        ResourceFilter filter;
        filter.health = {HealthStatus::Degraded, HealthStatus::Missing};
        QCOMPARE(filtered(shopTree(), filter).matches, 2);
        // The pod has no status of its own: the application does not manage it itself.
        filter.sync = {SyncStatus::OutOfSync};
        QCOMPARE(namesOf(filtered(shopTree(), filter)), QStringList{u"Deployment web"_s});
        filter.text = u"ingress"_s;
        QVERIFY(filtered(shopTree(), filter).nodes.empty());
    }

    void anAddressNamesAFilter()
    {
        ResourceFilter filter;
        QVERIFY(optionsOf(filter).isEmpty());
        filter.text = u"pod a&b=c"_s;
        filter.isTroubleOnly = true;
        filter.sync = {SyncStatus::OutOfSync, SyncStatus::Unknown};
        filter.health = {HealthStatus::Missing};
        QMap<QString, QString> options = optionsOf(filter);
        QCOMPARE(options.value(u"sync"_s), u"OutOfSync,Unknown"_s);
        QCOMPARE(resourceFilterOf(options), filter);
        options.insert(u"tab"_s, u"tree"_s);
        QCOMPARE(resourceFilterOf(options), filter);
        QCOMPARE(withoutResourceFilter(options), (QMap<QString, QString>{{u"tab"_s, u"tree"_s}}));
        options.insert(u"health"_s, u"Splendid"_s);
        QVERIFY(resourceFilterOf(options).health.empty());
    }
};

QTEST_GUILESS_MAIN(ResourceFilterTest)
#include "resource_filter_test.moc"
