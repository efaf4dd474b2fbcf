// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/app_mesh.h"

#include "rollout/names.h"
#include "rollout/router/routing.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kAppMeshGroup = "appmesh.k8s.aws";
constexpr const char *kNoRouter = "Virtual-service is not associated with virtual-router";
constexpr const char *kMalformed = "not well-formed";
constexpr std::array kRouteTypes{"httpRoute", "tcpRoute", "http2Route", "grpcRoute"};

/// The key of an object of this group.
struct Name
{
    std::string ns;
    std::string name;
};

Name serviceNameOf(const Rollout &rollout)
{
    return {rollout.ns, std::string(settingsOf(rollout, "appMesh").path({"virtualService", "name"}).stringOr())};
}

/// The router of \p service; nothing if another provider answers for it.
std::optional<Name> routerNameOf(const Object &service)
{
    const Value reference = service.path({"spec", "provider", "virtualRouter", "virtualRouterRef"});
    if (!reference.isMap())
        return std::nullopt;
    const std::string_view ns = reference["namespace"].stringOr();
    return Name{std::string(ns.empty() ? service.ns() : ns), std::string(reference["name"].stringOr())};
}

std::string nodeName(const Rollout &rollout, const char *reference)
{
    return std::string(settingsOf(rollout, "appMesh").path({"virtualNodeGroup", reference, "name"}).stringOr());
}

/// The kind of route with its rule; "" if none of them is there.
std::string routeTypeOf(const Value &route)
{
    const auto found = std::ranges::find_if(kRouteTypes, [&route](const char *type) { return route[type].isMap(); });
    return found == kRouteTypes.end() ? std::string() : *found;
}

std::unexpected<Error> malformed(const std::string &field, const Object &router, const std::string &detail = kMalformed)
{
    return failure(ErrorCode::InvalidInput, invalidField(field, Value(router.name()), detail).text());
}

/// A new weight for targets, where a target is one of the Rollout's nodes.
struct NodeWeights
{
    std::string ns;
    std::string canary;
    std::string stable;
    int weight = 0;

    std::optional<int> of(const Value &reference) const
    {
        const std::string_view targetNs = reference["namespace"].stringOr();
        if (!targetNs.empty() && targetNs != ns)
            return std::nullopt;
        if (reference["name"].stringOr() == stable)
            return 100 - weight;
        return reference["name"].stringOr() == canary ? std::optional(weight) : std::nullopt;
    }
};

Expected<Value> weightedTargets(const Object &router, Value targets, const std::string &field,
                                const NodeWeights &weights)
{
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const std::string itemField = field + "[" + std::to_string(i) + "]";
        const Value target = targets.at(i);
        if (!target.isMap())
            return malformed(itemField, router);
        if (!target["virtualNodeRef"].isMap())
            return malformed(itemField + ".virtualNodeRef", router);
        if (!target["weight"].isNumber())
            return malformed(itemField + ".weight", router);
        const std::optional<int> weight = weights.of(target["virtualNodeRef"]);
        if (weight && target["weight"].asNumber() != static_cast<double>(*weight))
            targets = targets.withItem(i, target.with("weight", Value(*weight)));
    }
    return targets;
}

Expected<Value> weightedRoute(const Object &router, const Value &route, const std::string &field,
                              const NodeWeights &weights)
{
    const std::string type = routeTypeOf(route);
    if (type.empty())
        return malformed(field, router);
    const std::string targetsField = field + "." + type + ".action.weightedTargets";
    const Value targets = route.path({type, "action", "weightedTargets"});
    if (!targets.isList())
        return malformed(targetsField, router);
    const Expected<Value> changed = weightedTargets(router, targets, targetsField, weights);
    if (!changed)
        return changed;
    return route.withPath({type, "action", "weightedTargets"}, *changed);
}

Expected<void> setHash(RouterScene &scene, const std::string &node, std::string_view hash)
{
    const std::string &ns = scene.rollout().ns;
    const std::optional<Object> found = scene.find(kAppMeshGroup, "VirtualNode", ns, node);
    if (!found) {
        scene.event(true, "VirtualNodeNotFound", "VirtualNode `" + node + "` not found in namespace `" + ns + "`");
        return failure(ErrorCode::NotFound, "Virtual-node is missing");
    }
    scene.patch(*found,
                Object(found->value().withPath({"spec", "podSelector", "matchLabels", kHashLabel}, Value(hash))));
    return {};
}

Expected<Object> routerToChange(RouterScene &scene)
{
    const auto [ns, name] = serviceNameOf(scene.rollout());
    const std::optional<Object> service = scene.find(kAppMeshGroup, "VirtualService", ns, name);
    if (!service) {
        scene.event(true, "VirtualServiceNotFound",
                    "VirtualService `" + name + "` not found in namespace `" + ns + "`");
        return failure(ErrorCode::NotFound, "Virtual-service is missing");
    }
    const std::optional<Name> routerName = routerNameOf(*service);
    if (!routerName)
        return failure(ErrorCode::InvalidInput, kNoRouter);
    const std::optional<Object> router = scene.find(kAppMeshGroup, "VirtualRouter", routerName->ns, routerName->name);
    if (!router) {
        scene.event(true, "VirtualRouterNotFound",
                    "VirtualRouter for `" + name + "` not found in namespace `" + ns + "`");
        return failure(ErrorCode::NotFound, "Virtual-router is missing");
    }
    return *router;
}

/// What is wrong with the route number \p index of \p router.
std::optional<FieldError> routeError(const Object &router, const Value &route, std::size_t index)
{
    const std::string field = "spec.routes[" + std::to_string(index) + "]";
    const Value named(router.name());
    const std::string of = " for AppMesh virtual-router " + std::string(router.name());
    if (!route.isMap())
        return invalidField(field, named, "Invalid route was found" + of + " at index " + std::to_string(index));
    const std::string name = route["name"].isString() ? std::string(route["name"].stringOr()) : "%!s(<nil>)";
    const std::string type = routeTypeOf(route);
    if (type.empty())
        return invalidField(field, named,
                            "Error getting route details" + of + " and route " + name
                                + ". Error: Route has unsupported route type");
    const std::string targetsField = field + "." + type + ".action.weightedTargets";
    const Value targets = route.path({type, "action", "weightedTargets"});
    if (!targets.isList())
        return invalidField(targetsField, named, "Invalid route action found" + of + " and route " + name);
    if (targets.size() != 2)
        return invalidField(targetsField, named,
                            "Invalid number of weightedTargets (" + std::to_string(targets.size()) + ")" + of
                                + " and route " + name + ", expected 2");
    return std::nullopt;
}

} // namespace

Expected<void> AppMeshRouter::updateHash(RouterScene &scene, std::string_view canaryHash, std::string_view stableHash,
                                         const Destinations &) const
{
    // Two nodes with one selector are refused by App Mesh.
    const std::string_view stable = stableHash.empty() ? "stable-hash" : stableHash;
    const std::string_view canary = canaryHash.empty() || canaryHash == stable ? "canary-hash" : canaryHash;
    const Expected<void> set = setHash(scene, nodeName(scene.rollout(), "stableVirtualNodeRef"), stable);
    return set ? setHash(scene, nodeName(scene.rollout(), "canaryVirtualNodeRef"), canary) : set;
}

Expected<void> AppMeshRouter::setWeight(RouterScene &scene, int weight, const Destinations &) const
{
    const Rollout &rollout = scene.rollout();
    const Expected<Object> router = routerToChange(scene);
    if (!router)
        return std::unexpected(router.error());
    const std::vector<std::string> listed = textsOf(settingsOf(rollout, "appMesh").path({"virtualService", "routes"}));
    const NodeWeights weights{.ns = rollout.ns,
                              .canary = nodeName(rollout, "canaryVirtualNodeRef"),
                              .stable = nodeName(rollout, "stableVirtualNodeRef"),
                              .weight = weight};
    Value routes = router->path({"spec", "routes"});
    if (!routes.isList())
        return malformed("spec.routes", *router, "No routes found");
    for (std::size_t i = 0; i < routes.size(); ++i) {
        const std::string field = "spec.routes[" + std::to_string(i) + "]";
        const Value route = routes.at(i);
        if (!route.isMap())
            return malformed(field, *router);
        if (!route["name"].isString())
            return malformed(field + ".name", *router);
        if (!listed.empty() && !std::ranges::contains(listed, route["name"].stringOr()))
            continue;
        const Expected<Value> changed = weightedRoute(*router, route, field, weights);
        if (!changed)
            return std::unexpected(changed.error());
        routes = routes.withItem(i, *changed);
    }
    scene.patch(*router, Object(router->value().withPath({"spec", "routes"}, routes)));
    return {};
}

std::optional<FieldError> AppMeshRouter::missingReference(const Rollout &rollout, const Observed &observed) const
{
    const std::string field = "spec.strategy.canary.trafficRouting.appmesh.virtualService";
    if (!settingsOf(rollout, "appMesh")["virtualService"].isMap())
        return invalidField(field, Value(), "must provide virtual-service");
    const auto [ns, name] = serviceNameOf(rollout);
    const Value shown(name + "." + ns);
    const Object *service = observed.routerObject(kAppMeshGroup, "VirtualService", ns, name);
    if (!service)
        return invalidField(field, shown, notFoundText("virtualservices.appmesh.k8s.aws", name));
    const std::optional<Name> router = routerNameOf(*service);
    // The controller tries this again for ever without a word; here the Rollout says why nothing goes on.
    if (!router)
        return invalidField(field, shown, kNoRouter);
    if (!observed.routerObject(kAppMeshGroup, "VirtualRouter", router->ns, router->name))
        return invalidField(field, shown, notFoundText("virtualrouters.appmesh.k8s.aws", router->name));
    return std::nullopt;
}

std::optional<FieldError> AppMeshRouter::referenceError(const Rollout &rollout, const Observed &observed) const
{
    const auto [ns, name] = serviceNameOf(rollout);
    const Object *service = observed.routerObject(kAppMeshGroup, "VirtualService", ns, name);
    const std::optional<Name> routerName = service ? routerNameOf(*service) : std::nullopt;
    const Object *router =
        routerName ? observed.routerObject(kAppMeshGroup, "VirtualRouter", routerName->ns, routerName->name) : nullptr;
    if (!router)
        return std::nullopt;
    const Value routes = router->path({"spec", "routes"});
    if (routes.size() == 0 || !routes.isList())
        return invalidField("spec.routes", Value(router->name()),
                            "No routes defined for AppMesh virtual-router " + std::string(router->name()));
    for (std::size_t i = 0; i < routes.size(); ++i) {
        if (auto problem = routeError(*router, routes.at(i), i))
            return problem;
    }
    return std::nullopt;
}

} // namespace tiphys::rollout
