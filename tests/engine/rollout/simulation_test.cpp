// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/simulate/simulation.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

constexpr std::int64_t kStart = 1'700'000'000;

Object objectOf(const std::string &yaml)
{
    const Expected<Value> value = object::parseYaml(yaml);
    EXPECT_TRUE(value.has_value()) << yaml;
    return Object(value.value_or(Value()));
}

Object rolloutWith(const std::string &canary)
{
    return objectOf("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, uid: u}\n"
                    "spec:\n  replicas: 2\n  selector: {matchLabels: {app: demo}}\n  template:\n"
                    "    metadata: {labels: {app: demo}}\n    spec: {containers: [{name: a, image: 'x:1'}]}\n"
                    "  strategy: {canary: "
                    + canary + "}\n");
}

Object templateWith(const std::string &name, const std::string &metrics)
{
    return objectOf("apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: " + name
                    + ", namespace: shop}\nspec: {metrics: [" + metrics + "]}\n");
}

bool hasEvent(const Simulation &simulation, std::string_view reason)
{
    return std::ranges::any_of(simulation.passes, [reason](const SimulatedPass &pass) {
        const std::vector<Event> events = pass.decision.events();
        return std::ranges::contains(events, reason, &Event::reason);
    });
}

std::int64_t seconds(const Simulation &simulation)
{
    return simulation.passes.back().time.timestamp().seconds - kStart;
}

const char *const kExperiment =
    "{steps: [{experiment: {templates: [{name: base, specRef: stable}, {name: next, specRef: canary}], "
    "analyses: [{name: check, templateName: quality, requiredForCompletion: true}]}}, {setWeight: 50}]}";

Expected<Simulation> simulatedExperiment(const std::string &metrics, VirtualBehaviour behaviour = {})
{
    return simulate({rolloutWith(kExperiment), templateWith("quality", metrics)},
                    {.start = Moment::ofSeconds(kStart), .behaviour = std::move(behaviour)});
}

TEST(SimulatedExperiment, LastsAsLongAsTheAnalysisThatItNeeds)
{
    const Expected<Simulation> short_ = simulatedExperiment("{name: m, count: 1, provider: {web: {url: 'http://a'}}}");
    const Expected<Simulation> long_ =
        simulatedExperiment("{name: m, count: 10, interval: 60s, provider: {web: {url: 'http://a'}}}");
    ASSERT_TRUE(short_) << short_.error().text();
    ASSERT_TRUE(long_) << long_.error().text();
    EXPECT_EQ(short_->phase, "Healthy") << textOf(*short_);
    EXPECT_EQ(long_->phase, "Healthy") << textOf(*long_);
    EXPECT_GE(seconds(*long_) - seconds(*short_), 540);
}

TEST(SimulatedExperiment, LeavesTheCountsToTheReplicaSetsOfTheRollout)
{
    const Expected<Simulation> simulation =
        simulatedExperiment("{name: m, count: 1, provider: {web: {url: 'http://a'}}}");
    ASSERT_TRUE(simulation) << simulation.error().text();
    const auto isDone = [](const SimulatedPass &pass) { return pass.step == 1; };
    const auto afterwards = std::ranges::find_if(simulation->passes, isDone);
    ASSERT_NE(afterwards, simulation->passes.end()) << textOf(*simulation);
    EXPECT_EQ(afterwards->newReplicas, 0) << textOf(*simulation);
    EXPECT_EQ(afterwards->stableReplicas, 2) << textOf(*simulation);
}

TEST(SimulatedExperiment, AbortsTheUpdateWhereItsAnalysisFails)
{
    const Expected<Simulation> simulation = simulatedExperiment(
        "{name: m, count: 1, provider: {web: {url: 'http://a'}}}", {.failedTemplates = {"quality"}});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Degraded") << textOf(*simulation);
    EXPECT_TRUE(hasEvent(*simulation, "RolloutAborted")) << textOf(*simulation);
}

TEST(SimulatedExperiment, MakesUpTheTemplateOfItsAnalysis)
{
    const Expected<Simulation> simulation =
        simulate({rolloutWith(kExperiment)}, {.start = Moment::ofSeconds(kStart), .behaviour = {}});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Healthy") << textOf(*simulation);
    EXPECT_EQ(simulation->invented,
              (std::vector<std::string>{"AnalysisTemplate.argoproj.io quality in namespace shop"}));
}

Expected<Simulation> simulatedAnalysis(const std::string &metrics, const std::string &more = "",
                                       std::set<std::string> failed = {})
{
    return simulate({rolloutWith("{steps: [{analysis: {templates: [{templateName: quality}]" + more + "}}]}"),
                     templateWith("quality", metrics)},
                    {.start = Moment::ofSeconds(kStart), .behaviour = {.failedTemplates = std::move(failed)}});
}

/// Seconds from the start to the first event of \p reason; -1 if there is none.
std::int64_t secondsTo(const Simulation &simulation, std::string_view reason)
{
    for (const SimulatedPass &pass : simulation.passes) {
        const std::vector<Event> events = pass.decision.events();
        if (std::ranges::contains(events, reason, &Event::reason))
            return pass.time.timestamp().seconds - kStart;
    }
    return -1;
}

TEST(SimulatedAnalysis, FailsOnceItsLimitIsPassed)
{
    const Expected<Simulation> simulation = simulatedAnalysis(
        "{name: m, count: 5, interval: 20s, failureLimit: 2, provider: {web: {url: 'http://a'}}}", "", {"quality"});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Degraded") << textOf(*simulation);
    EXPECT_TRUE(simulation->message.ends_with("Metric \"m\" assessed Failed due to failed (3) > failureLimit (2)"))
        << simulation->message;
    EXPECT_GE(secondsTo(*simulation, "AnalysisRunFailed"), 50) << textOf(*simulation);
}

TEST(SimulatedAnalysis, GoesOnWhereAMetricFailsInADryRun)
{
    const Expected<Simulation> simulation = simulatedAnalysis("{name: m, count: 1, provider: {web: {url: 'http://a'}}}",
                                                              ", dryRun: [{metricName: m}]", {"quality"});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Healthy") << textOf(*simulation);
}

TEST(SimulatedAnalysis, EndsAfterAsManySuccessesInARowAsAreWanted)
{
    const Expected<Simulation> simulation = simulatedAnalysis(
        "{name: m, count: 100, interval: 60s, consecutiveSuccessLimit: 3, provider: {web: {url: 'http://a'}}}");
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Healthy") << textOf(*simulation);
    const std::int64_t end = secondsTo(*simulation, "AnalysisRunSuccessful");
    EXPECT_GE(end, 120) << textOf(*simulation);
    EXPECT_LT(end, 180) << textOf(*simulation);
}

TEST(SimulatedAnalysis, CountsMetricsWhoseNamesHaveArguments)
{
    const auto simulated = [](std::set<std::string> failed) {
        const Object analysis = objectOf(
            "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: quality, namespace: shop}\n"
            "spec: {args: [{name: x, value: latency}], metrics: [{name: '{{args.x}}', count: 1, "
            "provider: {web: {url: 'http://a'}}}]}\n");
        return simulate({rolloutWith("{steps: [{analysis: {templates: [{templateName: quality}]}}]}"), analysis},
                        {.start = Moment::ofSeconds(kStart), .behaviour = {.failedTemplates = std::move(failed)}});
    };
    const Expected<Simulation> good = simulated({});
    const Expected<Simulation> bad = simulated({"quality"});
    ASSERT_TRUE(good) << good.error().text();
    EXPECT_EQ(good->phase, "Healthy") << textOf(*good);
    ASSERT_TRUE(bad) << bad.error().text();
    EXPECT_EQ(bad->phase, "Degraded") << textOf(*bad);
    EXPECT_TRUE(bad->message.contains("Metric \"latency\" assessed Failed")) << bad->message;
}

TEST(SimulatedAnalysis, SaysWhatIsWrongWithItsMetrics)
{
    struct Case
    {
        std::string metrics;
        std::string more;
        std::string message;
    };
    const std::vector<Case> cases{
        {"{name: m, count: 5, provider: {web: {url: 'http://a'}}}", "",
         "Analysis spec invalid: metrics[0]: interval must be specified when count > 1"},
        {"{name: m, count: 1, provider: {foo: {}}}", "", "Analysis spec invalid: metrics[0]: no provider specified"},
        {"{name: m, count: 1, provider: {web: {url: 'http://a'}}}", ", dryRun: [{metricName: z}]",
         "Analysis spec invalid: dryRun[0]: Rule didn't match any metric name(s)"},
        {"{name: m, count: 1, provider: {plugin: {a/b: {}}}}", "", "metric plugins are not supported: a/b"},
        {"{name: m, count: 1, successCondition: 'result >', provider: {web: {url: 'http://a'}}}", "",
         "consecutiveErrors (5) > consecutiveErrorLimit (4)"}};
    for (const Case &row : cases) {
        const Expected<Simulation> simulation = simulatedAnalysis(row.metrics, row.more);
        ASSERT_TRUE(simulation) << simulation.error().text();
        EXPECT_EQ(simulation->phase, "Degraded") << row.metrics;
        EXPECT_TRUE(simulation->message.contains(row.message)) << simulation->message;
    }
}

TEST(SimulatedAnalysis, LastsInTheBackgroundForAsLongAsTheUpdate)
{
    const Expected<Simulation> simulation = simulate(
        {rolloutWith(
             "{analysis: {templates: [{templateName: quality}]}, steps: [{setWeight: 50}, {pause: {duration: 720h}}]}"),
         templateWith("quality", "{name: m, interval: 10s, provider: {web: {url: 'http://a'}}}")},
        {.start = Moment::ofSeconds(kStart), .behaviour = {}});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Healthy") << textOf(*simulation);
    EXPECT_GE(seconds(*simulation), 720 * 3600);
}

TEST(SimulatedUpdate, RefusesMorePodsThanItCanFollow)
{
    const SimulationOptions options{.start = Moment::ofSeconds(kStart), .behaviour = {}};
    const Value small = rolloutWith("{steps: [{setWeight: 50}]}").value();
    const Expected<Simulation> most = simulate({Object(small.withPath({"spec", "replicas"}, 100'000))}, options);
    const Expected<Simulation> large = simulate({Object(small.withPath({"spec", "replicas"}, 30'000'000))}, options);
    const Expected<Simulation> canary =
        simulate({rolloutWith("{canaryService: c, stableService: s, trafficRouting: {nginx: {stableIngress: i}}, "
                              "steps: [{setCanaryScale: {replicas: 30000000}}]}")},
                 options);
    ASSERT_TRUE(most) << most.error().text();
    EXPECT_EQ(most->phase, "Healthy");
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().message(), "spec.replicas is 30000000: at most 100000 are simulated");
    ASSERT_FALSE(canary);
    EXPECT_TRUE(canary.error().message().contains("is 30000000: at most 100000 are simulated"))
        << canary.error().message();
}

TEST(SimulatedUpdate, NamesTheStepPluginThatItCannotRun)
{
    const Expected<Simulation> simulation =
        simulate({rolloutWith("{steps: [{setWeight: 50}, {plugin: {name: 'org/gate', config: {a: b}}}]}")},
                 {.start = Moment::ofSeconds(kStart), .behaviour = {}});
    ASSERT_FALSE(simulation);
    EXPECT_EQ(simulation.error().message(),
              "spec.strategy.canary.steps[1].plugin: step plugin 'org/gate' cannot be simulated");
}

TEST(SimulatedUpdate, NamesTheRolloutsThatItLeavesOut)
{
    const Object rollout = rolloutWith("{steps: [{setWeight: 50}]}");
    const Object other(rollout.value().withPath({"metadata", "name"}, Value("other")));
    const Expected<Simulation> simulation =
        simulate({rollout, other}, {.start = Moment::ofSeconds(kStart), .behaviour = {}});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->leftOut, (std::vector<std::string>{"Rollout.argoproj.io other in namespace shop"}));
    EXPECT_TRUE(textOf(*simulation).contains("left out: Rollout.argoproj.io other in namespace shop\n"));
}

TEST(SimulatedUpdate, TakesServicesOfALivingRolloutAsTheyWereBefore)
{
    const Object rollout =
        objectOf("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, uid: u}\n"
                 "spec:\n  replicas: 2\n  selector: {matchLabels: {app: demo}}\n  template:\n"
                 "    metadata: {labels: {app: demo}}\n    spec: {containers: [{name: a, image: 'x:1'}]}\n"
                 "  strategy: {blueGreen: {activeService: s, autoPromotionEnabled: false}}\n");
    const Object service = objectOf("apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop, annotations: "
                                    "{argo-rollouts.argoproj.io/managed-by-rollouts: demo}}\n"
                                    "spec: {selector: {app: demo, rollouts-pod-template-hash: '5'}}\n");
    const Expected<Simulation> simulation =
        simulate({rollout, service}, {.start = Moment::ofSeconds(kStart), .behaviour = {}, .promoteAfterSeconds = 0});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->message, "BlueGreenPause") << textOf(*simulation);
    // The revision before waits for nobody.
    EXPECT_FALSE(hasEvent(*simulation, "RolloutResumed")) << textOf(*simulation);
}

TEST(SimulatedRouter, ComesToRestWithAHeaderRouteOfApisix)
{
    const Expected<Simulation> simulation = simulate(
        {rolloutWith(
            "{stableService: s, canaryService: c, trafficRouting: {managedRoutes: [{name: h}], apisix: {route: "
            "{name: r, rules: [main]}}}, steps: [{setWeight: 20}, {setHeaderRoute: {name: h, match: [{headerName: "
            "X-Try, headerValue: {exact: 'yes'}}]}}, {pause: {duration: 30}}, {setHeaderRoute: {name: h}}, "
            "{setWeight: 60}]}")},
        {.start = Moment::ofSeconds(kStart), .behaviour = {}});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Healthy") << textOf(*simulation);
}

TEST(SimulatedRouter, ComesToRestWhereAHeaderRouteWaitsForPods)
{
    // While the canary has no pod the route is removed and set in one pass.
    const Expected<Simulation> simulation = simulate(
        {rolloutWith(
            "{stableService: s, canaryService: c, trafficRouting: {managedRoutes: [{name: h}], apisix: {route: "
            "{name: r, rules: [main]}}}, steps: [{setCanaryScale: {replicas: 1}, setHeaderRoute: {name: h, match: "
            "[{headerName: X-Try, headerValue: {exact: 'yes'}}]}}, {setWeight: 60}]}")},
        {.start = Moment::ofSeconds(kStart), .behaviour = {}});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Healthy") << textOf(*simulation);
    std::vector<Verb> verbs;
    for (const SimulatedPass &pass : simulation->passes) {
        for (const Write &write : pass.decision.writes()) {
            if (write.gvk.kind == "ApisixRoute" && write.name == "h")
                verbs.push_back(write.verb);
        }
    }
    EXPECT_EQ(verbs, (std::vector<Verb>{Verb::Create, Verb::Delete})) << textOf(*simulation);
}

} // namespace
} // namespace tiphys::rollout
