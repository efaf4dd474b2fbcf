// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/kubectl_text.h"
#include "support/recorded_service.h"

#include <QTest>

using namespace tiphys;
using namespace Qt::StringLiterals;

class KubectlTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordsAreQuotedWhereAShellNeedsIt()
    {
        QCOMPARE(models::shellWord("arn:aws:eks:eu-1:42:cluster/prod"), u"arn:aws:eks:eu-1:42:cluster/prod"_s);
        QCOMPARE(models::shellWord("my prod"), u"'my prod'"_s);
        QCOMPARE(models::shellWord("it's"), u"'it'\\''s'"_s);
        QCOMPARE(models::shellWord("$(reboot)"), u"'$(reboot)'"_s);
        QCOMPARE(models::shellWord(""), u"''"_s);
    }

    void objectsOfAllKindsAreNamed()
    {
        QCOMPARE(models::kubectlGet({"", "ConfigMap", "shop", "web"}, "prod"),
                 u"kubectl --context prod -n shop get configmap/web -o yaml"_s);
        QCOMPARE(models::kubectlGet({"rbac.authorization.k8s.io", "ClusterRole", "", "admin"}, ""),
                 u"kubectl get clusterrole.rbac.authorization.k8s.io/admin -o yaml"_s);
    }

    void theContextIsThatOfTheDestination()
    {
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod-eu", 1), test::liveCluster("staging", 1)};
        clusters.clusters[1].server = "https://10.0.0.7:6443";
        service::AppRow row =
            test::appRow("prod-eu", "shop", service::HealthStatus::Healthy, service::SyncStatus::Synced);
        service::AppDetail detail = test::appDetail(row);
        detail.row.destination = "https://10.0.0.7:6443";
        // What somebody chose counts, whatever address it has.
        detail.destinationContext = "prod-eu";
        QCOMPARE(models::destinationContext(detail, clusters), std::string("prod-eu"));
        // Where no ticked context reaches it, one may fit all the same.
        detail.destinationContext.clear();
        QCOMPARE(models::destinationContext(detail, clusters), std::string("staging"));
        detail.row.destination = "staging";
        QCOMPARE(models::destinationContext(detail, clusters), std::string("staging"));
        detail.row.destination = "the other one";
        detail.unreachedServer = "https://10.0.0.7:6443";
        QCOMPARE(models::destinationContext(detail, clusters), std::string("staging"));
        detail.unreachedServer = "https://elsewhere";
        QCOMPARE(models::destinationContext(detail, clusters), std::string());
        // Two contexts of one server are two persons: which one is not known.
        clusters.clusters.push_back(clusters.clusters[1]);
        detail.unreachedServer = "https://10.0.0.7:6443";
        QCOMPARE(models::destinationContext(detail, clusters), std::string());
        detail.unreachedServer.clear();
        detail.row.destination = "https://10.0.0.7:6443";
        QCOMPARE(models::destinationContext(detail, clusters), std::string());
    }
};

QTEST_GUILESS_MAIN(KubectlTextTest)
#include "kubectl_text_test.moc"
