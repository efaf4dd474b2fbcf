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
bool isEqualBut(const View &a, const View &b, std::string_view key)
{
    if (!a.isMap() || !b.isMap() || a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::string_view name = a.keyAt(i);
        // What was made of the other has its members in the same order: then none is searched for.
        const bool isAtSamePlace = isSame(b.keyAt(i), name);
        if (!isAtSamePlace && !b.contains(name))
            return false;
        if (!isSame(name, key) && !((isAtSamePlace ? b.valueAt(i) : b[name]) == a.valueAt(i)))
            return false;
    }
    return true;
}

/// True if \p led is \p path, led to the canary Service if it leads to the stable one.
bool isLedPath(const View &led, const View &path, const Canary &canary)
{
    if (!leadsToStable(path, canary))
        return led == path;
    const View ledBackend = led["backend"];
    const View backend = path["backend"];
    return isSame(ledBackend["service"]["name"].stringOr(), canary.canaryService) && isEqualBut(led, path, "backend")
           && isEqualBut(ledBackend, backend, "service")
           && isEqualBut(ledBackend["service"], backend["service"], "name");
}

bool isLedRule(const View &led, const View &rule, const Canary &canary)
{
    const View from = rule["http"]["paths"];
    const View to = led["http"]["paths"];
    if (from.size() != to.size() || !isEqualBut(led, rule, "http") || !isEqualBut(led["http"], rule["http"], "paths"))
        return false;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (!isLedPath(to.at(i), from.at(i), canary))
            return false;
    }
    return true;
}

/// True if \p spec is what canarySpec() makes, without making it.
bool isCanarySpec(const View &spec, const View &original, const Canary &canary)
{
    std::size_t members = 1;
    for (const char *key : {"ingressClassName", "tls"}) {
        const View held = original[key];
        if (held.isNull())
            continue;
        ++members;
        if (!(spec[key] == held))
            return false;
    }
    const View rules = original["rules"];
    const View led = spec["rules"];
    std::size_t next = 0;
    for (std::size_t i = 0; rules.isList() && i < rules.size(); ++i) {
        if (!isStableRule(rules.at(i), canary))
            continue;
        if (!isLedRule(led.at(next++), rules.at(i), canary))
            return false;
    }
    return spec.size() == members && led.isList() && led.size() == next && next > 0;
}

/// True if \p annotations are texts, or absent.
bool areTexts(const View &annotations)
{
    for (std::size_t i = 0; annotations.isMap() && i < annotations.size(); ++i) {
        if (!annotations.valueAt(i).isString())
            return false;
    }
    return annotations.isMap() || annotations.isNull();
}

bool hasText(const View &annotations, std::string_view key, std::string_view text)
{
    const View held = annotations[key];
    return held.isString() && isSame(held.stringOr(), text);
}

/// True if \p annotations have all of a canary Ingress.
bool hasAnnotations(const View &annotations, const Object &stable, const Rollout &rollout, std::string_view weight)
{
    const NginxSettings &settings = settingsOf(rollout);
    if (!hasText(annotations, settings.weightKey, weight))
        return false;
    for (const auto &[key, text] : settings.annotations) {
        if (!hasText(annotations, key, text))
            return false;
    }
    const View ingressClass = View(stable.value())["metadata"]["annotations"][kClassAnnotation];
    return !ingressClass.isString() || entryAt(settings.annotations, kClassAnnotation) != settings.annotations.end()
           || hasText(annotations, kClassAnnotation, ingressClass.stringOr());
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

/// True if nothing but texts of annotations may be wrong with \p existing, the canary Ingress of \p stable.
bool isFitting(const Object &existing, const Object &stable, const Canary &canary)
{
    const View root(existing.value());
    return !root["metadata"].contains("labels") && areTexts(root["metadata"]["annotations"])
           && isCanarySpec(root["spec"], View(stable.value())["spec"], canary);
}

void tellOfPatch(RouterScene &scene, std::string_view name, int weight)
{
    scene.event(false, "PatchingCanaryIngress",
                "Updating Ingress `" + std::string(name) + "` to desiredWeight '" + std::to_string(weight) + "'");
}

/// Writes those of \p wanted that \p existing has not. What others annotated stays.
void patchAnnotations(RouterScene &scene, const Object &existing, crd::TextMap wanted, int weight)
{
    const View held = View(existing.value())["metadata"]["annotations"];
    std::vector<std::pair<std::string, Value>> changed;
    for (const auto &[key, text] : wanted) {
        if (!hasText(held, key, text))
            changed.emplace_back(key, Value(text));
    }
    const auto inMetadata = [](const Value &annotations) {
        return Value::map({{"metadata", Value::map({{"annotations", annotations}})}});
    };
    wanted.merge(textMapOf(existing.path({"metadata", "annotations"})));
    tellOfPatch(scene, existing.name(), weight);
    scene.patch(existing, Object(existing.value().withPath({"metadata", "annotations"}, mapOf(wanted))),
                inMetadata(Value::map(changed)));
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
    // Most often all is as it should be but the weight, and nothing else need be made to see it.
    if (existing && isControlledBy(*existing, rollout) && isFitting(*existing, *stable, *rollout.canary)) {
        if (!hasAnnotations(View(existing->value())["metadata"]["annotations"], *stable, rollout,
                            std::to_string(weight)))
            patchAnnotations(scene, *existing, canaryAnnotations(*stable, rollout, weight), weight);
        return {};
    }
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
        scene.create(Object(Value::map(
            {{"apiVersion", stable->apiVersion()}, {"kind", "Ingress"}, {"metadata", metadata}, {"spec", *spec}})));
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
    tellOfPatch(scene, name, weight);
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
