// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/simulate/router_objects.h"

#include "rollout/router/gateway.h"
#include "rollout/router/istio_routes.h"
#include "rollout/router/routing.h"

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

/// Collects objects for one Rollout.
class Maker
{
public:
    explicit Maker(const Rollout &rollout)
        : m_rollout(rollout), m_services(stableAndCanaryServices(rollout, PreferPingPong::No))
    {
    }

    std::vector<Object> run();

private:
    void add(const char *apiVersion, std::string_view kind, std::string_view name, const Value &spec)
    {
        addIn(m_rollout.ns, apiVersion, kind, name, spec);
    }
    void addIn(const std::string &ns, const char *apiVersion, std::string_view kind, std::string_view name,
               const Value &spec)
    {
        if (!name.empty())
            m_objects.emplace_back(Value::map({{"apiVersion", apiVersion},
                                               {"kind", kind},
                                               {"metadata", Value::map({{"name", name}, {"namespace", ns}})},
                                               {"spec", spec}}));
    }
    void addIngresses(const char *router, const char *one, const char *list, const std::string &service);
    void addIstio();
    void addAppMesh();
    void addApisix();
    void addGateway();
    /// A destination of a VirtualService.
    Value destination(const std::string &service, const std::string &subset, int weight) const;
    /// Both Services as members of a list, with \p key for the name.
    Value backends(const char *key) const;

    const Rollout &m_rollout;
    ServicePair m_services;
    std::vector<Object> m_objects;
};

void Maker::addIngresses(const char *router, const char *one, const char *list, const std::string &service)
{
    const Value settings = settingsOf(m_rollout, router);
    std::vector<std::string> names = textsOf(settings[list]);
    names.emplace_back(settings[one].stringOr());
    const Value backend =
        Value::map({{"service", Value::map({{"name", service}, {"port", Value::map({{"number", 80}})}})}});
    const Value path = Value::map({{"path", "/"}, {"pathType", "Prefix"}, {"backend", backend}});
    const Value rule =
        Value::map({{"host", m_rollout.name + ".local"}, {"http", Value::map({{"paths", Value::list({path})}})}});
    for (const std::string &name : names)
        add("networking.k8s.io/v1", "Ingress", name, Value::map({{"rules", Value::list({rule})}}));
}

Value Maker::destination(const std::string &service, const std::string &subset, int weight) const
{
    Value to = Value::map({{"host", service.empty() ? m_rollout.name : service}});
    if (!subset.empty())
        to = to.with("subset", subset);
    return Value::map({{"destination", to}, {"weight", weight}});
}

void Maker::addIstio()
{
    const IstioTargets targets = targetsOf(m_rollout);
    const Value destinations = Value::list({destination(targets.stableService, targets.stableSubset, 100),
                                            destination(targets.canaryService, targets.canarySubset, 0)});
    for (const VirtualServiceReference &reference : virtualServicesOf(m_rollout)) {
        std::vector<Value> http;
        for (const std::string &name : reference.routes)
            http.push_back(Value::map({{"name", name}, {"route", destinations}}));
        if (http.empty())
            http.push_back(Value::map({{"route", destinations}}));
        Value spec = Value::map({{"hosts", Value::list({m_rollout.name})}});
        const auto streams = [&](const Value &wanted, const char *key) {
            std::vector<Value> routes;
            for (const Value &item : wanted.items())
                routes.push_back(Value::map({{"match", Value::list({item})}, {"route", destinations}}));
            if (!routes.empty())
                spec = spec.with(key, Value::list(routes));
        };
        streams(reference.tlsRoutes, "tls");
        streams(reference.tcpRoutes, "tcp");
        if (!reference.routes.empty() || spec.size() == 1)
            spec = spec.with("http", Value::list(http));
        addIn(reference.ns, "networking.istio.io/v1alpha3", "VirtualService", reference.name, spec);
    }
    if (!targets.hasRule)
        return;
    std::vector<Value> subsets;
    for (const std::string &name : {targets.stableSubset, targets.canarySubset})
        subsets.push_back(Value::map({{"name", name}, {"labels", Value::map({})}}));
    add("networking.istio.io/v1alpha3", "DestinationRule", targets.ruleName,
        Value::map({{"host", m_rollout.name}, {"subsets", Value::list(subsets)}}));
}

Value Maker::backends(const char *key) const
{
    return Value::list({Value::map({{key, m_services.stable}, {"weight", 100}}),
                        Value::map({{key, m_services.canary}, {"weight", 0}})});
}

void Maker::addAppMesh()
{
    const Value settings = settingsOf(m_rollout, "appMesh");
    const Value group = settings["virtualNodeGroup"];
    std::vector<Value> targets;
    for (const auto &[key, weight] : {std::pair{"stableVirtualNodeRef", 100}, std::pair{"canaryVirtualNodeRef", 0}}) {
        targets.push_back(
            Value::map({{"virtualNodeRef", Value::map({{"name", group[key]["name"]}})}, {"weight", weight}}));
        add("appmesh.k8s.aws/v1beta2", "VirtualNode", group[key]["name"].stringOr(), Value::map({}));
    }
    std::vector<std::string> names = textsOf(settings["virtualService"]["routes"]);
    if (names.empty())
        names.emplace_back("main");
    std::vector<Value> routes;
    for (const std::string &name : names) {
        const Value action = Value::map({{"weightedTargets", Value::list(targets)}});
        routes.push_back(Value::map({{"name", name}, {"httpRoute", Value::map({{"action", action}})}}));
    }
    const Value service = settings["virtualService"]["name"];
    const std::string router = m_rollout.name + "-router";
    const Value reference = Value::map({{"virtualRouterRef", Value::map({{"name", router}})}});
    add("appmesh.k8s.aws/v1beta2", "VirtualService", service.stringOr(),
        Value::map({{"provider", Value::map({{"virtualRouter", reference}})}}));
    add("appmesh.k8s.aws/v1beta2", "VirtualRouter", router, Value::map({{"routes", Value::list(routes)}}));
}

void Maker::addApisix()
{
    const Value route = settingsOf(m_rollout, "apisix")["route"];
    std::vector<std::string> names = textsOf(route["rules"]);
    if (names.empty())
        names.emplace_back(route["name"].stringOr());
    std::vector<Value> rules;
    for (const std::string &name : names)
        rules.push_back(Value::map({{"name", name}, {"backends", backends("serviceName")}}));
    add("apisix.apache.org/v2", "ApisixRoute", route["name"].stringOr(), Value::map({{"http", Value::list(rules)}}));
}

void Maker::addGateway()
{
    const Value config = m_rollout.canary->trafficRouting->value["plugins"][kGatewayPlugin];
    const std::string_view given = config["namespace"].stringOr();
    const std::string ns(given.empty() ? std::string_view(m_rollout.ns) : given);
    const Value spec = Value::map({{"rules", Value::list({Value::map({{"backendRefs", backends("name")}})})}});
    for (const auto &[field, kind] : {std::pair{"httpRoute", "HTTPRoute"}, std::pair{"grpcRoute", "GRPCRoute"},
                                      std::pair{"tcpRoute", "TCPRoute"}, std::pair{"tlsRoute", "TLSRoute"}}) {
        addIn(ns, "gateway.networking.k8s.io/v1", kind, config[field].stringOr(), spec);
        const Value list = config[std::string(field) + "s"];
        for (const Value &item : list.items())
            addIn(ns, "gateway.networking.k8s.io/v1", kind, item["name"].stringOr(), spec);
    }
}

std::vector<Object> Maker::run()
{
    const TrafficRouting &routing = *m_rollout.canary->trafficRouting;
    if (routing.hasNginx)
        addIngresses("nginx", "stableIngress", "stableIngresses", m_services.stable);
    if (routing.hasAlb) {
        const std::string root(settingsOf(m_rollout, "alb")["rootService"].stringOr());
        addIngresses("alb", "ingress", "ingresses", root.empty() ? m_services.stable : root);
    }
    if (routing.hasIstio)
        addIstio();
    for (const std::string &name : textsOf(settingsOf(m_rollout, "ambassador")["mappings"]))
        add("getambassador.io/v2", "Mapping", name, Value::map({{"prefix", "/"}, {"service", m_services.stable}}));
    if (routing.hasAppMesh)
        addAppMesh();
    if (routing.hasTraefik)
        add("traefik.containo.us/v1alpha1", "TraefikService",
            settingsOf(m_rollout, "traefik")["weightedTraefikServiceName"].stringOr(),
            Value::map({{"weighted", Value::map({{"services", backends("name")}})}}));
    if (routing.hasApisix)
        addApisix();
    addGateway();
    return std::move(m_objects);
}

} // namespace

std::vector<Object> routerObjectsFor(const Rollout &rollout)
{
    return rollout.hasTrafficRouting() ? Maker(rollout).run() : std::vector<Object>();
}

} // namespace tiphys::rollout
