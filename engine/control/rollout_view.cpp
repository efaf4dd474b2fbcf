// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_view.h"

#include "control/rollout_intents.h"

namespace tiphys::control {

RolloutView::RolloutView(ports::ClusterCachePtr cache, std::string ns, std::string name, ports::ResourceType type,
                         std::function<void()> onChange)
    : m_ns(std::move(ns)), m_name(std::move(name))
{
    const auto use = [&](ports::ResourceType kind, std::string fieldSelector) {
        ports::CacheKey key;
        key.type = std::move(kind);
        key.ns = m_ns;
        key.fieldSelector = std::move(fieldSelector);
        return cache->use(std::move(key), [onChange](const ports::CacheSnapshotPtr &) { onChange(); });
    };
    m_object = use(std::move(type), "metadata.name=" + m_name);
    m_children = {use({"apps", "v1", "replicasets", "ReplicaSet", true}, ""), use({"", "v1", "pods", "Pod", true}, ""),
                  use(experimentType(), ""), use(analysisRunType(), "")};
}

Async<void> RolloutView::ready(CancelToken cancel)
{
    const ports::CacheUserPtr object = m_object;
    const std::array<ports::CacheUserPtr, 4> children = m_children;
    const Expected<ports::CacheSnapshotPtr> found = co_await object->synced(cancel);
    if (!found)
        co_return std::unexpected(found.error());
    if (!(*found)->objects.find(m_ns, m_name))
        co_return failure(ErrorCode::NotFound,
                          object->key().type.plural + "." + object->key().type.group + " \"" + m_name + "\" not found");
    for (const ports::CacheUserPtr &child : children) {
        const Expected<ports::CacheSnapshotPtr> synced = co_await child->synced(cancel);
        // A cluster may have Rollouts without the other kinds.
        if (!synced && synced.error().code() != ErrorCode::NotFound)
            co_return std::unexpected(synced.error());
    }
    co_return {};
}

rollout::RolloutObjects RolloutView::objects() const
{
    rollout::RolloutObjects objects;
    objects.rollout = m_object->snapshot()->objects.find(m_ns, m_name).value_or(object::Object());
    objects.replicaSets = m_children[0]->snapshot()->objects.sorted();
    objects.pods = m_children[1]->snapshot()->objects.sorted();
    objects.experiments = m_children[2]->snapshot()->objects.sorted();
    objects.analysisRuns = m_children[3]->snapshot()->objects.sorted();
    return objects;
}

} // namespace tiphys::control
