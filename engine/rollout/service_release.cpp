// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/service_release.h"

#include "rollout/names.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

std::vector<std::string> servicesOf(const Rollout &rollout)
{
    std::vector<std::string> names;
    const auto add = [&names](const std::string &name) {
        if (!name.empty())
            names.push_back(name);
    };
    if (rollout.blueGreen) {
        add(rollout.blueGreen->activeService);
        add(rollout.blueGreen->previewService);
    } else if (rollout.canary) {
        add(rollout.canary->canaryService);
        add(rollout.canary->stableService);
        if (rollout.canary->pingPong) {
            add(rollout.canary->pingPong->pingService);
            add(rollout.canary->pingPong->pongService);
        }
    }
    return names;
}

Decision releaseService(const Service &service, const std::optional<Rollout> &manager)
{
    Decision decision;
    if (!service.managedBy || !service.selector.contains(std::string(kHashLabel)) || service.object.isBeingDeleted())
        return decision;
    if (manager && manager->name == *service.managedBy) {
        const std::vector<std::string> names = servicesOf(*manager);
        if (std::ranges::find(names, service.name) != names.end())
            return decision;
    }
    const Value annotations = Value::map({{kManagedByAnnotation, Value()}});
    const Value selector = Value::map({{kHashLabel, Value()}});
    decision.acts.emplace_back(Write{.verb = Verb::MergePatch,
                                     .gvk = {"", "v1", "Service"},
                                     .ns = std::string(service.object.ns()),
                                     .name = service.name,
                                     .body = Value::map({{"metadata", Value::map({{"annotations", annotations}})},
                                                         {"spec", Value::map({{"selector", selector}})}}),
                                     .onFailure = OnFailure::IgnoreIfAbsent});
    return decision;
}

Decision releaseDestinationRule(const object::Object &rule, const std::optional<Rollout> &manager)
{
    Decision decision;
    const auto managedBy = rule.annotation(kManagedByAnnotation);
    if (!managedBy || rule.isBeingDeleted())
        return decision;
    if (manager && manager->name == *managedBy && manager->hasTrafficRouting()
        && manager->canary->trafficRouting->value.path({"istio", "destinationRule", "name"}).stringOr() == rule.name())
        return decision;
    const Value held = rule.path({"spec", "subsets"});
    std::vector<Value> subsets;
    for (const Value &subset : held.items()) {
        const Value labels = subset["labels"].without(kHashLabel);
        subsets.push_back(labels.size() > 0 ? subset.with("labels", labels) : subset.without("labels"));
    }
    std::vector<std::pair<std::string, Value>> body{
        {"metadata", Value::map({{"annotations", Value::map({{kManagedByAnnotation, Value()}})}})}};
    if (held.isList())
        body.emplace_back("spec", Value::map({{"subsets", Value::list(subsets)}}));
    decision.acts.emplace_back(Write{.verb = Verb::MergePatch,
                                     .gvk = rule.gvk(),
                                     .ns = std::string(rule.ns()),
                                     .name = std::string(rule.name()),
                                     .body = Value::map(body),
                                     // The list of subsets is replaced as a whole.
                                     .resourceVersion = std::string(rule.resourceVersion()),
                                     .onFailure = OnFailure::IgnoreIfAbsent});
    return decision;
}

} // namespace tiphys::rollout
