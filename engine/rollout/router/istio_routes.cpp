// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/istio_routes.h"

#include "rollout/router/routing.h"

#include <algorithm>
#include <set>

namespace tiphys::rollout {

using object::Value;

namespace {

VirtualServiceReference referenceOf(const Value &value, const std::string &ns)
{
    VirtualServiceReference reference;
    const std::string full(value["name"].stringOr());
    const std::size_t dot = full.find('.');
    reference.name = full.substr(0, dot);
    if (dot != std::string::npos)
        reference.ns = full.substr(dot + 1, full.find('.', dot + 1) - dot - 1);
    if (reference.ns.empty())
        reference.ns = ns;
    reference.routes = textsOf(value["routes"]);
    reference.tlsRoutes = value["tlsRoutes"];
    reference.tcpRoutes = value["tcpRoutes"];
    return reference;
}

/// The only port of the matches, 0 if none has one; nothing if there are several.
std::optional<std::int64_t> onlyPort(const Value &matches)
{
    std::set<std::int64_t> ports;
    for (const Value &match : matches.items())
        ports.insert(match["port"].intOr(0));
    if (ports.size() > 1)
        return std::nullopt;
    return ports.empty() ? 0 : *ports.begin();
}

std::set<std::string> hostsOf(const Value &list)
{
    std::set<std::string> hosts;
    for (const Value &host : list.items())
        hosts.emplace(host.stringOr());
    return hosts;
}

/// Server names of all matches.
std::set<std::string> serverNames(const Value &matches)
{
    std::set<std::string> names;
    for (const Value &match : matches.items()) {
        const Value hosts = match["sniHosts"];
        names.merge(hostsOf(hosts));
    }
    return names;
}

bool isMeant(StreamKind kind, const Value &wanted, const Value &route)
{
    const Value matches = route["match"];
    const std::optional<std::int64_t> port = onlyPort(matches);
    if (!port || *port != wanted["port"].intOr(0))
        return false;
    return kind == StreamKind::Tcp || serverNames(matches) == hostsOf(wanted["sniHosts"]);
}

/// Nothing if \p destinations lead to both canary and stable.
Expected<void> checkDestinations(const Value &destinations, const IstioTargets &targets)
{
    bool hasCanaryHost = false;
    bool hasStableHost = false;
    bool hasCanarySubset = false;
    bool hasStableSubset = false;
    for (const Value &destination : destinations.items()) {
        const std::string host = shortHost(destination);
        const std::string_view subset = destination.path({"destination", "subset"}).stringOr();
        hasCanaryHost = hasCanaryHost || (!targets.canaryService.empty() && host == targets.canaryService);
        hasStableHost = hasStableHost || (!targets.stableService.empty() && host == targets.stableService);
        hasCanarySubset = hasCanarySubset || (!targets.canarySubset.empty() && subset == targets.canarySubset);
        hasStableSubset = hasStableSubset || (!targets.stableSubset.empty() && subset == targets.stableSubset);
    }
    const auto missing = [](const std::string &what, const std::string &name) {
        return failure(ErrorCode::InvalidInput, what + " '" + name + "' not found in route");
    };
    if (targets.hasRule && !hasCanarySubset)
        return missing("Canary DestinationRule subset", targets.canarySubset);
    if (targets.hasRule && !hasStableSubset)
        return missing("Stable DestinationRule subset", targets.stableSubset);
    if (!targets.hasRule && !hasCanaryHost)
        return missing("Canary Service", targets.canaryService);
    if (!targets.hasRule && !hasStableHost)
        return missing("Stable Service", targets.stableService);
    return {};
}

Expected<void> checkRoutes(const Value &routes, const Expected<std::vector<std::size_t>> &indexes,
                           const IstioTargets &targets)
{
    if (!indexes)
        return std::unexpected(indexes.error());
    for (const std::size_t index : *indexes) {
        if (const Expected<void> checked = checkDestinations(routes.at(index)["route"], targets); !checked)
            return checked;
    }
    return {};
}

std::unexpected<Error> mustBeAlone(const std::string &kind, const std::string &field)
{
    return failure(ErrorCode::InvalidInput,
                   "spec." + kind
                       + "[] should be set in VirtualService and it must have exactly one route when omitting "
                         "spec.strategy.canary.trafficRouting.istio.virtualService."
                       + field);
}

} // namespace

std::vector<VirtualServiceReference> virtualServicesOf(const Rollout &rollout)
{
    const Value istio = settingsOf(rollout, "istio");
    std::vector<VirtualServiceReference> result;
    const Value list = istio["virtualServices"];
    if (!list.isList())
        return {referenceOf(istio["virtualService"], rollout.ns)};
    for (const Value &item : list.items())
        result.push_back(referenceOf(item, rollout.ns));
    return result;
}

IstioTargets targetsOf(const Rollout &rollout)
{
    const ServicePair services = stableAndCanaryServices(rollout, PreferPingPong::No);
    IstioTargets targets;
    targets.canaryService = services.canary;
    targets.stableService = services.stable;
    const Value rule = settingsOf(rollout, "istio")["destinationRule"];
    targets.hasRule = rule.isMap();
    targets.ruleName = rule["name"].stringOr();
    targets.canarySubset = rule["canarySubsetName"].stringOr();
    targets.stableSubset = rule["stableSubsetName"].stringOr();
    targets.additionalSubsets = textsOf(rule["additionalSubsetNames"]);
    return targets;
}

std::string shortHost(const Value &destination)
{
    const std::string_view host = destination.path({"destination", "host"}).stringOr();
    return std::string(host.substr(0, host.find('.')));
}

Expected<std::vector<std::size_t>> httpRouteIndexes(const std::vector<std::string> &names, const Value &routes)
{
    if (names.empty() && routes.size() == 1)
        return std::vector<std::size_t>{0};
    for (std::size_t i = 0; names.empty() && i < routes.size(); ++i) {
        if (routes.at(i)["name"].stringOr().empty())
            return std::vector<std::size_t>{i};
    }
    std::vector<std::size_t> indexes;
    for (const std::string &name : names) {
        std::size_t i = 0;
        while (i < routes.size() && routes.at(i)["name"].stringOr() != name)
            ++i;
        if (i == routes.size())
            return failure(ErrorCode::InvalidInput,
                           "HTTP Route '" + name + "' is not found in the defined Virtual Service.");
        indexes.push_back(i);
    }
    return indexes;
}

Expected<std::vector<std::size_t>> streamRouteIndexes(StreamKind kind, const Value &wanted, const Value &routes)
{
    const std::string word = kind == StreamKind::Tls ? "TLS" : "TCP";
    if (routes.size() == 0)
        return failure(ErrorCode::InvalidInput, "No " + word + " routes found in the defined Virtual Service.");
    if (wanted.size() == 0)
        return std::vector<std::size_t>{0};
    std::vector<std::size_t> indexes;
    for (const Value &route : wanted.items()) {
        const std::size_t before = indexes.size();
        for (std::size_t i = 0; i < routes.size(); ++i) {
            if (isMeant(kind, route, routes.at(i)))
                indexes.push_back(i);
        }
        if (indexes.size() == before)
            return failure(ErrorCode::InvalidInput,
                           "No matching " + word + " routes found in the defined Virtual Service.");
    }
    return indexes;
}

Expected<void> checkHttpRoutes(const Rollout &rollout, const VirtualServiceReference &reference, const Value &routes)
{
    const Expected<void> checked = checkRoutes(routes, httpRouteIndexes(reference.routes, routes), targetsOf(rollout));
    if (!checked)
        return checked;
    const std::vector<std::string> &managed = rollout.canary->trafficRouting->managedRoutes;
    std::size_t others = 0;
    for (const Value &route : routes.items())
        others += std::ranges::contains(managed, route["name"].stringOr()) ? 0U : 1U;
    if (reference.routes.empty() && others > 1)
        return mustBeAlone("http", "routes");
    return {};
}

Expected<void> checkStreamRoutes(StreamKind kind, const Rollout &rollout, const VirtualServiceReference &reference,
                                 const Value &routes)
{
    const Value &wanted = kind == StreamKind::Tls ? reference.tlsRoutes : reference.tcpRoutes;
    const Expected<void> checked = checkRoutes(routes, streamRouteIndexes(kind, wanted, routes), targetsOf(rollout));
    if (!checked)
        return checked;
    if (wanted.size() == 0 && routes.size() > 1)
        return kind == StreamKind::Tls ? mustBeAlone("tls", "tlsRoutes") : mustBeAlone("tcp", "tcpRoutes");
    return {};
}

Expected<void> checkShape(const Value &routes)
{
    const auto is = [](const Value &value, bool isRight) { return value.isNull() || isRight; };
    for (const Value &route : routes.items()) {
        const Value list = route["route"];
        bool isGood = route.isMap() && is(list, list.isList()) && is(route["name"], route["name"].isString());
        for (const Value &item : list.items()) {
            const Value to = item["destination"];
            isGood = isGood && item.isMap() && is(to, to.isMap()) && is(to["host"], to["host"].isString())
                     && is(to["subset"], to["subset"].isString()) && is(item["weight"], item["weight"].isNumber());
        }
        if (!isGood)
            return failure(ErrorCode::InvalidInput, "a route of the VirtualService is not well-formed");
    }
    return {};
}

FieldErrors virtualServiceErrors(const Rollout &rollout, const VirtualServiceReference &reference,
                                 const object::Object &service)
{
    const bool isList = settingsOf(rollout, "istio")["virtualServices"].isList();
    const std::string field = std::string("spec.strategy.canary.trafficRouting.istio.")
                              + (isList ? "virtualServices.name" : "virtualService.name");
    FieldErrors errors;
    const auto invalid = [&](const std::string &text) { errors.push_back(invalidField(field, reference.name, text)); };
    const Value spec = service.path({"spec"});
    if (!spec["http"].isList() && !spec["tls"].isList() && !spec["tcp"].isList())
        invalid("Unable to get any of the HTTP, TCP or TLS routes for the Istio VirtualService");
    for (const auto &[key, word] : {std::pair{"http", "HTTP"}, std::pair{"tls", "TLS"}, std::pair{"tcp", "TCP"}}) {
        const Value routes = spec[key];
        if (!routes.isList())
            continue;
        if (!checkShape(routes)) {
            invalid(std::string("Unable to get ") + word + " routes for Istio VirtualService");
            continue;
        }
        const std::string_view kind = key;
        const Expected<void> checked = kind == "http"  ? checkHttpRoutes(rollout, reference, routes)
                                       : kind == "tls" ? checkStreamRoutes(StreamKind::Tls, rollout, reference, routes)
                                                       : checkStreamRoutes(StreamKind::Tcp, rollout, reference, routes);
        if (!checked)
            invalid(std::string("Istio VirtualService has invalid ") + word
                    + " routes. Error: " + checked.error().message());
    }
    return errors;
}

} // namespace tiphys::rollout
