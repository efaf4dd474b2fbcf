// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/hosts.h"

#include "tree/pod.h"

#include <set>

namespace tiphys::tree {

namespace {

using object::Object;
using object::ObjectKey;
using object::Value;

bool isCounted(std::string_view resource)
{
    return resource == "cpu" || resource == "memory" || resource == "storage";
}

std::map<std::string, HostResource> capacityOf(const Object &node)
{
    std::map<std::string, HostResource> resources;
    const Value capacity = node.path({"status", "capacity"});
    for (const auto &[name, value] : capacity.entries()) {
        const std::string text = value.isString() ? std::string(*value.asString()) : std::to_string(value.intOr(0));
        if (isCounted(name))
            resources[std::string(name)] = {std::string(name), 0, 0, milliAmountOf(text).value_or(0)};
    }
    return resources;
}

crd::TextMap labelsOf(const Object &node, const std::vector<std::string> &allowed)
{
    crd::TextMap labels;
    for (const std::string &name : allowed) {
        if (const std::optional<std::string_view> value = node.label(name))
            labels.emplace(name, *value);
    }
    return labels;
}

/// Pods by the node that runs them.
struct Pods
{
    std::map<std::string, std::vector<PodDetails>> ofApp;
    std::map<std::string, std::vector<PodDetails>> ofOthers;
};

Pods podsOf(const LiveGraph &live, const std::set<ObjectKey> &appPods)
{
    Pods pods;
    live.forEach([&](const Object &object) {
        if (!object.group().empty() || object.kind() != "Pod")
            return;
        std::optional<PodDetails> details = podDetailsOf(object);
        if (!details)
            return;
        auto &side = appPods.contains(object.key()) ? pods.ofApp : pods.ofOthers;
        side[details->nodeName].push_back(std::move(*details));
    });
    return pods;
}

} // namespace

std::vector<Host> hostsOf(const LiveGraph &live, const std::vector<Node> &nodes,
                          const std::vector<std::string> &allowedNodeLabels)
{
    std::set<ObjectKey> appPods;
    for (const Node &node : nodes) {
        if (node.key.group.empty() && node.key.kind == "Pod")
            appPods.insert(node.key);
    }
    if (appPods.empty())
        return {};
    const Pods pods = podsOf(live, appPods);
    std::vector<Host> hosts;
    for (const auto &[nodeName, ofApp] : pods.ofApp) {
        const Object node = live.find({{}, "Node", {}, nodeName});
        if (node.isNull())
            continue;
        std::map<std::string, HostResource> resources = capacityOf(node);
        for (const PodDetails &pod : ofApp) {
            for (auto &[name, resource] : resources)
                resource.requestedByApp += pod.requests.contains(name) ? pod.requests.at(name) : 0;
        }
        const auto others = pods.ofOthers.find(nodeName);
        for (const PodDetails &pod : others == pods.ofOthers.end() ? std::vector<PodDetails>{} : others->second) {
            for (auto &[name, resource] : resources) {
                if (!pod.isTerminal() && pod.requests.contains(name))
                    resource.requestedByNeighbors += pod.requests.at(name);
            }
        }
        Host host{nodeName, node.path({"status", "nodeInfo"}), {}, labelsOf(node, allowedNodeLabels)};
        for (const auto &[name, resource] : resources) {
            if (resource.capacity > 0)
                host.resources.push_back(resource);
        }
        hosts.push_back(std::move(host));
    }
    return hosts;
}

} // namespace tiphys::tree
