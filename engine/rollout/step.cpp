// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/step.h"

#include "crd/duration.h"
#include "rollout/number.h"
#include "rollout/reading.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

using crd::FieldReader;
using object::Value;

namespace {

TextMatch readTextMatch(const FieldReader &reader)
{
    return {.exact = reader.text("exact"), .prefix = reader.text("prefix"), .regex = reader.text("regex")};
}

HeaderMatch readHeaderMatch(const FieldReader &reader)
{
    return {.headerName = reader.text("headerName"), .headerValue = readOptional(reader, "headerValue", readTextMatch)};
}

RouteMatch readRouteMatch(const FieldReader &reader)
{
    RouteMatch match{.method = readOptional(reader, "method", readTextMatch),
                     .path = readOptional(reader, "path", readTextMatch),
                     .headers = {}};
    const FieldReader headers = reader.objectOrEmpty("headers");
    for (const auto &[name, value] : headers.value().sortedEntries())
        match.headers.emplace_back(std::string(name), readTolerantly(value, readTextMatch));
    return match;
}

ExperimentTemplateStep readExperimentTemplate(const FieldReader &reader)
{
    ExperimentTemplateStep step;
    step.name = reader.text("name");
    step.specRef = reader.text("specRef");
    step.replicas = optionalNumber(reader, "replicas");
    step.metadata = readPodMetadata(reader.objectOrEmpty("metadata"));
    step.selector = reader.any("selector");
    step.weight = optionalNumber(reader, "weight");
    if (const auto service = reader.object("service")) {
        step.hasService = true;
        step.serviceName = service->text("name");
    }
    return step;
}

ExperimentAnalysisStep readExperimentAnalysis(const FieldReader &reader)
{
    return {.name = reader.text("name"),
            .reference = readTemplateReference(reader),
            .arguments = readList(reader, "args", readAnalysisArgument),
            .isRequiredForCompletion = reader.boolean("requiredForCompletion")};
}

ExperimentStep readExperimentStep(const FieldReader &reader)
{
    ExperimentStep step;
    step.templates = readList(reader, "templates", readExperimentTemplate);
    step.duration = reader.text("duration");
    step.analyses = readList(reader, "analyses", readExperimentAnalysis);
    step.dryRun = readList(reader, "dryRun", [](const FieldReader &item) { return item.text("metricName"); });
    step.runMetadata = readPodMetadata(reader.objectOrEmpty("analysisRunMetadata"));
    step.scaleDownDelaySeconds = optionalNumber(reader, "scaleDownDelaySeconds");
    return step;
}

CanaryScaleStep readCanaryScale(const FieldReader &reader)
{
    return {.weight = optionalNumber(reader, "weight"),
            .replicas = optionalNumber(reader, "replicas"),
            .matchesTrafficWeight = reader.boolean("matchTrafficWeight")};
}

} // namespace

std::int64_t PauseStep::seconds() const
{
    if (!duration)
        return 0;
    if (!duration->isText)
        return duration->number;
    if (const auto seconds = smallDecimalOf(duration->text))
        return *seconds;
    const Expected<crd::Duration> parsed = crd::goDurationOf(duration->text);
    return parsed ? parsed->seconds() : -1;
}

Value TextMatch::value() const
{
    std::vector<std::pair<std::string, Value>> members;
    if (!exact.empty())
        members.emplace_back("exact", Value(exact));
    if (!prefix.empty())
        members.emplace_back("prefix", Value(prefix));
    if (!regex.empty())
        members.emplace_back("regex", Value(regex));
    return Value::map(members);
}

bool Step::isUnknown() const
{
    constexpr std::array<std::string_view, 8> kKinds{"setWeight",      "pause",          "experiment",     "analysis",
                                                     "setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin"};
    if (std::ranges::any_of(value.entries(),
                            [&](const auto &entry) { return !std::ranges::contains(kKinds, entry.first); }))
        return true;
    return !setWeight && !pause && !experiment && !analysis && !setCanaryScale && !setHeaderRoute && !setMirrorRoute
           && !plugin;
}

Step readStep(const FieldReader &reader)
{
    Step step;
    step.value = reader.value();
    step.setWeight = optionalNumber(reader, "setWeight");
    step.pause = readOptional(reader, "pause", [](const FieldReader &pause) {
        return PauseStep{.duration = IntOrText::of(pause.any("duration"))};
    });
    step.experiment = readOptional(reader, "experiment", readExperimentStep);
    step.analysis = readOptional(reader, "analysis", readAnalysisReference);
    step.setCanaryScale = readOptional(reader, "setCanaryScale", readCanaryScale);
    step.setHeaderRoute = readOptional(reader, "setHeaderRoute", [](const FieldReader &route) {
        return HeaderRouteStep{.name = route.text("name"), .match = readList(route, "match", readHeaderMatch)};
    });
    step.setMirrorRoute = readOptional(reader, "setMirrorRoute", [](const FieldReader &route) {
        return MirrorRouteStep{.name = route.text("name"),
                               .match = readList(route, "match", readRouteMatch),
                               .percentage = optionalNumber(route, "percentage")};
    });
    step.plugin = readOptional(reader, "plugin", [](const FieldReader &plugin) {
        return PluginStep{.name = plugin.text("name"), .config = plugin.any("config")};
    });
    return step;
}

std::string textOf(const Step &step)
{
    if (step.setWeight)
        return "setWeight: " + std::to_string(*step.setWeight);
    if (step.pause)
        return step.pause->duration ? "pause: " + step.pause->duration->shown() : "pause";
    if (step.experiment)
        return "experiment";
    if (step.analysis)
        return "analysis";
    if (step.setCanaryScale) {
        const CanaryScaleStep &scale = *step.setCanaryScale;
        if (scale.weight)
            return "setCanaryScale{weight: " + std::to_string(*scale.weight) + "}";
        if (scale.matchesTrafficWeight)
            return "setCanaryScale{matchTrafficWeight: true}";
        if (scale.replicas)
            return "setCanaryScale{replicas: " + std::to_string(*scale.replicas) + "}";
    }
    if (step.plugin)
        return "plugin: " + step.plugin->name;
    if (step.setHeaderRoute)
        return "setHeaderRoute: " + step.setHeaderRoute->name;
    if (step.setMirrorRoute)
        return "setMirrorRoute: " + step.setMirrorRoute->name;
    return "invalid";
}

} // namespace tiphys::rollout
