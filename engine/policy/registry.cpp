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

} // namespace

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
    if (!destination.server.empty() || destination.name.empty())
        return withoutSlash(destination.server);
    std::vector<std::string> servers;
    for (const Cluster &cluster : registry.clusters) {
        if (cluster.name == destination.name)
            servers.push_back(cluster.server);
    }
    if (servers.empty())
        return std::string(destination.name == kInClusterName ? kInClusterServer : "");
    if (servers.size() == 1)
        return servers.front();
    std::string all;
    for (const std::string &server : servers)
        all += (all.empty() ? "" : " ") + server;
    return failure(ErrorCode::Conflict,
                   "there are " + std::to_string(servers.size()) + " clusters with the same name: [" + all + ']');
}

std::optional<Cluster> clusterAt(const Registry &registry, std::string_view server)
{
    const std::string wanted = withoutSlash(server);
    const auto found = std::ranges::find(registry.clusters, wanted, &Cluster::server);
    if (found != registry.clusters.end())
        return *found;
    if (wanted == kInClusterServer)
        return Cluster{.server = wanted, .name = std::string(kInClusterName), .project = {}};
    return std::nullopt;
}

} // namespace tiphys::policy
