// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/controller_watch.h"

#include "control/reconciler_choice.h"

#include <algorithm>

namespace tiphys::control {

using ports::CacheSnapshotPtr;
using ports::CacheState;
using ports::CacheUserPtr;

namespace {

const ports::ResourceType kStatefulSets{"apps", "v1", "statefulsets", "StatefulSet", true};
const ports::ResourceType kDeployments{"apps", "v1", "deployments", "Deployment", true};

/// True if the answer of \p user covers namespace \p ns ("": all of them).
bool covers(const CacheUserPtr &user, const std::string &ns)
{
    const CacheSnapshotPtr snapshot = user->snapshot();
    if (snapshot->state != CacheState::Live && snapshot->state != CacheState::Stale)
        return false;
    if (snapshot->limitedTo.empty())
        return true;
    return std::ranges::contains(snapshot->limitedTo, ns) && !std::ranges::contains(snapshot->deniedNamespaces, ns)
           && !std::ranges::contains(snapshot->unlistedNamespaces, ns);
}

bool cover(const std::vector<CacheUserPtr> &users, const std::string &ns)
{
    return !users.empty() && std::ranges::all_of(users, [&ns](const CacheUserPtr &user) { return covers(user, ns); });
}

} // namespace

ControllerWatch::ControllerWatch(ports::ClusterCachePtr cache, std::function<void()> onChange)
    : m_cache(std::move(cache)), m_onChange(std::move(onChange)), m_everywhere(askIn(""))
{
    collect();
}

std::vector<CacheUserPtr> ControllerWatch::askIn(const std::string &ns)
{
    std::vector<CacheUserPtr> users;
    const auto ask = [&](const ports::ResourceType &type, const std::string &labels, const std::string &fields) {
        users.push_back(m_cache->use({.type = type,
                                      .ns = ns,
                                      .labelSelector = labels,
                                      .fieldSelector = fields,
                                      .detail = ports::Detail::Metadata},
                                     [this](const CacheSnapshotPtr &) {
                                         collect();
                                         m_onChange();
                                     }));
    };
    // Few objects travel: a cluster may have very many workloads, and they change all the time.
    for (const ports::ResourceType &type : {kStatefulSets, kDeployments}) {
        ask(type, "app.kubernetes.io/name=" + std::string(kApplicationController), "");
        ask(type, "", "metadata.name=" + std::string(kApplicationController));
    }
    return users;
}

void ControllerWatch::lookIn(const std::set<std::string> &namespaces)
{
    const bool isRefused = std::ranges::any_of(m_everywhere, [](const CacheUserPtr &user) {
        const CacheSnapshotPtr snapshot = user->snapshot();
        return snapshot->state == CacheState::Denied || !snapshot->limitedTo.empty();
    });
    if (!isRefused)
        return;
    for (const std::string &ns : namespaces) {
        if (!ns.empty() && !m_byNamespace.contains(ns) && !cover(m_everywhere, ns))
            m_byNamespace.emplace(ns, askIn(ns));
    }
    // What a cache has already is no news to it.
    collect();
}

void ControllerWatch::refresh()
{
    for (const CacheUserPtr &user : users())
        user->refresh();
}

void ControllerWatch::collect()
{
    m_found.clear();
    for (const CacheUserPtr &user : users()) {
        user->snapshot()->objects.forEach([this](const object::Object &workload) {
            if (isApplicationController(workload))
                m_found[std::string(workload.ns())].insert(workload.key().text());
        });
    }
}

std::optional<std::vector<std::string>> ControllerWatch::workloadsIn(const std::string &ns) const
{
    if (const auto found = m_found.find(ns); found != m_found.end())
        return std::vector<std::string>(found->second.begin(), found->second.end());
    const auto own = m_byNamespace.find(ns);
    if (cover(m_everywhere, ns) || (own != m_byNamespace.end() && cover(own->second, ns)))
        return std::vector<std::string>();
    return std::nullopt;
}

std::set<std::string> ControllerWatch::namespaces() const
{
    std::set<std::string> names;
    for (const auto &[ns, workloads] : m_found)
        names.insert(ns);
    return names;
}

bool ControllerWatch::seesEverything() const
{
    return cover(m_everywhere, "");
}

std::string ControllerWatch::unseenWhy() const
{
    for (const CacheUserPtr &user : users()) {
        if (user->snapshot()->state == CacheState::Failed && user->snapshot()->error)
            return user->snapshot()->error->text();
    }
    return {};
}

std::vector<CacheUserPtr> ControllerWatch::users() const
{
    std::vector<CacheUserPtr> all = m_everywhere;
    for (const auto &[ns, users] : m_byNamespace)
        all.insert(all.end(), users.begin(), users.end());
    return all;
}

} // namespace tiphys::control
