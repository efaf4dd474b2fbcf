// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/strategy.h"

#include "rollout/reading.h"

namespace tiphys::rollout {

using crd::FieldReader;

namespace {

AntiAffinity readAntiAffinity(const FieldReader &reader)
{
    AntiAffinity result;
    if (const auto preferred = reader.object("preferredDuringSchedulingIgnoredDuringExecution"))
        result.preferredWeight = number(*preferred, "weight");
    result.isRequired = reader.object("requiredDuringSchedulingIgnoredDuringExecution").has_value();
    return result;
}

bool has(const FieldReader &reader, std::string_view key)
{
    return !reader.any(key).isNull();
}

std::vector<std::string> configuredIn(const TrafficRouting &routing)
{
    std::vector<std::string> result;
    const auto add = [&result](bool isConfigured, const char *name) {
        if (isConfigured)
            result.emplace_back(name);
    };
    add(routing.hasIstio, "istio");
    add(routing.hasNginx, "nginx");
    add(routing.hasAlb, "alb");
    add(routing.hasSmi, "smi");
    add(routing.hasAmbassador, "ambassador");
    add(routing.hasAppMesh, "appMesh");
    add(routing.hasTraefik, "traefik");
    add(routing.hasApisix, "apisix");
    for (const std::string &plugin : routing.plugins)
        result.push_back("plugins:" + plugin);
    return result;
}

NginxSettings readNginx(const object::Value &nginx, std::optional<int> maxTrafficWeight)
{
    constexpr std::string_view defaultPrefix = "nginx.ingress.kubernetes.io";
    NginxSettings settings;
    const object::Value list = nginx["stableIngresses"];
    settings.hasList = list.isList();
    for (const object::Value &name : list.items())
        settings.stableIngresses.emplace_back(name.stringOr());
    if (!settings.hasList)
        settings.stableIngresses.emplace_back(nginx["stableIngress"].stringOr());
    std::string prefix(nginx["annotationPrefix"].stringOr());
    if (prefix.empty())
        prefix = defaultPrefix;
    crd::TextMap &annotations = settings.annotations;
    for (const auto &[key, text] : textMapOf(nginx["additionalIngressAnnotations"]))
        annotations.insert_or_assign(key.starts_with(prefix) ? key : prefix + "/" + key, text);
    for (const auto &[key, text] : textMapOf(nginx["canaryIngressAnnotations"]))
        annotations.insert_or_assign(key, text);
    settings.weightKey = prefix + "/canary-weight";
    annotations.erase(settings.weightKey);
    annotations.insert_or_assign(prefix + "/canary", "true");
    if (maxTrafficWeight)
        annotations.insert_or_assign(prefix + "/canary-weight-total", std::to_string(*maxTrafficWeight));
    return settings;
}

TrafficRouting readTrafficRouting(const FieldReader &reader)
{
    TrafficRouting routing;
    routing.value = reader.value();
    routing.hasManagedRoutes = reader.any("managedRoutes").isList();
    routing.managedRoutes =
        readList(reader, "managedRoutes", [](const FieldReader &item) { return item.text("name"); });
    routing.maxTrafficWeight = optionalNumber(reader, "maxTrafficWeight");
    routing.hasIstio = has(reader, "istio");
    routing.hasNginx = has(reader, "nginx");
    routing.hasAlb = has(reader, "alb");
    routing.hasSmi = has(reader, "smi");
    routing.hasAmbassador = has(reader, "ambassador");
    routing.hasAppMesh = has(reader, "appMesh");
    routing.hasTraefik = has(reader, "traefik");
    routing.hasApisix = has(reader, "apisix");
    if (routing.hasNginx)
        routing.nginx = readNginx(reader.any("nginx"), routing.maxTrafficWeight);
    for (const auto &[name, config] : reader.any("plugins").sortedEntries())
        routing.plugins.emplace_back(name);
    routing.configured = configuredIn(routing);
    return routing;
}

ProgressThreshold readThreshold(const FieldReader &reader)
{
    return {.isPercent = reader.text("type") == "Percent", .value = number(reader, "value")};
}

} // namespace

BlueGreen readBlueGreen(const FieldReader &reader)
{
    BlueGreen result;
    result.activeService = reader.text("activeService");
    result.previewService = reader.text("previewService");
    result.previewReplicaCount = optionalNumber(reader, "previewReplicaCount");
    result.autoPromotionEnabled = reader.optionalBoolean("autoPromotionEnabled");
    result.autoPromotionSeconds = number(reader, "autoPromotionSeconds");
    result.maxUnavailable = IntOrText::of(reader.any("maxUnavailable"));
    result.scaleDownDelaySeconds = optionalNumber(reader, "scaleDownDelaySeconds");
    result.scaleDownDelayRevisionLimit = optionalNumber(reader, "scaleDownDelayRevisionLimit");
    result.abortScaleDownDelaySeconds = optionalNumber(reader, "abortScaleDownDelaySeconds");
    result.prePromotionAnalysis = readOptional(reader, "prePromotionAnalysis", readAnalysisReference);
    result.postPromotionAnalysis = readOptional(reader, "postPromotionAnalysis", readAnalysisReference);
    result.antiAffinity = readOptional(reader, "antiAffinity", readAntiAffinity);
    result.previewMetadata = readOptional(reader, "previewMetadata", readPodMetadata);
    result.activeMetadata = readOptional(reader, "activeMetadata", readPodMetadata);
    return result;
}

Canary readCanary(const FieldReader &reader)
{
    Canary result;
    result.canaryService = reader.text("canaryService");
    result.stableService = reader.text("stableService");
    result.steps = readList(reader, "steps", readStep);
    result.stepsValue = reader.any("steps");
    result.stepHash = stepHashOf(result.stepsValue);
    result.trafficRouting = readOptional(reader, "trafficRouting", readTrafficRouting);
    result.maxUnavailable = IntOrText::of(reader.any("maxUnavailable"));
    result.maxSurge = IntOrText::of(reader.any("maxSurge"));
    result.analysis = readOptional(reader, "analysis", readAnalysisReference);
    result.antiAffinity = readOptional(reader, "antiAffinity", readAntiAffinity);
    result.canaryMetadata = readOptional(reader, "canaryMetadata", readPodMetadata);
    result.stableMetadata = readOptional(reader, "stableMetadata", readPodMetadata);
    result.scaleDownDelaySeconds = optionalNumber(reader, "scaleDownDelaySeconds");
    result.scaleDownDelayRevisionLimit = optionalNumber(reader, "scaleDownDelayRevisionLimit");
    result.abortScaleDownDelaySeconds = optionalNumber(reader, "abortScaleDownDelaySeconds");
    result.dynamicStableScale = reader.boolean("dynamicStableScale");
    result.pingPong = readOptional(reader, "pingPong", [](const FieldReader &pair) {
        return PingPong{.pingService = pair.text("pingService"), .pongService = pair.text("pongService")};
    });
    result.minPodsPerReplicaSet = optionalNumber(reader, "minPodsPerReplicaSet");
    result.replicaProgressThreshold = readOptional(reader, "replicaProgressThreshold", readThreshold);
    return result;
}

} // namespace tiphys::rollout
