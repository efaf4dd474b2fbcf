// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "rollout/names.h"
#include "rollout/reconcile.h"
#include "rollout/simulate/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

Object rolloutWith(const std::string &strategy, int replicas = 4)
{
    const std::string text =
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, uid: u}\n"
        "spec:\n  replicas: "
        + std::to_string(replicas)
        + "\n  selector: {matchLabels: {app: demo}}\n  template:\n    metadata: {labels: {app: demo}}\n"
          "    spec: {containers: [{name: a, image: 'x:1'}]}\n  strategy: "
        + strategy + "\n";
    const Expected<Value> value = object::parseYaml(text);
    EXPECT_TRUE(value.has_value()) << text;
    return Object(value.value_or(Value()));
}

Simulation simulated(const std::string &strategy,
                     SimulationOptions options = {.start = Moment::ofSeconds(1'700'000'000), .behaviour = {}})
{
    const Expected<Simulation> result = simulate({rolloutWith(strategy)}, options);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().text());
    return result.value_or(Simulation());
}

std::vector<std::string> reasons(const Simulation &simulation)
{
    std::vector<std::string> result;
    for (const SimulatedPass &pass : simulation.passes) {
        for (const Event &event : pass.decision.events())
            result.push_back(event.reason);
    }
    return result;
}

std::vector<int> weights(const Simulation &simulation)
{
    std::vector<int> result;
    for (const SimulatedPass &pass : simulation.passes) {
        if (pass.weight && (result.empty() || result.back() != *pass.weight))
            result.push_back(*pass.weight);
    }
    return result;
}

TEST(ReplicaSetCreateFailure, StandsInAConditionAndAnEvent)
{
    Observed observed;
    observed.rollout = readRollout(Object(
        rolloutWith("{canary: {}}")
            .value()
            .with("status", Value::map({
                                {"conditions",
                                 Value::list({Value::map({{"type", Value("Paused")}, {"status", Value("False")}})})},
                            }))));
    const Decision decision =
        replicaSetCreateFailure(observed, "demo-1", "quota exceeded", Moment::ofSeconds(1'700'000'000));
    const std::string message = "Failed to create new replica set \"demo-1\": quota exceeded";
    EXPECT_EQ(decision.failure, message);
    ASSERT_EQ(decision.events().size(), 1U);
    EXPECT_TRUE(decision.events()[0].isWarning);
    EXPECT_EQ(decision.events()[0].reason, "ReplicaSetCreateError");
    EXPECT_EQ(decision.events()[0].message, message);
    ASSERT_EQ(decision.writes().size(), 1U);
    const Value status = decision.writes()[0].body["status"];
    const Value conditions = status["conditions"];
    ASSERT_EQ(conditions.size(), 2U);
    EXPECT_EQ(conditions.at(0)["type"].stringOr(), "Paused");
    EXPECT_EQ(conditions.at(1)["type"].stringOr(), "Progressing");
    EXPECT_EQ(conditions.at(1)["status"].stringOr(), "False");
    EXPECT_EQ(conditions.at(1)["reason"].stringOr(), "ReplicaSetCreateError");
    EXPECT_EQ(conditions.at(1)["message"].stringOr(), message);
    EXPECT_EQ(status["phase"].stringOr(), "Progressing");
    EXPECT_EQ(status["message"].stringOr(), "more replicas need to be updated");
}

TEST(CanaryUpdate, EmitsTheControllersEventsInOrder)
{
    const Simulation simulation =
        simulated("{canary: {maxSurge: 1, maxUnavailable: 0, steps: [{setWeight: 50}, {pause: {}}]}}");
    const std::vector<std::string> wanted{"RolloutUpdated",       "NewReplicaSetCreated", "RolloutNotCompleted",
                                          "ScalingReplicaSet",    "ScalingReplicaSet",    "ScalingReplicaSet",
                                          "ScalingReplicaSet",    "RolloutStepCompleted", "RolloutPaused",
                                          "RolloutStepCompleted", "ScalingReplicaSet",    "ScalingReplicaSet",
                                          "ScalingReplicaSet",    "ScalingReplicaSet",    "RolloutCompleted"};
    std::vector<std::string> found = reasons(simulation);
    // When the last stable pod goes is not of interest here.
    std::erase(found, "ScalingReplicaSet");
    std::vector<std::string> expected = wanted;
    std::erase(expected, "ScalingReplicaSet");
    EXPECT_EQ(found, expected) << textOf(simulation);
    EXPECT_EQ(simulation.phase, "Healthy") << textOf(simulation);
}

TEST(Simulated, StartsWithTheFormerVersionAtItsFullSize)
{
    for (const char *strategy :
         {"{canary: {steps: [{setWeight: 50}, {pause: {}}]}}", "{blueGreen: {activeService: a}}"}) {
        Value rollout = rolloutWith(strategy).value().withPath({"spec", "minReadySeconds"}, Value(120));
        const Expected<Simulation> simulation =
            simulate({Object(rollout)}, {.start = Moment::ofSeconds(1'700'000'000), .behaviour = {}});
        ASSERT_TRUE(simulation);
        ASSERT_FALSE(simulation->passes.empty());
        EXPECT_EQ(simulation->passes.front().stableAvailable, 4) << textOf(*simulation);
        EXPECT_EQ(simulation->passes.front().stableReplicas, 4);
        EXPECT_EQ(simulation->phase, "Healthy");
    }
}

Object analysisTemplate(const std::string &name, const std::string &spec)
{
    return Object(object::parseYaml("apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: " + name
                                    + ", namespace: shop}\nspec: " + spec + "\n")
                      .value());
}

TEST(Simulated, FailsTheAnalysisThatWasNamed)
{
    const std::vector<Object> objects{
        rolloutWith("{canary: {steps: [{analysis: {templates: [{templateName: first}]}}, {analysis: {templates: "
                    "[{templateName: second}]}}]}}"),
        analysisTemplate("first", "{metrics: [{name: success-rate, provider: {web: {url: 'http://a'}}}]}"),
        analysisTemplate("second", "{metrics: [{name: success-rate, provider: {web: {url: 'http://b'}}}]}")};
    const auto failing = [&](const std::string &name) {
        return simulate(objects, {.start = Moment::ofSeconds(1'700'000'000), .behaviour = {.failedTemplates = {name}}});
    };

    const Expected<Simulation> second = failing("second");

    ASSERT_TRUE(second);
    EXPECT_EQ(second->phase, "Degraded");
    EXPECT_TRUE(std::ranges::contains(reasons(*second), "RolloutStepCompleted")) << textOf(*second);
    EXPECT_FALSE(std::ranges::contains(reasons(failing("first").value()), "RolloutStepCompleted"));
    EXPECT_EQ(failing("third").error().text(), "no analysis template 'third' to fail");
}

TEST(Simulated, AnalysisTakesItsCountFromArguments)
{
    const Expected<Simulation> simulation = simulate(
        {rolloutWith("{canary: {steps: [{analysis: {templates: [{templateName: t}]}}]}}"),
         analysisTemplate("t", "{args: [{name: runs, value: '3'}, {name: token, valueFrom: {secretKeyRef: {name: s, "
                               "key: k}}}], metrics: [{name: m, interval: 10s, count: '{{args.runs}}', "
                               "provider: {web: {url: 'http://a', headers: [{key: a, value: '{{args.token}}'}]}}}]}")},
        {.start = Moment::ofSeconds(1'700'000'000), .behaviour = {}});

    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Healthy") << textOf(*simulation);
    EXPECT_GE(simulation->passes.back().time.timestamp().seconds - 1'700'000'000, 20);
}

TEST(Simulated, TakesTheTemplateOfAWorkload)
{
    const auto withWorkload = [](const std::string &reference) {
        return Object(object::parseYaml("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, "
                                        "namespace: shop, uid: u}\nspec:\n  replicas: 2\n"
                                        "  workloadRef: "
                                        + reference
                                        + "\n  strategy: {canary: {steps: [{setWeight: 50}, {pause: {}}]}}\n")
                          .value());
    };
    const Object deployment(
        object::parseYaml(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec: {selector: "
            "{matchLabels: {app: web}}, "
            "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: 'x:1'}]}}}\n")
            .value());
    const SimulationOptions options{.start = Moment::ofSeconds(1'700'000'000), .behaviour = {}};

    const Expected<Simulation> known =
        simulate({withWorkload("{apiVersion: apps/v1, kind: Deployment, name: web}"), deployment}, options);
    const Expected<Simulation> invented =
        simulate({withWorkload("{apiVersion: apps/v1, kind: Deployment, name: gone}")}, options);

    ASSERT_TRUE(known) << known.error().text();
    EXPECT_EQ(known->phase, "Healthy") << textOf(*known);
    EXPECT_TRUE(known->invented.empty());
    ASSERT_TRUE(invented) << invented.error().text();
    EXPECT_EQ(invented->phase, "Healthy") << textOf(*invented);
    EXPECT_EQ(invented->invented, (std::vector<std::string>{"Deployment.apps gone in namespace shop"}));
    EXPECT_EQ(reasons(*known), reasons(*invented));
}

TEST(CanaryUpdate, MovesTrafficThroughItsStepsWithNginx)
{
    const Simulation simulation = simulated(
        "{canary: {stableService: s, canaryService: c, trafficRouting: {nginx: {stableIngress: i}}, steps: "
        "[{setWeight: "
        "20}, {pause: {}}, {setWeight: 60}, {analysis: {templates: [{templateName: t}]}}, {pause: {duration: 30}}]}}");
    EXPECT_EQ(weights(simulation), (std::vector{0, 20, 60, 100, 0})) << textOf(simulation);
    EXPECT_EQ(simulation.phase, "Healthy") << textOf(simulation);
}

TEST(CanaryUpdate, GoesBackWhenItsAnalysisFails)
{
    SimulationOptions options{.start = Moment::ofSeconds(1'700'000'000), .behaviour = {}};
    options.behaviour.failedTemplates = {"t"};
    const Simulation simulation = simulated("{canary: {stableService: s, canaryService: c, trafficRouting: {nginx: "
                                            "{stableIngress: i}}, steps: [{setWeight: "
                                            "20}, {analysis: {templates: [{templateName: t}]}}]}}",
                                            options);
    EXPECT_EQ(simulation.phase, "Degraded") << textOf(simulation);
    EXPECT_TRUE(simulation.message.starts_with("RolloutAborted: Rollout aborted update to revision 2"))
        << simulation.message;
    EXPECT_EQ(weights(simulation).back(), 0) << textOf(simulation);
    EXPECT_EQ(simulation.passes.back().newReplicas, 0) << textOf(simulation);
}

TEST(BlueGreenUpdate, WaitsForAPersonAndSwitches)
{
    const Simulation simulation =
        simulated("{blueGreen: {activeService: a, previewService: p, autoPromotionEnabled: false}}");
    const std::vector<std::string> found = reasons(simulation);
    EXPECT_TRUE(std::ranges::contains(found, "RolloutPaused")) << textOf(simulation);
    EXPECT_EQ(std::ranges::count(found, "SwitchService"), 2) << textOf(simulation);
    EXPECT_EQ(simulation.phase, "Healthy") << textOf(simulation);
}

TEST(MaxTrafficWeight, OfNothingIsToldAndNotDividedBy)
{
    for (const char *steps : {"[{setWeight: 0}, {pause: {}}]", "[]"}) {
        const Expected<Simulation> result = simulate(
            {rolloutWith(
                std::string("{canary: {stableService: s, canaryService: c, trafficRouting: {nginx: {stableIngress: "
                            "i}, maxTrafficWeight: 0}, steps: ")
                + steps + "}}")},
            {.start = {}, .behaviour = {}});
        ASSERT_FALSE(result.has_value());
        EXPECT_TRUE(result.error().text().contains("maxTrafficWeight is 0")) << result.error().text();
    }
}

TEST(UnsupportedRouter, IsNamed)
{
    const Expected<Simulation> result =
        simulate({rolloutWith("{canary: {trafficRouting: {plugins: {a/b: {}}}, steps: [{setWeight: 1}]}}")},
                 {.start = {}, .behaviour = {}});
    ASSERT_FALSE(result.has_value());
    EXPECT_TRUE(result.error().text().contains("a/b")) << result.error().text();
}

struct RoutedCase
{
    const char *name;
    const char *routing;
};
class EveryRouter : public testing::TestWithParam<RoutedCase>
{
};
TEST_P(EveryRouter, TakesAnUpdateThroughItsSteps)
{
    const Simulation simulation =
        simulated(std::string("{canary: {stableService: s, canaryService: c, trafficRouting: ") + GetParam().routing
                  + ", steps: [{setWeight: 20}, {pause: {}}, {setWeight: 60}, {pause: {duration: 30}}]}}");
    EXPECT_EQ(weights(simulation), (std::vector{0, 20, 60, 100, 0})) << textOf(simulation);
    EXPECT_EQ(simulation.phase, "Healthy") << textOf(simulation);
}
INSTANTIATE_TEST_SUITE_P(
    Routers, EveryRouter,
    testing::Values(
        RoutedCase{"Nginx", "{nginx: {stableIngresses: [i, j]}}"},
        RoutedCase{"Istio", "{istio: {virtualService: {name: v, routes: [a, b]}}}"},
        RoutedCase{"IstioStreams",
                   "{istio: {virtualService: {name: v, tlsRoutes: [{port: 443, sniHosts: [a]}], tcpRoutes: "
                   "[{port: 1}]}}}"},
        RoutedCase{"IstioSubsets", "{istio: {virtualServices: [{name: v}, {name: w}], destinationRule: {name: d, "
                                   "canarySubsetName: canary, stableSubsetName: stable}}}"},
        RoutedCase{"Alb", "{alb: {ingress: i, servicePort: 80, rootService: r}}"},
        RoutedCase{"Smi", "{smi: {trafficSplitName: t}}"}, RoutedCase{"Ambassador", "{ambassador: {mappings: [m, o]}}"},
        RoutedCase{"AppMesh",
                   "{appMesh: {virtualService: {name: v}, virtualNodeGroup: {canaryVirtualNodeRef: {name: nc}, "
                   "stableVirtualNodeRef: {name: ns}}}}"},
        RoutedCase{"Traefik", "{traefik: {weightedTraefikServiceName: t}}"},
        RoutedCase{"Apisix", "{apisix: {route: {name: r, rules: [x]}}}"},
        RoutedCase{"GatewayApi",
                   "{plugins: {argoproj-labs/gatewayAPI: {httpRoute: h, grpcRoutes: [{name: g}], tcpRoute: t, "
                   "tlsRoute: l}}}"},
        RoutedCase{"SeveralAtOnce", "{nginx: {stableIngress: i}, istio: {virtualService: {name: v}}, smi: {}, traefik: "
                                    "{weightedTraefikServiceName: t}}"}),
    [](const auto &row) { return std::string(row.param.name); });

/// A namespace with Services s and c, an Ingress, and the Rollout "demo", which is reconciled until it rests.
class Namespace
{
public:
    explicit Namespace(const std::string &strategy, int replicas = 4)
    {
        for (const char *service : {"s", "c"})
            put(std::string("apiVersion: v1\nkind: Service\nmetadata: {name: ") + service
                + ", namespace: shop}\nspec: {selector: {app: demo}}\n");
        put("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, namespace: shop}\nspec: {rules: "
            "[{http: "
            "{paths: [{backend: {service: {name: s}}}]}}]}\n");
        m_cluster.put(rolloutWith(strategy, replicas), m_now);
    }

    void put(const std::string &yaml) { m_cluster.put(Object(*object::parseYaml(yaml)), m_now); }
    void patch(const std::string &yaml)
    {
        m_cluster.mergePatch({"argoproj.io", "Rollout", "shop", "demo"}, *object::parseYaml(yaml), m_now);
    }
    void moveClock(std::int64_t seconds) { m_now = m_now.plusSeconds(seconds); }
    Decision decide() const { return reconcile(m_cluster.observe("demo"), Options(), m_now); }
    /// Passes at this moment, and later ones up to \p seconds from now.
    void settle(std::int64_t seconds)
    {
        const Moment end = m_now.plusSeconds(seconds);
        for (int pass = 0; pass < 500; ++pass) {
            const bool isChanged = m_cluster.runControllers(m_now);
            m_last = decide();
            ASSERT_TRUE(m_cluster.apply(m_last, m_now).has_value());
            if ((!m_last.acts.empty() && m_last.failure.empty()) || isChanged)
                continue;
            std::optional<Moment> next = m_cluster.nextEvent(m_now);
            if (m_last.lookAgain && (!next || *m_last.lookAgain < *next))
                next = m_last.lookAgain;
            if (!next || *next > end)
                return;
            m_now = *next;
        }
        FAIL() << "does not come to rest";
    }
    Rollout rollout() const { return m_cluster.observe("demo").rollout; }
    int replicas(const std::string &hash) const
    {
        for (const ReplicaSet &set : m_cluster.observe("demo").replicaSets) {
            if (set.hash == hash)
                return set.replicas;
        }
        return 0;
    }
    std::string conditionMessage(std::string_view type) const
    {
        const Rollout current = rollout();
        const Condition *found = current.status.condition(type);
        return found ? found->message : "";
    }
    const Decision &last() const { return m_last; }
    VirtualCluster &cluster() { return m_cluster; }
    Moment now() const { return m_now; }

private:
    VirtualCluster m_cluster{VirtualBehaviour()};
    Moment m_now = Moment::ofSeconds(1'700'000'000);
    Decision m_last;
};

const char *const kNginx = "{canary: {stableService: s, canaryService: c, trafficRouting: {nginx: {stableIngress: i}}, "
                           "steps: [{setWeight: 20}, "
                           "{pause: {}}, {setWeight: 60}]}}";
const char *const kUpdate = "spec: {template: {metadata: {annotations: {v: '2'}}}}";

TEST(BadState, OfARouterObjectThatIsGoneIsSaidAndHealsWhenItReturns)
{
    Namespace shop(kNginx);
    shop.settle(60);
    shop.patch(kUpdate);
    shop.settle(60);
    EXPECT_EQ(shop.rollout().status.canary.weights->canary.weight, 20);
    const object::ObjectKey key{"networking.k8s.io", "Ingress", "shop", "i"};
    const Object ingress = *shop.cluster().find(key);
    ASSERT_TRUE(
        shop.cluster()
            .apply(
                {.acts = {Write{
                     .verb = Verb::Delete, .gvk = {"networking.k8s.io", "v1", "Ingress"}, .ns = "shop", .name = "i"}}},
                {})
            .has_value());
    shop.settle(60);
    EXPECT_EQ(
        shop.conditionMessage("InvalidSpec"),
        "The Rollout \"demo\" is invalid: spec.strategy.canary.trafficRouting.nginx.stableIngress: Invalid value: "
        "\"i\": ingress.networking.k8s.io \"i\" not found");
    EXPECT_EQ(shop.rollout().status.phase, "Degraded");
    shop.cluster().put(ingress, Moment::ofSeconds(1'700'000'100));
    shop.settle(60);
    EXPECT_EQ(shop.conditionMessage("InvalidSpec"), "");
    EXPECT_EQ(shop.rollout().status.phase, "Paused");
}

TEST(ProgressDeadline, OfTheGreatestNumberIsFarAway)
{
    Namespace shop(kNginx);
    shop.settle(60);
    shop.patch("spec: {progressDeadlineSeconds: 2147483647, template: {metadata: {annotations: {v: '2'}}}}");
    shop.settle(0);
    EXPECT_EQ(shop.rollout().status.phase, "Progressing");
    ASSERT_TRUE(shop.last().lookAgain.has_value());
    EXPECT_GT(*shop.last().lookAgain, shop.now().plusSeconds(2'000'000'000));
}

TEST(BadState, OfAStepThatIsNoneGivesTheCanaryNothing)
{
    for (const char *index : {"-2147483648", "-1", "2147483647"}) {
        Namespace shop(kNginx);
        shop.settle(60);
        shop.patch(kUpdate);
        shop.settle(60);
        shop.patch(std::string("status: {currentStepIndex: ") + index + "}");
        EXPECT_EQ(shop.decide().failure, "") << index;
    }
}

TEST(BadState, OfARouterObjectEditedByHandIsPutRight)
{
    Namespace shop(kNginx);
    shop.settle(60);
    shop.patch(kUpdate);
    shop.settle(60);
    const object::ObjectKey key{"networking.k8s.io", "Ingress", "shop", "demo-i-canary"};
    ASSERT_NE(shop.cluster().find(key), nullptr);
    shop.cluster().mergePatch(
        key, *object::parseYaml("metadata: {annotations: {nginx.ingress.kubernetes.io/canary-weight: '99'}}"), {});
    shop.settle(0);
    EXPECT_EQ(shop.cluster().find(key)->annotation("nginx.ingress.kubernetes.io/canary-weight"), "20");
}

TEST(BadState, OfAMissingRouterObjectIsTriedAgainAtLeisure)
{
    Namespace shop(
        "{canary: {stableService: s, canaryService: c, trafficRouting: {traefik: {weightedTraefikServiceName: t}}}}");
    shop.settle(60);
    const Decision decision = shop.decide();
    EXPECT_EQ(decision.failure, "traefikservices.traefik.containo.us \"t\" not found");
    ASSERT_TRUE(decision.lookAgain.has_value());
    EXPECT_GE(decision.lookAgain->milliseconds - shop.now().milliseconds, 10'000);
}

TEST(BadState, OfAForeignRouterObjectStopsThePassAndTouchesNothing)
{
    Namespace shop(kNginx);
    shop.put("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: demo-i-canary, namespace: shop}\nspec: "
             "{}\n");
    shop.settle(60);
    EXPECT_EQ(shop.last().failure, "canary ingress `demo-i-canary` controlled by different object");
    EXPECT_TRUE(std::ranges::contains(shop.last().events(), "TrafficRoutingError", &Event::reason));
    EXPECT_FALSE(shop.cluster()
                     .find({"networking.k8s.io", "Ingress", "shop", "demo-i-canary"})
                     ->annotation("nginx.ingress.kubernetes.io/canary")
                     .has_value());
}

TEST(BadState, OfWeightsOutOfRangeIsRefused)
{
    Namespace shop("{canary: {steps: [{setWeight: 120}]}}");
    shop.settle(60);
    EXPECT_TRUE(shop.conditionMessage("InvalidSpec").ends_with("SetWeight needs to be between 0 and 100"));
    EXPECT_EQ(shop.rollout().status.phase, "Degraded");
    EXPECT_TRUE(shop.cluster().observe("demo").replicaSets.empty());
}

TEST(BadState, OfAnUnknownStepIsShownAndNotDone)
{
    Namespace shop("{canary: {steps: [{setWeight: 50}]}}");
    shop.settle(60);
    const std::string stable = shop.rollout().status.stableRs;
    shop.patch("spec: {strategy: {canary: {steps: [{shiftEverything: {now: true}}]}}}");
    shop.patch(kUpdate);
    shop.settle(600);
    EXPECT_TRUE(
        shop.conditionMessage("InvalidSpec").starts_with("The Rollout \"demo\" is invalid: spec.strategy.steps[0]:"));
    EXPECT_EQ(shop.rollout().status.stableRs, stable);
    EXPECT_EQ(textOf(shop.rollout().canary->steps.at(0)), "invalid");
    EXPECT_EQ(shop.replicas(stable), 4);
}

TEST(BadState, OfAStepWithAnUnknownPartIsNotDoneAsItsKnownOne)
{
    Namespace shop("{canary: {steps: [{setWeight: 50, shiftEverything: {now: true}}]}}");
    shop.settle(60);
    EXPECT_TRUE(
        shop.conditionMessage("InvalidSpec").starts_with("The Rollout \"demo\" is invalid: spec.strategy.steps[0]:"));
    EXPECT_TRUE(shop.cluster().observe("demo").replicaSets.empty());
}

TEST(WorkloadReference, HasTheGenerationOfItsWorkloadWrittenWhateverChangedThere)
{
    const auto generations = [](const std::string &stored) {
        const Value rollout = object::parseYaml("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: "
                                                "demo, namespace: shop, uid: u, annotations: "
                                                "{rollout.argoproj.io/workload-generation: '"
                                                + stored
                                                + "'}}\nspec:\n  replicas: 1\n  workloadRef: {apiVersion: apps/v1, "
                                                  "kind: Deployment, name: web}\n  strategy: {canary: {}}\n")
                                  .value();
        const Value workload = object::parseYaml("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, "
                                                 "namespace: shop, generation: 4}\nspec: {selector: {matchLabels: "
                                                 "{app: web}}, template: {metadata: {labels: {app: web}}, spec: "
                                                 "{containers: [{name: a, image: 'x:1'}]}}}\n")
                                   .value();
        Observed observed;
        observed.rollout = readRollout(Object(rollout));
        observed.workload = Object(workload);
        std::vector<std::string> written;
        for (const Write &write : reconcile(observed, {}, Moment::ofSeconds(1'700'000'000)).writes()) {
            const Value generation =
                write.body.path({"metadata", "annotations", "rollout.argoproj.io/workload-generation"});
            if (write.verb == Verb::MergePatch && !generation.isNull())
                written.emplace_back(generation.stringOr());
        }
        return written;
    };

    EXPECT_EQ(generations("1"), std::vector<std::string>{"4"});
    EXPECT_EQ(generations("4"), std::vector<std::string>{});
}

TEST(WorkloadReference, LeavesNoGenerationWhereTheRolloutHasATemplateAgain)
{
    Namespace shop(kNginx);
    shop.settle(60);
    shop.patch("metadata: {annotations: {rollout.argoproj.io/workload-generation: '4'}}");
    shop.patch(kUpdate);

    shop.settle(60);

    EXPECT_FALSE(shop.rollout().object.annotation("rollout.argoproj.io/workload-generation"));
    EXPECT_EQ(shop.rollout().object.annotation("rollout.argoproj.io/revision"), "2");
}

TEST(BadState, OfNoReplicasGoesThroughAllSteps)
{
    for (const char *strategy : {kNginx, "{canary: {steps: [{setWeight: 20}, {setWeight: 60}]}}",
                                 "{blueGreen: {activeService: s, previewService: c}}"}) {
        Namespace shop(strategy, 0);
        shop.settle(60);
        shop.patch(kUpdate);
        shop.settle(60);
        shop.patch("status: {pauseConditions: null}");
        shop.settle(600);
        EXPECT_EQ(shop.rollout().status.stableRs, shop.rollout().status.currentPodHash) << strategy;
        EXPECT_EQ(shop.rollout().status.phase, "Healthy") << strategy << shop.rollout().status.message;
    }
}

TEST(BadState, OfAClockThatJumpsNeitherEndsAPauseEarlyNorNever)
{
    Namespace shop("{canary: {steps: [{setWeight: 50}, {pause: {duration: 100}}, {setWeight: 60}, {pause: {}}]}}");
    shop.settle(60);
    shop.patch(kUpdate);
    shop.settle(50);
    EXPECT_EQ(shop.rollout().stepIndex(), 1);
    shop.moveClock(-100'000);
    shop.settle(0);
    EXPECT_EQ(shop.rollout().stepIndex(), 1);
    EXPECT_TRUE(shop.last().lookAgain.has_value());
    shop.moveClock(100'200);
    shop.settle(60);
    EXPECT_EQ(shop.rollout().stepIndex(), 3);
    shop.moveClock(100'000'000);
    shop.settle(0);
    EXPECT_EQ(shop.rollout().status.phase, "Paused");
}

TEST(BadState, OfStepsChangedInMidFlightStartsThemAgain)
{
    Namespace shop(kNginx);
    shop.settle(60);
    shop.patch(kUpdate);
    shop.settle(60);
    EXPECT_EQ(shop.rollout().stepIndex(), 1);
    shop.patch("spec: {strategy: {canary: {steps: [{setWeight: 5}, {pause: {}}, {setWeight: 90}, {pause: {}}]}}}");
    shop.settle(60);
    EXPECT_EQ(shop.rollout().stepIndex(), 1);
    EXPECT_EQ(shop.rollout().status.canary.weights->canary.weight, 5);
    shop.patch("spec: {strategy: {canary: {steps: null}}}");
    shop.settle(600);
    EXPECT_EQ(shop.rollout().status.stableRs, shop.rollout().status.currentPodHash);
}

TEST(BadState, OfAServiceOfAnotherRolloutIsRefused)
{
    Namespace shop(kNginx);
    shop.cluster().mergePatch(
        {"", "Service", "shop", "c"},
        *object::parseYaml("metadata: {annotations: {argo-rollouts.argoproj.io/managed-by-rollouts: other}}"), {});
    shop.settle(60);
    EXPECT_EQ(
        shop.conditionMessage("InvalidSpec"),
        "The Rollout \"demo\" is invalid: spec.strategy.canary.canaryService: Invalid value: \"c\": Service \"c\" is "
        "managed by another Rollout");
}

} // namespace
} // namespace tiphys::rollout
