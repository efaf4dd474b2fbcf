// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "rollout/counts.h"
#include "rollout/lint.h"
#include "rollout/reconcile.h"
#include "rollout/simulate/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

Object rolloutWith(const std::string &strategy, int replicas = 4)
{
    const std::string text = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, uid: u}\n"
                             "spec:\n  replicas: "
                             + std::to_string(replicas)
                             + "\n  selector: {matchLabels: {app: demo}}\n  template:\n    metadata: {labels: {app: demo}}\n"
                               "    spec: {containers: [{name: a, image: 'x:1'}]}\n  strategy: "
                             + strategy + "\n";
    const Expected<Value> value = object::parseYaml(text);
    EXPECT_TRUE(value.has_value()) << text;
    return Object(value.value_or(Value()));
}

Simulation simulated(const std::string &strategy, SimulationOptions options = {.start = Moment::ofSeconds(1'700'000'000), .behaviour = {}})
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

TEST(CanaryUpdate, EmitsTheControllersEventsInOrder)
{
    const Simulation simulation =
        simulated("{canary: {maxSurge: 1, maxUnavailable: 0, steps: [{setWeight: 50}, {pause: {}}]}}");
    const std::vector<std::string> wanted{
        "RolloutUpdated",       "NewReplicaSetCreated", "RolloutNotCompleted", "ScalingReplicaSet", "ScalingReplicaSet",
        "ScalingReplicaSet",    "ScalingReplicaSet",    "RolloutStepCompleted", "RolloutPaused",    "RolloutStepCompleted",
        "ScalingReplicaSet",    "ScalingReplicaSet",    "ScalingReplicaSet",   "ScalingReplicaSet", "RolloutCompleted"};
    std::vector<std::string> found = reasons(simulation);
    // When the last stable pod goes is not of interest here.
    std::erase(found, "ScalingReplicaSet");
    std::vector<std::string> expected = wanted;
    std::erase(expected, "ScalingReplicaSet");
    EXPECT_EQ(found, expected) << textOf(simulation);
    EXPECT_EQ(simulation.phase, "Healthy") << textOf(simulation);
}

TEST(CanaryUpdate, MovesTrafficThroughItsStepsWithNginx)
{
    const Simulation simulation = simulated(
        "{canary: {stableService: s, canaryService: c, trafficRouting: {nginx: {stableIngress: i}}, steps: [{setWeight: "
        "20}, {pause: {}}, {setWeight: 60}, {analysis: {templates: [{templateName: t}]}}, {pause: {duration: 30}}]}}");
    EXPECT_EQ(weights(simulation), (std::vector{0, 20, 60, 100, 0})) << textOf(simulation);
    EXPECT_EQ(simulation.phase, "Healthy") << textOf(simulation);
}

TEST(CanaryUpdate, GoesBackWhenItsAnalysisFails)
{
    SimulationOptions options{.start = Moment::ofSeconds(1'700'000'000), .behaviour = {}};
    options.behaviour.failedTemplates = {"t"};
    const Simulation simulation = simulated(
        "{canary: {stableService: s, canaryService: c, trafficRouting: {nginx: {stableIngress: i}}, steps: [{setWeight: "
        "20}, {analysis: {templates: [{templateName: t}]}}]}}",
        options);
    EXPECT_EQ(simulation.phase, "Degraded") << textOf(simulation);
    EXPECT_TRUE(simulation.message.starts_with("RolloutAborted: Rollout aborted update to revision 2")) << simulation.message;
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

TEST(UnsupportedRouter, IsNamed)
{
    const Expected<Simulation> result =
        simulate({rolloutWith("{canary: {trafficRouting: {plugins: {a/b: {}}}, steps: [{setWeight: 1}]}}")},
                 {.start = {}, .behaviour = {}});
    ASSERT_FALSE(result.has_value());
    EXPECT_TRUE(result.error().text().contains("a/b")) << result.error().text();
}

struct LintCase
{
    const char *name;
    const char *strategy;
    const char *text;
};
class Lint : public testing::TestWithParam<LintCase> {};
TEST_P(Lint, SaysWhatTheControllerSays)
{
    const Expected<FieldErrors> errors = lint({rolloutWith(GetParam().strategy)});
    ASSERT_TRUE(errors.has_value());
    ASSERT_FALSE(errors->empty());
    EXPECT_EQ(errors->front().text(), GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(
    Spec, Lint,
    testing::Values(
        LintCase{"NoStrategy", "{}",
                 "spec.strategy.strategy: Required value: Rollout has missing field '.spec.strategy.canary or "
                 ".spec.strategy.blueGreen'"},
        LintCase{"TwoStrategies", "{canary: {}, blueGreen: {activeService: a}}",
                 "spec.strategy.strategy: Invalid value: \"blueGreen: true canary: true\": Multiple Strategies can not be "
                 "listed"},
        LintCase{"NoSurge", "{canary: {maxSurge: 0, maxUnavailable: 0}}",
                 "spec.strategy.maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero"},
        LintCase{"Weight", "{canary: {steps: [{setWeight: 101}]}}",
                 "spec.strategy.steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100"},
        LintCase{"UnknownStep", "{canary: {steps: [{}]}}",
                 "spec.strategy.steps[0]: Invalid value: \"step.Experiment: true step.Pause: true step.SetWeight: true "
                 "step.Analysis: true step.SetCanaryScale: true step.SetHeaderRoute: true step.SetMirrorRoute: true "
                 "step.Plugin: true\": Step must have one of the following set: experiment, setWeight, setCanaryScale, "
                 "plugin or pause"},
        LintCase{"Services", "{canary: {trafficRouting: {nginx: {stableIngress: i}}}}",
                 "spec.strategy.stableService: Invalid value: \"\": Canary service and Stable service must to be set to use "
                 "Traffic Routing"},
        LintCase{"ScaleDelay", "{canary: {scaleDownDelaySeconds: 1}}",
                 "spec.strategy.scaleDownDelaySeconds: Invalid value: 1: Canary scaleDownDelaySeconds can only be used with "
                 "traffic routing"},
        LintCase{"SameServices", "{blueGreen: {activeService: a, previewService: a}}",
                 "spec.strategy.activeService: Invalid value: \"a\": This rollout uses the same service for the active and "
                 "preview services, but two different services are required."}),
    [](const auto &row) { return row.param.name; });

TEST(LintOfAFile, RefusesFieldsThatARolloutLacks)
{
    const Expected<FieldErrors> errors = lint({rolloutWith("{canary: {steps: [{setWeigth: 1}]}}")});
    ASSERT_FALSE(errors.has_value());
    EXPECT_TRUE(errors.error().message().ends_with("json: unknown field \"setWeigth\"")) << errors.error().message();
}

/// Random strategies, acts of people and failing pods under a virtual clock: what must always hold.
class RandomWalk
{
public:
    explicit RandomWalk(unsigned seed) : m_random(seed), m_cluster({}) {}

    void run()
    {
        const int replicas = 1 + pick(6);
        m_rollout = rolloutWith(strategy(), replicas);
        for (const char *service : {"s", "c"}) {
            const Expected<Value> value = object::parseYaml(std::string("apiVersion: v1\nkind: Service\nmetadata: {name: ")
                                                            + service + ", namespace: shop}\nspec: {selector: {app: demo}}\n");
            m_cluster.put(Object(*value), m_now);
        }
        const Expected<Value> ingress = object::parseYaml(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, namespace: shop}\nspec: {rules: [{http: "
            "{paths: [{backend: {service: {name: s}}}]}}]}\n");
        m_cluster.put(Object(*ingress), m_now);
        m_cluster.put(m_rollout, m_now);
        settle();
        for (int act = 0; act < 12 && !testing::Test::HasFailure(); ++act) {
            disturb();
            settle();
        }
    }

private:
    int pick(int below) { return static_cast<int>(m_random() % static_cast<unsigned>(below)); }

    std::string strategy()
    {
        if (pick(4) == 0)
            return std::string("{blueGreen: {activeService: s, previewService: c, scaleDownDelaySeconds: ")
                   + std::to_string(pick(40)) + (pick(2) ? ", autoPromotionEnabled: false" : "") + "}}";
        std::string steps;
        for (int i = 0, count = pick(5); i < count; ++i) {
            const int kind = pick(3);
            steps += (i ? ", " : "")
                     + (kind == 0   ? "{setWeight: " + std::to_string(pick(101)) + "}"
                        : kind == 1 ? std::string("{pause: {}}")
                                    : "{pause: {duration: " + std::to_string(pick(100)) + "}}");
        }
        m_isRouted = pick(2) == 0;
        m_isDynamic = m_isRouted && pick(3) == 0;
        const std::string routing =
            m_isRouted ? "stableService: s, canaryService: c, trafficRouting: {nginx: {stableIngress: i}}, " : "";
        return "{canary: {" + routing + (m_isDynamic ? "dynamicStableScale: true, " : "") + "maxSurge: "
               + std::to_string(1 + pick(2)) + ", maxUnavailable: " + std::to_string(pick(2)) + ", steps: [" + steps + "]}}";
    }

    void disturb()
    {
        const object::ObjectKey key{"argoproj.io", "Rollout", "shop", "demo"};
        const auto patch = [&](const std::string &yaml) { m_cluster.mergePatch(key, *object::parseYaml(yaml), m_now); };
        switch (pick(6)) {
        case 0:
        case 1: patch("spec: {template: {metadata: {annotations: {v: '" + std::to_string(pick(5)) + "'}}}}"); break;
        case 2: patch("status: {pauseConditions: null}"); break;
        case 3: patch("status: {abort: true}"); break;
        case 4: patch("status: {abort: false}"); break;
        default: patch("status: {promoteFull: true}"); break;
        }
        m_wasReset = true;
    }

    void check(const Rollout &before, const Decision &decision)
    {
        const Observed after = m_cluster.observe("demo");
        const Status &status = after.rollout.status;
        if (const auto &traffic = status.canary.weights) {
            EXPECT_EQ(traffic->canary.weight + traffic->stable.weight, 100);
        }
        const bool isSameUpdate = before.status.currentPodHash == status.currentPodHash;
        if (isSameUpdate && !status.abort && !m_wasReset && before.status.currentStepIndex && status.currentStepIndex) {
            EXPECT_GE(*status.currentStepIndex, *before.status.currentStepIndex);
        }
        const bool waits = std::ranges::any_of(status.pauseConditions, [&](const PauseCondition &pause) {
            const Step *step = after.rollout.currentStep();
            return pause.reason == "CanaryPauseStep" && step && step->pause && step->pause->duration;
        });
        if (waits && decision.isIdle()) {
            EXPECT_TRUE(decision.lookAgain.has_value());
        }
    }

    /// No write may take available pods below what is promised.
    void checkAvailability(const Observed &before, const Decision &decision)
    {
        if (!before.rollout.canary || m_isRouted || before.rollout.status.stableRs.empty())
            return;
        int available = 0;
        int left = 0;
        for (const ReplicaSet &replicaSet : before.replicaSets) {
            int wanted = replicaSet.replicas;
            for (const Write &write : decision.writes()) {
                if (write.name == replicaSet.name)
                    wanted = static_cast<int>(write.body.path({"spec", "replicas"}).intOr(wanted));
            }
            available += replicaSet.availableReplicas;
            left += std::min(wanted, replicaSet.availableReplicas);
        }
        const int promised = before.rollout.desiredReplicas() - maxUnavailableOf(before.rollout);
        if (left < available) {
            EXPECT_GE(left, promised);
        }
    }

    void settle()
    {
        for (int pass = 0; pass < 3000; ++pass) {
            const bool isChanged = m_cluster.runControllers(m_now);
            const Observed observed = m_cluster.observe("demo");
            const Decision decision = reconcile(observed, Options(), m_now);
            const Decision again = reconcile(observed, Options(), m_now);
            ASSERT_EQ(decision.acts, again.acts) << "the same state, another plan";
            checkAvailability(observed, decision);
            ASSERT_TRUE(m_cluster.apply(decision, m_now).has_value());
            ASSERT_EQ(decision.failure, "");
            check(observed.rollout, decision);
            m_wasReset = false;
            if (!decision.acts.empty() || isChanged)
                continue;
            std::optional<Moment> next = m_cluster.nextEvent(m_now);
            if (decision.lookAgain && (!next || *decision.lookAgain < *next))
                next = decision.lookAgain;
            if (!next)
                return;
            m_now = *next;
        }
        FAIL() << "does not come to rest";
    }

    std::minstd_rand m_random;
    VirtualCluster m_cluster;
    Object m_rollout;
    Moment m_now = Moment::ofSeconds(1'700'000'000);
    bool m_isRouted = false;
    bool m_isDynamic = false;
    bool m_wasReset = false;
};

TEST(RandomRollouts, KeepTheirPromises)
{
    for (unsigned seed = 1; seed <= 150 && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomWalk(seed).run();
    }
}

} // namespace
} // namespace tiphys::rollout
