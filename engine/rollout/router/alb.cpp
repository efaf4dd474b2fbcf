// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/alb.h"

#include "object/json.h"
#include "rollout/reading.h"
#include "rollout/router/routing.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kIngressGroup = "networking.k8s.io";
constexpr std::string_view kDefaultPrefix = "alb.ingress.kubernetes.io";
constexpr std::string_view kManagedAnnotation = "rollouts.argoproj.io/managed-alb-annotations";
constexpr std::int64_t kLongestStickiness = 604800;

Value albOf(const Rollout &rollout)
{
    return settingsOf(rollout, "alb");
}

std::vector<std::string> ingressNames(const Rollout &rollout)
{
    const Value list = albOf(rollout)["ingresses"];
    return list.isList() ? textsOf(list) : std::vector<std::string>{std::string(albOf(rollout)["ingress"].stringOr())};
}

/// The Service that the rules of the Ingress name, and the action with it.
std::string rootService(const Rollout &rollout)
{
    const std::string_view root = albOf(rollout)["rootService"].stringOr();
    return root.empty() ? rollout.canary->stableService : std::string(root);
}

std::string keyOf(const Rollout &rollout, const char *infix, const std::string &name)
{
    const std::string_view prefix = albOf(rollout)["annotationPrefix"].stringOr();
    return std::string(prefix.empty() ? kDefaultPrefix : prefix) + infix + name;
}

std::string actionKey(const Rollout &rollout, const std::string &name)
{
    return keyOf(rollout, "/actions.", name);
}

std::string conditionKey(const Rollout &rollout, const std::string &name)
{
    return keyOf(rollout, "/conditions.", name);
}

bool leadsTo(const Value &path, std::string_view service)
{
    return path.path({"backend", "service", "name"}).stringOr() == service;
}

bool hasRuleFor(const Object &ingress, std::string_view service)
{
    const Value rules = ingress.path({"spec", "rules"});
    for (const Value &rule : rules.items()) {
        const Value paths = rule.path({"http", "paths"});
        for (const Value &path : paths.items()) {
            if (leadsTo(path, service))
                return true;
        }
    }
    return false;
}

/// JSON as Go prints it.
std::string goJson(const Value &value)
{
    return object::toJson(value, {.order = object::KeyOrder::Kept, .escapesHtml = true});
}

/// A forward action as the annotation holds it. Errors: a stickiness that AWS would refuse.
Expected<std::string> forwardAction(const Rollout &rollout, const std::vector<Value> &targets)
{
    Value config = Value::map({{"TargetGroups", Value::list(targets)}});
    const Value stickiness = albOf(rollout)["stickinessConfig"];
    if (stickiness["enabled"].boolOr(false)) {
        const std::int64_t seconds = stickiness["durationSeconds"].intOr(0);
        if (seconds < 1 || seconds > kLongestStickiness)
            return failure(ErrorCode::InvalidInput,
                           "TargetGroupStickinessConfig's duration must be between 1 and 604800 seconds (7 days)!");
        config =
            config.with("TargetGroupStickinessConfig", Value::map({{"Enabled", true}, {"DurationSeconds", seconds}}));
    }
    return goJson(Value::map({{"Type", "forward"}, {"ForwardConfig", config}}));
}

Value targetOf(const Rollout &rollout, const std::string &service, int weight)
{
    Value target = Value::map({});
    if (!service.empty())
        target = target.with("ServiceName", service);
    return target.with("ServicePort", std::to_string(albOf(rollout)["servicePort"].intOr(0)))
        .with("Weight", Value(weight));
}

Expected<std::string> weightAction(const Rollout &rollout, int weight, const Router::Destinations &additional)
{
    const ServicePair services = stableAndCanaryServices(rollout, PreferPingPong::Yes);
    std::vector<Value> targets{targetOf(rollout, services.canary, weight)};
    int rest = 100 - weight;
    for (const WeightDestination &destination : additional) {
        targets.push_back(targetOf(rollout, destination.serviceName, destination.weight));
        rest -= destination.weight;
    }
    targets.push_back(targetOf(rollout, services.stable, rest));
    return forwardAction(rollout, targets);
}

/// Conditions of a header route: a condition for each header, with all its values.
std::string headerConditions(const HeaderRouteStep &step)
{
    std::vector<std::pair<std::string, std::vector<Value>>> headers;
    for (const HeaderMatch &match : step.match) {
        const Value exact(match.headerValue ? match.headerValue->exact : std::string());
        const auto found = std::ranges::find(headers, match.headerName, &decltype(headers)::value_type::first);
        if (found == headers.end())
            headers.emplace_back(match.headerName, std::vector{exact});
        else
            found->second.push_back(exact);
    }
    std::vector<Value> conditions;
    for (const auto &[name, values] : headers)
        conditions.push_back(Value::map(
            {{"field", "http-header"},
             {"httpHeaderConfig", Value::map({{"httpHeaderName", name}, {"values", Value::list(values)}})}}));
    return goJson(Value::list(conditions));
}

enum class Manage { Add, Remove };

/// \p annotations with \p keys among those that the Rollout manages, or without them.
Expected<void> manage(crd::TextMap &annotations, const std::string &rollout, Manage mode,
                      const std::vector<std::string> &keys)
{
    const std::string_view held = textAt(annotations, kManagedAnnotation);
    const Expected<Value> parsed = held.empty() ? Expected<Value>(Value::map({})) : object::parseJson(held);
    if (!parsed)
        return std::unexpected(parsed.error().in("annotation " + std::string(kManagedAnnotation)));
    if (!parsed->isMap())
        return failure(ErrorCode::InvalidInput, "annotation " + std::string(kManagedAnnotation) + " is no map");
    std::vector<std::string> managed = textsOf((*parsed)[rollout]);
    for (const std::string &key : keys) {
        if (mode == Manage::Remove)
            std::erase(managed, key);
        else if (!std::ranges::contains(managed, key))
            managed.push_back(key);
    }
    std::vector<Value> list(managed.begin(), managed.end());
    annotations.insert_or_assign(std::string(kManagedAnnotation),
                                 object::toJson(parsed->with(rollout, Value::list(list)), {.escapesHtml = true}));
    return {};
}

/// \p spec with what \p change makes of the paths of each rule.
template <typename Change>
Value withPaths(const Value &spec, Change change)
{
    std::vector<Value> rules;
    const Value held = spec["rules"];
    for (const Value &rule : held.items()) {
        const Value paths = rule.path({"http", "paths"});
        rules.push_back(paths.isList() ? rule.withPath({"http", "paths"}, change(paths)) : rule);
    }
    return held.isList() ? spec.with("rules", Value::list(rules)) : spec;
}

/// Without the first path to \p service.
Value withoutPathTo(const Value &paths, const std::string &service)
{
    for (std::size_t i = 0; i < paths.size(); ++i) {
        if (leadsTo(paths.at(i), service))
            return paths.withoutItem(i);
    }
    return paths;
}

Value withPathTo(const Value &paths, const std::string &action)
{
    const Value service = Value::map({{"name", action}, {"port", Value::map({{"name", "use-annotation"}})}});
    std::vector<Value> all{Value::map(
        {{"path", "/*"}, {"pathType", "ImplementationSpecific"}, {"backend", Value::map({{"service", service}})}})};
    for (const Value &path : paths.items())
        all.push_back(path);
    return Value::list(all);
}

/// Paths of managed routes first, in the order of the routes.
Value sortedPaths(const Value &paths, const std::vector<std::string> &managed)
{
    std::vector<Value> sorted;
    for (const Value &path : paths.items())
        sorted.push_back(path);
    std::ranges::stable_sort(sorted, {}, [&managed](const Value &path) {
        // Of equal names the last place counts.
        for (std::size_t i = managed.size(); i > 0; --i) {
            if (leadsTo(path, managed[i - 1]))
                return i - 1;
        }
        return managed.size();
    });
    return Value::list(sorted);
}

Value headerSpec(const Object &ingress, const Rollout &rollout, const HeaderRouteStep &step)
{
    const bool isThere = hasRuleFor(ingress, step.name);
    return withPaths(ingress.path({"spec"}), [&](const Value &paths) {
        Value changed = paths;
        if (isThere && step.match.empty())
            changed = withoutPathTo(paths, step.name);
        else if (!isThere && !step.match.empty())
            changed = withPathTo(paths, step.name);
        return sortedPaths(changed, rollout.canary->trafficRouting->managedRoutes);
    });
}

/// Calls \p change with each Ingress and its annotations, and writes what it makes of them.
template <typename Change>
Expected<void> changeIngresses(RouterScene &scene, const std::string &purpose, Change change)
{
    for (const std::string &name : ingressNames(scene.rollout())) {
        const std::optional<Object> ingress = scene.find(kIngressGroup, "Ingress", scene.rollout().ns, name);
        if (!ingress)
            return notFound("ingress.networking.k8s.io", name);
        crd::TextMap annotations = textMapOf(ingress->path({"metadata", "annotations"}));
        const Expected<Value> spec = change(*ingress, annotations);
        if (!spec)
            return std::unexpected(spec.error());
        const Object after(
            ingress->value().withPath({"metadata", "annotations"}, mapOf(annotations)).with("spec", *spec));
        if (after == *ingress)
            continue;
        scene.event(false, "PatchingALBIngress", "Updating Ingress `" + name + "` " + purpose);
        scene.patch(*ingress, after);
    }
    return {};
}

} // namespace

Expected<void> AlbRouter::setWeight(RouterScene &scene, int weight, const Destinations &additional) const
{
    const Rollout &rollout = scene.rollout();
    const std::string purpose = "to desiredWeight '" + std::to_string(weight) + "'";
    return changeIngresses(scene, purpose, [&](const Object &ingress, crd::TextMap &annotations) -> Expected<Value> {
        const std::string service = rootService(rollout);
        if (!hasRuleFor(ingress, service))
            return failure(ErrorCode::InvalidInput, "ingress does not have service `" + service + "` in rules");
        const Expected<std::string> action = weightAction(rollout, weight, additional);
        if (!action)
            return std::unexpected(action.error());
        const std::string key = actionKey(rollout, service);
        annotations.insert_or_assign(key, *action);
        if (const Expected<void> managed = manage(annotations, rollout.name, Manage::Add, {key}); !managed)
            return std::unexpected(managed.error());
        return ingress.path({"spec"});
    });
}

Expected<void> AlbRouter::setHeaderRoute(RouterScene &scene, const HeaderRouteStep &step) const
{
    const Rollout &rollout = scene.rollout();
    const std::vector<std::string> keys{actionKey(rollout, step.name), conditionKey(rollout, step.name)};
    const std::string purpose = "to headerRoute '" + step.name + "'";
    return changeIngresses(scene, purpose, [&](const Object &ingress, crd::TextMap &annotations) -> Expected<Value> {
        if (step.match.empty()) {
            annotations.erase(keys[0]);
            annotations.erase(keys[1]);
        } else {
            const std::string canary = stableAndCanaryServices(rollout, PreferPingPong::Yes).canary;
            const Expected<std::string> action = forwardAction(rollout, {targetOf(rollout, canary, 100)});
            if (!action)
                return std::unexpected(action.error());
            annotations.insert_or_assign(keys[0], *action);
            annotations.insert_or_assign(keys[1], headerConditions(step));
        }
        const Manage mode = step.match.empty() ? Manage::Remove : Manage::Add;
        if (const Expected<void> managed = manage(annotations, rollout.name, mode, keys); !managed)
            return std::unexpected(managed.error());
        return headerSpec(ingress, rollout, step);
    });
}

Expected<void> AlbRouter::removeManagedRoutes(RouterScene &scene) const
{
    const Rollout &rollout = scene.rollout();
    const std::vector<std::string> &routes = rollout.canary->trafficRouting->managedRoutes;
    if (routes.empty())
        return {};
    return changeIngresses(scene, "removing managed routes", [&](const Object &ingress, crd::TextMap &annotations) {
        std::vector<std::string> keys;
        for (const std::string &route : routes) {
            keys.push_back(actionKey(rollout, route));
            keys.push_back(conditionKey(rollout, route));
        }
        for (const std::string &key : keys)
            annotations.erase(key);
        if (const Expected<void> managed = manage(annotations, rollout.name, Manage::Remove, keys); !managed)
            return Expected<Value>(std::unexpected(managed.error()));
        return Expected<Value>(withPaths(ingress.path({"spec"}), [&routes](Value paths) {
            for (const std::string &route : routes)
                paths = withoutPathTo(paths, route);
            return paths;
        }));
    });
}

Expected<std::optional<bool>> AlbRouter::verifyWeight(RouterScene &scene, int, const Destinations &) const
{
    // Without verification nothing of AWS is recorded.
    if (!scene.options().verifiesTargetGroups) {
        scene.alb() = Value();
        scene.albs() = Value();
    }
    return std::optional<bool>();
}

std::optional<FieldError> AlbRouter::missingReference(const Rollout &rollout, const Observed &observed) const
{
    const std::string field = "spec.strategy.canary.trafficRouting.alb";
    const Value alb = albOf(rollout);
    const bool hasOne = !alb["ingress"].stringOr().empty();
    const bool hasList = alb["ingresses"].isList();
    if (hasOne == hasList)
        return FieldError{.field = field,
                          .kind = FieldError::Kind::Internal,
                          .value = {},
                          .detail = std::string("Either Ingress or Ingresses must be configured. ")
                                    + (hasOne ? "Both" : "Neither") + " are configured."};
    for (const std::string &name : ingressNames(rollout)) {
        if (observed.routerObject(kIngressGroup, "Ingress", rollout.ns, name))
            continue;
        const std::string problem = notFoundText("ingress.networking.k8s.io", name);
        return hasList ? invalidField(field + ".ingresses", alb["ingresses"], problem)
                       : invalidField(field + ".ingress", Value(name), problem);
    }
    return std::nullopt;
}

std::optional<FieldError> AlbRouter::referenceError(const Rollout &rollout, const Observed &observed) const
{
    const std::string field = std::string("spec.strategy.canary.trafficRouting.alb.")
                              + (albOf(rollout)["ingresses"].isList() ? "ingresses" : "ingress");
    const std::string service = rootService(rollout);
    for (const std::string &name : ingressNames(rollout)) {
        const Object *ingress = observed.routerObject(kIngressGroup, "Ingress", rollout.ns, name);
        if (ingress && !hasRuleFor(*ingress, service))
            return invalidField(field, Value(name),
                                "ingress `" + name + "` has no rules using service " + service + " backend");
    }
    return std::nullopt;
}

} // namespace tiphys::rollout
