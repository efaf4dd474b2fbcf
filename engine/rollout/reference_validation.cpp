// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/reference_validation.h"

#include "rollout/analysis/run_metrics.h"
#include "rollout/analysis_build.h"
#include "rollout/names.h"
#include "rollout/reading.h"
#include "rollout/router/router.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

struct ServiceUse
{
    const std::string *name = nullptr;
    const char *place = nullptr; ///< below spec.strategy
    bool isPingPong = false;

    std::string field() const { return std::string("spec.strategy.") + place; }
};
using ServiceUses = ShortList<ServiceUse, 4>;

ServiceUses serviceUses(const Rollout &rollout)
{
    ServiceUses uses;
    const auto add = [&uses](const std::string &name, const char *field, bool isPingPong = false) {
        if (!name.empty())
            uses.push_back({.name = &name, .place = field, .isPingPong = isPingPong});
    };
    if (rollout.blueGreen) {
        add(rollout.blueGreen->activeService, "blueGreen.activeService");
        add(rollout.blueGreen->previewService, "blueGreen.previewService");
    } else if (rollout.canary) {
        add(rollout.canary->stableService, "canary.stableService");
        add(rollout.canary->canaryService, "canary.canaryService");
        if (rollout.canary->pingPong) {
            add(rollout.canary->pingPong->pingService, "canary.pingPong.pingService", true);
            add(rollout.canary->pingPong->pongService, "canary.pingPong.pongService", true);
        }
    }
    return uses;
}

/// True if serviceErrors() finds nothing.
bool isFitting(const Service &service, const Rollout &rollout)
{
    const Value labels = rollout.podTemplate.value.path({"metadata", "labels"});
    const bool isSelecting = std::ranges::all_of(service.selector, [&labels](const auto &entry) {
        return entry.first == kHashLabel || labels[entry.first].asString() == std::string_view(entry.second);
    });
    return isSelecting && (!service.managedBy || *service.managedBy == rollout.name);
}

struct AnalysisUse
{
    const AnalysisReference *reference = nullptr;
    std::string field;
    bool isBackground = false;
};

std::vector<AnalysisUse> analysisUses(const Rollout &rollout)
{
    std::vector<AnalysisUse> uses;
    const auto add = [&uses](const std::optional<AnalysisReference> &reference, std::string_view field,
                             bool isBackground = false) {
        if (reference)
            uses.push_back({.reference = &*reference,
                            .field = "spec.strategy." + std::string(field) + ".templates",
                            .isBackground = isBackground});
    };
    if (rollout.blueGreen) {
        add(rollout.blueGreen->prePromotionAnalysis, "blueGreen.prePromotionAnalysis");
        add(rollout.blueGreen->postPromotionAnalysis, "blueGreen.postPromotionAnalysis");
    } else if (rollout.canary) {
        for (std::size_t i = 0; i < rollout.canary->steps.size(); ++i) {
            if (rollout.canary->steps[i].analysis)
                add(rollout.canary->steps[i].analysis, "canary.steps[" + std::to_string(i) + "].analysis");
        }
        add(rollout.canary->analysis, "canary.analysis", true);
    }
    return uses;
}

/// What is wrong with the number of measurements of a template's metrics.
std::optional<FieldError> countError(const AnalysisTemplate &part, const std::string &field)
{
    std::vector<RunArgument> arguments = part.arguments;
    const std::string prefix = "AnalysisTemplate " + part.name;
    for (RunArgument &argument : arguments) {
        if (!argument.valueFrom.isNull() && argument.value)
            return invalidField(field, part.name,
                                prefix + ": arg '" + argument.name + "' has both Value and ValueFrom fields");
        if (!argument.value)
            argument.value = "dummy-value";
    }
    for (const Metric &metric : part.metrics) {
        const Expected<Metric> resolved = resolvedMetric(metric, arguments);
        if (!resolved)
            return invalidField(field, part.name, prefix + ": " + resolved.error().message());
        if (resolved->effectiveCount())
            continue;
        return invalidField(field, part.name,
                            prefix + " has metric " + resolved->name
                                + " which runs indefinitely. Invalid value for count: "
                                + (resolved->count ? resolved->count->shown() : "<nil>"));
    }
    return std::nullopt;
}

/// What a background analysis lacks.
std::optional<FieldError> argumentError(const AnalysisTemplate &part, const Rollout &rollout, const std::string &field)
{
    const std::vector<AnalysisArgument> &given = rollout.canary->analysis->arguments;
    for (const RunArgument &argument : part.arguments) {
        if (argument.value || !argument.valueFrom.isNull())
            continue;
        if (given.empty())
            return invalidField(field, part.name, "missing analysis arguments in rollout spec");
        if (!std::ranges::contains(given, argument.name, &AnalysisArgument::name))
            return invalidField(field, part.name, argument.name);
    }
    return std::nullopt;
}

std::optional<FieldError> runError(const Rollout &rollout, const Templates &templates, const AnalysisUse &use)
{
    const std::vector<RunArgument> arguments = checkedArguments(use.reference->arguments, rollout);
    std::string names;
    for (const AnalysisTemplate *part : templates)
        names += (names.empty() ? "" : " ") + part->name;
    const std::string value = "templateNames: [" + names + "]";
    const auto check = [&](const std::vector<std::string> &dryRun,
                           const std::vector<MeasurementRetention> &retention) -> std::optional<FieldError> {
        const Expected<FlatTemplate> flat = runTemplate(templates, arguments, dryRun, retention);
        return flat ? std::nullopt : std::optional(invalidField(use.field, value, flat.error().message()));
    };
    if (auto problem = check({}, {}))
        return problem;
    if (!rollout.canary)
        return std::nullopt;
    // With the rules of every step, as the controller does.
    for (const Step &step : rollout.canary->steps) {
        if (!step.analysis || (step.analysis->dryRun.empty() && step.analysis->measurementRetention.empty()))
            continue;
        if (auto problem = check(step.analysis->dryRun, step.analysis->measurementRetention))
            return problem;
    }
    return std::nullopt;
}

std::optional<FieldError> templateError(const Rollout &rollout, const Observed &observed, const AnalysisUse &use)
{
    const Expected<Templates> templates = templatesOf(use.reference->templates, observed);
    if (!templates)
        return std::nullopt;
    if (auto problem = runError(rollout, *templates, use))
        return problem;
    for (const AnalysisTemplate *part : *templates) {
        auto problem = use.isBackground ? argumentError(*part, rollout, use.field) : countError(*part, use.field);
        if (problem)
            return problem;
    }
    return std::nullopt;
}

/// The template that is not there.
std::optional<FieldError> missingTemplate(const Observed &observed, const AnalysisUse &use)
{
    const Expected<Templates> templates = templatesOf(use.reference->templates, observed);
    if (templates)
        return std::nullopt;
    const std::string &message = templates.error().message();
    const std::size_t open = message.find('\'');
    const std::size_t close = message.rfind('\'');
    const std::string name = open < close ? message.substr(open + 1, close - open - 1) : std::string();
    return invalidField(templates.error().reason() == "nested" ? "spec.templates" : use.field, name, message);
}

ShortList<const Router *> checkedRouters(const Rollout &rollout)
{
    ShortList<const Router *> routers;
    if (!rollout.hasTrafficRouting())
        return routers;
    // Ingresses come before meshes, unlike when traffic is routed.
    for (const bool isIngress : {true, false}) {
        for (const std::string &name : rollout.canary->trafficRouting->routers()) {
            if (isIngress != (name == "nginx" || name == "alb"))
                continue;
            if (const Expected<const Router *> router = makeRouter(name))
                routers.push_back(*router);
        }
    }
    return routers;
}

/// True if the spec names no other object, as that of a plain canary.
bool isSelfContained(const Rollout &rollout)
{
    if (rollout.blueGreen || rollout.hasTrafficRouting() || !rollout.canary)
        return false;
    const Canary &canary = *rollout.canary;
    return canary.stableService.empty() && canary.canaryService.empty() && !canary.pingPong && !canary.analysis
           && std::ranges::none_of(canary.steps, [](const Step &step) { return step.analysis.has_value(); });
}

} // namespace

std::vector<std::string> serviceNames(const Rollout &rollout)
{
    std::vector<std::string> names;
    for (const ServiceUse &use : serviceUses(rollout))
        names.push_back(*use.name);
    return names;
}

FieldErrors serviceErrors(const Rollout &rollout, const Service &service, const std::string &field)
{
    FieldErrors errors;
    const crd::TextMap labels = rollout.podTemplate.labels();
    for (const auto &[key, text] : service.selector) {
        const auto found = labels.find(key);
        if (key != kHashLabel && (found == labels.end() || found->second != text))
            errors.push_back(invalidField(
                field, service.name, "Service \"" + service.name + "\" has unmatch label \"" + key + "\" in rollout"));
    }
    if (service.managedBy && *service.managedBy != rollout.name)
        errors.push_back(
            invalidField(field, service.name, "Service \"" + service.name + "\" is managed by another Rollout"));
    return errors;
}

std::optional<FieldError> firstReferenceError(const Rollout &rollout, const Observed &observed)
{
    if (isSelfContained(rollout))
        return std::nullopt;
    const ServiceUses services = serviceUses(rollout);
    for (const ServiceUse &use : services) {
        if (!observed.service(*use.name))
            return invalidField(use.field(), *use.name, "service \"" + *use.name + "\" not found");
    }
    const std::vector<AnalysisUse> analyses = analysisUses(rollout);
    for (const AnalysisUse &use : analyses) {
        if (auto problem = missingTemplate(observed, use))
            return problem;
    }
    const ShortList<const Router *> routers = checkedRouters(rollout);
    for (const Router *router : routers) {
        if (auto problem = router->missingReference(rollout, observed))
            return problem;
    }
    for (const ServiceUse &use : services) {
        const Service &service = *observed.service(*use.name);
        if (use.isPingPong || isFitting(service, rollout))
            continue;
        if (FieldErrors errors = serviceErrors(rollout, service, use.field()); !errors.empty())
            return errors.front();
    }
    for (const AnalysisUse &use : analyses) {
        if (auto problem = templateError(rollout, observed, use))
            return problem;
    }
    for (const Router *router : routers) {
        if (auto problem = router->referenceError(rollout, observed))
            return problem;
    }
    return std::nullopt;
}

} // namespace tiphys::rollout
