// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/cluster_cache.h"

#include "async/delay.h"
#include "kube/resource_cache.h"

#include <algorithm>
#include <map>

namespace tiphys::kube {

namespace {

class SharedCaches final : public ports::ClusterCache, public std::enable_shared_from_this<SharedCaches>
{
public:
    SharedCaches(ports::ClusterPtr cluster, CacheOptions options)
        : m_cluster(std::move(cluster)), m_options(std::move(options))
    {
    }

    ports::CacheUserPtr use(ports::CacheKey key, std::function<void(ports::CacheSnapshotPtr)> onChange) override
    {
        if (m_isClosed) {
            // Whoever was late gets a cache that never starts.
            const auto ended = std::make_shared<ResourceCache>(key, m_cluster, m_options, m_known);
            ended->end();
            return ended->addUser({}, {});
        }
        std::shared_ptr<ResourceCache> &cache = m_caches[key];
        if (!cache) {
            cache = std::make_shared<ResourceCache>(key, m_cluster, m_options, m_known);
            cache->start();
        }
        return cache->addUser(std::move(onChange), [weak = weak_from_this(), key] {
            if (const std::shared_ptr<SharedCaches> self = weak.lock())
                self->noteGone(key);
        });
    }

    void setKnownNamespaces(std::vector<std::string> namespaces) override
    {
        // Several name them, each those that it looks at itself: nobody takes away what another one needs.
        const std::size_t known = m_known.size();
        for (std::string &ns : namespaces) {
            if (!std::ranges::contains(m_known, ns))
                m_known.push_back(std::move(ns));
        }
        if (m_known.size() == known)
            return;
        for (const auto &[key, cache] : m_caches)
            cache->setKnownNamespaces(m_known);
    }

    Async<void> close() override
    {
        const std::shared_ptr<SharedCaches> self = shared_from_this();
        m_isClosed = true;
        const Expected<void> lingering = co_await m_lingering.close();
        ignoreError(lingering, "draining has no errors");
        const std::map<ports::CacheKey, std::shared_ptr<ResourceCache>> caches = std::exchange(m_caches, {});
        std::vector<Async<void>> closing;
        for (const auto &[key, cache] : caches)
            closing.push_back(cache->close());
        for (Async<void> &one : closing) {
            const Expected<void> closed = co_await one;
            ignoreError(closed, "draining has no errors");
        }
        co_return {};
    }

private:
    void noteGone(const ports::CacheKey &key)
    {
        const auto found = m_caches.find(key);
        const bool isUnused = found != m_caches.end() && !found->second->hasUsers();
        if (isUnused && !m_lingering.token().isCancelled())
            m_lingering.start(endUnused(shared_from_this(), key, m_lingering.token()));
    }

    static Async<void> endUnused(std::shared_ptr<SharedCaches> self, ports::CacheKey key, CancelToken cancel)
    {
        const Expected<void> waited = co_await async::delay(self->m_options.linger, cancel);
        if (!waited)
            co_return std::unexpected(waited.error());
        const auto found = self->m_caches.find(key);
        if (found == self->m_caches.end() || found->second->hasUsers())
            co_return {};
        const std::shared_ptr<ResourceCache> cache = found->second;
        self->m_caches.erase(found);
        if (self->m_caches.empty())
            self->m_known.clear();
        const Expected<void> closed = co_await cache->close();
        co_return closed;
    }

    ports::ClusterPtr m_cluster;
    CacheOptions m_options;
    std::vector<std::string> m_known;
    std::map<ports::CacheKey, std::shared_ptr<ResourceCache>> m_caches;
    bool m_isClosed = false;
    async::TaskScope m_lingering;
};

} // namespace

ports::ClusterCachePtr makeClusterCache(ports::ClusterPtr cluster, CacheOptions options)
{
    return std::make_shared<SharedCaches>(std::move(cluster), std::move(options));
}

} // namespace tiphys::kube
