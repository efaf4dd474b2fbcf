// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/networking.h"

#include "base/text.h"
#include "crd/names.h"
#include "crd/options.h"

#include <algorithm>
#include <array>
#include <set>

namespace tiphys::tree {

namespace {

using object::Object;
using object::Value;

constexpr std::string_view kGatewayGroup = "gateway.networking.k8s.io";

crd::TextMap textMapOf(const Value &map)
{
    crd::TextMap result;
    for (const auto &[key, value] : map.entries()) {
        if (value.isString())
            result.emplace(key, *value.asString());
    }
    return result;
}

std::string textOf(const Value &value, std::string_view fallback = {})
{
    const std::string_view text = value.stringOr();
    return std::string(text.empty() ? fallback : text);
}

std::vector<IngressAddress> loadBalancerAddresses(const Object &object)
{
    std::vector<IngressAddress> result;
    const Value addresses = object.path({"status", "loadBalancer", "ingress"});
    for (const Value &address : addresses.items()) {
        if (address["hostname"].isString())
            result.push_back({textOf(address["hostname"]), {}});
        else if (address["ip"].isString())
            result.push_back({{}, textOf(address["ip"])});
    }
    return result;
}

NodeReference service(std::string name, std::string_view ns)
{
    return {{}, "Service", std::string(ns), std::move(name), {}, {}};
}

/// The Service that a backend of an Ingress names; nothing where its version does not say.
std::optional<NodeReference> backendService(const Object &ingress, const Value &backend)
{
    if (!backend.isMap())
        return std::nullopt;
    const bool isOld = ingress.group() == "extensions" || ingress.version() == "v1beta1";
    if (isOld)
        return service(textOf(backend["serviceName"]), ingress.ns());
    const Value named = backend["service"];
    if (ingress.version() != "v1" || !named.isMap())
        return std::nullopt;
    return service(textOf(named["name"]), ingress.ns());
}

/// "https" as soon as any TLS entry has a secret, whichever host it is for.
std::string_view schemeOf(const Object &ingress, std::string_view host)
{
    const Value entries = ingress.path({"spec", "tls"});
    for (const Value &entry : entries.items()) {
        if (!entry["secretName"].isNull() || entry["host"].asString() == host)
            return "https";
    }
    return "http";
}

std::string hostOf(const Value &rule, const std::vector<IngressAddress> &addresses)
{
    std::string host = textOf(rule["host"]);
    for (const IngressAddress &address : addresses) {
        if (!host.empty())
            break;
        host = address.hostname.empty() ? address.ip : address.hostname;
    }
    return host;
}

struct Found
{
    std::set<NodeReference> targets;
    std::set<std::string> urls;
};

Found pathsOf(const Object &ingress, const std::vector<IngressAddress> &addresses)
{
    Found found;
    if (const auto target = backendService(ingress, ingress.path({"spec", "backend"})))
        found.targets.insert(*target);
    const Value rules = ingress.path({"spec", "rules"});
    for (const Value &rule : rules.items()) {
        const std::string host = hostOf(rule, addresses);
        const Value paths = rule.path({"http", "paths"});
        for (const Value &path : paths.items()) {
            if (const auto target = backendService(ingress, path["backend"]))
                found.targets.insert(*target);
            if (host.empty())
                continue;
            std::string_view subPath = path["path"].stringOr();
            if (subPath.ends_with('*'))
                subPath.remove_suffix(1);
            found.urls.insert(std::string(schemeOf(ingress, host)) + "://" + host + std::string(subPath));
        }
    }
    return found;
}

bool hasDefaultLinks(const Object &object)
{
    const std::optional<std::string_view> text = object.annotation(crd::kIgnoreDefaultLinksAnnotation);
    return !text || !crd::goBooleanOf(*text).value_or(false);
}

Networking ingressNetworking(const Object &object)
{
    Networking networking;
    networking.ingress = loadBalancerAddresses(object);
    const Found found = pathsOf(object, networking.ingress);
    networking.targets.assign(found.targets.begin(), found.targets.end());
    networking.externalUrls = linksOf(object);
    if (hasDefaultLinks(object))
        networking.externalUrls.insert(networking.externalUrls.end(), found.urls.begin(), found.urls.end());
    return networking;
}

Networking serviceNetworking(const Object &object)
{
    Networking networking;
    networking.targetLabels = textMapOf(object.path({"spec", "selector"}));
    if (object.path({"spec", "type"}).stringOr() == "LoadBalancer")
        networking.ingress = loadBalancerAddresses(object);
    networking.externalUrls = linksOf(object);
    return networking;
}

Networking virtualServiceNetworking(const Object &object)
{
    std::set<NodeReference> targets;
    const Value rules = object.path({"spec", "http"});
    for (const Value &rule : rules.items()) {
        const Value routes = rule["route"];
        for (const Value &route : routes.items()) {
            const std::optional<std::string_view> host = route.path({"destination", "host"}).asString();
            if (!host)
                continue;
            const std::vector<std::string_view> parts = split(*host, '.');
            targets.insert(service(std::string(parts[0]), parts.size() > 1 ? parts[1] : object.ns()));
        }
    }
    Networking networking;
    networking.targets.assign(targets.begin(), targets.end());
    networking.externalUrls = linksOf(object);
    return networking;
}

/// A reference of a Gateway API route with the defaults of its place.
std::optional<NodeReference> routeReference(const Object &route, const Value &reference, std::string_view group,
                                            std::string_view kind)
{
    const std::string name = textOf(reference["name"]);
    if (name.empty())
        return std::nullopt;
    return NodeReference{textOf(reference["group"], group),
                         textOf(reference["kind"], kind),
                         textOf(reference["namespace"], route.ns()),
                         name,
                         {},
                         {}};
}

Networking routeNetworking(const Object &object)
{
    std::set<NodeReference> targets;
    const auto insert = [&](const std::optional<NodeReference> &target) {
        if (target)
            targets.insert(*target);
    };
    const Value parents = object.path({"spec", "parentRefs"});
    for (const Value &parent : parents.items())
        insert(routeReference(object, parent, kGatewayGroup, "Gateway"));
    const Value rules = object.path({"spec", "rules"});
    for (const Value &rule : rules.items()) {
        const Value backends = rule["backendRefs"];
        for (const Value &backend : backends.items())
            insert(routeReference(object, backend, {}, "Service"));
    }
    Networking networking;
    networking.targets.assign(targets.begin(), targets.end());
    networking.externalUrls = linksOf(object);
    return networking;
}

std::vector<IngressAddress> gatewayAddresses(const Object &object)
{
    std::vector<IngressAddress> result;
    const Value addresses = object.path({"status", "addresses"});
    for (const Value &address : addresses.items()) {
        const std::string value = textOf(address["value"]);
        const std::string_view type = address["type"].stringOr();
        if (value.empty())
            continue;
        if (type == "Hostname")
            result.push_back({value, {}});
        else if (type.empty() || type == "IPAddress")
            result.push_back({{}, value});
    }
    return result;
}

std::set<std::string> listenerUrls(const Object &gateway, const std::vector<IngressAddress> &addresses)
{
    std::set<std::string> urls;
    const Value listeners = gateway.path({"spec", "listeners"});
    for (const Value &listener : listeners.items()) {
        const std::string hostname = textOf(listener["hostname"]);
        const std::string_view protocol = listener["protocol"].stringOr();
        const bool isSecure = protocol == "HTTPS" || protocol == "TLS";
        const std::int64_t port = static_cast<std::int64_t>(listener["port"].asNumber().value_or(0));
        std::vector<std::string> hosts;
        if (!hostname.empty() && hostname != "*")
            hosts.push_back(hostname);
        else
            for (const IngressAddress &address : addresses)
                hosts.push_back(address.hostname.empty() ? address.ip : address.hostname);
        for (const std::string &host : hosts) {
            std::string url = (isSecure ? "https://" : "http://") + host;
            if (port != (isSecure ? 443 : 80))
                url += ":" + std::to_string(port);
            urls.insert(std::move(url));
        }
    }
    return urls;
}

Networking gatewayNetworking(const Object &object)
{
    Networking networking;
    networking.ingress = gatewayAddresses(object);
    networking.externalUrls = linksOf(object);
    if (hasDefaultLinks(object)) {
        const std::set<std::string> urls = listenerUrls(object, networking.ingress);
        networking.externalUrls.insert(networking.externalUrls.end(), urls.begin(), urls.end());
    }
    return networking;
}

bool isRoute(const Object &object)
{
    constexpr std::array<std::string_view, 5> kinds{"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"};
    return object.group() == kGatewayGroup && std::ranges::find(kinds, object.kind()) != kinds.end();
}

/// Scheme of a URL in lower case; "" if there is none.
std::string schemeOfUrl(std::string_view url)
{
    const std::size_t colon = url.find(':');
    return colon == std::string_view::npos ? std::string() : asciiLower(url.substr(0, colon));
}

} // namespace

std::vector<std::string> linksOf(const Object &object)
{
    std::vector<std::string> links;
    const Value annotations = object.path({"metadata", "annotations"});
    for (const auto &[name, value] : annotations.sortedEntries()) {
        if (!name.starts_with(crd::kLinkAnnotationPrefix) || !value.isString())
            continue;
        const std::string_view text = *value.asString();
        const std::size_t bar = text.find('|');
        const std::string_view url = bar == std::string_view::npos ? text : text.substr(bar + 1);
        const std::string scheme = schemeOfUrl(url);
        if (url.empty() || scheme == "http" || scheme == "https")
            links.emplace_back(text);
    }
    return links;
}

std::optional<Networking> networkingOf(const Object &object)
{
    const std::string_view group = object.group();
    const std::string_view kind = object.kind();
    if (group.empty() && kind == "Pod") {
        Networking networking;
        networking.labels = textMapOf(object.path({"metadata", "labels"}));
        networking.externalUrls = linksOf(object);
        return networking;
    }
    if (group.empty() && kind == "Service")
        return serviceNetworking(object);
    if ((group == "extensions" || group == "networking.k8s.io") && kind == "Ingress")
        return ingressNetworking(object);
    if (group == "networking.istio.io" && kind == "VirtualService")
        return virtualServiceNetworking(object);
    const Value workloadLabels = object.path({"spec", "workloadSelector", "labels"});
    if (group == "networking.istio.io" && kind == "ServiceEntry" && workloadLabels.isMap()) {
        Networking networking;
        networking.targetLabels = textMapOf(workloadLabels);
        networking.targets = {{{}, "Pod", {}, {}, {}, {}}};
        return networking;
    }
    if (isRoute(object))
        return routeNetworking(object);
    if (group == kGatewayGroup && kind == "Gateway")
        return gatewayNetworking(object);
    std::vector<std::string> links = linksOf(object);
    if (links.empty())
        return std::nullopt;
    Networking networking;
    networking.externalUrls = std::move(links);
    return networking;
}

} // namespace tiphys::tree
