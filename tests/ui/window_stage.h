// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/recorded_service.h"
#include "ui/main_window/main_window.h"
#include "ui/settings.h"

#include <QTemporaryDir>

#include <algorithm>
#include <memory>
#include <vector>

namespace tiphys::test {

inline const service::AppId kShop{"prod-eu", "argocd", "shop"};

/// A window over recorded pages: three applications on two clusters.
struct Stage
{
    Stage()
    {
        service::ClustersSnapshot clusters;
        clusters.clusters = {liveCluster("prod-eu", 2), liveCluster("staging", 1)};
        service.show(clusters);
        rows = {appRow("prod-eu", "shop", service::HealthStatus::Degraded, service::SyncStatus::OutOfSync),
                appRow("prod-eu", "billing", service::HealthStatus::Healthy, service::SyncStatus::Synced),
                appRow("staging", "search", service::HealthStatus::Healthy, service::SyncStatus::Synced)};
        service.show(rows);
        service.show(appDetail(rows[0]));
        service.nextPlan.revision = rows[0].commit;
        service.nextPlan.tasks = {
            {{"batch", "Job", "shop", "migrate"}, "PreSync", -1, service::PlannedAct::RunHook, "", false},
            {{"apps", "Deployment", "shop", "web"}, "Sync", 0, service::PlannedAct::Change, "", false},
            {{"", "ConfigMap", "shop", "old"}, "Sync", 0, service::PlannedAct::KeepUnpruned, "prune is off", false}};
        window = std::make_unique<ui::MainWindow>(ui::UiContext{service, settings, [] { return kNow; }, {}});
        window->show();
    }

    template <typename PageType>
    PageType *page()
    {
        return qobject_cast<PageType *>(window->currentPage());
    }

    QTemporaryDir folder;
    RecordedService service;
    ui::Settings settings{folder.filePath(QStringLiteral("settings.ini"))};
    std::vector<service::AppRow> rows;
    std::unique_ptr<ui::MainWindow> window;
};

inline const object::ObjectKey kWeb{"apps", "Deployment", "shop", "web"};

/// What the recorded service offers for every resource.
inline void offerActions(RecordedService &service)
{
    service.nextOffers = {{"restart", "restart", {}, {true, {}}},
                          {"resume", "resume", {}, {false, "it is not paused"}},
                          {"scale", "scale", {{"replicas", ""}}, {true, {}}}};
    service::ActionStep step;
    step.key = kWeb;
    step.text = "spec:\n  replicas: 3\n";
    step.diff.lines = diffLines({" spec:", "-  replicas: 2", "+  replicas: 3"});
    service.nextPreview.steps = {step};
}

inline bool wasCalled(const RecordedService &service, const std::string &call)
{
    return std::ranges::find(service.calls, call) != service.calls.end();
}

} // namespace tiphys::test
