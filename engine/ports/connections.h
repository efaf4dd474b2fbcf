// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/cluster.h"
#include "ports/cluster_cache.h"
#include "ports/http.h"

#include <functional>
#include <string>
#include <vector>

namespace tiphys::ports {

/// One context as the kubeconfig describes it; nothing is contacted to know this.
struct ContextFacts
{
    std::string name;
    std::string server;
    std::string user;
    std::string ns;
    bool skipsTlsVerification = false;
    std::string problem; ///< why it cannot be connected ("no user 'x'"), "" if it can

    bool operator==(const ContextFacts &) const = default;
};

/// What the kubeconfig files say now.
struct KubeconfigFacts
{
    std::vector<std::string> files;
    std::vector<std::string> problems;
    std::vector<ContextFacts> contexts;
    std::string currentContext;
};

/// A cluster and the caches over it.
struct Connection
{
    ClusterPtr cluster;
    ClusterCachePtr cache;
};

/// A cluster outside the kubeconfig, and how it is reached. Holds secrets: never shown.
struct ClusterAccess
{
    std::string server;
    std::string name;
    HttpSecurity security;
    std::string serverName; ///< of its certificate; "" where it is the address's
    std::string bearerToken;
    std::string username;
    std::string password;
    bool disablesCompression = false;
    std::vector<std::string> namespaces; ///< to look into where a list of all is refused

    bool operator==(const ClusterAccess &) const = default;
};

/// Contexts by name: reads kubeconfig files, watches them, and connects. Engine thread only.
class Connections
{
public:
    virtual ~Connections() = default;
    virtual KubeconfigFacts facts() const = 0;
    /// Reads these files from now on; empty: $KUBECONFIG or the default file.
    virtual void useFiles(std::vector<std::string> files) = 0;
    /// A connection to \p context; not shared with others. No request is sent yet.
    /// Errors: NotFound (no such context), InvalidInput naming file and field.
    virtual Expected<Connection> connect(const std::string &context) = 0;
    /// The cluster of \p context as \p user, if its own user may impersonate it; nothing is sent yet. Errors: of connect.
    virtual Expected<ClusterPtr> impersonate(const std::string &context, const std::string &user) = 0;
    /// Makes \p access a context to connect to, which facts() leaves out; it replaces the one of the same server. Nothing is
    /// sent yet, and what is wrong with it is told by connect.
    virtual ContextFacts addCluster(ClusterAccess access) = 0;
    /// Calls \p onChange from the event loop after the files changed.
    virtual void setOnChange(std::function<void()> onChange) = 0;
};
using ConnectionsPtr = std::shared_ptr<Connections>;

} // namespace tiphys::ports
