// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/destination_list.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace tiphys::control {

using service::ContextOrigin;
using service::DestinationContext;

namespace {

void addOnce(std::vector<std::string> &names, const std::string &name)
{
    if (!name.empty() && !std::ranges::contains(names, name))
        names.push_back(name);
}

/// Why a name stands for no address.
std::string problemOf(const Expected<std::string> &server, const DestinationUses &use)
{
    if (!server)
        return server.error().message();
    const std::string unknown = "no cluster of this name is registered at '" + use.home + "'";
    return use.registry.unseen.empty() ? unknown : unknown + " as far as can be seen: " + use.registry.unseen;
}

void takeRegistered(DestinationContext &destination, const DestinationUses &use)
{
    if (!use.registered)
        return;
    const Expected<void> registered = use.registered(destination.server);
    if (registered)
        destination.origin = ContextOrigin::Registered;
    else if (registered.error().code() != ErrorCode::NotFound)
        destination.problem = registered.error().text();
}

} // namespace

std::vector<DestinationContext> destinationList(const std::vector<DestinationUses> &uses,
                                                const std::vector<ports::ContextFacts> &ticked,
                                                const ChosenContexts &chosen)
{
    std::map<std::string, DestinationContext> known;    // by server
    std::map<std::string, DestinationContext> nameless; // by name
    for (const auto &[address, context] : chosen) {
        const std::string server = policy::withoutSlash(address);
        if (server == policy::kInClusterServer)
            continue;
        DestinationContext &destination = known[server];
        destination.server = server;
        destination.chosen = context;
        if (!std::ranges::contains(ticked, context, &ports::ContextFacts::name))
            continue;
        destination.contexts = {context};
        destination.origin = ContextOrigin::Chosen;
    }
    for (const DestinationUses &use : uses) {
        for (const crd::Destination &each : use.destinations) {
            if (each.server.empty() && each.name.empty())
                continue;
            if (!use.registry.isInClusterEnabled && policy::isInCluster(each)
                && !policy::destinationFault(use.registry, each).empty()) {
                DestinationContext &destination = nameless[std::string(policy::kInClusterName) + ' ' + use.home];
                destination.names = {std::string(policy::kInClusterName)};
                destination.problem = "the cluster of Argo CD itself is disabled as a destination at '" + use.home
                                      + "': " + std::string(policy::kInClusterSetting) + " of argocd-cm is \"false\"";
                ++destination.applicationCount;
                continue;
            }
            const Expected<std::string> server = policy::destinationServer(use.registry, each);
            if (!server || server->empty()) {
                DestinationContext &destination = nameless[each.name];
                destination.names = {each.name};
                destination.problem = problemOf(server, use);
                ++destination.applicationCount;
                continue;
            }
            if (*server == policy::kInClusterServer)
                continue;
            DestinationContext &destination = known[*server];
            destination.server = *server;
            ++destination.applicationCount;
            if (const std::optional<policy::Cluster> cluster = policy::clusterAt(use.registry, *server))
                addOnce(destination.names, cluster->name);
            const std::vector<std::string> found = contextsFor(*server, use.home, ticked, chosen);
            if (!found.empty())
                addOnce(destination.contexts, found.front());
            if (!destination.contexts.empty())
                destination.origin = destination.contexts.front() == destination.chosen ? ContextOrigin::Chosen
                                                                                        : ContextOrigin::SameAddress;
            else if (destination.origin == ContextOrigin::None)
                takeRegistered(destination, use);
            if (destination.origin != ContextOrigin::None)
                destination.problem.clear();
        }
    }
    std::vector<DestinationContext> list;
    for (auto *part : {&known, &nameless}) {
        for (auto &[key, destination] : *part)
            list.push_back(std::move(destination));
    }
    return list;
}

} // namespace tiphys::control
