// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/ambassador.h"

#include "rollout/router/routing.h"

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::size_t kLongestBase = 246;
constexpr int kIdleSeconds = 5;

const Object *mappingOf(const Observed &observed, const Rollout &rollout, std::string_view name)
{
    if (const Object *found = observed.routerObject(kAmbassadorGroup, kMapping, rollout.ns, name))
        return found;
    return observed.routerObject(kOtherAmbassadorGroup, kOtherMapping, rollout.ns, name);
}

std::optional<Object> mappingOf(const RouterScene &scene, std::string_view name)
{
    const std::string &ns = scene.rollout().ns;
    if (std::optional<Object> found = scene.find(kAmbassadorGroup, kMapping, ns, name))
        return found;
    return scene.find(kOtherAmbassadorGroup, kOtherMapping, ns, name);
}

std::string notFoundTextOf(const Options &options, const std::string &name)
{
    const bool isOtherGroup = options.ambassadorVersion.starts_with(kOtherAmbassadorGroup);
    return notFoundText(isOtherGroup ? "ambassadormappings.x.getambassador.io" : "mappings.getambassador.io", name);
}

std::string canaryNameOf(const std::string &base)
{
    return base.substr(0, kLongestBase) + "-canary";
}

std::string weightProblem(std::string_view mapping)
{
    return "Ambassador mapping \"" + std::string(mapping) + "\" can not define weight";
}

/// \p service led to the canary: the first mention of the stable Service is replaced.
std::string canaryServiceText(std::string service, const Canary &canary)
{
    const std::size_t at = service.find(canary.stableService);
    if (at != std::string::npos)
        service.replace(at, canary.stableService.size(), canary.canaryService);
    return service;
}

Expected<void> createCanary(RouterScene &scene, const std::string &baseName, int weight)
{
    const std::optional<Object> base = mappingOf(scene, baseName);
    if (!base) {
        scene.event(true, "AmbassadorMappingNotFound", "Ambassador mapping \"" + baseName + "\" not found");
        return failure(ErrorCode::NotFound, notFoundTextOf(scene.options(), baseName));
    }
    if (base->path({"spec", "weight"}).intOr(0) != 0) {
        scene.event(true, "AmbassadorMappingConfigError", weightProblem(baseName));
        return failure(ErrorCode::InvalidInput, weightProblem(baseName));
    }
    const std::string service =
        canaryServiceText(std::string(base->path({"spec", "service"}).stringOr()), *scene.rollout().canary);
    const Value metadata = Value::map({{"name", canaryNameOf(baseName)}, {"namespace", scene.rollout().ns}});
    scene.create(Object(base->value()
                            .with("metadata", metadata)
                            .without("status")
                            .withPath({"spec", "service"}, Value(service))
                            .withPath({"spec", "weight"}, Value(weight))));
    return {};
}

/// Takes the weight from \p canary, or the object away once it has been idle for long enough.
void retire(RouterScene &scene, const Object &canary)
{
    const Moment now = scene.now();
    const auto since = crd::timestampOf(canary.annotation(kIdleSinceAnnotation).value_or(""));
    const Value weight = canary.path({"spec", "weight"});
    // A moment that is still to come was written by another clock.
    const bool isIdle = since && Moment::of(*since) <= now && weight.isInteger() && weight.intOr(1) == 0;
    if (isIdle && Moment::of(*since).plusSeconds(kIdleSeconds) <= now) {
        scene.remove(canary);
        return;
    }
    if (isIdle) {
        scene.lookAgainAt(Moment::of(*since).plusSeconds(kIdleSeconds));
        return;
    }
    scene.patch(
        canary,
        Object(canary.value().withPath({"spec", "weight"}, Value(0))).withAnnotation(kIdleSinceAnnotation, now.text()));
    scene.lookAgainAt(now.plusSeconds(kIdleSeconds));
}

Expected<void> setMappingWeight(RouterScene &scene, const std::string &baseName, int weight)
{
    const std::optional<Object> canary = mappingOf(scene, canaryNameOf(baseName));
    if (!canary)
        return weight == 0 ? Expected<void>() : createCanary(scene, baseName, weight);
    if (weight == 0) {
        retire(scene, *canary);
        return {};
    }
    Object after(canary->value().withPath({"spec", "weight"}, Value(weight)));
    if (after.annotation(kIdleSinceAnnotation))
        after = after.withoutAnnotation(kIdleSinceAnnotation);
    scene.patch(*canary, after);
    return {};
}

/// One error, or all of them in one sentence.
Expected<void> joined(const std::vector<Error> &errors)
{
    if (errors.empty())
        return {};
    if (errors.size() == 1)
        return std::unexpected(errors.front());
    std::string text = std::to_string(errors.size()) + " errors found: ";
    for (const Error &error : errors)
        text += "[" + error.message() + "]";
    return failure(errors.front().code(), text);
}

} // namespace

Expected<void> AmbassadorRouter::setWeight(RouterScene &scene, int weight, const Destinations &) const
{
    std::vector<Error> errors;
    const std::optional<TrafficWeights> &recorded = scene.rollout().status.canary.weights;
    bool isChanged = !recorded || recorded->canary.weight != weight;
    for (const std::string &name : textsOf(settingsOf(scene.rollout(), "ambassador")["mappings"])) {
        const std::size_t before = scene.actCount();
        if (const Expected<void> set = setMappingWeight(scene, name, weight); !set)
            errors.push_back(set.error());
        isChanged = isChanged || scene.actCount() > before;
    }
    if (isChanged)
        scene.event(false, "CanaryMappingWeightUpdate", "Set canary mapping weight to " + std::to_string(weight));
    return joined(errors);
}

std::optional<FieldError> AmbassadorRouter::missingReference(const Rollout &rollout, const Observed &observed) const
{
    const std::string field = "spec.strategy.canary.trafficRouting.ambassador.mappings";
    const std::vector<std::string> names = textsOf(settingsOf(rollout, "ambassador")["mappings"]);
    if (names.empty())
        return invalidField(field, Value(), "must provide at least one mapping");
    for (const std::string &name : names) {
        if (!mappingOf(observed, rollout, name))
            return invalidField(field, name, notFoundTextOf({}, name));
    }
    return std::nullopt;
}

std::optional<FieldError> AmbassadorRouter::referenceError(const Rollout &rollout, const Observed &observed) const
{
    for (const std::string &name : textsOf(settingsOf(rollout, "ambassador")["mappings"])) {
        const Object *mapping = mappingOf(observed, rollout, name);
        if (mapping && mapping->path({"spec", "weight"}).intOr(0) != 0)
            return invalidField("spec.weight", name, weightProblem(name));
    }
    return std::nullopt;
}

} // namespace tiphys::rollout
