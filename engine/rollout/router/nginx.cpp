// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/nginx.h"

#include "rollout/reading.h"

#include <vector>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kDefaultPrefix = "nginx.ingress.kubernetes.io";
constexpr std::string_view kClassAnnotation = "kubernetes.io/ingress.class";
constexpr std::string_view kSuffix = "-canary";
constexpr std::size_t kLongestName = 253;

Value nginxOf(const Rollout &rollout)
{
    return rollout.canary->trafficRouting->value["nginx"];
}

std::vector<std::string> stableIngresses(const Rollout &rollout)
{
    const Value nginx = nginxOf(rollout);
    std::vector<std::string> result;
    const Value list = nginx["stableIngresses"];
    for (const Value &name : list.items())
        result.emplace_back(name.stringOr());
    if (!list.isList())
        result.emplace_back(nginx["stableIngress"].stringOr());
    return result;
}

std::string canaryIngressName(std::string_view rollout, std::string_view stableIngress)
{
    const std::string prefix = std::string(rollout) + "-" + std::string(stableIngress);
    return prefix.substr(0, kLongestName - kSuffix.size()) + std::string(kSuffix);
}

/// The rules of \p stable that lead to the stable Service, led to the canary Service.
Value canaryRules(const Object &stable, const Canary &canary)
{
    std::vector<Value> result;
    const Value rules = stable.path({"spec", "rules"});
    for (const Value &rule : rules.items()) {
        bool isStable = false;
        std::vector<Value> paths;
        const Value allPaths = rule.path({"http", "paths"});
        for (const Value &path : allPaths.items()) {
            if (path.path({"backend", "service", "name"}).stringOr() == canary.stableService) {
                isStable = true;
                paths.push_back(path.withPath({"backend", "service", "name"}, canary.canaryService));
            } else {
                paths.push_back(path);
            }
        }
        if (isStable)
            result.push_back(rule.withPath({"http", "paths"}, Value::list(paths)));
    }
    return Value::list(result);
}

/// Annotations that the canary Ingress must have.
crd::TextMap canaryAnnotations(const Object &stable, const Rollout &rollout, int weight)
{
    const Value nginx = nginxOf(rollout);
    std::string prefix(nginx["annotationPrefix"].stringOr());
    if (prefix.empty())
        prefix = kDefaultPrefix;
    crd::TextMap result;
    if (const auto ingressClass = stable.annotation(kClassAnnotation))
        result.emplace(kClassAnnotation, *ingressClass);
    for (const auto &[key, text] : textMapOf(nginx["additionalIngressAnnotations"]))
        result.insert_or_assign(key.starts_with(prefix) ? key : prefix + "/" + key, text);
    for (const auto &[key, text] : textMapOf(nginx["canaryIngressAnnotations"]))
        result.insert_or_assign(key, text);
    result.insert_or_assign(prefix + "/canary", "true");
    result.insert_or_assign(prefix + "/canary-weight", std::to_string(weight));
    if (const auto total = rollout.canary->trafficRouting->maxTrafficWeight)
        result.insert_or_assign(prefix + "/canary-weight-total", std::to_string(*total));
    return result;
}

Expected<Value> canarySpec(const Object &stable, const Canary &canary)
{
    const Value rules = canaryRules(stable, canary);
    if (rules.size() == 0)
        return failure(ErrorCode::InvalidInput, "ingress `" + std::string(stable.name())
                                                    + "` has no rules using service " + canary.stableService
                                                    + " backend");
    Value spec = Value::map({});
    for (const char *key : {"ingressClassName", "tls"}) {
        if (const auto held = stable.path({"spec"}).find(key); held && !held->isNull())
            spec = spec.with(key, *held);
    }
    return spec.with("rules", rules);
}

Expected<void> setIngressWeight(RouterScene &scene, const std::string &stableName, int weight)
{
    const Rollout &rollout = scene.rollout();
    const std::string name = canaryIngressName(rollout.name, stableName);
    const auto ingress = [&scene, &rollout](const std::string &wanted) {
        return scene.find("networking.k8s.io", "Ingress", rollout.ns, wanted);
    };
    const std::optional<Object> stable = ingress(stableName);
    if (!stable)
        return failure(ErrorCode::NotFound, "error retrieving stableIngress `" + stableName
                                                + "` from cache: ingress.networking.k8s.io \"" + stableName
                                                + "\" not found");
    const Expected<Value> spec = canarySpec(*stable, *rollout.canary);
    if (!spec)
        return std::unexpected(spec.error());
    crd::TextMap annotations = canaryAnnotations(*stable, rollout, weight);
    const std::optional<Object> existing = ingress(name);
    if (!existing) {
        scene.event(false, "CreatingCanaryIngress",
                    "Creating canary ingress `" + name + "` with weight `" + std::to_string(weight) + "`");
        const Value metadata = Value::map({{"name", name},
                                           {"namespace", rollout.ns},
                                           {"annotations", mapOf(annotations)},
                                           {"ownerReferences", Value::list({ownerReferenceOf(rollout)})}});
        scene.create(Object(Value::map({{"apiVersion", stable->apiVersion()},
                                        {"kind", "Ingress"},
                                        {"metadata", metadata},
                                        {"spec", *spec}})));
        return {};
    }
    if (!isControlledBy(*existing, rollout))
        return failure(ErrorCode::Conflict, "canary ingress `" + name + "` controlled by different object");
    // What others annotated stays.
    annotations.merge(textMapOf(existing->path({"metadata", "annotations"})));
    const Object desired(existing->value()
                             .withoutPath({"metadata", "labels"})
                             .withPath({"metadata", "annotations"}, mapOf(annotations))
                             .with("spec", *spec));
    if (desired == *existing)
        return {};
    scene.event(false, "PatchingCanaryIngress",
                "Updating Ingress `" + name + "` to desiredWeight '" + std::to_string(weight) + "'");
    scene.patch(*existing, desired);
    return {};
}

} // namespace

Expected<void> NginxRouter::setWeight(RouterScene &scene, int weight, const Destinations &) const
{
    for (const std::string &name : stableIngresses(scene.rollout())) {
        if (const Expected<void> done = setIngressWeight(scene, name, weight); !done)
            return done;
    }
    return {};
}

std::optional<FieldError> NginxRouter::missingReference(const Rollout &rollout, const Observed &observed) const
{
    const std::string field = "spec.strategy.canary.trafficRouting.nginx";
    const Value nginx = nginxOf(rollout);
    const bool hasOne = !nginx["stableIngress"].stringOr().empty();
    const bool hasList = nginx["stableIngresses"].isList();
    if (hasOne == hasList)
        return FieldError{.field = field,
                          .kind = FieldError::Kind::Internal,
                          .value = {},
                          .detail = std::string("Either StableIngress or StableIngresses must be configured. ")
                                    + (hasOne ? "Both" : "Neither") + " are configured."};
    // Beside ALB the controller does not look at these.
    if (rollout.canary->trafficRouting->hasAlb)
        return std::nullopt;
    for (const std::string &name : stableIngresses(rollout)) {
        if (observed.routerObject("networking.k8s.io", "Ingress", rollout.ns, name))
            continue;
        const std::string problem = "ingress.networking.k8s.io \"" + name + "\" not found";
        return hasList ? invalidField(field + ".StableIngresses", nginx["stableIngresses"], problem)
                       : invalidField(field + ".stableIngress", Value(name), problem);
    }
    return std::nullopt;
}

std::optional<FieldError> NginxRouter::referenceError(const Rollout &rollout, const Observed &observed) const
{
    const bool isList = nginxOf(rollout)["stableIngresses"].isList();
    const std::string field =
        std::string("spec.strategy.canary.trafficRouting.nginx.") + (isList ? "stableIngresses" : "stableIngress");
    for (const std::string &name : stableIngresses(rollout)) {
        const Object *ingress = observed.routerObject("networking.k8s.io", "Ingress", rollout.ns, name);
        if (!ingress || rollout.canary->trafficRouting->hasAlb)
            continue;
        if (const Expected<Value> spec = canarySpec(*ingress, *rollout.canary); !spec)
            return invalidField(field, Value(name), spec.error().message());
    }
    return std::nullopt;
}

} // namespace tiphys::rollout
