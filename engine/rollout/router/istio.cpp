// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/istio.h"

#include "rollout/names.h"
#include "rollout/router/istio_routes.h"
#include "rollout/router/istio_shares.h"
#include "rollout/router/routing.h"

#include <algorithm>
#include <map>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kIstioGroup = "networking.istio.io";
constexpr const char *kNoHttp = "spec.http not found";
constexpr const char *kEvent = "Updated VirtualService";

Expected<Object> virtualService(RouterScene &scene, const VirtualServiceReference &reference)
{
    if (const auto found = scene.find(kIstioGroup, "VirtualService", reference.ns, reference.name))
        return *found;
    scene.event(true, "VirtualServiceNotFound", "VirtualService `" + reference.name + "` not found");
    return notFound("virtualservices.networking.istio.io", reference.name);
}

Expected<Object> destinationRule(RouterScene &scene, const std::string &name)
{
    if (const auto found = scene.find(kIstioGroup, "DestinationRule", scene.rollout().ns, name))
        return *found;
    scene.event(true, "DestinationRuleNotFound", "DestinationRule `" + name + "` not found");
    return notFound("destinationrules.networking.istio.io", name);
}

/// Managed routes first, in their order.
Value ordered(const Value &routes, const TrafficRouting &routing)
{
    std::vector<Value> result;
    for (const std::string &name : routing.managedRoutes) {
        for (const Value &route : routes.items()) {
            if (route["name"].stringOr() == name)
                result.push_back(route);
        }
    }
    for (const Value &route : routes.items()) {
        if (!std::ranges::contains(routing.managedRoutes, route["name"].stringOr()))
            result.push_back(route);
    }
    return Value::list(result);
}

Value withoutRoute(const Value &routes, std::string_view name)
{
    std::vector<Value> kept;
    for (const Value &route : routes.items()) {
        if (route["name"].stringOr() != name)
            kept.push_back(route);
    }
    return Value::list(kept);
}

/// Names of the http routes whose weights change: mirror routes of the Rollout count as well.
std::vector<std::string> weightedRouteNames(const Rollout &rollout, const VirtualServiceReference &reference,
                                            const Value &routes)
{
    std::vector<std::string> names = reference.routes;
    for (const Value &route : routes.items()) {
        const std::string_view name = route["name"].stringOr();
        if (!route["mirror"].isNull() && std::ranges::contains(rollout.canary->trafficRouting->managedRoutes, name))
            names.emplace_back(name);
    }
    return names;
}

Expected<Value> weightedHttp(const Rollout &rollout, const VirtualServiceReference &reference, const Value &routes,
                             const IstioShares &shares)
{
    if (const Expected<void> good = checkShape(routes); !good)
        return std::unexpected(good.error());
    if (const Expected<void> good = checkHttpRoutes(rollout, reference, routes); !good)
        return std::unexpected(good.error());
    const auto indexes = httpRouteIndexes(weightedRouteNames(rollout, reference, routes), routes);
    return shares.ofRoutes(routes, indexes.value_or(std::vector<std::size_t>()));
}

Expected<Value> weightedStream(StreamKind kind, const Rollout &rollout, const VirtualServiceReference &reference,
                               const Value &routes, const IstioShares &shares)
{
    if (const Expected<void> good = checkShape(routes); !good)
        return std::unexpected(good.error());
    if (const Expected<void> good = checkStreamRoutes(kind, rollout, reference, routes); !good)
        return std::unexpected(good.error());
    const auto indexes =
        streamRouteIndexes(kind, kind == StreamKind::Tls ? reference.tlsRoutes : reference.tcpRoutes, routes);
    return shares.ofRoutes(routes, indexes.value_or(std::vector<std::size_t>()));
}

/// \p service with new weights in all its kinds of routes.
Expected<Object> weighted(const Rollout &rollout, const VirtualServiceReference &reference, const Object &service,
                          const IstioShares &shares)
{
    Value spec = service.path({"spec"});
    const Value http = spec["http"];
    if (http.isList()) {
        const Expected<Value> routes = weightedHttp(rollout, reference, http, shares);
        if (!routes)
            return std::unexpected(routes.error());
        spec = spec.with("http", *routes);
    }
    for (const auto &[key, kind] : {std::pair{"tls", StreamKind::Tls}, std::pair{"tcp", StreamKind::Tcp}}) {
        const Value streams = spec[key];
        if (!streams.isList())
            continue;
        const Expected<Value> routes = weightedStream(kind, rollout, reference, streams, shares);
        if (!routes)
            return std::unexpected(routes.error());
        spec = spec.with(key, *routes);
    }
    // What has its weights already is not put in order either.
    if (spec == service.path({"spec"}))
        return service;
    if (http.isList())
        spec = spec.with("http", ordered(spec["http"], *rollout.canary->trafficRouting));
    return Object(service.value().with("spec", spec));
}

/// Where the canary's share of a special route goes.
Expected<Value> canaryDestination(RouterScene &scene, const VirtualServiceReference &reference, const Value &routes)
{
    const IstioTargets targets = targetsOf(scene.rollout());
    std::string host = targets.canaryService;
    if (targets.hasRule) {
        const Expected<Object> rule = destinationRule(scene, targets.ruleName);
        if (!rule)
            return std::unexpected(rule.error());
        if (const std::string_view ruleHost = rule->path({"spec", "host"}).stringOr(); !ruleHost.empty())
            host = ruleHost;
    }
    Value destination = Value::map({{"host", host}});
    const auto indexes = httpRouteIndexes(reference.routes, routes);
    if (indexes && !indexes->empty()) {
        const Value first = routes.at(indexes->front())["route"].at(0);
        const Value port = first.path({"destination", "port", "number"});
        if (port.isInteger() && port.intOr(0) > 0)
            destination = destination.with("port", Value::map({{"number", port}}));
    }
    if (!targets.canarySubset.empty())
        destination = destination.with("subset", targets.canarySubset);
    return destination;
}

Value headerRoute(const HeaderRouteStep &step, const Value &destination)
{
    std::vector<Value> matches;
    for (const HeaderMatch &match : step.match) {
        const Value text = match.headerValue.value_or(TextMatch()).value();
        matches.push_back(Value::map({{"headers", Value::map({{match.headerName, text}})}}));
    }
    const Value target = Value::map({{"weight", 100}, {"destination", destination}});
    return Value::map({{"name", step.name}, {"match", Value::list(matches)}, {"route", Value::list({target})}});
}

Value mirrorMatch(const RouteMatch &match)
{
    Value value = Value::map({});
    if (match.method)
        value = value.with("method", match.method->value());
    if (match.path)
        value = value.with("uri", match.path->value());
    if (match.headers.empty())
        return value;
    Value headers = Value::map({});
    for (const auto &[name, text] : match.headers)
        headers = headers.with(name, text.value());
    return value.with("headers", headers);
}

/// A destination with what the controller keeps of one in a mirror route.
Value plainDestination(const Value &item)
{
    Value destination = Value::map({});
    const Value held = item["destination"];
    for (const char *key : {"host", "subset"}) {
        if (const std::string_view text = held[key].stringOr(); !text.empty())
            destination = destination.with(key, text);
    }
    if (held["port"].isMap()) {
        const Value number = held.path({"port", "number"});
        destination = destination.with("port", number.intOr(0) > 0 ? Value::map({{"number", number}}) : Value::map({}));
    }
    Value result = Value::map({{"destination", destination}});
    const double weight = item["weight"].asNumber().value_or(0);
    return weight == 0 ? result : result.with("weight", Value(static_cast<std::int64_t>(weight)));
}

Expected<Value> mirrorRoute(const VirtualServiceReference &reference, const MirrorRouteStep &step, const Value &routes,
                            const Value &destination)
{
    const auto indexes = httpRouteIndexes(reference.routes, routes);
    if (!indexes)
        return std::unexpected(indexes.error());
    const Value carrying = indexes->empty() ? Value() : routes.at(indexes->front())["route"];
    if (carrying.size() == 0)
        return failure(ErrorCode::InvalidInput, "no route of the VirtualService carries the traffic to mirror");
    std::vector<Value> matches;
    for (const RouteMatch &match : step.match)
        matches.push_back(mirrorMatch(match));
    std::vector<Value> destinations;
    for (const Value &item : carrying.items())
        destinations.push_back(plainDestination(item));
    return Value::map({{"name", step.name},
                       {"match", Value::list(matches)},
                       {"route", Value::list(destinations)},
                       {"mirror", destination},
                       {"mirrorPercentage", Value::map({{"value", step.percentage.value_or(100)}})}});
}

/// Calls \p change with the http routes of each VirtualService, without the route called \p name, and writes what it
/// makes of them.
template <typename Change>
Expected<void> changeHttp(RouterScene &scene, const std::string &name, const std::string &purpose, Change change)
{
    for (const VirtualServiceReference &reference : virtualServicesOf(scene.rollout())) {
        const Expected<Object> service = virtualService(scene, reference);
        if (!service)
            return std::unexpected(service.error());
        const Value routes = service->path({"spec", "http"});
        if (!routes.isList())
            return failure(ErrorCode::InvalidInput, kNoHttp);
        if (const Expected<void> good = checkShape(routes); !good)
            return good;
        const Expected<Value> changed = change(reference, withoutRoute(routes, name));
        if (!changed)
            return std::unexpected(changed.error());
        const Value sorted = ordered(*changed, *scene.rollout().canary->trafficRouting);
        if (scene.patch(*service, Object(service->value().withPath({"spec", "http"}, sorted))))
            scene.event(false, kEvent, "VirtualService `" + reference.name + "` " + purpose);
    }
    return {};
}

std::unexpected<Error> inStep(const Error &error, const char *step)
{
    return failure(error.code(), std::string("[") + step + "] " + error.message());
}

/// A ReplicaSet that gets traffic but is not wholly there yet, "" if there is none: subsets alone decide where traffic
/// goes, so they must not change before.
std::string notReady(const RouterScene &scene, std::string_view canaryHash, std::string_view stableHash)
{
    const Rollout &rollout = scene.rollout();
    if (!rollout.canary->canaryService.empty() || !rollout.canary->stableService.empty())
        return {};
    const auto stable = std::ranges::find(scene.replicaSets(), stableHash, &ReplicaSet::hash);
    const bool goesBack = rollout.status.abort
                          || (stable != scene.replicaSets().end() && rollout.status.isFullyPromoted()
                              && rollout.canary->dynamicStableScale && rollout.status.canary.weights
                              && rollout.status.canary.weights->canary.podTemplateHash != stableHash
                              && (*stable)->availableReplicas < rollout.desiredReplicas());
    for (const ReplicaSet *replicaSet : scene.replicaSets()) {
        const std::string &hash = replicaSet->hash;
        if (replicaSet->replicas == 0 || hash.empty() || (hash != stableHash && hash != canaryHash))
            continue;
        if (goesBack && hash == canaryHash)
            continue;
        if (replicaSet->availableReplicas == 0 || replicaSet->availableReplicas < replicaSet->replicas)
            return replicaSet->name;
    }
    return {};
}

Value withHash(const Value &subset, std::string_view hash)
{
    const Value labels = subset["labels"];
    const Value changed = hash.empty() ? labels.without(kHashLabel) : labels.with(kHashLabel, hash);
    return subset.with("labels", changed.isMap() ? changed : Value::map({}));
}

/// Subsets of canary, stable and experiments; all others go.
Value subsetsOf(const Value &held, const IstioTargets &targets, std::string_view canaryHash,
                std::string_view stableHash, const Router::Destinations &additional)
{
    std::map<std::string, std::string> missing;
    for (const WeightDestination &destination : additional)
        missing.insert_or_assign(destination.serviceName, destination.podTemplateHash);
    std::vector<Value> subsets;
    for (const Value &subset : held.items()) {
        const std::string name(subset["name"].stringOr());
        if (name == targets.canarySubset)
            subsets.push_back(withHash(subset, canaryHash));
        else if (name == targets.stableSubset)
            subsets.push_back(withHash(subset, stableHash));
        else if (const auto found = missing.find(name); found != missing.end()) {
            subsets.push_back(withHash(subset, found->second));
            missing.erase(found);
        }
    }
    for (const auto &[name, hash] : missing)
        subsets.push_back(Value::map({{"name", name}, {"labels", Value::map({{kHashLabel, hash}})}}));
    return Value::list(subsets);
}

} // namespace

Expected<void> IstioRouter::updateHash(RouterScene &scene, std::string_view canaryHash, std::string_view stableHash,
                                       const Destinations &additional) const
{
    if (const std::string name = notReady(scene, canaryHash, stableHash); !name.empty())
        return failure(ErrorCode::Unavailable,
                       "delaying destination rule switch: ReplicaSet " + name + " not fully available");
    const IstioTargets targets = targetsOf(scene.rollout());
    if (!targets.hasRule)
        return {};
    const Expected<Object> rule = destinationRule(scene, targets.ruleName);
    if (!rule)
        return std::unexpected(rule.error());
    const Value subsets = subsetsOf(rule->path({"spec", "subsets"}), targets, canaryHash, stableHash, additional);
    const Object after = Object(rule->value().withPath({"spec", "subsets"}, subsets))
                             .withAnnotation(kManagedByAnnotation, scene.rollout().name);
    if (scene.patch(*rule, after))
        scene.event(false, "UpdatedDestinationRule",
                    "DestinationRule " + targets.ruleName + " subset updated (" + targets.canarySubset + ": "
                        + std::string(canaryHash) + ", " + targets.stableSubset + ": " + std::string(stableHash) + ")");
    return {};
}

Expected<void> IstioRouter::setWeight(RouterScene &scene, int weight, const Destinations &additional) const
{
    const IstioTargets targets = targetsOf(scene.rollout());
    const IstioShares shares(targets, weight, additional);
    for (const VirtualServiceReference &reference : virtualServicesOf(scene.rollout())) {
        const Expected<Object> service = virtualService(scene, reference);
        if (!service)
            return std::unexpected(service.error());
        const Expected<Object> after = weighted(scene.rollout(), reference, *service, shares);
        if (!after)
            return std::unexpected(after.error());
        if (scene.patch(*service, *after))
            scene.event(false, kEvent,
                        "VirtualService `" + reference.name + "` set to desiredWeight '" + std::to_string(weight)
                            + "'");
    }
    return {};
}

Expected<void> IstioRouter::setHeaderRoute(RouterScene &scene, const HeaderRouteStep &step) const
{
    const Expected<void> set =
        changeHttp(scene, step.name, "set headerRoute '" + step.name + "'",
                   [&](const VirtualServiceReference &reference, const Value &routes) -> Expected<Value> {
                       const Expected<Value> destination = canaryDestination(scene, reference, routes);
                       if (!destination || step.match.empty())
                           return destination ? Expected<Value>(routes) : destination;
                       return routes.appended(headerRoute(step, *destination));
                   });
    return set ? set : inStep(set.error(), "SetHeaderRoute");
}

Expected<void> IstioRouter::setMirrorRoute(RouterScene &scene, const MirrorRouteStep &step) const
{
    const Expected<void> set =
        changeHttp(scene, step.name, "set mirrorRoute '" + step.name + "'",
                   [&](const VirtualServiceReference &reference, const Value &routes) -> Expected<Value> {
                       const Expected<Value> destination = canaryDestination(scene, reference, routes);
                       if (!destination || step.match.empty())
                           return destination ? Expected<Value>(routes) : destination;
                       const Expected<Value> route = mirrorRoute(reference, step, routes, *destination);
                       if (!route)
                           return route;
                       std::vector<Value> all{*route};
                       for (const Value &other : routes.items())
                           all.push_back(other);
                       return Value::list(all);
                   });
    return set ? set : inStep(set.error(), "SetMirrorRoute");
}

Expected<void> IstioRouter::removeManagedRoutes(RouterScene &scene) const
{
    const std::vector<std::string> &managed = scene.rollout().canary->trafficRouting->managedRoutes;
    for (const VirtualServiceReference &reference : virtualServicesOf(scene.rollout())) {
        const Expected<Object> service = virtualService(scene, reference);
        if (!service)
            return inStep(service.error(), "RemoveManagedRoutes");
        Value routes = service->path({"spec", "http"});
        // Other kinds of routes have neither headers nor mirrors.
        if (!routes.isList())
            continue;
        for (const std::string &name : managed)
            routes = withoutRoute(routes, name);
        if (scene.patch(*service, Object(service->value().withPath({"spec", "http"}, routes))))
            scene.event(false, kEvent, "VirtualService `" + reference.name + "` removed all managed routes.");
    }
    return {};
}

std::optional<FieldError> IstioRouter::missingReference(const Rollout &rollout, const Observed &observed) const
{
    const std::string field = "spec.strategy.canary.trafficRouting.istio";
    const Value istio = settingsOf(rollout, "istio");
    const bool hasList = istio["virtualServices"].isList();
    if (hasList == istio["virtualService"].isMap())
        return FieldError{.field = field,
                          .kind = FieldError::Kind::Internal,
                          .value = {},
                          .detail = "either VirtualService or VirtualServices must be configured"};
    for (const VirtualServiceReference &reference : virtualServicesOf(rollout)) {
        if (!observed.routerObject(kIstioGroup, "VirtualService", reference.ns, reference.name))
            return invalidField(field + (hasList ? ".virtualServices.name" : ".virtualService.name"), reference.name,
                                notFoundText("virtualservices.networking.istio.io", reference.name));
    }
    return std::nullopt;
}

std::optional<FieldError> IstioRouter::referenceError(const Rollout &rollout, const Observed &observed) const
{
    for (const VirtualServiceReference &reference : virtualServicesOf(rollout)) {
        const Object *service = observed.routerObject(kIstioGroup, "VirtualService", reference.ns, reference.name);
        if (!service)
            continue;
        if (FieldErrors errors = virtualServiceErrors(rollout, reference, *service); !errors.empty())
            return std::move(errors.front());
    }
    return std::nullopt;
}

} // namespace tiphys::rollout
