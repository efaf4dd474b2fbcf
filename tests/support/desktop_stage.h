// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "compose/git_reader.h"
#include "compose/git_repositories.h"
#include "compose/kube_connections.h"
#include "compose/parallel_for_each.h"
#include "control/desktop_service.h"
#include "demo/demo_cluster.h"
#include "ports/system_clock.h"
#include "ui/main_window/main_window.h"
#include "ui/settings.h"

#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <string>

namespace tiphys::test {

/// How long a test of the whole desktop waits for one thing, in milliseconds.
inline constexpr int kPatience = 60'000;

/// How a desktop of a test differs from the usual one.
struct DesktopChanges
{
    QString kubeconfig;                                ///< "": that of the demo cluster, if there is one
    std::function<service::WallTime()> now;            ///< of the window; empty is the real time
    std::function<void(control::EngineParts &)> parts; ///< changes what the engine is built from
};

/// The real window over the real engine, in folders of its own, with or without a demo cluster that it reaches by HTTP.
/// Who keeps something that the cluster or the engine uses calls close() before that ends.
class DesktopStage
{
public:
    DesktopStage() = default;
    ~DesktopStage() { close(); }
    DesktopStage(const DesktopStage &) = delete;
    DesktopStage &operator=(const DesktopStage &) = delete;

    void startCluster(demo::DemoOptions options)
    {
        auto started = demo::DemoCluster::start(std::move(options));
        if (!started)
            qFatal("%s", started.error().text().c_str());
        cluster = std::move(*started);
    }

    void openWindow(const DesktopChanges &changes = {})
    {
        const QString kubeconfig =
            changes.kubeconfig.isEmpty() && cluster ? cluster->kubeconfigPath() : changes.kubeconfig;
        const auto makeParts = [kubeconfig, change = changes.parts, this] {
            control::EngineParts parts;
            parts.clock = std::make_shared<const ports::SystemClock>();
            parts.connections = compose::kubeConnections(kubeconfig.toStdString(), {}, {}, &m_pool, parts.clock);
            parts.repositories = compose::gitRepositories(
                m_cache.path().toStdString(), [](const auto &...) { return false; }, &m_pool, parts.clock);
            parts.openReader = compose::openReader;
            parts.forEach = compose::parallelForEach();
            parts.identity = "test";
            if (change)
                change(parts);
            return parts;
        };
        service = std::make_unique<control::DesktopService>(makeParts);
        const auto now = changes.now ? changes.now : [this] { return m_clock.now(); };
        window = std::make_unique<ui::MainWindow>(ui::UiContext{*service, settings, now, {}});
        window->show();
    }

    /// Ends window and engine, as the person does.
    void closeWindow()
    {
        window.reset();
        service.reset();
        m_pool.waitForDone();
    }
    void close()
    {
        closeWindow();
        cluster.reset();
    }

    /// True once the contexts of the kubeconfig are known.
    bool knowsContexts() const
    {
        return QTest::qWaitFor([this] { return !service->clusters()->clusters.empty(); }, kPatience);
    }

    template <typename PageType>
    PageType *page() const
    {
        return qobject_cast<PageType *>(window->currentPage());
    }

private:
    ports::SystemClock m_clock;
    QThreadPool m_pool;
    QTemporaryDir m_cache;

public:
    QTemporaryDir folder; ///< the test's own
    ui::Settings settings{m_cache.filePath(QStringLiteral("settings.ini"))};
    std::unique_ptr<demo::DemoCluster> cluster;
    std::unique_ptr<control::DesktopService> service;
    std::unique_ptr<ui::MainWindow> window;
};

} // namespace tiphys::test
