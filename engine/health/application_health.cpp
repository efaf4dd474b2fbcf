// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/application_health.h"

#include "crd/hook.h"
#include "crd/names.h"

namespace tiphys::health {

namespace {

bool isTheApplication(const crd::Application &app, const object::Object &live)
{
    return crd::isApplication(live) && live.uid() == app.object.uid() && live.name() == app.name()
           && live.ns() == app.ns();
}

bool isIgnored(const object::Object &live)
{
    return live.annotation(crd::kIgnoreHealthcheckAnnotation) == "true";
}

/// Health that may be shown but does not pass to the parent.
bool isContained(const object::Object &object, const Health &health)
{
    return crd::isApplication(object) && (health.status == HealthCode::Missing || health.status == HealthCode::Unknown);
}

std::string problemOf(const object::Object &live, const Health &health)
{
    return "failed to get resource health for \"" + std::string(live.kind()) + "\" with name \""
           + std::string(live.name()) + "\" in namespace \"" + std::string(live.ns()) + "\": " + health.message;
}

} // namespace

ApplicationHealth applicationHealth(const crd::Application &app, const std::vector<ManagedPair> &pairs,
                                    const ScriptHealth *scripts)
{
    ApplicationHealth result;
    result.resources.resize(pairs.size());
    bool hasResources = false;
    bool hasLiveResources = false;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const object::Object &live = pairs[i].live;
        if (!pairs[i].target.isNull() && crd::isSkipped(pairs[i].target))
            continue;
        if (!live.isNull() && crd::isHook(live))
            continue;
        hasResources = true;
        if (live.isNull()) {
            result.resources[i] = Health{HealthCode::Missing, {}, false, false};
            continue;
        }
        hasLiveResources = true;
        if (isIgnored(live) || isTheApplication(app, live))
            continue;
        const std::optional<Health> health = healthOf(live, scripts);
        if (!health)
            continue;
        result.resources[i] = health;
        result.notAssessed += health->notAssessed ? 1 : 0;
        if (health->hasFailed && !result.problem)
            result.problem = problemOf(live, *health);
        if (!isContained(live, *health) && isWorse(result.status, health->status))
            result.status = health->status;
    }
    if (hasResources && !hasLiveResources && isWorse(result.status, HealthCode::Missing))
        result.status = HealthCode::Missing;
    return result;
}

} // namespace tiphys::health
