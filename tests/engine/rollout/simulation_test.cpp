// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/simulate/simulation.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <algorithm>

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
    const Expected<Simulation> simulation =
        simulatedExperiment("{name: m, count: 1, provider: {web: {url: 'http://a'}}}", {.failedTemplates = {"quality"}});
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
    EXPECT_EQ(simulation->invented, (std::vector<std::string>{"AnalysisTemplate.argoproj.io quality in namespace shop"}));
}

TEST(SimulatedRouter, ComesToRestWithAHeaderRouteOfApisix)
{
    const Expected<Simulation> simulation = simulate(
        {rolloutWith("{stableService: s, canaryService: c, trafficRouting: {managedRoutes: [{name: h}], apisix: {route: "
                     "{name: r, rules: [main]}}}, steps: [{setWeight: 20}, {setHeaderRoute: {name: h, match: [{headerName: "
                     "X-Try, headerValue: {exact: 'yes'}}]}}, {pause: {duration: 30}}, {setHeaderRoute: {name: h}}, "
                     "{setWeight: 60}]}")},
        {.start = Moment::ofSeconds(kStart), .behaviour = {}});
    ASSERT_TRUE(simulation) << simulation.error().text();
    EXPECT_EQ(simulation->phase, "Healthy") << textOf(*simulation);
}

} // namespace
} // namespace tiphys::rollout
