// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/cluster_cache.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tiphys::control {

/// Where Argo CD application controllers are installed in one cluster, kept up to date: in all namespaces, or where
/// those may not be listed together in the ones that were named. Engine thread only.
class ControllerWatch
{
public:
    /// Starts to look in all namespaces. \p onChange is called from the event loop as long as this lives.
    ControllerWatch(ports::ClusterCachePtr cache, std::function<void()> onChange);

    /// Looks in these namespaces too, where looking everywhere is refused; does nothing where it is not.
    void lookIn(const std::set<std::string> &namespaces);
    /// Asks the server again.
    void refresh();

    /// Controller workloads in namespace \p ns, those with 0 replicas too; nothing if it is not known.
    std::optional<std::vector<std::string>> workloadsIn(const std::string &ns) const;
    /// Namespaces where controllers were found.
    std::set<std::string> namespaces() const;
    /// True if a controller was found in namespace \p ns.
    bool isIn(const std::string &ns) const { return m_found.contains(ns); }
    /// True if every namespace is looked into.
    bool seesEverything() const;
    /// What the server said where it did not answer, "" if it did.
    std::string unseenWhy() const;
    /// What is asked, to be waited for.
    std::vector<ports::CacheUserPtr> users() const;

private:
    std::vector<ports::CacheUserPtr> askIn(const std::string &ns);
    void collect();

    ports::ClusterCachePtr m_cache;
    std::function<void()> m_onChange;
    std::vector<ports::CacheUserPtr> m_everywhere;
    std::map<std::string, std::vector<ports::CacheUserPtr>> m_byNamespace; ///< where m_everywhere is refused
    std::map<std::string, std::set<std::string>> m_found;                  ///< workloads by namespace
};

} // namespace tiphys::control
