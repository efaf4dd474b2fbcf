// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/yaml.h"
#include "rollout/counts.h"
#include "rollout/reconcile.h"
#include "rollout/simulate/virtual_cluster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

constexpr int kActs = 8;
constexpr int kMostPasses = 3000;

/// A random Rollout under random acts of people, failing pods and steps of the clock. After each pass it is checked
/// what must always hold.
class RandomWalk
{
    enum class Router { None, Nginx, Istio };

public:
    explicit RandomWalk(unsigned seed) : m_random(seed) {}

    void run()
    {
        prepare();
        settle();
        for (int act = 0; act < kActs && !testing::Test::HasFailure(); ++act) {
            disturb();
            settle();
        }
        m_cluster.behaviour().brokenHashes.clear();
        if (!testing::Test::HasFailure())
            finish();
    }

    /// What was done, for the reader of a failure.
    const std::string &story() const { return m_story; }

private:
    int pick(int below) { return static_cast<int>(m_random() % static_cast<unsigned>(below)); }
    bool oneIn(int cases) { return pick(cases) == 0; }

    void put(const std::string &yaml)
    {
        const Expected<Value> value = object::parseYaml(yaml);
        ASSERT_TRUE(value.has_value()) << yaml;
        m_cluster.put(Object(*value), m_now);
    }

    void patch(const std::string &yaml)
    {
        const Expected<Value> value = object::parseYaml(yaml);
        ASSERT_TRUE(value.has_value()) << yaml;
        m_cluster.mergePatch({"argoproj.io", "Rollout", "shop", "demo"}, *value, m_now);
        m_story += yaml + "\n";
    }

    void prepare()
    {
        for (const char *service : {"s", "c"})
            put(std::string("apiVersion: v1\nkind: Service\nmetadata: {name: ") + service
                + ", namespace: shop}\nspec: {selector: {app: demo}}\n");
        put("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, namespace: shop}\nspec: {rules: "
            "[{http: "
            "{paths: [{backend: {service: {name: s}}}]}}]}\n");
        put("apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, namespace: shop}\nspec: "
            "{http: "
            "[{name: main, route: [{destination: {host: s}, weight: 100}, {destination: {host: c}}]}]}\n");
        put("apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: good, namespace: shop}\nspec: "
            "{metrics: [{name: g, provider: {web: {}}}]}\n");
        put("apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: bad, namespace: shop}\nspec: "
            "{metrics: [{name: b, provider: {web: {}}}]}\n");
        m_cluster.behaviour().failedTemplates = {"bad"};
        const std::string rollout =
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, uid: u}\nspec:\n"
            "  replicas: "
            + std::to_string(pick(8)) + "\n  minReadySeconds: " + std::to_string(pick(3) * 5)
            + "\n  progressDeadlineAbort: " + (oneIn(3) ? "true" : "false")
            + "\n  selector: {matchLabels: {app: demo}}\n  template:\n    metadata: {labels: {app: demo}}\n"
              "    spec: {containers: [{name: a, image: 'x:1', ports: [{containerPort: 80}]}]}\n  strategy: "
            + strategy() + "\n";
        m_story = rollout;
        put(rollout);
    }

    std::string strategy() { return oneIn(4) ? blueGreen() : canary(); }

    std::string blueGreen()
    {
        return "{blueGreen: {activeService: s, previewService: c, scaleDownDelaySeconds: " + std::to_string(pick(40))
               + (oneIn(2) ? ", autoPromotionEnabled: false" : ", autoPromotionSeconds: " + std::to_string(pick(20)))
               + (oneIn(3) ? ", previewReplicaCount: 1" : "")
               + (oneIn(4) ? ", prePromotionAnalysis: {templates: [{templateName: good}]}" : "")
               + (oneIn(4) ? ", postPromotionAnalysis: {templates: [{templateName: bad}]}" : "") + "}}";
    }

    std::string steps()
    {
        std::string result;
        for (int i = 0, count = pick(6); i < count; ++i)
            result += (i ? ", " : "") + step();
        return "[" + result + "]";
    }

    std::string step()
    {
        switch (pick(m_router == Router::Istio ? 9 : m_router == Router::Nginx ? 7 : 6)) {
        case 0:
        case 1: m_weight = pick(101); return "{setWeight: " + std::to_string(m_weight) + "}";
        case 2: return "{pause: {}}";
        case 3: return "{pause: {duration: " + std::to_string(pick(100)) + "}}";
        case 4: return std::string("{analysis: {templates: [{templateName: ") + (oneIn(4) ? "bad" : "good") + "}]}}";
        case 5: return experiment();
        case 6:
            return "{setCanaryScale: {" + std::string(oneIn(2) ? "weight: " : "replicas: ")
                   + std::to_string(pick(6) * 10) + "}}";
        case 7:
            return std::string("{setHeaderRoute: {name: h")
                   + (oneIn(3) ? "" : ", match: [{headerName: a, headerValue: {exact: b}}]") + "}}";
        default:
            return std::string("{setMirrorRoute: {name: m")
                   + (oneIn(3) ? "" : ", percentage: 50, match: [{method: {exact: GET}}]") + "}}";
        }
    }

    /// Its share of the traffic is of what the canary leaves: of more, the controller takes the rest from the stable one.
    std::string experiment()
    {
        return std::string("{experiment: {") + (oneIn(3) ? "" : "duration: " + std::to_string(1 + pick(60)) + "s, ")
               + "templates: [{name: e, replicas: 1, "
               + (m_router == Router::Istio && oneIn(2)
                      ? "weight: " + std::to_string(pick(std::min(30, 101 - m_weight))) + ", "
                      : "")
               + "specRef: " + (oneIn(3) ? "stable" : "canary") + "}]}}";
    }

    std::string canary()
    {
        m_router = oneIn(2) ? Router::None : oneIn(3) ? Router::Nginx : Router::Istio;
        const bool isRouted = m_router != Router::None;
        const bool isDynamic = isRouted && oneIn(3);
        std::string routing;
        if (isRouted)
            routing = std::string("stableService: s, canaryService: c, trafficRouting: ")
                      + (m_router == Router::Nginx ? "{nginx: {stableIngress: i}}, "
                                                   : "{managedRoutes: [{name: h}, {name: m}], istio: {virtualService: "
                                                     "{name: v, routes: [main]}}}, ");
        return "{canary: {" + routing + (isDynamic ? "dynamicStableScale: true, " : "")
               + (isRouted && oneIn(4) ? "minPodsPerReplicaSet: 2, " : "")
               + (isRouted && oneIn(4) ? "abortScaleDownDelaySeconds: " + std::to_string(pick(3) * 10) + ", " : "")
               + (oneIn(5) ? "analysis: {templates: [{templateName: good}]}, " : "")
               + "maxSurge: " + std::to_string(1 + pick(2)) + ", maxUnavailable: " + std::to_string(pick(2))
               + ", steps: " + steps() + "}}";
    }

    void disturb()
    {
        m_mayGoBack = true;
        switch (pick(11)) {
        case 0:
        case 1:
        case 2: patch("spec: {template: {metadata: {annotations: {v: '" + std::to_string(pick(4)) + "'}}}}"); break;
        case 3:
        case 4: patch("status: {pauseConditions: null}"); break;
        case 5: patch("status: {abort: true}"); break;
        case 6: patch("status: {abort: false}"); break;
        case 7: patch("status: {promoteFull: true}"); break;
        case 8:
            m_isScaled = true;
            patch("spec: {replicas: " + std::to_string(pick(8)) + "}");
            break;
        case 9: breakPods(); break;
        default: jump(); break;
        }
    }

    void breakPods()
    {
        const std::string hash = m_cluster.observe("demo").rollout.computedHash();
        auto &broken = m_cluster.behaviour().brokenHashes;
        if (!broken.erase(hash))
            broken.insert(hash);
        m_story += "pods of " + hash + (broken.contains(hash) ? " break\n" : " are well\n");
    }

    void jump()
    {
        const int seconds = pick(2000) - 300;
        m_now = m_now.plusSeconds(seconds);
        m_story += "the clock jumps by " + std::to_string(seconds) + " s\n";
    }

    /// The person at the end: what is left undone is done.
    void finish()
    {
        patch("status: {abort: false}");
        for (int i = 0; i < 30 && !testing::Test::HasFailure(); ++i) {
            settle();
            const Status status = m_cluster.observe("demo").rollout.status;
            if (status.isFullyPromoted())
                return;
            patch("status: {promoteFull: true, abort: false, pauseConditions: null}");
        }
        FAIL() << "an update that is promoted in full does not end\n" << state();
    }

    std::string state() const
    {
        const Observed observed = m_cluster.observe("demo");
        std::string result = object::toJson(observed.rollout.object.path({"status"})) + "\n";
        for (const ReplicaSet &set : observed.replicaSets)
            result += set.name + " " + std::to_string(set.replicas) + " available "
                      + std::to_string(set.availableReplicas) + " deadline " + set.deadline + "\n";
        return result + "last pass:\n" + m_last;
    }

    void checkWeights(const Observed &after)
    {
        const Rollout &rollout = after.rollout;
        const auto &weights = rollout.status.canary.weights;
        if (!weights)
            return;
        int sum = weights->canary.weight + weights->stable.weight;
        for (const WeightDestination &additional : weights->additional)
            sum += additional.weight;
        EXPECT_EQ(sum, rollout.maxTrafficWeight());
        EXPECT_GE(weights->canary.weight, 0);
        EXPECT_GE(weights->stable.weight, 0);
    }

    void checkStep(const Rollout &before, const Rollout &after)
    {
        const bool isSameUpdate = before.status.currentPodHash == after.status.currentPodHash
                                  && before.status.currentStepHash == after.status.currentStepHash;
        const bool mayGoBack = m_mayGoBack || before.status.abort || after.status.abort;
        if (isSameUpdate && !mayGoBack && before.status.currentStepIndex && after.status.currentStepIndex) {
            EXPECT_GE(*after.status.currentStepIndex, *before.status.currentStepIndex);
        }
    }

    /// Who waits for a moment has said for which.
    void checkWaiting(const Observed &state, const Decision &decision)
    {
        if (!decision.isIdle() || state.rollout.isPaused)
            return;
        const Rollout &rollout = state.rollout;
        const Step *step = rollout.currentStep();
        const bool isTimedPause =
            rollout.status.pauseCondition("CanaryPauseStep") && step && step->pause && step->pause->duration;
        const bool isTimedSwitch = rollout.status.pauseCondition("BlueGreenPause") && rollout.blueGreen
                                   && rollout.blueGreen->autoPromotionEnabled.value_or(true)
                                   && rollout.blueGreen->autoPromotionSeconds > 0;
        // Those of an experiment are its own.
        const bool hasDeadline = std::ranges::any_of(state.replicaSets, [&rollout](const ReplicaSet &set) {
            return set.ownerUid == rollout.uid && set.hasDeadline() && set.replicas > 0;
        });
        if (isTimedPause || isTimedSwitch || hasDeadline) {
            EXPECT_TRUE(decision.lookAgain.has_value()) << "nobody wakes it";
        }
        if (decision.lookAgain) {
            EXPECT_GT(*decision.lookAgain, m_now) << "a busy loop";
        }
    }

    /// No write may take available pods below what is promised. Where the stable version shrinks as the canary grows, nothing
    /// is: a version in between goes as a whole, and those that had its share of the requests are few.
    void checkAvailability(const Observed &before, const Decision &decision)
    {
        const Rollout &rollout = before.rollout;
        if (!rollout.canary || rollout.canary->dynamicStableScale || rollout.status.stableRs.empty() || m_isScaled)
            return;
        int available = 0;
        int left = 0;
        for (const ReplicaSet &set : before.replicaSets) {
            if (set.ownerUid != rollout.uid)
                continue;
            int wanted = set.replicas;
            for (const Write &write : decision.writes()) {
                if (write.name == set.name && write.gvk.kind == "ReplicaSet" && write.verb == Verb::MergePatch)
                    wanted = static_cast<int>(write.body.path({"spec", "replicas"}).intOr(wanted));
            }
            available += set.availableReplicas;
            left += std::min(wanted, set.availableReplicas);
        }
        if (left < available) {
            EXPECT_GE(left, std::min(available, rollout.desiredReplicas() - maxUnavailableOf(rollout)));
        }
    }

    /// The version that the active Service selects keeps the pods that are asked for.
    void checkActive(const Observed &before, const Observed &after)
    {
        const Service *active = after.rollout.blueGreen ? after.service("s") : nullptr;
        if (!active || m_isScaled)
            return;
        for (const ReplicaSet &set : after.replicaSets) {
            const auto former = std::ranges::find(before.replicaSets, set.name, &ReplicaSet::name);
            if (set.hash != active->hash || former == before.replicaSets.end() || set.replicas >= former->replicas)
                continue;
            EXPECT_GE(set.replicas, after.rollout.desiredReplicas()) << "fewer pods where the requests go";
        }
    }

    /// Nothing is left to itself when there is nothing more to do.
    void checkRest(const Observed &state)
    {
        const Status &status = state.rollout.status;
        const bool isOver = status.isFullyPromoted() || status.abort;
        for (const Experiment &experiment : state.experiments) {
            const bool isCurrent = experiment.name == status.canary.currentExperiment && !isOver;
            EXPECT_TRUE(isCurrent || experiment.isTerminated || isCompleted(experiment.status.phase))
                << experiment.name << " runs for nobody";
        }
        for (const AnalysisRun &run : state.analysisRuns) {
            EXPECT_TRUE(!isOver || run.isTerminated || isCompleted(run.status.phase)) << run.name << " runs for nobody";
        }
        if (m_router == Router::Istio)
            checkRoutes(state, isOver);
    }

    /// The requests go where the status says; routes of steps stand before the others, each once, and none is left at the end.
    void checkRoutes(const Observed &state, bool isOver)
    {
        const Object *service = state.routerObject("networking.istio.io", "VirtualService", "shop", "v");
        ASSERT_NE(service, nullptr);
        std::string names;
        const Value routes = service->path({"spec", "http"});
        for (const Value &route : routes.items()) {
            names += route["name"].stringOr();
            if (route["name"].stringOr() == "main")
                checkMainRoute(route["route"], state.rollout.status);
        }
        const std::set<std::string> allowed =
            isOver ? std::set<std::string>{"main"} : std::set<std::string>{"main", "hmain", "mmain", "hmmain"};
        EXPECT_TRUE(allowed.contains(names)) << names;
    }

    void checkMainRoute(const Value &destinations, const Status &status)
    {
        std::int64_t sum = 0;
        for (const Value &destination : destinations.items())
            sum += destination["weight"].intOr(0);
        EXPECT_EQ(sum, 100);
        if (const auto &weights = status.canary.weights) {
            EXPECT_EQ(destinations.at(1)["weight"].intOr(0), weights->canary.weight);
        }
    }

    /// What is taken over from the version before decides as what is read anew.
    void checkReadAgain(const Observed &state, const Decision &decision)
    {
        Observed again = state;
        const Object own(state.rollout.object.value().compacted());
        again.rollout = m_read ? readAgain(own, *m_read) : readRollout(own);
        const Decision repeated = reconcile(again, Options(), m_now);
        ASSERT_EQ(decision.acts, repeated.acts) << "the same version read beside another, another plan";
        ASSERT_EQ(decision.lookAgain, repeated.lookAgain);
        m_read = again.rollout;
    }

    void pass(bool &isAtRest, std::optional<Moment> &next)
    {
        const bool isChanged = m_cluster.runControllers(m_now);
        const Observed before = m_cluster.observe("demo");
        const Decision decision = reconcile(before, Options(), m_now);
        const Decision again = reconcile(m_cluster.observe("demo"), Options(), m_now);
        ASSERT_EQ(decision.acts, again.acts) << "the same state, another plan";
        ASSERT_EQ(decision.lookAgain, again.lookAgain);
        checkReadAgain(before, decision);
        m_last.clear();
        for (const Write &write : decision.writes())
            m_last += write.name + " " + std::string(text(write.verb)) + " " + object::toJson(write.body) + "\n";
        for (const Event &event : decision.events())
            m_last += event.reason + ": " + event.message + "\n";
        checkAvailability(before, decision);
        ASSERT_TRUE(m_cluster.apply(decision, m_now).has_value());
        const Observed after = m_cluster.observe("demo");
        ASSERT_EQ(decision.failure, "");
        checkWeights(after);
        checkStep(before.rollout, after.rollout);
        checkActive(before, after);
        checkWaiting(after, decision);
        m_mayGoBack = false;
        isAtRest = decision.acts.empty() && !isChanged;
        if (isAtRest)
            checkRest(after);
        next = m_cluster.nextEvent(m_now);
        if (decision.lookAgain && (!next || *decision.lookAgain < *next))
            next = decision.lookAgain;
    }

    void settle()
    {
        for (int count = 0; count < kMostPasses; ++count) {
            bool isAtRest = false;
            std::optional<Moment> next;
            pass(isAtRest, next);
            if (testing::Test::HasFailure())
                return;
            if (!isAtRest)
                continue;
            m_isScaled = false;
            if (!next)
                return;
            m_now = *next;
        }
        FAIL() << "does not come to rest\n" << state();
    }

    std::minstd_rand m_random;
    VirtualCluster m_cluster{VirtualBehaviour()};
    Moment m_now = Moment::ofSeconds(1'700'000'000);
    int m_weight = 0; ///< of the step before
    Router m_router = Router::None;
    bool m_mayGoBack = false;
    bool m_isScaled = false;
    std::string m_story;
    std::string m_last;
    std::optional<Rollout> m_read; ///< the version before
};

class RandomRollouts : public testing::TestWithParam<unsigned>
{
};

/// Of each seed sixty walks; TIPHYS_SEED makes them others.
TEST_P(RandomRollouts, KeepTheirPromises)
{
    const char *chosen = std::getenv("TIPHYS_SEED");
    const unsigned first = (chosen ? static_cast<unsigned>(std::atoi(chosen)) : 0U) * 1'000 + GetParam() * 60 + 1;
    for (unsigned seed = first; seed < first + 60 && !HasFailure(); ++seed) {
        RandomWalk walk(seed);
        walk.run();
        if (HasFailure())
            FAIL() << "seed " << seed << "\n" << walk.story();
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomRollouts, testing::Range(0U, 4U));

} // namespace
} // namespace tiphys::rollout
