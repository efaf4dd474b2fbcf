// SPDX-License-Identifier: GPL-3.0-or-later
#include "router_scenario.h"

#include "object/json.h"
#include "rollout/reference_validation.h"
#include "rollout/router/router_kinds.h"

#include <gtest/gtest.h>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

Object rolloutWith(const std::string &routing, const std::string &more = "canaryService: c, stableService: s",
                   const std::string &status = "{}")
{
    return yamlObject(
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, uid: u}\n"
        "spec: {replicas: 4, strategy: {canary: {"
        + more + ", trafficRouting: " + routing + "}}}\nstatus: " + status + "\n");
}

Object objectOf(const std::string &apiVersion, const std::string &kind, const std::string &name,
                const std::string &spec, const std::string &metadata = "")
{
    return yamlObject("apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: " + name
                      + ", namespace: shop" + (metadata.empty() ? "" : ", " + metadata) + "}\nspec: " + spec + "\n");
}

Object virtualService(const std::string &spec, const std::string &name = "vs")
{
    return objectOf("networking.istio.io/v1alpha3", "VirtualService", name, spec);
}

std::string json(const Value &value)
{
    return object::toJson(value);
}

/// weights of the destinations of route \p index.
std::vector<std::int64_t> weightsOf(const Object &service, std::size_t index, const char *kind = "http")
{
    std::vector<std::int64_t> result;
    const Value route = service.path({"spec", kind}).at(index)["route"];
    for (const Value &destination : route.items())
        result.push_back(destination["weight"].intOr(0));
    return result;
}

using Weights = std::vector<std::int64_t>;

const char *const kBoth = "[{destination: {host: s}, weight: 100}, {destination: {host: c}, weight: 0}]";

TEST(Istio, WeighsTheNamedRoutesOnly)
{
    RouterScenario scenario(rolloutWith("{istio: {virtualService: {name: vs, routes: [a, b]}}}"),
                            {virtualService(std::string("{http: [{name: x, route: ") + kBoth + "}, {name: a, route: "
                                            + kBoth + "}, {name: b, route: " + kBoth + "}]}")});
    ASSERT_TRUE(scenario.setWeight(30).has_value());
    const Object after = scenario.find("networking.istio.io", "VirtualService", "vs");
    EXPECT_EQ(weightsOf(after, 0), (Weights{100, 0}));
    EXPECT_EQ(weightsOf(after, 1), (Weights{70, 30}));
    EXPECT_EQ(weightsOf(after, 2), (Weights{70, 30}));
    EXPECT_EQ(scenario.decision().events().at(0).message, "VirtualService `vs` set to desiredWeight '30'");
    ASSERT_TRUE(scenario.setWeight(30).has_value());
    EXPECT_TRUE(scenario.decision().isIdle());
}

TEST(Istio, KnowsServicesByShortAndFullNames)
{
    RouterScenario scenario(
        rolloutWith("{istio: {virtualService: {name: vs}}}"),
        {virtualService(
            "{http: [{route: [{destination: {host: s.shop.svc.cluster.local, port: {number: 80}}, weight: 100}, "
            "{destination: {host: c.shop}}]}]}")});
    ASSERT_TRUE(scenario.setWeight(5).has_value());
    const Object after = scenario.find("networking.istio.io", "VirtualService", "vs");
    EXPECT_EQ(weightsOf(after, 0), (Weights{95, 5}));
    EXPECT_EQ(after.path({"spec", "http"}).at(0)["route"].at(0).path({"destination", "port", "number"}).intOr(0), 80);
}

TEST(Istio, FindsVirtualServicesOfOtherNamespaces)
{
    const Object service = virtualService(std::string("{http: [{route: ") + kBoth + "}]}");
    RouterScenario scenario(rolloutWith("{istio: {virtualServices: [{name: vs.mesh}, {name: vs}]}}"),
                            {service, Object(service.value().withPath({"metadata", "namespace"}, Value("mesh")))});
    ASSERT_TRUE(scenario.setWeight(10).has_value());
    EXPECT_EQ(weightsOf(scenario.find("networking.istio.io", "VirtualService", "vs"), 0), (Weights{90, 10}));
    EXPECT_EQ(weightsOf(scenario.find("networking.istio.io", "VirtualService", "vs", "mesh"), 0), (Weights{90, 10}));
}

TEST(Istio, ChoosesTlsAndTcpRoutesByPortAndName)
{
    RouterScenario scenario(
        rolloutWith(
            "{istio: {virtualService: {name: vs, tlsRoutes: [{port: 443, sniHosts: [b, a]}], tcpRoutes: [{port: "
            "3306}]}}}"),
        {virtualService(std::string("{tls: [{match: [{port: 443, sniHosts: [a]}], route: ") + kBoth
                        + "}, {match: [{port: 443, sniHosts: [a, b]}], route: " + kBoth
                        + "}], tcp: [{match: [{port: 3306}], route: " + kBoth + "}]}")});
    ASSERT_TRUE(scenario.setWeight(40).has_value());
    const Object after = scenario.find("networking.istio.io", "VirtualService", "vs");
    EXPECT_EQ(weightsOf(after, 0, "tls"), (Weights{100, 0}));
    EXPECT_EQ(weightsOf(after, 1, "tls"), (Weights{60, 40}));
    EXPECT_EQ(weightsOf(after, 0, "tcp"), (Weights{60, 40}));
}

TEST(Istio, GivesExperimentsTheirPartAndTakesItBack)
{
    RouterScenario scenario(rolloutWith("{istio: {virtualService: {name: vs}}}"),
                            {virtualService(std::string("{http: [{route: ") + kBoth + "}]}")});
    ASSERT_TRUE(scenario
                    .setWeight(10, {{.weight = 20, .serviceName = "e1", .podTemplateHash = "h1"},
                                    {.weight = 5, .serviceName = "e2", .podTemplateHash = "h2"}})
                    .has_value());
    const Object during = scenario.find("networking.istio.io", "VirtualService", "vs");
    EXPECT_EQ(weightsOf(during, 0), (Weights{65, 10, 20, 5}));
    ASSERT_TRUE(scenario.setWeight(10).has_value());
    EXPECT_EQ(weightsOf(scenario.find("networking.istio.io", "VirtualService", "vs"), 0), (Weights{90, 10}));
}

TEST(Istio, LeavesAdditionalSubsetsTheirPart)
{
    RouterScenario scenario(
        rolloutWith("{istio: {virtualService: {name: vs}, destinationRule: {name: dr, canarySubsetName: canary, "
                    "stableSubsetName: stable, additionalSubsetNames: [beta]}}}"),
        {virtualService(
            "{http: [{route: [{destination: {host: app, subset: stable}, weight: 100}, {destination: {host: app, "
            "subset: canary}}, {destination: {host: app, subset: beta}, weight: 15}]}]}")});
    ASSERT_TRUE(scenario.setWeight(25).has_value());
    EXPECT_EQ(weightsOf(scenario.find("networking.istio.io", "VirtualService", "vs"), 0), (Weights{60, 25, 15}));
}

TEST(Istio, PutsHashesIntoSubsetsAndKeepsTheirPolicies)
{
    RouterScenario scenario(
        rolloutWith("{istio: {virtualService: {name: vs}, destinationRule: {name: dr, canarySubsetName: canary, "
                    "stableSubsetName: stable}}}"),
        {objectOf(
            "networking.istio.io/v1beta1", "DestinationRule", "dr",
            "{host: app, subsets: [{name: stable, labels: {app: x}, trafficPolicy: {a: 1}}, {name: canary}, {name: "
            "other}]}")});
    ASSERT_TRUE(scenario.updateHash("new", "old").has_value());
    const Object after = scenario.find("networking.istio.io", "DestinationRule", "dr");
    EXPECT_EQ(json(after.path({"spec", "subsets"})),
              R"([{"labels":{"app":"x","rollouts-pod-template-hash":"old"},"name":"stable","trafficPolicy":{"a":1}},)"
              R"({"labels":{"rollouts-pod-template-hash":"new"},"name":"canary"}])");
    EXPECT_EQ(after.annotation("argo-rollouts.argoproj.io/managed-by-rollouts"), "demo");
    ASSERT_TRUE(scenario.updateHash("new", "old").has_value());
    EXPECT_TRUE(scenario.decision().isIdle());
}

TEST(Istio, ChangesNoSubsetBeforeItsPodsAreThere)
{
    ReplicaSet set;
    set.name = "demo-new";
    set.hash = "new";
    set.replicas = 2;
    set.availableReplicas = 1;
    RouterScenario scenario(
        rolloutWith("{istio: {virtualService: {name: vs}, destinationRule: {name: dr, canarySubsetName: canary, "
                    "stableSubsetName: stable}}}",
                    "maxSurge: 1"),
        {}, {set});
    const Expected<void> refused = scenario.updateHash("new", "old");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().message(), "delaying destination rule switch: ReplicaSet demo-new not fully available");
}

TEST(Istio, PutsManagedRoutesFirstAndTakesThemAway)
{
    RouterScenario scenario(
        rolloutWith(
            "{istio: {virtualService: {name: vs, routes: [main]}}, managedRoutes: [{name: mirror}, {name: header}]}"),
        {virtualService("{http: [{name: main, route: [{destination: {host: s, port: {number: 8080}}, weight: 100}, "
                        "{destination: {host: c}}]}]}")});
    ASSERT_TRUE(scenario
                    .setHeaderRoute(yamlValue("{name: header, match: [{headerName: agent, headerValue: {prefix: "
                                              "Chrome}}]}"))
                    .has_value());
    ASSERT_TRUE(scenario.setMirrorRoute(yamlValue("{name: mirror, percentage: 35, match: [{method: {exact: GET}}]}"))
                    .has_value());
    const Value routes = scenario.find("networking.istio.io", "VirtualService", "vs").path({"spec", "http"});
    ASSERT_EQ(routes.size(), 3U);
    EXPECT_EQ(
        json(routes.at(0)),
        R"({"match":[{"method":{"exact":"GET"}}],"mirror":{"host":"c","port":{"number":8080}},)"
        R"("mirrorPercentage":{"value":35},"name":"mirror","route":[{"destination":{"host":"s","port":{"number":8080}},)"
        R"("weight":100},{"destination":{"host":"c"}}]})");
    EXPECT_EQ(
        json(routes.at(1)),
        R"({"match":[{"headers":{"agent":{"prefix":"Chrome"}}}],"name":"header","route":[{"destination":{"host":"c",)"
        R"("port":{"number":8080}},"weight":100}]})");
    ASSERT_TRUE(scenario.removeManagedRoutes().has_value());
    EXPECT_EQ(scenario.find("networking.istio.io", "VirtualService", "vs").path({"spec", "http"}).size(), 1U);
    EXPECT_EQ(scenario.decision().events().at(0).message, "VirtualService `vs` removed all managed routes.");
}

TEST(Alb, ForwardsByAnnotation)
{
    const std::string ingress = "{rules: [{http: {paths: [{path: /*, pathType: ImplementationSpecific, backend: "
                                "{service: {name: root, port: {name: "
                                "use-annotation}}}}]}}]}";
    RouterScenario scenario(
        rolloutWith("{alb: {ingress: i, servicePort: 443, rootService: root, stickinessConfig: {enabled: true, "
                    "durationSeconds: 60}}}",
                    "canaryService: c, stableService: s, pingPong: {pingService: ping, pongService: pong}",
                    "{canary: {stablePingPong: ping}}"),
        {objectOf("networking.k8s.io/v1", "Ingress", "i", ingress)});
    ASSERT_TRUE(scenario.setWeight(10, {{.weight = 5, .serviceName = "e", .podTemplateHash = "h"}}).has_value());
    const Object after = scenario.find("networking.k8s.io", "Ingress", "i");
    EXPECT_EQ(
        after.annotation("alb.ingress.kubernetes.io/actions.root"),
        R"({"Type":"forward","ForwardConfig":{"TargetGroups":[{"ServiceName":"pong","ServicePort":"443","Weight":10},)"
        R"({"ServiceName":"e","ServicePort":"443","Weight":5},{"ServiceName":"ping","ServicePort":"443","Weight":85}],)"
        R"("TargetGroupStickinessConfig":{"Enabled":true,"DurationSeconds":60}}})");
    EXPECT_EQ(after.annotation("rollouts.argoproj.io/managed-alb-annotations"),
              R"({"demo":["alb.ingress.kubernetes.io/actions.root"]})");
    EXPECT_EQ(scenario.decision().events().at(0).message, "Updating Ingress `i` to desiredWeight '10'");
}

TEST(Alb, LeadsHeadersToTheCanaryByConditions)
{
    RouterScenario scenario(rolloutWith("{alb: {ingress: i, servicePort: 80}, managedRoutes: [{name: h}]}"),
                            {objectOf("networking.k8s.io/v1", "Ingress", "i",
                                      "{rules: [{http: {paths: [{path: /, backend: {service: {name: s}}}]}}]}")});
    ASSERT_TRUE(
        scenario
            .setHeaderRoute(yamlValue("{name: h, match: [{headerName: a, headerValue: {exact: x}}, {headerName: a, "
                                      "headerValue: {exact: 'y'}}]}"))
            .has_value());
    const Object after = scenario.find("networking.k8s.io", "Ingress", "i");
    EXPECT_EQ(after.annotation("alb.ingress.kubernetes.io/conditions.h"),
              R"([{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"a","values":["x","y"]}}])");
    EXPECT_EQ(after.path({"spec", "rules"}).at(0).path({"http", "paths"}).at(0).path({"backend", "service", "name"}),
              Value("h"));
    ASSERT_TRUE(scenario.removeManagedRoutes().has_value());
    EXPECT_EQ(
        scenario.find("networking.k8s.io", "Ingress", "i").path({"spec", "rules"}).at(0).path({"http", "paths"}).size(),
        1U);
}

TEST(Ambassador, RemovesItsMappingOnceItHasBeenIdle)
{
    RouterScenario scenario(rolloutWith("{ambassador: {mappings: [m]}}"),
                            {objectOf("getambassador.io/v2", "Mapping", "m", "{prefix: /, service: 's:80'}")});
    const auto canary = [&] { return scenario.find("getambassador.io", "Mapping", "m-canary"); };
    ASSERT_TRUE(scenario.setWeight(0).has_value());
    EXPECT_TRUE(canary().isNull());
    ASSERT_TRUE(scenario.setWeight(20).has_value());
    EXPECT_EQ(json(canary().path({"spec"})), R"({"prefix":"/","service":"c:80","weight":20})");
    ASSERT_TRUE(scenario.setWeight(0).has_value());
    EXPECT_EQ(canary().path({"spec", "weight"}).intOr(-1), 0);
    EXPECT_TRUE(scenario.decision().lookAgain.has_value());
    scenario.pass(4);
    ASSERT_TRUE(scenario.setWeight(0).has_value());
    EXPECT_FALSE(canary().isNull());
    EXPECT_TRUE(scenario.decision().writes().empty());
    EXPECT_TRUE(scenario.decision().lookAgain.has_value());
    scenario.pass(1);
    ASSERT_TRUE(scenario.setWeight(0).has_value());
    EXPECT_TRUE(canary().isNull());
}

TEST(Ambassador, SaysEachWeightOnce)
{
    const Object mapping = objectOf("getambassador.io/v2", "Mapping", "m", "{prefix: /, service: 's:80'}");
    const Object fresh = rolloutWith("{ambassador: {mappings: [m]}}");
    const Object weighed(fresh.value().withPath({"status", "canary", "weights", "canary", "weight"}, Value(0)));
    const auto eventsOf = [&mapping](const Object &rollout, int weight) {
        RouterScenario scenario(rollout, {mapping});
        EXPECT_TRUE(scenario.setWeight(weight));
        return scenario.decision().events().size();
    };

    EXPECT_EQ(eventsOf(fresh, 0), 1U);
    EXPECT_EQ(eventsOf(weighed, 0), 0U);
    EXPECT_EQ(eventsOf(weighed, 20), 1U);
}

TEST(Traefik, FindsItsServiceInBothGroups)
{
    for (const char *group : {"traefik.io", "traefik.containo.us"}) {
        RouterScenario scenario(rolloutWith("{traefik: {weightedTraefikServiceName: t}}"),
                                {objectOf(std::string(group) + "/v1alpha1", "TraefikService", "t",
                                          "{weighted: {services: [{name: s, port: 80}, {name: c, port: 80}]}}")});
        ASSERT_TRUE(scenario.setWeight(15).has_value());
        const Object after = scenario.find(group, "TraefikService", "t");
        EXPECT_EQ(after.path({"spec", "weighted", "services"}).at(0)["weight"].intOr(0), 85) << group;
        EXPECT_EQ(after.path({"spec", "weighted", "services"}).at(1)["weight"].intOr(0), 15) << group;
    }
}

const char *const kGatewayRules = "{rules: [{matches: [{path: {type: PathPrefix, value: /}}], backendRefs: [{name: s, "
                                  "port: 80, weight: 100}, {name: c, "
                                  "port: 81}]}]}";

TEST(Gateway, WeighsEveryKindOfRoute)
{
    for (const char *kind : {"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"}) {
        std::string field(kind);
        field = (field.starts_with("GRPC")   ? "grpc"
                 : field.starts_with("HTTP") ? "http"
                 : field.starts_with("TCP")  ? "tcp"
                                             : "tls")
                + std::string("Route");
        RouterScenario scenario(rolloutWith("{plugins: {argoproj-labs/gatewayAPI: {" + field + ": r}}}"),
                                {objectOf("gateway.networking.k8s.io/v1", kind, "r", kGatewayRules)});
        ASSERT_TRUE(scenario.setWeight(35).has_value()) << kind;
        Object after = scenario.find("gateway.networking.k8s.io", kind, "r");
        EXPECT_EQ(json(after.path({"spec", "rules"}).at(0)["backendRefs"]),
                  R"([{"name":"s","port":80,"weight":65},{"name":"c","port":81,"weight":35}])");
        EXPECT_EQ(after.label("rollouts.argoproj.io/gatewayapi-canary"), "in-progress");
        ASSERT_TRUE(scenario.setWeight(0).has_value());
        after = scenario.find("gateway.networking.k8s.io", kind, "r");
        EXPECT_FALSE(after.label("rollouts.argoproj.io/gatewayapi-canary").has_value());
        EXPECT_EQ(after.path({"spec", "rules"}).at(0)["backendRefs"].at(0)["weight"].intOr(0), 100);
    }
}

TEST(Gateway, FindsRoutesBySelector)
{
    RouterScenario scenario(
        rolloutWith("{plugins: {argoproj-labs/gatewayAPI: {httpRouteSelector: {matchLabels: {app: x}}}}}"),
        {objectOf("gateway.networking.k8s.io/v1", "HTTPRoute", "r", kGatewayRules, "labels: {app: x}"),
         objectOf("gateway.networking.k8s.io/v1", "HTTPRoute", "q", kGatewayRules)});
    ASSERT_TRUE(scenario.setWeight(1).has_value());
    EXPECT_EQ(scenario.decision().writes().size(), 1U);
    EXPECT_EQ(scenario.decision().writes().at(0).name, "r");
}

TEST(Gateway, LeadsHeadersToTheCanary)
{
    RouterScenario scenario(
        rolloutWith("{plugins: {argoproj-labs/gatewayAPI: {httpRoute: r}}, managedRoutes: [{name: h}]}"),
        {objectOf("gateway.networking.k8s.io/v1", "HTTPRoute", "r", kGatewayRules)});
    const Value step = yamlValue("{name: h, match: [{headerName: X-Test, headerValue: {prefix: 'yes'}}]}");
    ASSERT_TRUE(scenario.setHeaderRoute(step).has_value());
    const Value rules = scenario.find("gateway.networking.k8s.io", "HTTPRoute", "r").path({"spec", "rules"});
    ASSERT_EQ(rules.size(), 2U);
    EXPECT_EQ(
        json(rules.at(1)),
        R"({"backendRefs":[{"group":"","kind":"Service","name":"c","port":81}],"matches":[{"headers":[{"name":"X-Test",)"
        R"("type":"RegularExpression","value":"yes.*"}],"path":{"type":"PathPrefix","value":"/"}}],"name":"h"})");
    ASSERT_TRUE(scenario.setHeaderRoute(step).has_value());
    EXPECT_TRUE(scenario.decision().isIdle());
    ASSERT_TRUE(scenario.setWeight(50).has_value());
    ASSERT_TRUE(scenario.removeManagedRoutes().has_value());
    EXPECT_EQ(scenario.find("gateway.networking.k8s.io", "HTTPRoute", "r").path({"spec", "rules"}).size(), 1U);
}

TEST(Gateway, AddsExperimentServicesWithTheirPort)
{
    RouterScenario scenario(
        rolloutWith("{plugins: {argoproj-labs/gatewayAPI: {httpRoute: r}}}", "canaryService: c, stableService: s",
                    "{canary: {currentExperiment: e}}"),
        {objectOf("gateway.networking.k8s.io/v1", "HTTPRoute", "r", kGatewayRules),
         objectOf("v1", "Service", "e1", "{ports: [{name: admin, port: 9}, {name: http, port: 90}]}")});
    ASSERT_TRUE(scenario.setWeight(10, {{.weight = 20, .serviceName = "e1", .podTemplateHash = "h"}}).has_value());
    EXPECT_EQ(
        json(scenario.find("gateway.networking.k8s.io", "HTTPRoute", "r").path({"spec", "rules"}).at(0)["backendRefs"]),
        R"([{"name":"s","port":80,"weight":80},{"name":"c","port":81,"weight":10},{"name":"e1","namespace":"shop",)"
        R"("port":90,"weight":20}])");
}

TEST(Gateway, TakesTheServicesOfAnExperimentOutOnceItIsOver)
{
    const std::string weights =
        "weights: {canary: {weight: 10}, stable: {weight: 70}, additional: [{serviceName: e1, weight: 20}]}";
    for (const char *experiment : {"currentExperiment: e, ", ""}) {
        RouterScenario scenario(rolloutWith("{plugins: {argoproj-labs/gatewayAPI: {httpRoute: r}}}",
                                            "canaryService: c, stableService: s",
                                            std::string("{canary: {") + experiment + weights + "}}"),
                                {objectOf("gateway.networking.k8s.io/v1", "HTTPRoute", "r",
                                          "{rules: [{backendRefs: [{name: s, weight: 80}, {name: c, weight: 10}, "
                                          "{name: e1, weight: 20}, {name: own, weight: 1}]}]}")});
        ASSERT_TRUE(scenario.setWeight(10).has_value());
        const bool isNamed = *experiment != '\0';
        EXPECT_EQ(json(scenario.find("gateway.networking.k8s.io", "HTTPRoute", "r")
                           .path({"spec", "rules"})
                           .at(0)["backendRefs"]),
                  isNamed ? R"([{"name":"s","weight":90},{"name":"c","weight":10},{"name":"own","weight":1}])"
                          : R"([{"name":"s","weight":100},{"name":"c","weight":0},{"name":"own","weight":1}])");
    }
}

struct RefusedCase
{
    const char *name;
    const char *routing;
    std::vector<Object> objects;
    const char *text;
};
class RefusedWeight : public testing::TestWithParam<RefusedCase>
{
};
TEST_P(RefusedWeight, SaysWhy)
{
    RouterScenario scenario(rolloutWith(GetParam().routing), GetParam().objects);
    const Expected<void> set = scenario.setWeight(10);
    ASSERT_FALSE(set.has_value());
    EXPECT_EQ(set.error().message(), GetParam().text);
    EXPECT_TRUE(scenario.decision().writes().empty());
}
INSTANTIATE_TEST_SUITE_P(
    Routers, RefusedWeight,
    testing::Values(
        RefusedCase{"MissingVirtualService",
                    "{istio: {virtualService: {name: vs}}}",
                    {},
                    "virtualservices.networking.istio.io \"vs\" not found"},
        RefusedCase{"VirtualServiceEditedByHand",
                    "{istio: {virtualService: {name: vs}}}",
                    {virtualService("{http: [{route: [{destination: {host: s}, weight: 100}]}]}")},
                    "Canary Service 'c' not found in route"},
        RefusedCase{"UnknownRoute",
                    "{istio: {virtualService: {name: vs, routes: [a]}}}",
                    {virtualService(std::string("{http: [{name: b, route: ") + kBoth + "}]}")},
                    "HTTP Route 'a' is not found in the defined Virtual Service."},
        RefusedCase{"MalformedVirtualService",
                    "{istio: {virtualService: {name: vs}}}",
                    {virtualService("{http: [{route: [{destination: 5}]}]}")},
                    "a route of the VirtualService is not well-formed"},
        RefusedCase{
            "MissingIngress", "{alb: {ingress: i, servicePort: 80}}", {}, "ingress.networking.k8s.io \"i\" not found"},
        RefusedCase{"IngressWithoutService",
                    "{alb: {ingress: i, servicePort: 80}}",
                    {objectOf("networking.k8s.io/v1", "Ingress", "i", "{rules: [{http: {paths: [{backend: {}}]}}]}")},
                    "ingress does not have service `s` in rules"},
        RefusedCase{"BrokenAnnotation",
                    "{alb: {ingress: i, servicePort: 80}}",
                    {objectOf("networking.k8s.io/v1", "Ingress", "i",
                              "{rules: [{http: {paths: [{backend: {service: {name: s}}}]}}]}",
                              "annotations: {rollouts.argoproj.io/managed-alb-annotations: '[]'}")},
                    "annotation rollouts.argoproj.io/managed-alb-annotations is no map"},
        RefusedCase{"ForeignTrafficSplit",
                    "{smi: {}}",
                    {objectOf("split.smi-spec.io/v1alpha1", "TrafficSplit", "demo", "{}")},
                    "Rollout does not own TrafficSplit `demo`"},
        RefusedCase{"MissingMapping", "{ambassador: {mappings: [m]}}", {}, "mappings.getambassador.io \"m\" not found"},
        RefusedCase{
            "TwoMappings",
            "{ambassador: {mappings: [m, o]}}",
            {},
            "2 errors found: [mappings.getambassador.io \"m\" not found][mappings.getambassador.io \"o\" not found]"},
        RefusedCase{"MissingTraefikService",
                    "{traefik: {weightedTraefikServiceName: t}}",
                    {},
                    "traefikservices.traefik.containo.us \"t\" not found"},
        RefusedCase{
            "MissingApisixRoute", "{apisix: {route: {name: r}}}", {}, "apisixroutes.apisix.apache.org \"r\" not found"},
        RefusedCase{"ApisixRuleEditedByHand",
                    "{apisix: {route: {name: r, rules: [a]}}}",
                    {objectOf("apisix.apache.org/v2", "ApisixRoute", "r", "{http: [{name: b, backends: []}]}")},
                    "Apisix http route rule a not found"},
        RefusedCase{"MissingMeshService", "{appMesh: {virtualService: {name: v}}}", {}, "Virtual-service is missing"},
        RefusedCase{"GatewayWithoutRoutes",
                    "{plugins: {argoproj-labs/gatewayAPI: {}}}",
                    {},
                    "No routes configured. At least one of 'httpRoutes', 'grpcRoutes', 'tcpRoutes', 'tlsRoutes', "
                    "'httpRoute', 'grpcRoute', 'tcpRoute' or 'tlsRoute' must be set"},
        RefusedCase{"MissingHttpRoute",
                    "{plugins: {argoproj-labs/gatewayAPI: {httpRoute: r}}}",
                    {},
                    "httproutes.gateway.networking.k8s.io \"r\" not found"},
        RefusedCase{
            "GrpcRouteWithoutCanary",
            "{plugins: {argoproj-labs/gatewayAPI: {grpcRoute: r}}}",
            {objectOf("gateway.networking.k8s.io/v1", "GRPCRoute", "r", "{rules: [{backendRefs: [{name: s}]}]}")},
            "backendRef was not found in grpcRoute"},
        RefusedCase{"TcpRouteWithoutCanary",
                    "{plugins: {argoproj-labs/gatewayAPI: {tcpRoute: r}}}",
                    {objectOf("gateway.networking.k8s.io/v1alpha2", "TCPRoute", "r", "{rules: []}")},
                    "backendRef list was not found in tcpRoute"}),
    [](const auto &row) { return std::string(row.param.name); });

struct ReferenceCase
{
    const char *name;
    const char *routing;
    std::vector<Object> objects;
    const char *text;
};
class RouterReferences : public testing::TestWithParam<ReferenceCase>
{
};
TEST_P(RouterReferences, AreCheckedInTheControllersWords)
{
    const auto service = [](const char *name) { return objectOf("v1", "Service", name, "{}"); };
    std::vector<Object> objects = GetParam().objects;
    objects.push_back(service("s"));
    objects.push_back(service("c"));
    const RouterScenario scenario(rolloutWith(GetParam().routing), objects);
    const Observed observed = scenario.observed();
    const std::optional<FieldError> problem = firstReferenceError(observed.rollout, observed);
    ASSERT_TRUE(problem.has_value());
    EXPECT_EQ(problem->text(), std::string("spec.strategy.canary.trafficRouting.") + GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(
    Routers, RouterReferences,
    testing::Values(
        ReferenceCase{"NoIngress",
                      "{nginx: {}}",
                      {},
                      "nginx: Internal error: Either StableIngress or StableIngresses must be configured. Neither are "
                      "configured."},
        ReferenceCase{"TwoKindsOfIngress",
                      "{nginx: {stableIngress: i, stableIngresses: [j]}}",
                      {},
                      "nginx: Internal error: Either StableIngress or StableIngresses must be configured. Both are "
                      "configured."},
        ReferenceCase{"MissingIngress",
                      "{nginx: {stableIngress: i}}",
                      {},
                      "nginx.stableIngress: Invalid value: \"i\": ingress.networking.k8s.io \"i\" not found"},
        ReferenceCase{"ForeignIngress",
                      "{nginx: {stableIngress: i}}",
                      {objectOf("networking.k8s.io/v1", "Ingress", "i", "{}")},
                      "nginx.stableIngress: Invalid value: \"i\": ingress `i` has no rules using service s backend"},
        ReferenceCase{"NoAlbIngress",
                      "{alb: {servicePort: 1}}",
                      {},
                      "alb: Internal error: Either Ingress or Ingresses must be configured. Neither are configured."},
        ReferenceCase{"MissingAlbIngress",
                      "{alb: {ingresses: [i], servicePort: 1}}",
                      {},
                      "alb.ingresses: Invalid value: [\"i\"]: ingress.networking.k8s.io \"i\" not found"},
        ReferenceCase{"AlbIngressWithoutRoot",
                      "{alb: {ingress: i, rootService: r, servicePort: 1}}",
                      {objectOf("networking.k8s.io/v1", "Ingress", "i", "{}")},
                      "alb.ingress: Invalid value: \"i\": ingress `i` has no rules using service r backend"},
        ReferenceCase{"NoVirtualService",
                      "{istio: {}}",
                      {},
                      "istio: Internal error: either VirtualService or VirtualServices must be configured"},
        ReferenceCase{"TwoKindsOfVirtualService",
                      "{istio: {virtualService: {name: a}, virtualServices: [{name: b}]}}",
                      {},
                      "istio: Internal error: either VirtualService or VirtualServices must be configured"},
        ReferenceCase{
            "MissingVirtualService",
            "{istio: {virtualService: {name: vs}}}",
            {},
            "istio.virtualService.name: Invalid value: \"vs\": virtualservices.networking.istio.io \"vs\" not "
            "found"},
        ReferenceCase{
            "VirtualServiceWithoutRoutes",
            "{istio: {virtualServices: [{name: vs}]}}",
            {virtualService("{}")},
            "istio.virtualServices.name: Invalid value: \"vs\": Unable to get any of the HTTP, TCP or TLS routes "
            "for the Istio VirtualService"},
        ReferenceCase{
            "VirtualServiceThatDoesNotFit",
            "{istio: {virtualService: {name: vs}}}",
            {virtualService(std::string("{http: [{name: a, route: ") + kBoth + "}, {route: " + kBoth + "}]}")},
            "istio.virtualService.name: Invalid value: \"vs\": Istio VirtualService has invalid HTTP routes. "
            "Error: spec.http[] should be set in VirtualService and it must have exactly one route when omitting "
            "spec.strategy.canary.trafficRouting.istio.virtualService.routes"},
        ReferenceCase{"NoMapping",
                      "{ambassador: {}}",
                      {},
                      "ambassador.mappings: Invalid value: null: must provide at least one mapping"},
        ReferenceCase{"MissingMapping",
                      "{ambassador: {mappings: [m]}}",
                      {},
                      "ambassador.mappings: Invalid value: \"m\": mappings.getambassador.io \"m\" not found"},
        ReferenceCase{
            "NoMesh", "{appMesh: {}}", {}, "appmesh.virtualService: Invalid value: null: must provide virtual-service"},
        ReferenceCase{"MissingMesh",
                      "{appMesh: {virtualService: {name: v}}}",
                      {},
                      "appmesh.virtualService: Invalid value: \"v.shop\": virtualservices.appmesh.k8s.aws \"v\" not "
                      "found"}),
    [](const auto &row) { return std::string(row.param.name); });

TEST(RouterReferences, OfMeshRoutesNeedTwoTargets)
{
    const RouterScenario scenario(rolloutWith("{appMesh: {virtualService: {name: v}}}"),
                                  {objectOf("v1", "Service", "s", "{}"), objectOf("v1", "Service", "c", "{}"),
                                   objectOf("appmesh.k8s.aws/v1beta2", "VirtualService", "v",
                                            "{provider: {virtualRouter: {virtualRouterRef: {name: r}}}}"),
                                   objectOf("appmesh.k8s.aws/v1beta2", "VirtualRouter", "r",
                                            "{routes: [{name: x, httpRoute: {action: {weightedTargets: [{}]}}}]}")});
    const Observed observed = scenario.observed();
    const std::optional<FieldError> problem = firstReferenceError(observed.rollout, observed);
    ASSERT_TRUE(problem.has_value());
    EXPECT_EQ(
        problem->text(),
        "spec.routes[0].httpRoute.action.weightedTargets: Invalid value: \"r\": Invalid number of weightedTargets (1) "
        "for AppMesh virtual-router r and route x, expected 2");
}

TEST(MakeRouter, NamesWhatItLacks)
{
    const auto plugin = makeRouter("plugins:acme/mesh");
    ASSERT_FALSE(plugin.has_value());
    EXPECT_EQ(plugin.error().message(),
              "traffic router plugin 'acme/mesh' is not supported: only 'argoproj-labs/gatewayAPI' is built in");
    for (const char *known : {"istio", "nginx", "alb", "smi", "ambassador", "appMesh", "traefik", "apisix",
                              "plugins:argoproj-labs/gatewayAPI"}) {
        const auto router = makeRouter(known);
        ASSERT_TRUE(router.has_value()) << known;
        EXPECT_EQ((*router)->type(), known);
    }
}

TEST(RouterKinds, AreThoseThatAreReadAndWritten)
{
    const Rollout rollout =
        readRollout(rolloutWith("{traefik: {weightedTraefikServiceName: t}, istio: {virtualService: "
                                "{name: v}}, plugins: {argoproj-labs/gatewayAPI: {httpRoute: r}, a/b: {}}}"));
    std::string found;
    for (const object::GroupKind &kind : routerKindsOf(rollout))
        found += kind.text() + " ";
    EXPECT_EQ(found, "VirtualService.networking.istio.io DestinationRule.networking.istio.io TraefikService.traefik.io "
                     "TraefikService.traefik.containo.us HTTPRoute.gateway.networking.k8s.io "
                     "GRPCRoute.gateway.networking.k8s.io TCPRoute.gateway.networking.k8s.io "
                     "TLSRoute.gateway.networking.k8s.io ");
}

} // namespace
} // namespace tiphys::rollout
