// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/names.h"
#include "rollout/pass.h"

#include <algorithm>

namespace tiphys::rollout {

namespace {

/// As Go prints a slice of structs: [{20 service hash} {…}].
std::string shown(const Router::Destinations &destinations)
{
    std::string result;
    for (const WeightDestination &destination : destinations)
        result += (result.empty() ? "{" : " {") + std::to_string(destination.weight) + " " + destination.serviceName
                  + " " + destination.podTemplateHash + "}";
    return "[" + result + "]";
}

std::string weightMessage(const std::optional<TrafficWeights> &before, const TrafficWeights &after)
{
    std::string details;
    if (!before)
        details = "to " + std::to_string(after.canary.weight);
    else if (before->canary.weight != after.canary.weight)
        details = "from " + std::to_string(before->canary.weight) + " to " + std::to_string(after.canary.weight);
    if (before && before->additional != after.additional)
        details += (details.empty() ? "additional: " : ", additional: ") + shown(after.additional);
    return "Traffic weight updated " + details;
}

/// Weight of the nearest setWeight before the current step, 0 if there is none.
int previousWeight(const Rollout &rollout)
{
    for (int past = std::min(rollout.stepIndex(), rollout.canary->stepCount()); past > 0; --past) {
        const Step &step = rollout.canary->steps[static_cast<std::size_t>(past) - 1];
        if (step.setWeight)
            return *step.setWeight;
    }
    return 0;
}

} // namespace

std::optional<std::string> Pass::dynamicRollbackHash() const
{
    const Status &status = ro().status;
    if (!status.isFullyPromoted() || !ro().hasTrafficRouting() || !ro().canary->dynamicStableScale
        || !status.canary.weights)
        return std::nullopt;
    const std::string &recorded = status.canary.weights->canary.podTemplateHash;
    if (!m_new || recorded == m_new->hash || m_new->availableReplicas >= ro().desiredReplicas())
        return std::nullopt;
    return recorded;
}

int Pass::weightOnRollback() const
{
    const int replicas = ro().desiredReplicas();
    if (!ro().canary->dynamicStableScale || !m_stable || !m_new || replicas == 0)
        return 0;
    const int whole = ro().maxTrafficWeight();
    const int desired = desiredCanaryWeight(ro(), m_new, m_stable);
    const int stableWeight = whole * m_stable->availableReplicas / replicas;
    const int expected = std::max(0, whole - stableWeight);
    const std::optional<TrafficWeights> &weights = ro().status.canary.weights;
    if (!weights)
        return std::max(expected, desired);
    const int current = weights->canary.weight;
    if (desired <= 0)
        return std::min(expected, current);
    if (stableWeight < whole - desired)
        return current;
    return std::min(desired, current);
}

bool Pass::isStableEnough(int weight) const
{
    if (!m_stable)
        return false;
    const std::int64_t pods = std::int64_t{weight} * ro().desiredReplicas();
    const int wanted = static_cast<int>(pods / ro().maxTrafficWeight());
    return m_stable->availableReplicas >= wanted || isProgressEnough(*ro().canary, m_stable, wanted);
}

Router::Destinations Pass::experimentDestinations() const
{
    Router::Destinations result;
    const Step *step = ro().currentStep();
    if (!step || !m_experiment || m_experiment->status.phase != AnalysisPhase::Running)
        return result;
    const ExperimentStep *experiment = nullptr;
    for (int i = ro().stepIndex(); i >= 0 && !experiment; --i) {
        const Step &candidate = ro().canary->steps[static_cast<std::size_t>(i)];
        experiment = candidate.experiment ? &*candidate.experiment : nullptr;
    }
    if (!experiment)
        return result;
    for (const ExperimentTemplateStatus &status : m_experiment->status.templates) {
        const auto found = std::ranges::find(experiment->templates, status.name, &ExperimentTemplateStep::name);
        if (found != experiment->templates.end() && found->weight)
            result.push_back({.weight = *found->weight,
                              .serviceName = status.serviceName,
                              .podTemplateHash = status.podTemplateHash});
    }
    return result;
}

Pass::Outcome Pass::routeTraffic()
{
    if (!ro().hasTrafficRouting() || ro().canary->trafficRouting->routers().empty()) {
        m_status.canary.weights = std::nullopt;
        return {};
    }
    ShortList<const Router *> routers;
    for (const std::string &name : ro().canary->trafficRouting->routers()) {
        const Expected<const Router *> router = makeRouter(name);
        if (!router)
            return std::unexpected(router.error());
        routers.push_back(*router);
    }
    RouterScene scene(m_observed, ro(), m_options, m_all, m_decision, m_now);
    for (const Router *router : routers) {
        const Expected<bool> goesOn = routeTraffic(scene, *router);
        m_status.alb = scene.alb();
        m_status.albs = scene.albs();
        if (!goesOn)
            return std::unexpected(goesOn.error());
        if (!*goesOn)
            return {};
    }
    return {};
}

Pass::Route Pass::wantedRoute() const
{
    const Status &status = ro().status;
    const int whole = ro().maxTrafficWeight();
    Route route{.weight = 0, .canaryHash = newHash(), .additional = {}, .removesManagedRoutes = true};
    if (const std::optional<std::string> previous = dynamicRollbackHash())
        return {.weight = weightOnRollback(), .canaryHash = *previous, .additional = {}, .removesManagedRoutes = false};
    if (status.isFullyPromoted())
        return route;
    if (m_pause.isAborted(ro())) {
        route.weight = weightOnRollback();
        return route;
    }
    if (!m_new || m_new->availableReplicas == 0) {
        route.additional = experimentDestinations();
        return route;
    }
    if (status.promoteFull) {
        // Without pods to have there is nothing to wait for; with more than enough of them all goes there.
        if (ro().canary->dynamicStableScale)
            route.weight = ro().desiredReplicas() <= m_new->availableReplicas
                               ? whole
                               : whole * m_new->availableReplicas / ro().desiredReplicas();
        else if (status.canary.weights)
            route.weight = status.canary.weights->canary.weight;
        return route;
    }
    route.removesManagedRoutes = false;
    if (ro().canary->stepCount() == 0)
        return route;
    const bool isReached = isAtDesiredCounts(ro(), m_new, m_stable, m_others, nullptr);
    if (!isReached)
        route.weight = previousWeight(ro());
    else
        route.weight = ro().currentStep() ? currentSetWeight(ro()) : whole;
    if (!isReached || ro().currentStep())
        route.additional = experimentDestinations();
    return route;
}

Pass::Outcome Pass::setStepRoutes(RouterScene &scene, const Router &router) const
{
    const Step *step = ro().currentStep();
    // The first deployment does no steps. After an abort the routes are gone, and stay so though the first step is one:
    // the controller sets and removes it in every pass.
    if (!step || ro().revision() <= 1 || ro().status.abort)
        return {};
    if (step->setHeaderRoute) {
        if (const Outcome set = router.setHeaderRoute(scene, *step->setHeaderRoute); !set)
            return set;
    }
    return step->setMirrorRoute ? router.setMirrorRoute(scene, *step->setMirrorRoute) : Outcome();
}

Expected<bool> Pass::routeTraffic(RouterScene &scene, const Router &router)
{
    const Route route = wantedRoute();
    const bool isAborting = !ro().status.isFullyPromoted() && m_pause.isAborted(ro());
    if (isAborting && (!ro().canary->dynamicStableScale || route.weight == 0))
        ensureServiceTargets(ro().canary->canaryService, m_stable, false);
    if (route.removesManagedRoutes) {
        if (const Outcome removed = router.removeManagedRoutes(scene); !removed)
            return std::unexpected(removed.error());
    }
    if (!isStableEnough(ro().maxTrafficWeight() - route.weight))
        return false;
    if (const Outcome set = setStepRoutes(scene, router); !set)
        return std::unexpected(set.error());
    const auto setWeight = [&]() -> Outcome {
        Outcome set = router.setWeight(scene, route.weight, route.additional);
        if (!set)
            event(true, "TrafficRoutingError", set.error().message());
        return set;
    };
    // No traffic may go to a canary without pods while the hash changes.
    const std::optional<TrafficWeights> &before = ro().status.canary.weights;
    if ((!m_new || m_new->availableReplicas == 0) && before && before->canary.weight > 0) {
        if (const Outcome set = setWeight(); !set)
            return std::unexpected(set.error());
    }
    const std::string stableHash = m_stable ? m_stable->hash : std::string();
    if (const Outcome updated = router.updateHash(scene, route.canaryHash, stableHash, route.additional); !updated)
        return std::unexpected(updated.error());
    if (const Outcome set = setWeight(); !set)
        return std::unexpected(set.error());
    recordWeights(route, stableHash);
    return verifyWeight(scene, router, route);
}

void Pass::recordWeights(const Route &route, const std::string &stableHash)
{
    TrafficWeights weights;
    weights.canary = {
        .weight = route.weight, .serviceName = ro().canary->canaryService, .podTemplateHash = route.canaryHash};
    weights.stable = {.weight = ro().maxTrafficWeight() - route.weight,
                      .serviceName = ro().canary->stableService,
                      .podTemplateHash = stableHash};
    for (const WeightDestination &destination : route.additional)
        weights.stable.weight -= destination.weight;
    weights.additional = route.additional;
    const std::optional<TrafficWeights> &before = ro().status.canary.weights;
    if (before && before->canary == weights.canary && before->stable == weights.stable
        && before->additional == weights.additional)
        return;
    event(false, "TrafficWeightUpdated", weightMessage(before, weights));
    m_status.canary.weights = std::move(weights);
}

Expected<bool> Pass::verifyWeight(RouterScene &scene, const Router &router, const Route &route)
{
    const Expected<std::optional<bool>> verified = router.verifyWeight(scene, route.weight, route.additional);
    if (m_status.canary.weights)
        m_status.canary.weights->verified = verified ? *verified : std::nullopt;
    if (!verified) {
        event(true, "WeightVerifyError", "Failed to verify weight: " + verified.error().message());
        return false;
    }
    if (verified->value_or(true))
        return true;
    lookAgainIn(std::int64_t{1000} * m_options.verifyRetrySeconds);
    // At the end nothing may be scaled down before the traffic is known to have moved.
    if (route.weight == ro().maxTrafficWeight() && ro().canary->stepCount() >= ro().stepIndex())
        return failure(ErrorCode::Unavailable,
                       "end of rollout, desired weight " + std::to_string(route.weight) + " not yet verified");
    return true;
}

} // namespace tiphys::rollout
