// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/kube_connections.h"

#include "crd/names.h"
#include "kube/cluster_cache.h"
#include "kube/kubeconfig_watcher.h"

#include <map>

namespace tiphys::compose {

namespace {

class KubeConnections final : public ports::Connections
{
public:
    KubeConnections(const std::string &explicitFile, ConnectAs as, kube::ExecConsent mayExec, QThreadPool *pool,
                    std::shared_ptr<const ports::Clock> clock, KnownNamespaces knownNamespaces,
                    kube::ExecNews onExecWaiting, kube::ExecWaits onExecWait)
        : m_as(std::move(as)), m_mayExec(std::move(mayExec)), m_pool(pool), m_clock(std::move(clock)),
          m_knownNamespaces(std::move(knownNamespaces)), m_onExecWaiting(std::move(onExecWaiting)),
          m_onExecWait(std::move(onExecWait))
    {
        watch(kube::kubeConfigPaths(explicitFile));
    }

    ports::KubeconfigFacts facts() const override
    {
        ports::KubeconfigFacts facts;
        facts.files = m_files;
        facts.currentContext = config().currentContext;
        for (const Error &problem : config().problems)
            facts.problems.push_back(problem.text());
        for (const kube::ContextEntry &context : config().contexts) {
            ports::ContextFacts one;
            one.name = context.name;
            one.user = context.user;
            one.ns = context.ns;
            if (const kube::ClusterEntry *cluster = config().cluster(context.cluster)) {
                one.server = cluster->server;
                one.skipsTlsVerification = cluster->skipsTlsVerification;
            }
            if (const Expected<kube::Target> target = kube::targetOf(config(), context.name); !target)
                one.problem = target.error().text();
            facts.contexts.push_back(std::move(one));
        }
        return facts;
    }

    void useFiles(std::vector<std::string> files) override
    {
        watch(files.empty() ? kube::kubeConfigPaths("") : std::move(files));
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
        if (const auto own = m_namespaces.find(context); own != m_namespaces.end())
            cacheOptions.knownNamespaces = own->second;
        else if (m_knownNamespaces)
            cacheOptions.knownNamespaces = m_knownNamespaces(context, (*cluster)->identity().server);
        return ports::Connection{*cluster, kube::makeClusterCache(*cluster, std::move(cacheOptions))};
    }

    Expected<ports::ClusterPtr> impersonate(const std::string &context, const std::string &user) override
    {
        return clusterOf(context, {.user = user, .groups = {}});
    }

    ports::ContextFacts addCluster(ports::ClusterAccess access) override
    {
        const std::string name = "registered cluster " + access.server;
        std::erase_if(m_added.clusters, [&](const kube::ClusterEntry &each) { return each.name == name; });
        std::erase_if(m_added.users, [&](const kube::UserEntry &each) { return each.name == name; });
        std::erase_if(m_added.contexts, [&](const kube::ContextEntry &each) { return each.name == name; });
        ports::ContextFacts facts{.name = name,
                                  .server = access.server,
                                  .user = {},
                                  .ns = {},
                                  .skipsTlsVerification = access.security.skipsVerification,
                                  .problem = {}};
        m_namespaces[name] = std::move(access.namespaces);
        kube::ClusterEntry cluster;
        cluster.name = name;
        cluster.server = std::move(access.server);
        cluster.tlsServerName = std::move(access.serverName);
        cluster.skipsTlsVerification = access.security.skipsVerification;
        cluster.caPem = std::move(access.security.caPem);
        cluster.proxyUrl = std::move(access.security.proxy);
        cluster.disablesCompression = access.disablesCompression;
        m_added.clusters.push_back(std::move(cluster));
        kube::UserEntry user;
        user.name = name;
        user.certificatePem = std::move(access.security.certificatePem);
        user.keyPem = std::move(access.security.keyPem);
        user.token = std::move(access.bearerToken);
        user.username = std::move(access.username);
        user.password = std::move(access.password);
        m_added.users.push_back(std::move(user));
        m_added.contexts.push_back({.name = name, .file = {}, .cluster = name, .user = name, .ns = {}});
        return facts;
    }

    void setOnChange(std::function<void()> onChange) override { m_onChange = std::move(onChange); }

private:
    Expected<ports::ClusterPtr> clusterOf(const std::string &context, const ConnectAs &as) const
    {
        kube::ConnectOptions options;
        options.pool = m_pool;
        options.clock = m_clock;
        options.mayExec = m_mayExec;
        options.onExecWaiting = m_onExecWaiting;
        options.onExecWait = m_onExecWait;
        options.idTokens = m_idTokens;
        if (!as.user.empty())
            options.impersonation = kube::Impersonation{.user = as.user, .uid = {}, .groups = as.groups, .extra = {}};
        return kube::connect(m_added.context(context) ? m_added : config(), context, std::move(options));
    }

    void watch(std::vector<std::string> files)
    {
        m_files = std::move(files);
        m_watcher = std::make_unique<kube::KubeConfigWatcher>(m_files, [this](const kube::KubeConfig &) {
            if (m_onChange)
                m_onChange();
        });
    }
    const kube::KubeConfig &config() const { return m_watcher->current(); }

    std::vector<std::string> m_files;
    ConnectAs m_as;
    kube::ExecConsent m_mayExec;
    std::shared_ptr<kube::IdTokens> m_idTokens = std::make_shared<kube::IdTokens>();
    QThreadPool *m_pool;
    std::shared_ptr<const ports::Clock> m_clock;
    KnownNamespaces m_knownNamespaces;
    kube::ExecNews m_onExecWaiting;
    kube::ExecWaits m_onExecWait;
    std::function<void()> m_onChange;
    kube::KubeConfig m_added;                                     ///< by addCluster
    std::map<std::string, std::vector<std::string>> m_namespaces; ///< of those, by context
    std::unique_ptr<kube::KubeConfigWatcher> m_watcher;
};

} // namespace

ports::ConnectionsPtr kubeConnections(const std::string &explicitFile, ConnectAs as, kube::ExecConsent mayExec,
                                      QThreadPool *pool, std::shared_ptr<const ports::Clock> clock,
                                      KnownNamespaces knownNamespaces, kube::ExecNews onExecWaiting,
                                      kube::ExecWaits onExecWait)
{
    return std::make_shared<KubeConnections>(explicitFile, std::move(as), std::move(mayExec), pool, std::move(clock),
                                             std::move(knownNamespaces), std::move(onExecWaiting),
                                             std::move(onExecWait));
}

} // namespace tiphys::compose
