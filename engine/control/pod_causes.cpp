// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/pod_causes.h"

#include "tree/pod_trouble.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tiphys::control {

using object::Object;

namespace {

/// Namespaces whose pods are watched at one time.
constexpr std::size_t kMostWatches = 50;

constexpr std::array<std::string_view, 7> kWorkloads{"CronJob",    "DaemonSet", "Deployment", "Job",
                                                     "ReplicaSet", "Rollout",   "StatefulSet"};

/// True for "web-5f6d" below "web": one more part behind a dash.
bool isNamedAfter(std::string_view owner, std::string_view workload)
{
    return owner.size() > workload.size() + 1 && owner.starts_with(workload) && owner[workload.size()] == '-'
           && owner.substr(workload.size() + 1).find('-') == std::string_view::npos;
}

bool belongsTo(const Object &pod, const object::ObjectKey &workload)
{
    for (const object::OwnerReference &owner : pod.ownerReferences()) {
        if (owner.kind == workload.kind && owner.name == workload.name)
            return true;
        const bool isMadeBySet =
            owner.kind == "ReplicaSet" && (workload.kind == "Deployment" || workload.kind == "Rollout");
        const bool isMadeByJob = owner.kind == "Job" && workload.kind == "CronJob";
        if ((isMadeBySet || isMadeByJob) && isNamedAfter(owner.name, workload.name))
            return true;
    }
    return false;
}

} // namespace

std::vector<Object> podsOf(const object::ObjectKey &workload, const std::vector<Object> &pods)
{
    std::vector<Object> own;
    for (const Object &pod : pods) {
        if (pod.ns() == workload.ns && belongsTo(pod, workload))
            own.push_back(pod);
    }
    return own;
}

std::string PodCauses::causeOf(const crd::Application &app, const ports::ClusterCachePtr &cache)
{
    if (!cache)
        return {};
    std::string cause;
    // Every namespace is asked for, so that none of the watches ends and starts by turns.
    for (const crd::ResourceStatus &resource : app.status.resources) {
        const object::ObjectKey key = resource.key();
        if (!std::ranges::contains(kWorkloads, key.kind) || key.ns.empty())
            continue;
        const std::string trouble = tree::podsTrouble(podsOf(key, podsIn(key.ns, cache)));
        if (cause.empty() && !trouble.empty())
            cause = key.kind + " " + key.name + ": " + trouble;
    }
    return cause;
}

std::vector<Object> PodCauses::podsIn(const std::string &ns, const ports::ClusterCachePtr &cache)
{
    const std::pair place(static_cast<const ports::ClusterCache *>(cache.get()), ns);
    auto watch = m_watches.find(place);
    if (watch == m_watches.end()) {
        if (m_watches.size() >= kMostWatches)
            return {};
        const ports::CacheKey key{.type = {"", "v1", "pods", "Pod", true},
                                  .ns = ns,
                                  .labelSelector = {},
                                  .fieldSelector = {},
                                  .detail = ports::Detail::Full};
        watch = m_watches
                    .emplace(place,
                             Watch{.user = cache->use(key, [this](const ports::CacheSnapshotPtr &) { m_onChange(); })})
                    .first;
    }
    watch->second.isNeeded = true;
    return watch->second.user->snapshot()->objects.sorted();
}

void PodCauses::sweep()
{
    std::erase_if(m_watches, [](const auto &entry) { return !entry.second.isNeeded; });
    for (auto &[place, watch] : m_watches)
        watch.isNeeded = false;
}

void PodCauses::forget(const ports::ClusterCachePtr &cache)
{
    std::erase_if(m_watches, [&](const auto &entry) { return entry.first.first == cache.get(); });
}

} // namespace tiphys::control
