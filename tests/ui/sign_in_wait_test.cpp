// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cluster_list.h"
#include "support/desktop_stage.h"
#include "support/recorded_service.h"
#include "ui/pages/applications_page.h"
#include "ui/pages/attention_page.h"
#include "ui/pages/clusters_page.h"
#include "ui/pages/rollouts_page.h"
#include "ui/widgets/labels.h"

#include <QFile>
#include <QTreeView>

using namespace tiphys;
using namespace Qt::StringLiterals;

namespace {

Async<bool> allowed(kube::ExecConfig, std::string)
{
    co_return true;
}

/// What \c page shows in its banners and empty panes.
QString wordsOn(const ui::Page *page)
{
    QStringList words;
    for (const ui::Banner *banner : page->findChildren<ui::Banner *>())
        words << banner->text();
    for (const ui::EmptyPane *pane : page->findChildren<ui::EmptyPane *>())
        words << pane->text();
    return words.join(u' ');
}

} // namespace

class SignInWaitTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPageSaysWhatAClusterThatIsConnectedToWaitsFor()
    {
        QTemporaryDir folder;
        test::RecordedService service;
        ui::Settings settings(folder.filePath(u"settings.ini"_s));
        service::ClustersSnapshot clusters;
        clusters.clusters = {test::liveCluster("prod-eu", 0)};
        clusters.clusters[0].reachability = service::Reachability::Connecting;
        clusters.clusters[0].lastSeen = 0;
        service.show(clusters);
        service.show(std::vector<service::AppRow>(), false);
        service.rollouts().show({}, false);
        ui::MainWindow window({service, settings, [] { return test::kNow; }, {}});
        window.show();
        const QString wanted = u"Waiting for the credential plugin 'aws'…"_s;
        for (const ui::PageKind page :
             {ui::PageKind::Attention, ui::PageKind::Applications, ui::PageKind::Rollouts, ui::PageKind::Clusters}) {
            clusters.clusters[0].message.clear();
            service.show(clusters);
            window.open({page, {}, {}});
            QVERIFY2(!wordsOn(window.currentPage()).contains(wanted), qPrintable(wordsOn(window.currentPage())));
            clusters.clusters[0].message = "waiting for the credential plugin 'aws'…";
            service.show(clusters);
            QVERIFY2(wordsOn(window.currentPage()).contains(wanted),
                     qPrintable(window.currentPage()->title() + wordsOn(window.currentPage())));
        }
        const auto *page = qobject_cast<ui::ClustersPage *>(window.currentPage());
        QCOMPARE(page->view()->model()->index(0, 0).data(static_cast<int>(models::ClusterRole::Problem)).toString(),
                 wanted);
    }

    void aPluginThatHangsIsNamedWithinSeconds()
    {
        QThreadPool pool;
        test::DesktopStage stage;
        const QString plugin = stage.folder.filePath(u"aws"_s);
        QFile program(plugin);
        QVERIFY(program.open(QIODevice::WriteOnly));
        program.write("#!/bin/sh\nexec sleep 1000\n");
        program.close();
        QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QFile kubeconfig(stage.folder.filePath(u"kubeconfig"_s));
        QVERIFY(kubeconfig.open(QIODevice::WriteOnly));
        kubeconfig.write(
            QStringLiteral("apiVersion: v1\nkind: Config\ncontexts: [{name: prod-eu, context: {cluster: c, user: u}}]\n"
                           "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n"
                           "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "
                           "'%1', interactiveMode: IfAvailable}}}]\n")
                .arg(plugin)
                .toUtf8());
        kubeconfig.close();
        stage.openWindow({.kubeconfig = kubeconfig.fileName(), .now = {}, .parts = [&](control::EngineParts &parts) {
                              parts.credentialWaits = std::make_shared<control::CredentialWaits>();
                              parts.connections = compose::kubeConnections(
                                  kubeconfig.fileName().toStdString(), {}, allowed, &pool, parts.clock, {}, {},
                                  [waits = parts.credentialWaits](const kube::ExecWait &wait) {
                                      waits->tell(
                                          {.context = wait.context, .command = wait.command, .isOver = wait.isOver});
                                  });
                          }});
        QVERIFY(stage.knowsContexts());
        stage.window->open({ui::PageKind::Applications, {}, {}});
        stage.service->setTicked("prod-eu", true);
        const QString wanted = u"prod-eu: Waiting for the credential plugin '%1'…"_s.arg(plugin);
        QVERIFY2(QTest::qWaitFor([&] { return wordsOn(stage.window->currentPage()).contains(wanted); }, 30'000),
                 qPrintable(wordsOn(stage.window->currentPage())));
        QCOMPARE(stage.service->clusters()->clusters.front().reachability, service::Reachability::Connecting);
        stage.close();
    }
};

QTEST_MAIN(SignInWaitTest)
#include "sign_in_wait_test.moc"
