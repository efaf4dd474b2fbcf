// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/context_session.h"
#include "engine/control/demo_place.h"
#include "kube/cluster_cache.h"

namespace tiphys::control {

/// Connections to one demo cluster.
class DemoConnections final : public ports::Connections
{
public:
    DemoConnections(ports::ClusterPtr cluster, std::shared_ptr<const ports::Clock> clock)
        : m_cluster(std::move(cluster)), m_clock(std::move(clock))
    {
    }
    ports::KubeconfigFacts facts() const override { return {}; }
    void useFiles(std::vector<std::string>) override {}
    Expected<ports::Connection> connect(const std::string &) override
    {
        kube::CacheOptions options{.clock = m_clock};
        options.firstBackoff = std::chrono::milliseconds(10);
        options.lastBackoff = std::chrono::milliseconds(50);
        options.keepsManagedFields = {{"argoproj.io", "Application"}};
        return ports::Connection{m_cluster, kube::makeClusterCache(m_cluster, options)};
    }
    Expected<ports::ClusterPtr> impersonate(const std::string &, const std::string &) override
    {
        return failure(ErrorCode::Unsupported, "nobody else");
    }
    ports::ContextFacts addCluster(ports::ClusterAccess) override { return {}; }
    void setOnChange(std::function<void()>) override {}

private:
    ports::ClusterPtr m_cluster;
    std::shared_ptr<const ports::Clock> m_clock;
};

/// The system's clock, set forward by \c ahead milliseconds.
class MovedClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return m_system.now() + ahead; }
    ports::BootTime sinceBoot() const override { return m_system.sinceBoot() + ahead; }
    ports::WallTime ahead = 0;

private:
    ports::SystemClock m_system;
};

/// A session of a demo cluster.
class DemoSession : public DemoPlace
{
protected:
    void SetUp() override
    {
        second = std::chrono::milliseconds(1);
        DemoPlace::SetUp();
        const auto connections = std::make_shared<DemoConnections>(client, clock);
        session = std::make_unique<ContextSession>(
            ports::ContextFacts{.name = "demo", .server = "https://demo", .user = {}, .ns = {}, .problem = {}},
            connections, *clock,
            ContextSession::News{.clusterChanged = [this] { clusterChanged(); },
                                 .applicationsChanged = [this] { applicationsChanged(); },
                                 .applicationChanged = [this](const service::AppId &app) { applicationChanged(app); }});
    }
    void TearDown() override
    {
        ignoreError(async::waitFor(session->close()), "the test is over");
        session.reset();
        DemoPlace::TearDown();
    }
    /// Asks again for a list that a fault delays: without the fault, if it hits only one request.
    void askAgainFor(ports::CacheKey key)
    {
        session->cache()->use(std::move(key), [](const ports::CacheSnapshotPtr &) {})->refresh();
    }
    virtual void clusterChanged() {}
    virtual void applicationsChanged() {}
    virtual void applicationChanged(const service::AppId &) {}

    std::shared_ptr<MovedClock> clock = std::make_shared<MovedClock>();
    std::unique_ptr<ContextSession> session;
};

} // namespace tiphys::control
