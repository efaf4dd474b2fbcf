// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/smi.h"

#include "rollout/router/routing.h"

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kGroupName = "split.smi-spec.io";
constexpr std::string_view kOldest = "v1alpha1";

bool isKnown(std::string_view version)
{
    return version == kOldest || version == "v1alpha2" || version == "v1alpha3";
}

/// The oldest version has quantities for weights, the others numbers.
Value weightValue(int weight, std::string_view version)
{
    return version == kOldest ? Value(std::to_string(weight)) : Value(weight);
}

Value backendsOf(const Canary &canary, int weight, const Router::Destinations &additional, std::string_view version)
{
    std::vector<Value> backends;
    const auto add = [&backends, version](const std::string &service, int part) {
        backends.push_back(Value::map({{"service", service}, {"weight", weightValue(part, version)}}));
    };
    add(canary.canaryService, weight);
    int rest = 100 - weight;
    for (const WeightDestination &destination : additional) {
        add(destination.serviceName, destination.weight);
        rest -= destination.weight;
    }
    add(canary.stableService, rest);
    return Value::list(backends);
}

std::string orElse(std::string_view text, const std::string &fallback)
{
    return text.empty() ? fallback : std::string(text);
}

} // namespace

Expected<void> SmiRouter::setWeight(RouterScene &scene, int weight, const Destinations &additional) const
{
    const Rollout &rollout = scene.rollout();
    const Value smi = settingsOf(rollout, "smi");
    const std::string name = orElse(smi["trafficSplitName"].stringOr(), rollout.name);
    const std::string root = orElse(smi["rootService"].stringOr(), rollout.canary->stableService);
    const std::optional<Object> existing = scene.find(kGroupName, "TrafficSplit", rollout.ns, name);
    const std::string version =
        existing && isKnown(existing->version()) ? std::string(existing->version()) : scene.options().smiVersion;
    if (!isKnown(version))
        return failure(ErrorCode::Unsupported, "Unsupported TrafficSplit API version `" + version + "`");
    const Value backends = backendsOf(*rollout.canary, weight, additional, version);
    if (!existing) {
        const Value metadata = Value::map(
            {{"name", name}, {"namespace", rollout.ns}, {"ownerReferences", Value::list({ownerReferenceOf(rollout)})}});
        scene.create(Object(Value::map({{"apiVersion", std::string(kGroupName) + "/" + version},
                                        {"kind", "TrafficSplit"},
                                        {"metadata", metadata},
                                        {"spec", Value::map({{"service", root}, {"backends", backends}})}})));
        scene.event(false, "TrafficSplitCreated", "TrafficSplit `" + name + "` created");
        return {};
    }
    if (!isControlledBy(*existing, rollout))
        return failure(ErrorCode::Conflict, "Rollout does not own TrafficSplit `" + name + "`");
    Value spec = existing->path({"spec"}).with("service", root).with("backends", backends);
    // A split for some requests only is not what the Rollout asks for.
    if (version == "v1alpha3")
        spec = spec.without("matches");
    scene.patch(*existing, Object(existing->value().with("spec", spec)));
    return {};
}

} // namespace tiphys::rollout
