// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/nginx.h"

#include "object/view.h"
#include "rollout/reading.h"

#include <algorithm>
#include <vector>

namespace tiphys::rollout {

using object::Object;
using object::Value;
using object::View;

namespace {

constexpr std::string_view kClassAnnotation = "kubernetes.io/ingress.class";
constexpr std::string_view kSuffix = "-canary";
constexpr std::size_t kLongestName = 253;

const NginxSettings &settingsOf(const Rollout &rollout)
{
    return rollout.canary->trafficRouting->nginx;
}

/// The router's settings as they are named in messages, or what is below them.
std::string fieldOf(const char *below)
{
    std::string field("spec.strategy.canary.trafficRouting.nginx");
    field += below;
    return field;
}

std::string canaryIngressName(std::string_view rollout, std::string_view stableIngress)
{
    const std::string prefix = std::string(rollout) + "-" + std::string(stableIngress);
    return prefix.substr(0, kLongestName - kSuffix.size()) + std::string(kSuffix);
}

bool leadsToStable(const View &path, const Canary &canary)
{
    return isSame(path["backend"]["service"]["name"].stringOr(), canary.stableService);
}
bool leadsToStable(const Value &path, const Canary &canary)
{
    return leadsToStable(View(path), canary);
}

/// True if a path of \p rule leads to the stable Service.
bool isStableRule(const View &rule, const Canary &canary)
{
    const View paths = rule["http"]["paths"];
    for (std::size_t i = 0; paths.isList() && i < paths.size(); ++i) {
        if (leadsToStable(paths.at(i), canary))
            return true;
    }
    return false;
}

bool hasStableRule(const Object &stable, const Canary &canary)
{
    const View rules = View(stable.value())["spec"]["rules"];
    for (std::size_t i = 0; rules.isList() && i < rules.size(); ++i) {
        if (isStableRule(rules.at(i), canary))
            return true;
    }
    return false;
}

/// True if the maps differ in the member \p key at most.
bool isEqualBut(const Value &a, const Value &b, std::string_view key)
{
    if (!a.isMap() || !b.isMap() || a.size() != b.size())
        return false;
    return std::ranges::all_of(a.entries(), [&](const Value::Member &member) {
        const std::optional<Value> other = b.find(member.first);
        return other && (member.first == key || *other == member.second);
    });
}

/// True if \p led is \p path, led to the canary Service if it leads to the stable one.
bool isLedPath(const Value &led, const Value &path, const Canary &canary)
{
    if (!leadsToStable(path, canary))
        return led == path;
    return led.path({"backend", "service", "name"}).stringOr() == canary.canaryService && isEqualBut(led, path, "backend")
           && isEqualBut(led["backend"], path["backend"], "service")
           && isEqualBut(led.path({"backend", "service"}), path.path({"backend", "service"}), "name");
}

bool isLedRule(const Value &led, const Value &rule, const Canary &canary)
{
    const Value from = rule.path({"http", "paths"});
    const Value to = led.path({"http", "paths"});
    if (from.size() != to.size() || !isEqualBut(led, rule, "http") || !isEqualBut(led["http"], rule["http"], "paths"))
        return false;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (!isLedPath(to.at(i), from.at(i), canary))
            return false;
    }
    return true;
}

/// True if \p spec is what canarySpec() makes, without making it.
bool isCanarySpec(const Value &spec, const Object &stable, const Canary &canary)
{
    const Value original = stable.path({"spec"});
    std::size_t members = 1;
    for (const char *key : {"ingressClassName", "tls"}) {
        const Value held = original[key];
        if (held.isNull())
            continue;
        ++members;
        if (spec[key] != held)
            return false;
    }
    const Value rules = original["rules"];
    const Value led = spec["rules"];
    std::size_t next = 0;
    for (const Value &rule : rules.items()) {
        if (!isStableRule(View(rule), canary))
            continue;
        if (!isLedRule(led.at(next++), rule, canary))
            return false;
    }
    return spec.size() == members && led.isList() && led.size() == next && next > 0;
}

/// True if \p annotations are texts, and have all of a canary Ingress.
bool hasAnnotations(const View &annotations, const Object &stable, const Rollout &rollout, std::string_view weight)
{
    const NginxSettings &settings = settingsOf(rollout);
    if (annotations[settings.weightKey].stringOr() != weight)
        return false;
    for (const auto &[key, text] : settings.annotations) {
        if (!annotations[key].isString() || annotations[key].stringOr() != text)
            return false;
    }
    const auto ingressClass = stable.annotation(kClassAnnotation);
    if (ingressClass && !settings.annotations.contains(std::string(kClassAnnotation))
        && (!annotations[kClassAnnotation].isString() || annotations[kClassAnnotation].stringOr() != *ingressClass))
        return false;
    for (std::size_t i = 0; i < annotations.size(); ++i) {
        if (!annotations.valueAt(i).isString())
            return false;
    }
    return true;
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
            if (leadsToStable(path, canary)) {
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
    const NginxSettings &settings = settingsOf(rollout);
    crd::TextMap result = settings.annotations;
    if (const auto ingressClass = stable.annotation(kClassAnnotation))
        result.emplace(kClassAnnotation, *ingressClass);
    result.insert_or_assign(settings.weightKey, std::to_string(weight));
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
    const std::optional<Object> existing = ingress(name);
    // Most often all is as it should be, and nothing need be made to see it.
    if (existing && isControlledBy(*existing, rollout)
        && !existing->path({"metadata"}).contains("labels")
        && hasAnnotations(View(existing->value())["metadata"]["annotations"], *stable, rollout, std::to_string(weight))
        && isCanarySpec(existing->path({"spec"}), *stable, *rollout.canary))
        return {};
    const Expected<Value> spec = canarySpec(*stable, *rollout.canary);
    if (!spec)
        return std::unexpected(spec.error());
    crd::TextMap annotations = canaryAnnotations(*stable, rollout, weight);
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
    for (const std::string &name : settingsOf(scene.rollout()).stableIngresses) {
        if (const Expected<void> done = setIngressWeight(scene, name, weight); !done)
            return done;
    }
    return {};
}

std::optional<FieldError> NginxRouter::missingReference(const Rollout &rollout, const Observed &observed) const
{
    const Value nginx = rollout.canary->trafficRouting->value["nginx"];
    const bool hasOne = !View(nginx)["stableIngress"].stringOr().empty();
    const bool hasList = settingsOf(rollout).hasList;
    if (hasOne == hasList)
        return FieldError{.field = fieldOf(""),
                          .kind = FieldError::Kind::Internal,
                          .value = {},
                          .detail = std::string("Either StableIngress or StableIngresses must be configured. ")
                                    + (hasOne ? "Both" : "Neither") + " are configured."};
    // Beside ALB the controller does not look at these.
    if (rollout.canary->trafficRouting->hasAlb)
        return std::nullopt;
    for (const std::string &name : settingsOf(rollout).stableIngresses) {
        if (observed.routerObject("networking.k8s.io", "Ingress", rollout.ns, name))
            continue;
        const std::string problem = "ingress.networking.k8s.io \"" + name + "\" not found";
        return hasList ? invalidField(fieldOf(".StableIngresses"), nginx["stableIngresses"], problem)
                       : invalidField(fieldOf(".stableIngress"), Value(name), problem);
    }
    return std::nullopt;
}

std::optional<FieldError> NginxRouter::referenceError(const Rollout &rollout, const Observed &observed) const
{
    for (const std::string &name : settingsOf(rollout).stableIngresses) {
        const Object *ingress = observed.routerObject("networking.k8s.io", "Ingress", rollout.ns, name);
        if (!ingress || rollout.canary->trafficRouting->hasAlb)
            continue;
        if (hasStableRule(*ingress, *rollout.canary))
            continue;
        if (const Expected<Value> spec = canarySpec(*ingress, *rollout.canary); !spec)
            return invalidField(fieldOf(settingsOf(rollout).hasList ? ".stableIngresses" : ".stableIngress"),
                                Value(name), spec.error().message());
    }
    return std::nullopt;
}

} // namespace tiphys::rollout
