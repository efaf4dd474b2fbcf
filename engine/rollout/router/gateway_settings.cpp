// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/gateway_settings.h"

#include "rollout/reading.h"
#include "rollout/router/gateway.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

struct KindWords
{
    RouteKind kind;
    std::string_view kindName;
    std::string_view resource;
    std::string_view field; ///< with "s" the list, with "Selector" the selector
};

constexpr std::array kKinds{KindWords{RouteKind::Http, "HTTPRoute", "httproutes", "httpRoute"},
                            KindWords{RouteKind::Grpc, "GRPCRoute", "grpcroutes", "grpcRoute"},
                            KindWords{RouteKind::Tcp, "TCPRoute", "tcproutes", "tcpRoute"},
                            KindWords{RouteKind::Tls, "TLSRoute", "tlsroutes", "tlsRoute"}};

const KindWords &wordsOf(RouteKind kind)
{
    return *std::ranges::find(kKinds, kind, &KindWords::kind);
}

/// Names of the routes that \p selector finds, sorted.
std::vector<std::string> selected(const Observed &observed, const KindWords &words, const std::string &ns,
                                  const Value &selector)
{
    std::vector<std::string> names;
    const LabelSelector wanted = selectorOf(selector);
    for (const Object &object : observed.routerObjects) {
        const bool isRoute = object.kind() == words.kindName && object.group() == kGatewayGroup && object.ns() == ns;
        if (isRoute && wanted.matches(textMapOf(object.path({"metadata", "labels"}))))
            names.emplace_back(object.name());
    }
    std::ranges::sort(names);
    return names;
}

} // namespace

std::string_view kindOf(RouteKind kind)
{
    return wordsOf(kind).kindName;
}

std::string_view resourceOf(RouteKind kind)
{
    return wordsOf(kind).resource;
}

std::string_view fieldOf(RouteKind kind)
{
    return wordsOf(kind).field;
}

GatewaySettings gatewaySettingsOf(const RouterScene &scene)
{
    const Rollout &rollout = scene.rollout();
    const Value config = rollout.canary->trafficRouting->value["plugins"][kGatewayPlugin];
    const auto textOr = [&config](const char *key, std::string_view fallback) {
        const std::string_view text = config[key].stringOr();
        return std::string(text.empty() ? fallback : text);
    };
    GatewaySettings settings;
    settings.ns = textOr("namespace", rollout.ns);
    if (!config["disableInProgressLabel"].boolOr(false))
        settings.labelKey = textOr("inProgressLabelKey", "rollouts.argoproj.io/gatewayapi-canary");
    settings.labelValue = textOr("inProgressLabelValue", "in-progress");
    for (const KindWords &words : kKinds) {
        const std::string field(words.field);
        const auto add = [&settings, &words](std::string_view name, bool usesHeaderRoutes) {
            settings.routes.push_back(
                {.kind = words.kind, .name = std::string(name), .usesHeaderRoutes = usesHeaderRoutes});
        };
        const Value list = config[field + "s"];
        for (const Value &route : list.items())
            add(route["name"].stringOr(), route["useHeaderRoutes"].boolOr(false));
        if (const std::string_view name = config[field].stringOr(); !name.empty())
            add(name, true);
        const Value selector = config[field + "Selector"];
        if (!selector.isMap())
            continue;
        for (const std::string &name : selected(scene.observed(), words, settings.ns, selector))
            add(name, false);
    }
    return settings;
}

} // namespace tiphys::rollout
