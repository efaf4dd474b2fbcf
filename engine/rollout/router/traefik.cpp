// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/traefik.h"

#include "rollout/router/routing.h"

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

/// Index of the service \p name; nothing if there is none.
Expected<std::optional<std::size_t>> indexOf(const Value &services, const std::string &name)
{
    for (std::size_t i = 0; i < services.size(); ++i) {
        const Value service = services.at(i);
        if (!service.isMap())
            return failure(ErrorCode::InvalidInput, "Failed type assertion setting weight for traefik service");
        if (!service["name"].isString())
            return failure(ErrorCode::InvalidInput, "name field was not found in service");
        if (service["name"].stringOr() == name)
            return i;
    }
    return std::optional<std::size_t>();
}

Expected<Value> withWeight(const Value &services, const std::string &name, int weight, const char *role)
{
    const Expected<std::optional<std::size_t>> index = indexOf(services, name);
    if (!index)
        return std::unexpected(index.error());
    if (!*index)
        return failure(ErrorCode::NotFound, std::string("traefik ") + role + " service was not found");
    return services.withItem(**index, services.at(**index).with("weight", Value(weight)));
}

} // namespace

Expected<void> TraefikRouter::setWeight(RouterScene &scene, int weight, const Destinations &) const
{
    const Rollout &rollout = scene.rollout();
    const std::string name(settingsOf(rollout, "traefik")["weightedTraefikServiceName"].stringOr());
    const std::string group = object::gvkOf(scene.options().traefikVersion, "TraefikService").group;
    const std::string_view other = group == kTraefikGroup ? kOldTraefikGroup : kTraefikGroup;
    std::optional<Object> found = scene.find(group, "TraefikService", rollout.ns, name);
    if (!found)
        found = scene.find(other, "TraefikService", rollout.ns, name);
    if (!found)
        return notFound("traefikservices." + group, name);
    const Value services = found->path({"spec", "weighted", "services"});
    if (!services.isList())
        return failure(ErrorCode::InvalidInput, "spec.weighted.services was not found in traefik service manifest");
    const Expected<Value> canary = withWeight(services, rollout.canary->canaryService, weight, "canary");
    if (!canary)
        return std::unexpected(canary.error());
    const Expected<Value> both = withWeight(*canary, rollout.canary->stableService, 100 - weight, "stable");
    if (!both)
        return std::unexpected(both.error());
    scene.patch(*found, Object(found->value().withPath({"spec", "weighted", "services"}, *both)));
    return {};
}

} // namespace tiphys::rollout
