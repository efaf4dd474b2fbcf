// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/validation.h"

#include "object/json.h"
#include "rollout/analysis_build.h"
#include "rollout/number.h"
#include "rollout/pod/label_check.h"
#include "rollout/reading.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

const char *flag(bool value)
{
    return value ? "true" : "false";
}

/// Collects errors below one path.
class SpecCheck
{
public:
    explicit SpecCheck(const Rollout &rollout) : m_rollout(rollout) {}

    FieldErrors run();

private:
    void invalid(const std::string &field, const Value &value, std::string detail)
    {
        m_errors.push_back(invalidField(field, value, std::move(detail)));
    }
    void notNegative(const char *field, int value);
    void append(const FieldErrors &found) { m_errors.insert(m_errors.end(), found.begin(), found.end()); }
    void checkSelector();
    void checkTemplate();
    void checkStrategy();
    void checkBlueGreen(const BlueGreen &strategy);
    void checkCanary(const Canary &canary);
    void checkPingPong(const Canary &canary);
    void checkRouting(const Canary &canary);
    void checkStep(const Canary &canary, const Step &step, const std::string &field);
    void checkStepKinds(const Step &step, const std::string &field);
    void checkHeaderRoute(const Canary &canary, const HeaderRouteStep &route, const std::string &field);
    void checkMirrorRoute(const Canary &canary, const MirrorRouteStep &route, const std::string &field);
    void checkManagedRoutes(const Canary &canary, const Step &step, const std::string &field);
    void checkExperiment(const Canary &canary, const ExperimentStep &step, const std::string &field);
    void checkArguments(const Step &step, const std::string &field);
    void checkMatch(const std::optional<TextMatch> &match, const std::string &field);
    void checkAntiAffinity(const std::optional<AntiAffinity> &antiAffinity);

    const Rollout &m_rollout;
    FieldErrors m_errors;
};

constexpr const char *kStepMessage =
    "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause";
constexpr const char *kManagedRoutesField = "spec.strategy.trafficRouting.managedRoutes";

std::string sameService(const char *pair)
{
    return std::string("This rollout uses the same service for the ") + pair
           + " services, but two different services are required.";
}

/// A percentage, which is written without a sign, as its number, else the number.
int intOrPercent(const IntOrText &amount)
{
    if (!amount.isText || !amount.text.ends_with('%'))
        return amount.intValue();
    const std::string digits = amount.text.substr(0, amount.text.size() - 1);
    const bool isPercent = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    return isPercent ? static_cast<int>(decimalOf(digits).value_or(0)) : 0;
}

void SpecCheck::notNegative(const char *field, int value)
{
    if (value < 0)
        invalid(std::string("spec.") + field, value, "must be greater than or equal to 0");
}

FieldErrors SpecCheck::run()
{
    notNegative("replicas", m_rollout.desiredReplicas());
    checkSelector();
    if (m_rollout.workload && !m_rollout.isTemplateFromWorkload && !m_rollout.podTemplate.isEmpty())
        m_errors.push_back({.field = "spec.template",
                            .kind = FieldError::Kind::Internal,
                            .value = {},
                            .detail = "template must be empty for workload reference rollout"});
    checkTemplate();
    notNegative("minReadySeconds", m_rollout.minReadySeconds);
    notNegative("revisionHistoryLimit", m_rollout.historyLimit());
    notNegative("progressDeadlineSeconds", m_rollout.progressDeadline());
    if (m_rollout.progressDeadline() <= m_rollout.minReadySeconds)
        invalid("spec.progressDeadlineSeconds", m_rollout.progressDeadline(), "must be greater than minReadySeconds");
    checkStrategy();
    return std::move(m_errors);
}

void SpecCheck::checkSelector()
{
    if (m_rollout.workload)
        return;
    const Value &selector = m_rollout.selector.value;
    if (selector.isNull()) {
        m_errors.push_back(requiredField("spec.selector", "Rollout has missing field '.spec.selector'"));
        return;
    }
    Findings findings;
    checkLabelSelector(selector, FieldPath("spec.selector"), findings);
    append(findings.take());
    if (m_rollout.selector.matchLabels.empty() && selector["matchExpressions"].size() == 0)
        invalid("spec.selector", Value::map({}), "empty selector is invalid for deployment");
}

void SpecCheck::checkTemplate()
{
    if (!isUsableSelector(m_rollout.selector.value))
        m_errors.push_back(
            invalidFieldJson("spec.selector", selectorJson(m_rollout.selector.value), "invalid label selector"));
    else if (m_rollout.isTemplateFromWorkload
             || !m_rollout.workload) // as it was read: what the decoder loses is not judged
        append(podTemplateErrors(m_rollout.podTemplate.value, m_rollout.selector, "spec.template"));
}

void SpecCheck::checkStrategy()
{
    if (!m_rollout.blueGreen && !m_rollout.canary) {
        m_errors.push_back(requiredField(
            "spec.strategy.strategy", "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'"));
    } else if (m_rollout.blueGreen && m_rollout.canary) {
        invalid("spec.strategy.strategy", "blueGreen: true canary: true", "Multiple Strategies can not be listed");
    } else if (m_rollout.blueGreen) {
        checkBlueGreen(*m_rollout.blueGreen);
    } else {
        checkCanary(*m_rollout.canary);
    }
}

void SpecCheck::checkBlueGreen(const BlueGreen &strategy)
{
    if (strategy.activeService == strategy.previewService)
        invalid("spec.strategy.activeService", strategy.activeService, sameService("active and preview"));
    if (strategy.scaleDownDelayRevisionLimit && m_rollout.historyLimit() < *strategy.scaleDownDelayRevisionLimit)
        invalid("spec.strategy.scaleDownDelayRevisionLimit", *strategy.scaleDownDelayRevisionLimit,
                "This rollout's revision history limit can not be smaller than the rollout's scale down limit");
    checkAntiAffinity(strategy.antiAffinity);
}

void SpecCheck::checkAntiAffinity(const std::optional<AntiAffinity> &antiAffinity)
{
    if (!antiAffinity)
        return;
    const std::optional<int> &weight = antiAffinity->preferredWeight;
    if (weight.has_value() == antiAffinity->isRequired)
        invalid("spec.strategy.antiAffinity",
                std::string("antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: ") + flag(weight.has_value())
                    + " antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: " + flag(antiAffinity->isRequired),
                "AntiAffinity must have exactly one strategy listed");
    if (weight && (*weight < 1 || *weight > 100))
        invalid("spec.strategy.antiAffinity.weight", *weight, "AntiAffinity weight must be between 1-100");
}

void SpecCheck::checkCanary(const Canary &canary)
{
    if (canary.maxSurge && intOrPercent(*canary.maxSurge) == 0 && canary.maxUnavailable
        && intOrPercent(*canary.maxUnavailable) == 0)
        invalid("spec.strategy.maxSurge", canary.maxSurge->value(), "MaxSurge and MaxUnavailable both can not be zero");
    if (!canary.canaryService.empty() && canary.canaryService == canary.stableService)
        invalid("spec.strategy.stableService", canary.stableService, sameService("stable and canary"));
    checkPingPong(canary);
    checkRouting(canary);
    std::size_t index = 0;
    for (const Step &step : canary.steps)
        checkStep(canary, step, "spec.strategy.steps[" + std::to_string(index++) + "]");
    checkAntiAffinity(canary.antiAffinity);
}

void SpecCheck::checkPingPong(const Canary &canary)
{
    if (!canary.pingPong)
        return;
    const PingPong &pair = *canary.pingPong;
    const auto &routing = canary.trafficRouting;
    const char *const missing = "Ping service and Pong service must to be set to use Ping-Pong feature";
    if (routing && !routing->hasAlb && !routing->hasIstio)
        invalid("spec.strategy.trafficRouting.alb", Value(),
                "Ping-pong feature works with the ALB and Istio traffic routers only");
    if (pair.pingService.empty())
        invalid("spec.strategy.pingPong.pingService", "", missing);
    if (pair.pongService.empty())
        invalid("spec.strategy.pingPong.pongService", "", missing);
    if (pair.pingService == pair.pongService)
        invalid("spec.strategy.pingPong.pingService", pair.pingService, sameService("ping and pong"));
    if (routing && routing->hasAlb && routing->value.path({"alb", "rootService"}).stringOr().empty())
        invalid("spec.strategy.trafficRouting.alb.rootService", "",
                "Root service field is required for the configuration with ALB and ping-pong feature enabled");
}

void SpecCheck::checkRouting(const Canary &canary)
{
    if (!canary.trafficRouting) {
        if (canary.scaleDownDelaySeconds)
            invalid("spec.strategy.scaleDownDelaySeconds", *canary.scaleDownDelaySeconds,
                    "Canary scaleDownDelaySeconds can only be used with traffic routing");
        if (canary.dynamicStableScale)
            invalid("spec.strategy.dynamicStableScale", true,
                    "Canary dynamicStableScale can only be used with traffic routing");
        return;
    }
    const TrafficRouting &routing = *canary.trafficRouting;
    const bool needsServices = (routing.hasAlb && !canary.pingPong)
                               || (routing.hasIstio && !routing.istioHasDestinationRule() && !canary.pingPong)
                               || routing.hasSmi || routing.hasApisix || routing.hasAmbassador || routing.hasNginx
                               || routing.hasAppMesh || routing.hasTraefik;
    const char *const missing = "Canary service and Stable service must to be set to use Traffic Routing";
    if (needsServices && canary.stableService.empty())
        invalid("spec.strategy.stableService", "", missing);
    if (needsServices && canary.canaryService.empty())
        invalid("spec.strategy.canaryService", "", missing);
    if (canary.scaleDownDelaySeconds && canary.dynamicStableScale)
        invalid("spec.strategy.dynamicStableScale", true,
                "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds");
    if (routing.maxTrafficWeight && !routing.hasNginx && routing.plugins.empty())
        invalid("spec.strategy.trafficRouting.maxTrafficWeight", *routing.maxTrafficWeight,
                "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins");
}

void SpecCheck::checkStepKinds(const Step &step, const std::string &field)
{
    const int kinds =
        (step.setWeight ? 1 : 0) + (step.pause ? 1 : 0) + (step.experiment ? 1 : 0) + (step.analysis ? 1 : 0);
    const auto shown = [](bool experiment, bool pause, bool weight, bool analysis) {
        return std::string("step.Experiment: ") + flag(experiment) + " step.Pause: " + flag(pause)
               + " step.SetWeight: " + flag(weight) + " step.Analysis: " + flag(analysis);
    };
    if (kinds > 1)
        invalid(field,
                shown(step.experiment.has_value(), step.pause.has_value(), step.setWeight.has_value(),
                      step.analysis.has_value()),
                kStepMessage);
    // The controller prints true for what is missing here.
    if (step.isUnknown())
        invalid(
            field,
            shown(true, true, true, true)
                + " step.SetCanaryScale: true step.SetHeaderRoute: true step.SetMirrorRoute: true step.Plugin: true",
            kStepMessage);
}

void SpecCheck::checkStep(const Canary &canary, const Step &step, const std::string &field)
{
    checkStepKinds(step, field);
    const int whole = m_rollout.maxTrafficWeight();
    if (step.setWeight && (*step.setWeight < 0 || *step.setWeight > whole))
        invalid(field + ".setWeight", *step.setWeight, "SetWeight needs to be between 0 and " + std::to_string(whole));
    if (step.pause && step.pause->seconds() < 0)
        invalid(field + ".pause.duration", step.pause->seconds(), "Duration needs to be greater than 0");
    if (step.setCanaryScale && !canary.trafficRouting)
        m_errors.push_back(
            requiredField("spec.strategy.trafficRouting", "SetCanaryScale requires TrafficRouting to be set"));
    if (step.setHeaderRoute)
        checkHeaderRoute(canary, *step.setHeaderRoute, field + ".setHeaderRoute");
    if (step.setMirrorRoute)
        checkMirrorRoute(canary, *step.setMirrorRoute, field + ".setMirrorRoute");
    checkManagedRoutes(canary, step, field);
    if (step.experiment)
        checkExperiment(canary, *step.experiment, field);
    checkArguments(step, field);
}

void SpecCheck::checkMatch(const std::optional<TextMatch> &match, const std::string &field)
{
    const std::string json =
        match ? object::toJson(match->value(), {.order = object::KeyOrder::Kept, .escapesHtml = true})
              : std::string("null");
    const int kinds =
        match ? (match->exact.empty() ? 0 : 1) + (match->regex.empty() ? 0 : 1) + (match->prefix.empty() ? 0 : 1) : 0;
    if (kinds > 1)
        m_errors.push_back(invalidFieldJson(
            field, json, "StringMatch match value must have exactly one of the following: exact, regex, prefix"));
    if (kinds == 0)
        m_errors.push_back(invalidFieldJson(
            field, json, "StringMatch value missed, match value must have one of the following: exact, regex, prefix"));
}

void SpecCheck::checkHeaderRoute(const Canary &canary, const HeaderRouteStep &route, const std::string &field)
{
    const auto &routing = canary.trafficRouting;
    if (!routing || (!routing->hasIstio && !routing->hasAlb && !routing->hasApisix && routing->plugins.empty())) {
        m_errors.push_back(
            invalidFieldJson(field, headerRouteJson(route),
                             "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix"));
        return;
    }
    std::size_t index = 0;
    for (const HeaderMatch &match : route.match) {
        const std::string matchField = field + ".match[" + std::to_string(index++) + "]";
        const std::optional<TextMatch> &value = match.headerValue;
        if (!routing->hasAlb || !value)
            checkMatch(value, matchField);
        else if (value->exact.empty() || !value->regex.empty() || !value->prefix.empty())
            m_errors.push_back(invalidFieldJson(
                matchField, object::toJson(value->value(), {.order = object::KeyOrder::Kept, .escapesHtml = true}),
                "SetHeaderRoute match value invalid. ALB supports 'exact' value only"));
    }
}

void SpecCheck::checkMirrorRoute(const Canary &canary, const MirrorRouteStep &route, const std::string &field)
{
    if (!canary.trafficRouting || !canary.trafficRouting->hasIstio)
        m_errors.push_back(invalidFieldJson(field, mirrorRouteJson(route),
                                            "SetMirrorRoute requires TrafficRouting, supports Istio only"));
    std::size_t index = 0;
    for (const RouteMatch &match : route.match) {
        const std::string matchField = field + ".match[" + std::to_string(index++) + "]";
        // The method twice, as the controller does.
        if (match.method)
            checkMatch(match.method, matchField);
        if (match.path)
            checkMatch(match.path, matchField);
        if (match.method)
            checkMatch(match.method, matchField);
    }
}

void SpecCheck::checkManagedRoutes(const Canary &canary, const Step &step, const std::string &field)
{
    if (!canary.trafficRouting || (!step.setHeaderRoute && !step.setMirrorRoute))
        return;
    const TrafficRouting &routing = *canary.trafficRouting;
    if (!routing.hasManagedRoutes) {
        m_errors.push_back(requiredField(
            kManagedRoutesField, "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'"));
        return;
    }
    const auto check = [&](const std::string &name, const char *kind) {
        if (!std::ranges::contains(routing.managedRoutes, name))
            invalid(field + kind, name,
                    "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes");
    };
    if (step.setHeaderRoute)
        check(step.setHeaderRoute->name, ".setHeaderRoute");
    if (step.setMirrorRoute)
        check(step.setMirrorRoute->name, ".setMirrorRoute");
}

void SpecCheck::checkExperiment(const Canary &canary, const ExperimentStep &step, const std::string &field)
{
    const auto &routing = canary.trafficRouting;
    std::size_t index = 0;
    for (const ExperimentTemplateStep &part : step.templates) {
        const std::string weightField = field + ".experiment.templates[" + std::to_string(index++) + "].weight";
        if (!part.weight)
            continue;
        if (!routing)
            invalid(weightField, *part.weight,
                    "Experiment template weight cannot be set unless TrafficRouting is enabled");
        else if (!routing->hasAlb && !routing->hasSmi && !routing->hasIstio && routing->plugins.empty())
            invalid(weightField, *part.weight,
                    "Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and "
                    "Plugins at this time");
    }
}

void SpecCheck::checkArguments(const Step &step, const std::string &field)
{
    std::vector<AnalysisArgument> arguments;
    if (step.experiment) {
        for (const ExperimentAnalysisStep &analysis : step.experiment->analyses)
            arguments.insert(arguments.end(), analysis.arguments.begin(), analysis.arguments.end());
    }
    if (step.analysis)
        arguments.insert(arguments.end(), step.analysis->arguments.begin(), step.analysis->arguments.end());
    for (const AnalysisArgument &argument : arguments) {
        if (argument.fieldPath.starts_with("metadata") && !isDownwardPath(argument.fieldPath))
            m_errors.push_back(
                invalidFieldJson(field + ".analyses", argumentsJson(arguments),
                                 "Analyses arguments must refer to valid object metadata supported by downwardAPI"));
    }
}

} // namespace

FieldErrors specErrors(const Rollout &rollout)
{
    return SpecCheck(rollout).run();
}

} // namespace tiphys::rollout
