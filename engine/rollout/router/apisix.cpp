// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/apisix.h"

#include "rollout/router/routing.h"

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kApisixGroup = "apisix.apache.org";
constexpr std::string_view kResource = "apisixroutes.apisix.apache.org";
constexpr const char *kWrongType = "Failed type assertion for Apisix http route";

std::optional<Object> routeNamed(const RouterScene &scene, std::string_view name)
{
    return scene.find(kApisixGroup, "ApisixRoute", scene.rollout().ns, name);
}

std::string routeName(const Rollout &rollout)
{
    return std::string(settingsOf(rollout, "apisix").path({"route", "name"}).stringOr());
}

/// Names of the rules that carry the traffic: those that are listed, else the one that is called as the route.
std::vector<std::string> ruleNames(const Rollout &rollout)
{
    const Value rules = settingsOf(rollout, "apisix").path({"route", "rules"});
    return rules.isList() ? textsOf(rules) : std::vector<std::string>{routeName(rollout)};
}

Expected<std::size_t> ruleIndex(const Value &rules, const std::string &name)
{
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const Value rule = rules.at(i);
        if (!rule.isMap())
            return failure(ErrorCode::InvalidInput, kWrongType);
        if (!rule.contains("name"))
            return failure(ErrorCode::InvalidInput, "Apisix http route rule name field not found");
        if (!rule["name"].isString())
            return failure(ErrorCode::InvalidInput, std::string(kWrongType) + " rule name");
        if (rule["name"].stringOr() == name)
            return i;
    }
    return failure(ErrorCode::NotFound, "Apisix http route rule " + name + " not found");
}

Expected<Value> backendsOf(const Value &rule)
{
    if (!rule.contains("backends"))
        return failure(ErrorCode::InvalidInput, "Apisix http route backends not found");
    if (!rule["backends"].isList())
        return failure(ErrorCode::InvalidInput, std::string(kWrongType) + " backends");
    return rule["backends"];
}

/// "" unless \p backend is what a backend must be.
std::string backendProblem(const Value &backend)
{
    if (!backend.isMap())
        return std::string(kWrongType) + " backends";
    return backend["serviceName"].isString() ? std::string() : "serviceName field was not found in backend";
}

Expected<Value> withWeight(const Value &backends, const std::string &service, int weight)
{
    for (std::size_t i = 0; i < backends.size(); ++i) {
        const Value backend = backends.at(i);
        if (const std::string problem = backendProblem(backend); !problem.empty())
            return failure(ErrorCode::InvalidInput, problem);
        if (backend["serviceName"].stringOr() == service)
            return backends.withItem(i, backend.with("weight", Value(weight)));
    }
    return failure(ErrorCode::NotFound, "apisix route " + service + " backend was not found");
}

Expected<Value> withoutBackend(const Value &backends, const std::string &service)
{
    std::vector<Value> kept;
    for (const Value &backend : backends.items()) {
        if (const std::string problem = backendProblem(backend); !problem.empty())
            return failure(ErrorCode::InvalidInput, problem);
        if (backend["serviceName"].stringOr() != service)
            kept.push_back(backend);
    }
    return Value::list(kept);
}

/// \p rules with what \p change makes of each rule that carries the traffic.
template <typename Change>
Expected<Value> withRules(const Rollout &rollout, Value rules, Change change)
{
    if (!rules.isList())
        return failure(ErrorCode::InvalidInput, "spec.http was not found in Apisix Route manifest");
    for (const std::string &name : ruleNames(rollout)) {
        const Expected<std::size_t> index = ruleIndex(rules, name);
        if (!index)
            return std::unexpected(index.error());
        const Value rule = rules.at(*index);
        const Expected<Value> backends = backendsOf(rule);
        if (!backends)
            return std::unexpected(backends.error());
        const Expected<Value> changed = change(rule, *backends);
        if (!changed)
            return changed;
        rules = rules.withItem(*index, *changed);
    }
    return rules;
}

void addExpressions(std::vector<Value> &expressions, const HeaderMatch &match)
{
    const Value subject = Value::map({{"scope", "Header"}, {"name", match.headerName}});
    const auto add = [&expressions, &subject](const char *op, const std::string &text) {
        expressions.push_back(Value::map({{"subject", subject}, {"op", op}, {"value", text}}));
    };
    const TextMatch value = match.headerValue.value_or(TextMatch());
    if (!value.exact.empty())
        add("Equal", value.exact);
    if (!value.regex.empty())
        add("RegexMatch", value.regex);
    if (!value.prefix.empty())
        add("RegexMatch", "^" + value.prefix + ".*");
}

enum class IsNew { No, Yes };

/// The rules of a header route: to the canary alone, and before those that they are a copy of.
Expected<Value> headerRules(const Rollout &rollout, const Value &rules, const HeaderRouteStep &step, IsNew isNew)
{
    std::vector<Value> expressions;
    for (const HeaderMatch &match : step.match)
        addExpressions(expressions, match);
    return withRules(rollout, rules, [&](const Value &rule, const Value &backends) -> Expected<Value> {
        const Expected<Value> weighted = withWeight(backends, rollout.canary->canaryService, 100);
        if (!weighted)
            return weighted;
        const Expected<Value> canaryOnly = withoutBackend(*weighted, rollout.canary->stableService);
        if (!canaryOnly)
            return canaryOnly;
        Value changed = rule.with("backends", *canaryOnly).withPath({"match", "exprs"}, Value::list(expressions));
        if (isNew == IsNew::Yes)
            changed = changed.with("priority", rule["priority"].intOr(0) + 1);
        return changed;
    });
}

/// A copy of \p route that belongs to the Rollout.
Object headerRouteFrom(const Object &route, const Rollout &rollout, const std::string &name)
{
    Value metadata = route.path({"metadata"});
    for (const char *key : kServerFields)
        metadata = metadata.without(key);
    metadata = metadata.with("name", name).with("ownerReferences", Value::list({ownerReferenceOf(rollout)}));
    return Object(route.value().with("metadata", metadata).without("status"));
}

} // namespace

Expected<void> ApisixRouter::setWeight(RouterScene &scene, int weight, const Destinations &) const
{
    const Rollout &rollout = scene.rollout();
    const std::optional<Object> route = routeNamed(scene, routeName(rollout));
    if (!route)
        return notFound(kResource, routeName(rollout));
    const Expected<Value> rules = withRules(
        rollout, route->path({"spec", "http"}), [&](const Value &rule, const Value &backends) -> Expected<Value> {
            const Expected<Value> canary = withWeight(backends, rollout.canary->canaryService, weight);
            if (!canary)
                return canary;
            const Expected<Value> both = withWeight(*canary, rollout.canary->stableService, 100 - weight);
            if (!both)
                return both;
            return rule.with("backends", *both);
        });
    if (!rules)
        return std::unexpected(rules.error());
    scene.patch(*route, Object(route->value().withPath({"spec", "http"}, *rules)));
    return {};
}

Expected<void> ApisixRouter::setHeaderRoute(RouterScene &scene, const HeaderRouteStep &step) const
{
    const Rollout &rollout = scene.rollout();
    const std::optional<Object> route = routeNamed(scene, routeName(rollout));
    if (!route)
        return notFound(kResource, routeName(rollout));
    const std::optional<Object> existing = routeNamed(scene, step.name);
    if (existing && !isControlledBy(*existing, rollout))
        return failure(ErrorCode::Conflict, "duplicate ApisixRoute [" + step.name + "] already exists");
    if (step.match.empty()) {
        if (existing)
            scene.remove(*existing);
        return {};
    }
    const Object before = existing ? *existing : headerRouteFrom(*route, rollout, step.name);
    const Expected<Value> rules =
        headerRules(rollout, before.path({"spec", "http"}), step, existing ? IsNew::No : IsNew::Yes);
    if (!rules)
        return std::unexpected(rules.error());
    const Object after(before.value().withPath({"spec", "http"}, *rules));
    if (existing)
        scene.patch(before, after);
    else
        scene.create(after);
    return {};
}

Expected<void> ApisixRouter::removeManagedRoutes(RouterScene &scene) const
{
    for (const std::string &name : scene.rollout().canary->trafficRouting->managedRoutes) {
        const std::optional<Object> route = routeNamed(scene, name);
        if (route && isControlledBy(*route, scene.rollout()))
            scene.remove(*route);
    }
    return {};
}

} // namespace tiphys::rollout
