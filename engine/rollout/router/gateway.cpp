// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/gateway.h"

#include "rollout/router/gateway_settings.h"
#include "rollout/router/routing.h"

#include <algorithm>
#include <set>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr const char *kNoRoutes =
    "No routes configured. At least one of 'httpRoutes', 'grpcRoutes', 'tcpRoutes', 'tlsRoutes', 'httpRoute', "
    "'grpcRoute', 'tcpRoute' or 'tlsRoute' must be set";
constexpr int kDefaultPort = 8080;

std::string_view nameOf(const Value &backend)
{
    return backend["name"].stringOr();
}

bool hasBackend(const Value &rule, std::string_view service)
{
    const Value backends = rule["backendRefs"];
    return std::ranges::any_of(backends.items(),
                               [service](const Value &backend) { return nameOf(backend) == service; });
}

/// True for "route", and for "route-1" and so on.
bool isNamedAfter(std::string_view rule, const std::string &route)
{
    if (rule == route)
        return true;
    if (!rule.starts_with(route + "-"))
        return false;
    std::string_view rest = rule.substr(route.size() + 1);
    if (rest.starts_with('-') || rest.starts_with('+'))
        rest.remove_prefix(1);
    return !rest.empty() && std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
}

/// True for a rule that a header route made: called after it, or (those of older versions have no name) with the
/// canary as its only backend.
bool isManaged(const Value &rule, const std::vector<std::string> &routes, const std::string &canaryService)
{
    if (rule["name"].isString()) {
        const std::string_view name = rule["name"].stringOr();
        if (std::ranges::any_of(routes, [name](const std::string &route) { return isNamedAfter(name, route); }))
            return true;
    }
    const Value backends = rule["backendRefs"];
    return backends.size() == 1 && nameOf(backends.at(0)) == canaryService;
}

/// True if some match of \p rule asks for all headers that \p headers ask for.
bool asksForAll(const Value &rule, const std::vector<Value> &headers)
{
    const Value matches = rule["matches"];
    return std::ranges::any_of(matches.items(), [&headers](const Value &match) {
        const Value held = match["headers"];
        return std::ranges::all_of(headers, [&held](const Value &header) {
            return std::ranges::any_of(held.items(),
                                       [&header](const Value &other) { return other["name"] == header["name"]; });
        });
    });
}

std::unexpected<Error> backendMissing(RouteKind kind)
{
    const bool isStream = kind == RouteKind::Tcp || kind == RouteKind::Tls;
    return failure(ErrorCode::InvalidInput, std::string("backendRef ") + (isStream ? "list " : "") + "was not found in "
                                                + std::string(fieldOf(kind)));
}

/// \p rules with the weights of canary and stable. Errors: InvalidInput unless both are there.
Expected<Value> weightedRules(const Rollout &rollout, RouteKind kind, const Value &rules, int weight)
{
    const Canary &canary = *rollout.canary;
    const bool hasHeaders = kind == RouteKind::Http || kind == RouteKind::Grpc;
    bool hasCanary = false;
    bool hasStable = false;
    std::vector<Value> result;
    for (const Value &rule : rules.items()) {
        if (hasHeaders && isManaged(rule, canary.trafficRouting->managedRoutes, canary.canaryService)) {
            result.push_back(rule);
            continue;
        }
        std::vector<Value> backends;
        const Value held = rule["backendRefs"];
        for (const Value &backend : held.items()) {
            const bool isCanary = nameOf(backend) == canary.canaryService;
            const bool isStable = !isCanary && nameOf(backend) == canary.stableService;
            hasCanary = hasCanary || isCanary;
            hasStable = hasStable || isStable;
            backends.push_back(isCanary   ? backend.with("weight", Value(weight))
                               : isStable ? backend.with("weight", Value(100 - weight))
                                          : backend);
        }
        result.push_back(held.isList() ? rule.with("backendRefs", Value::list(backends)) : rule);
    }
    if (!hasCanary || !hasStable)
        return backendMissing(kind);
    return Value::list(result);
}

/// The port of \p service that experiments are reached by; nothing if the Service is not there.
std::optional<std::int64_t> portOf(const Observed &observed, const std::string &service)
{
    const Service *found = observed.service(service);
    if (!found)
        return std::nullopt;
    const Value ports = found->object.path({"spec", "ports"});
    std::int64_t port = kDefaultPort;
    for (const Value &candidate : ports.items()) {
        if (candidate["name"].stringOr() == "http") {
            port = candidate["port"].intOr(kDefaultPort);
            break;
        }
    }
    return ports.size() > 0 && port == kDefaultPort ? ports.at(0)["port"].intOr(kDefaultPort) : port;
}

/// \p backends while an experiment runs: its services are there, stable has what they leave.
Value withExperiment(const RouterScene &scene, const Value &backends, const Router::Destinations &additional)
{
    const Rollout &rollout = scene.rollout();
    int total = 0;
    for (const WeightDestination &destination : additional)
        total += destination.weight;
    std::vector<Value> result;
    bool isStableSet = false;
    for (const Value &backend : backends.items()) {
        const bool isStable = !isStableSet && nameOf(backend) == rollout.canary->stableService;
        isStableSet = isStableSet || isStable;
        result.push_back(isStable ? backend.with("weight", Value(100 - std::min(total, 100))) : backend);
    }
    for (const WeightDestination &destination : additional) {
        if (std::ranges::any_of(result,
                                [&](const Value &backend) { return nameOf(backend) == destination.serviceName; }))
            continue;
        if (const auto port = portOf(scene.observed(), destination.serviceName))
            result.push_back(Value::map({{"name", destination.serviceName},
                                         {"namespace", rollout.ns},
                                         {"port", *port},
                                         {"weight", destination.weight}}));
    }
    return Value::list(result);
}

enum class IsForgotten { No, Yes };

/// \p backends after an experiment: without its \p services; once the Rollout does not name it any more all traffic is at stable.
Value withoutExperiment(const Rollout &rollout, const Value &backends, const std::set<std::string> &services,
                        IsForgotten isForgotten)
{
    std::vector<Value> result;
    for (const Value &backend : backends.items()) {
        const std::string name(nameOf(backend));
        if (services.contains(name))
            continue;
        const bool isStable = isForgotten == IsForgotten::Yes && name == rollout.canary->stableService;
        const bool isCanary = isForgotten == IsForgotten::Yes && !isStable && name == rollout.canary->canaryService;
        result.push_back(isStable   ? backend.with("weight", Value(100))
                         : isCanary ? backend.with("weight", Value(0))
                                    : backend);
    }
    return Value::list(result);
}

/// \p rules with the services of an experiment in the first rule that carries the traffic, or without them.
Value experimentRules(const RouterScene &scene, Value rules, const Router::Destinations &additional)
{
    const Rollout &rollout = scene.rollout();
    std::size_t index = 0;
    while (index < rules.size() && !hasBackend(rules.at(index), rollout.canary->stableService)
           && !hasBackend(rules.at(index), rollout.canary->canaryService))
        ++index;
    if (index == rules.size())
        return rules;
    const Value rule = rules.at(index);
    const Value backends = rule["backendRefs"];
    const bool isNamed = !rollout.status.canary.currentExperiment.empty();
    if (isNamed && !additional.empty())
        return rules.withItem(index, rule.with("backendRefs", withExperiment(scene, backends, additional)));
    std::set<std::string> former;
    if (rollout.status.canary.weights) {
        for (const WeightDestination &destination : rollout.status.canary.weights->additional)
            former.insert(destination.serviceName);
    }
    const bool isLeft = std::ranges::any_of(
        backends.items(), [&former](const Value &backend) { return former.contains(std::string(nameOf(backend))); });
    if (!isLeft)
        return rules;
    // The status that names the experiment is the last one that tells its services.
    const IsForgotten isForgotten = isNamed ? IsForgotten::No : IsForgotten::Yes;
    return rules.withItem(index, rule.with("backendRefs", withoutExperiment(rollout, backends, former, isForgotten)));
}

/// \p route with the label of routes in use, or without it at weight 0.
Object labelled(const Object &route, int weight, const GatewaySettings &settings)
{
    if (settings.labelKey.empty())
        return route;
    if (weight != 0)
        return route.withLabel(settings.labelKey, settings.labelValue);
    return route.label(settings.labelKey) ? Object(route.value().withoutPath({"metadata", "labels", settings.labelKey}))
                                          : route;
}

Expected<Object> routeOf(const RouterScene &scene, const GatewaySettings &settings, const GatewayRoute &route)
{
    if (const auto found = scene.find(kGatewayGroup, kindOf(route.kind), settings.ns, route.name))
        return *found;
    return notFound(std::string(resourceOf(route.kind)) + "." + std::string(kGatewayGroup), route.name);
}

/// Matches of a header step as a route has them. Errors: InvalidInput for a header without a text.
Expected<std::vector<Value>> headerMatches(const HeaderRouteStep &step)
{
    std::vector<Value> matches;
    for (const HeaderMatch &match : step.match) {
        const TextMatch text = match.headerValue.value_or(TextMatch());
        const bool isExact = !text.exact.empty();
        const std::string value = isExact ? text.exact : !text.prefix.empty() ? text.prefix + ".*" : text.regex;
        if (value.empty())
            return failure(ErrorCode::InvalidInput, "invalid header match type");
        matches.push_back(Value::map(
            {{"type", isExact ? "Exact" : "RegularExpression"}, {"name", match.headerName}, {"value", value}}));
    }
    return matches;
}

/// The matches of \p rule that ask for \p headers as well.
Value mergedMatches(const Value &rule, RouteKind kind, const std::vector<Value> &headers)
{
    const Value held = rule["matches"];
    if (held.size() == 0)
        return Value::list({Value::map({{"headers", Value::list(headers)}})});
    std::vector<Value> result;
    for (const Value &match : held.items()) {
        Value merged = match["headers"].isList() ? match["headers"] : Value::list({});
        for (const Value &header : headers)
            merged = merged.appended(header);
        Value copy = Value::map({});
        if (kind == RouteKind::Http && match.contains("path"))
            copy = copy.with("path", match["path"]);
        copy = copy.with("headers", merged);
        if (kind == RouteKind::Http && match.contains("queryParams"))
            copy = copy.with("queryParams", match["queryParams"]);
        result.push_back(match.contains("method") ? copy.with("method", match["method"]) : copy);
    }
    return Value::list(result);
}

/// A rule like \p source for those requests that have \p headers: all to the canary.
Value headerRule(const Value &source, RouteKind kind, const std::string &name, const std::string &canaryService,
                 const std::vector<Value> &headers)
{
    Value backend = Value::map({{"group", ""}, {"kind", "Service"}, {"name", canaryService}});
    const Value backends = source["backendRefs"];
    for (const Value &held : backends.items()) {
        if (nameOf(held) != canaryService)
            continue;
        if (held.contains("port"))
            backend = backend.with("port", held["port"]);
        break;
    }
    Value rule = Value::map({{"name", name}, {"matches", mergedMatches(source, kind, headers)}});
    if (source["filters"].size() > 0)
        rule = rule.with("filters", source["filters"]);
    return rule.with("backendRefs", Value::list({backend}));
}

/// \p rules with those of the header route at their end.
Expected<Value> headerRules(const Rollout &rollout, RouteKind kind, const Value &rules, const HeaderRouteStep &step)
{
    const Expected<std::vector<Value>> headers = headerMatches(step);
    if (!headers)
        return std::unexpected(headers.error());
    const Canary &canary = *rollout.canary;
    std::vector<Value> kept;
    std::vector<Value> made;
    for (const Value &rule : rules.items()) {
        if (hasBackend(rule, canary.canaryService) && hasBackend(rule, canary.stableService)) {
            const std::string name = made.empty() ? step.name : step.name + "-" + std::to_string(made.size());
            made.push_back(headerRule(rule, kind, name, canary.canaryService, *headers));
        }
        const bool isNamed = rule["name"].isString() && isNamedAfter(rule["name"].stringOr(), step.name);
        const bool isFormer = isManaged(rule, {}, canary.canaryService) && asksForAll(rule, *headers);
        if (!isNamed && !isFormer)
            kept.push_back(rule);
    }
    if (made.empty())
        return backendMissing(kind);
    kept.insert(kept.end(), made.begin(), made.end());
    return Value::list(kept);
}

Value withoutManaged(const Rollout &rollout, const Value &rules)
{
    std::vector<Value> kept;
    for (const Value &rule : rules.items()) {
        if (!isManaged(rule, rollout.canary->trafficRouting->managedRoutes, rollout.canary->canaryService))
            kept.push_back(rule);
    }
    return Value::list(kept);
}

/// Calls \p change with the kind and rules of each route that takes header routes, and writes what it makes of them.
template <typename Change>
Expected<void> changeHeaderRoutes(RouterScene &scene, Change change)
{
    const GatewaySettings settings = gatewaySettingsOf(scene);
    for (const GatewayRoute &named : settings.routes) {
        if (!named.usesHeaderRoutes || named.kind == RouteKind::Tcp || named.kind == RouteKind::Tls)
            continue;
        const Expected<Object> route = routeOf(scene, settings, named);
        if (!route)
            return std::unexpected(route.error());
        const Value before = route->path({"spec", "rules"});
        const Expected<Value> rules = change(named.kind, before);
        if (!rules)
            return std::unexpected(rules.error());
        if (rules->size() > 0 || before.size() > 0)
            scene.patch(*route, Object(route->value().withPath({"spec", "rules"}, *rules)));
    }
    return {};
}

} // namespace

Expected<void> GatewayRouter::setWeight(RouterScene &scene, int weight, const Destinations &additional) const
{
    const GatewaySettings settings = gatewaySettingsOf(scene);
    if (settings.routes.empty())
        return failure(ErrorCode::InvalidInput, kNoRoutes);
    for (const GatewayRoute &named : settings.routes) {
        const Expected<Object> route = routeOf(scene, settings, named);
        if (!route)
            return std::unexpected(route.error());
        const Expected<Value> weighted =
            weightedRules(scene.rollout(), named.kind, route->path({"spec", "rules"}), weight);
        if (!weighted)
            return std::unexpected(weighted.error());
        const Value rules = named.kind == RouteKind::Http ? experimentRules(scene, *weighted, additional) : *weighted;
        scene.patch(*route, labelled(Object(route->value().withPath({"spec", "rules"}, rules)), weight, settings));
    }
    return {};
}

Expected<void> GatewayRouter::setHeaderRoute(RouterScene &scene, const HeaderRouteStep &step) const
{
    return changeHeaderRoutes(scene, [&](RouteKind kind, const Value &rules) {
        return step.match.empty() ? Expected<Value>(withoutManaged(scene.rollout(), rules))
                                  : headerRules(scene.rollout(), kind, rules, step);
    });
}

Expected<std::optional<bool>> GatewayRouter::verifyWeight(RouterScene &, int, const Destinations &) const
{
    return std::optional(true);
}

Expected<void> GatewayRouter::removeManagedRoutes(RouterScene &scene) const
{
    return changeHeaderRoutes(
        scene, [&](RouteKind, const Value &rules) { return Expected<Value>(withoutManaged(scene.rollout(), rules)); });
}

} // namespace tiphys::rollout
