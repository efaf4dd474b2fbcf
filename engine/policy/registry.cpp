// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/registry.h"

#include "base/base64.h"
#include "base/text.h"
#include "object/json.h"

#include <algorithm>

namespace tiphys::policy {

using object::Object;

namespace {

std::vector<std::string> namespacesOf(std::string_view list)
{
    std::vector<std::string> namespaces;
    for (const std::string_view part : split(list, ',')) {
        if (const std::string_view ns = trimmed(part); !ns.empty())
            namespaces.emplace_back(ns);
    }
    return namespaces;
}

std::optional<Cluster> clusterOf(const Object &secret)
{
    if (const std::string config = secretField(secret, "config"); !config.empty() && !object::parseJson(config))
        return std::nullopt;
    return Cluster{.server = withoutSlash(secretField(secret, "server")),
                   .name = secretField(secret, "name"),
                   .project = secretField(secret, "project"),
                   .namespaces = namespacesOf(secretField(secret, "namespaces"))};
}

/// What the server of Argo CD tells of an address that it does not take.
std::string clusterProblem(std::string_view server, std::string_view problem)
{
    return "error getting cluster by server \"" + std::string(server)
           + "\": rpc error: code = NotFound desc = cluster \"" + withoutSlash(server) + "\" " + std::string(problem);
}

bool isSwitchedOff(const Registry &registry, std::string_view server)
{
    return !registry.isInClusterEnabled && server == kInClusterServer;
}

} // namespace

bool inClusterEnabledOf(const object::Value &settings)
{
    return settings[kInClusterSetting].stringOr() != "false";
}

std::string unknownCluster(std::string_view server)
{
    return clusterProblem(server, "not found");
}

std::string withoutSlash(std::string_view server)
{
    while (server.ends_with('/'))
        server.remove_suffix(1);
    return std::string(server);
}

std::string secretField(const Object &secret, std::string_view name)
{
    return decodedBase64(secret.path({"data", name}).stringOr()).value_or(std::string());
}

Registry registryOf(const std::vector<Object> &secrets)
{
    Registry registry;
    for (const Object &secret : secrets) {
        const std::string_view type = secret.path({"metadata", "labels", kSecretTypeLabel}).stringOr();
        if (type == "repository") {
            registry.repositories.push_back({secretField(secret, "url"), secretField(secret, "project")});
        } else if (type == "cluster") {
            if (std::optional<Cluster> cluster = clusterOf(secret))
                registry.clusters.push_back(std::move(*cluster));
        }
    }
    return registry;
}

bool isInCluster(const crd::Destination &destination)
{
    const std::string server = withoutSlash(destination.server);
    return server == kInClusterServer || (server.empty() && destination.name == kInClusterName);
}

Expected<std::string> destinationServer(const Registry &registry, const crd::Destination &destination)
{
    if (!destination.server.empty() || destination.name.empty()) {
        std::string server = withoutSlash(destination.server);
        if (isSwitchedOff(registry, server))
            return failure(ErrorCode::NotFound, clusterProblem(destination.server, "is disabled"));
        return server;
    }
    std::vector<std::string> servers;
    for (const Cluster &cluster : registry.clusters) {
        if (cluster.name == destination.name && !isSwitchedOff(registry, cluster.server))
            servers.push_back(cluster.server);
    }
    if (servers.empty())
        return std::string(destination.name == kInClusterName && registry.isInClusterEnabled ? kInClusterServer : "");
    if (servers.size() == 1)
        return servers.front();
    std::string all;
    for (const std::string &server : servers)
        all += (all.empty() ? "" : " ") + server;
    return failure(ErrorCode::Conflict,
                   "there are " + std::to_string(servers.size()) + " clusters with the same name: [" + all + ']');
}

std::string destinationFault(const Registry &registry, const crd::Destination &destination)
{
    const Expected<std::string> server = destinationServer(registry, destination);
    if (!server)
        return server.error().message();
    return server->empty() && !destination.name.empty() ? "there are no clusters with this name: " + destination.name
                                                        : std::string();
}

std::optional<Cluster> clusterAt(const Registry &registry, std::string_view server)
{
    const std::string wanted = withoutSlash(server);
    if (isSwitchedOff(registry, wanted))
        return std::nullopt;
    const auto found = std::ranges::find(registry.clusters, wanted, &Cluster::server);
    if (found != registry.clusters.end())
        return *found;
    if (wanted == kInClusterServer)
        return Cluster{.server = wanted, .name = std::string(kInClusterName), .project = {}};
    return std::nullopt;
}

} // namespace tiphys::policy
