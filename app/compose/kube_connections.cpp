// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/kube_connections.h"

#include "crd/names.h"
#include "kube/cluster_cache.h"
#include "kube/credential_source.h"

#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace tiphys::compose {

namespace {

class KubeConnections final : public QObject, public ports::Connections
{
public:
    KubeConnections(const std::string &explicitFile, ConnectAs as, kube::ExecConsent mayExec, QThreadPool *pool,
                    std::shared_ptr<const ports::Clock> clock)
        : m_files(kube::kubeConfigPaths(explicitFile)), m_as(std::move(as)), m_mayExec(std::move(mayExec)),
          m_pool(pool), m_clock(std::move(clock))
    {
        // Editors replace files in several steps: look once, a moment after the last one.
        m_settle.setSingleShot(true);
        m_settle.setInterval(200);
        connect(&m_settle, &QTimer::timeout, this, [this] {
            load();
            if (m_onChange)
                m_onChange();
        });
        connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] { m_settle.start(); });
        connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, [this] { m_settle.start(); });
        load();
    }

    ports::KubeconfigFacts facts() const override
    {
        ports::KubeconfigFacts facts;
        facts.files = m_files;
        facts.currentContext = m_config.currentContext;
        for (const Error &problem : m_config.problems)
            facts.problems.push_back(problem.text());
        for (const kube::ContextEntry &context : m_config.contexts) {
            ports::ContextFacts one;
            one.name = context.name;
            one.user = context.user;
            one.ns = context.ns;
            if (const kube::ClusterEntry *cluster = m_config.cluster(context.cluster)) {
                one.server = cluster->server;
                one.skipsTlsVerification = cluster->skipsTlsVerification;
            }
            if (const Expected<kube::Target> target = kube::targetOf(m_config, context.name); !target)
                one.problem = target.error().text();
            facts.contexts.push_back(std::move(one));
        }
        return facts;
    }

    void useFiles(std::vector<std::string> files) override
    {
        m_files = files.empty() ? kube::kubeConfigPaths("") : std::move(files);
        load();
    }

    Expected<ports::Connection> connect(const std::string &context) override
    {
        const Expected<ports::ClusterPtr> cluster = clusterOf(context, m_as);
        if (!cluster)
            return std::unexpected(cluster.error());
        kube::CacheOptions cacheOptions;
        cacheOptions.clock = m_clock;
        // Field managers tell who writes status, so who reconciles.
        cacheOptions.keepsManagedFields = {{std::string(crd::kGroup), std::string(crd::kApplicationKind)}};
        return ports::Connection{*cluster, kube::makeClusterCache(*cluster, std::move(cacheOptions))};
    }

    Expected<ports::ClusterPtr> impersonate(const std::string &context, const std::string &user) override
    {
        return clusterOf(context, {.user = user, .groups = {}});
    }

    void setOnChange(std::function<void()> onChange) override { m_onChange = std::move(onChange); }

private:
    Expected<ports::ClusterPtr> clusterOf(const std::string &context, const ConnectAs &as) const
    {
        kube::ConnectOptions options;
        options.pool = m_pool;
        options.clock = m_clock;
        options.mayExec = m_mayExec;
        if (!as.user.empty())
            options.impersonation = kube::Impersonation{.user = as.user, .uid = {}, .groups = as.groups, .extra = {}};
        return kube::connect(m_config, context, std::move(options));
    }

    // QObject::connect is meant where no context is.
    using QObject::connect;

    void load()
    {
        m_config = kube::loadKubeConfig(m_files, kube::readWholeFile);
        const QStringList watched = m_watcher.files() + m_watcher.directories();
        if (!watched.isEmpty())
            m_watcher.removePaths(watched);
        for (const std::string &file : m_files) {
            const QString path = QString::fromStdString(file);
            if (QFileInfo::exists(path))
                m_watcher.addPath(path);
            const QString folder = QFileInfo(path).absolutePath();
            if (QFileInfo::exists(folder))
                m_watcher.addPath(folder);
        }
    }

    std::vector<std::string> m_files;
    ConnectAs m_as;
    kube::ExecConsent m_mayExec;
    QThreadPool *m_pool;
    std::shared_ptr<const ports::Clock> m_clock;
    kube::KubeConfig m_config;
    QFileSystemWatcher m_watcher;
    QTimer m_settle;
    std::function<void()> m_onChange;
};

} // namespace

ports::ConnectionsPtr kubeConnections(const std::string &explicitFile, ConnectAs as, kube::ExecConsent mayExec,
                                      QThreadPool *pool, std::shared_ptr<const ports::Clock> clock)
{
    return std::make_shared<KubeConnections>(explicitFile, std::move(as), std::move(mayExec), pool, std::move(clock));
}

} // namespace tiphys::compose
