// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/recorded_service.h"
#include "ui/desktop.h"

#include <QApplication>
#include <QTimer>

#include <cstdio>

using namespace tiphys;
using service::HealthStatus;
using service::SyncStatus;

namespace {

void fill(test::RecordedService &service, int many)
{
    service::ClustersSnapshot clusters;
    clusters.clusters = {test::liveCluster("prod-eu", 6), test::liveCluster("prod-us", 2),
                         test::liveCluster("staging", 4), test::liveCluster("kind-lab", 0)};
    clusters.clusters[1].reachability = service::Reachability::Stale;
    clusters.clusters[1].message = "connection to 10.1.4.2:6443 timed out";
    clusters.clusters[1].lastSeen = test::kNow - 240'000;
    clusters.clusters[1].retryAt = test::kNow + 20'000;
    clusters.clusters[3].reachability = service::Reachability::NotContacted;
    clusters.clusters[3].skipsTlsVerification = true;
    service.show(clusters);
    const service::RolloutRow rollout = test::rolloutRow("prod-eu", "web");
    service.rollouts().show(test::rolloutDetail(rollout));
    const service::RolloutRow experimented = test::rolloutRow("staging", "api");
    service.rollouts().show(test::experimentDetail(experimented));
    service.rollouts().show(std::vector{rollout, experimented});
    std::vector<service::AppRow> rows{
        test::appRow("prod-eu", "shop", HealthStatus::Degraded, SyncStatus::OutOfSync),
        test::appRow("prod-eu", "billing", HealthStatus::Healthy, SyncStatus::Synced),
        test::appRow("prod-eu", "search", HealthStatus::Progressing, SyncStatus::Synced),
        test::appRow("prod-eu", "payments-gateway", HealthStatus::Healthy, SyncStatus::OutOfSync),
        test::appRow("prod-eu", "identity", HealthStatus::Healthy, SyncStatus::Synced),
        test::appRow("prod-eu", "reports", HealthStatus::Suspended, SyncStatus::Synced),
        test::appRow("prod-us", "shop", HealthStatus::Healthy, SyncStatus::Synced),
        test::appRow("prod-us", "billing", HealthStatus::Healthy, SyncStatus::Synced),
        test::appRow("staging", "shop", HealthStatus::Healthy, SyncStatus::Synced),
        test::appRow("staging", "preview-1841", HealthStatus::Missing, SyncStatus::OutOfSync),
        test::appRow("staging", "search", HealthStatus::Unknown, SyncStatus::Unknown),
        test::appRow("staging", "metrics", HealthStatus::Healthy, SyncStatus::Synced)};
    rows[2].operation = service::OperationPhase::Running;
    rows[6].parent = "shop-fleet";
    rows[10].urgency = service::Urgency::FailedOperation;
    rows[10].cause = "path 'apps/search' does not exist at revision 3f2c1ab";
    for (int i = 0; i < many; ++i)
        rows.push_back(test::appRow("prod-eu", "tenant-" + std::to_string(i),
                                    i % 40 ? HealthStatus::Healthy : HealthStatus::Degraded, SyncStatus::Synced));
    for (const service::AppRow &row : rows)
        service.show(test::appDetail(row));
    service.show(std::move(rows));
    service.nextPlan.revision = {"3f2c1ab9d0e4f5a6b7c8d9e0f1a2b3c4d5e6f708", "tune the database pool", "Ada",
                                 test::kNow - 9'000'000};
    service.nextPlan.tasks = {
        {{"batch", "Job", "shop", "migrate"}, "PreSync", -1, service::PlannedAct::RunHook, "", false},
        {{"", "ConfigMap", "shop", "feature-flags"}, "Sync", 0, service::PlannedAct::Create, "", false},
        {{"apps", "Deployment", "shop", "web"}, "Sync", 0, service::PlannedAct::Change, "", false},
        {{"apps", "Deployment", "shop", "worker"}, "Sync", 0, service::PlannedAct::Change, "", false},
        {{"", "Service", "shop", "web"}, "Sync", 0, service::PlannedAct::Nothing, "", false},
        {{"", "ConfigMap", "shop", "old-settings"},
         "Sync",
         0,
         service::PlannedAct::KeepUnpruned,
         "prune is off",
         false}};
    service.nextPlan.options = {"ServerSideApply=true"};
    service.nextPlan.warnings = {"1 object stays, OutOfSync (prune off)"};
    service.nextPlan.doneBy = service::Reconciler::Controller;
    const service::AppDetail detail =
        test::appDetail(test::appRow("prod-eu", "shop", HealthStatus::Healthy, SyncStatus::OutOfSync));
    service.nextComparison.a = {"main~20", detail.lastSynced};
    service.nextComparison.b = {"main", detail.target};
    service.nextComparison.applicationCount = 1000;
    service.nextComparison.milliseconds = 310;
    service.nextComparison.unmatchedFiles = {"README.md", "ci/pipeline.yaml"};
    for (const char *name : {"shop", "billing", "search"}) {
        service::ComparedApp app{name, std::string("apps/") + name, service::AppChange::Changed, "", {}};
        for (const service::ResourceDiff &diff : detail.diffs)
            app.resources.push_back({diff.key, diff.change, diff, static_cast<std::uint64_t>(diff.added)});
        service.nextComparison.applications.push_back(app);
    }
    service.nextComparison.applications.push_back(
        {"legacy", "apps/legacy", service::AppChange::Error, "chart dependency 'redis' is missing", {}});
}

/// What the settings show of this machine.
void fillChoices(test::RecordedService &service)
{
    service.nextDestinations = {{.server = "https://10.4.0.1:6443",
                                 .names = {"prod-us"},
                                 .contexts = {"prod-us"},
                                 .origin = service::ContextOrigin::Chosen,
                                 .chosen = "prod-us",
                                 .applicationCount = 14,
                                 .problem = {}},
                                {.server = "https://10.9.0.1:6443",
                                 .names = {"edge"},
                                 .contexts = {},
                                 .origin = service::ContextOrigin::None,
                                 .chosen = {},
                                 .applicationCount = 2,
                                 .problem = {}}};
    service.nextTools = {.programs = {{"helm", "/usr/local/bin/helm", "v4.2.4", ""},
                                      {"kustomize", "", "", "no program 'kustomize' in PATH"}},
                         .plugins = {},
                         .names = {"legacy-*"},
                         .areForced = false,
                         .file = "/home/ada/.config/tiphys/tools.yaml",
                         .problem = {}};
}

} // namespace

/// The desktop program over recorded pages; --many N adds N applications.
int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("tiphys"));
    QStringList rest;
    Expected<ui::DesktopOptions> options = ui::parseDesktopOptions(QApplication::arguments().mid(1), &rest);
    if (!options) {
        std::fprintf(stderr, "%s\n", options.error().text().c_str());
        return 2;
    }
    options->now = [] { return test::kNow; };
    const qsizetype many = rest.indexOf(QStringLiteral("--many"));
    test::RecordedService service;
    fill(service, many >= 0 ? rest.value(many + 1).toInt() : 0);
    fillChoices(service);
    return ui::runDesktop(application, service, *options);
}
