// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "rollout/reconcile.h"
#include "rollout/simulate/virtual_cluster.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tiphys::rollout {
namespace {

using object::Object;

Object parsed(const std::string &yaml)
{
    return Object(*object::parseYaml(yaml));
}

/// A Rollout at rest, and the moment after that.
struct Rested
{
    VirtualCluster cluster{VirtualBehaviour()};
    Moment now = Moment::ofSeconds(1'700'000'000);

    explicit Rested(const std::string &strategy)
    {
        cluster.put(
            parsed(
                "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec: {selector: {app: demo}}"),
            now);
        cluster.put(
            parsed("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, uid: u}\n"
                   "spec:\n  replicas: 4\n  selector: {matchLabels: {app: demo}}\n"
                   "  template: {metadata: {labels: {app: demo}}, spec: {containers: [{name: a, image: 'x:1'}]}}\n  "
                   "strategy: "
                   + strategy),
            now);
        for (int pass = 0; pass < 200; ++pass) {
            const bool isChanged = cluster.runControllers(now);
            const Decision decision = decided();
            EXPECT_TRUE(cluster.apply(decision, now));
            if (!decision.acts.empty() || isChanged)
                continue;
            std::optional<Moment> next = cluster.nextEvent(now);
            if (decision.lookAgain && (!next || *decision.lookAgain < *next))
                next = decision.lookAgain;
            if (!next)
                break;
            now = *next;
        }
    }

    Decision decided() { return reconcile(observed(), Options(), now); }
    /// With four pods of each ReplicaSet, as old as everything.
    Observed observed() const
    {
        Observed observed = cluster.observe("demo");
        for (const ReplicaSet &owner : observed.replicaSets) {
            for (const char *name : {"p", "q", "r", "s"})
                observed.pods.push_back(parsed(
                    std::string("apiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: ") + name
                    + ", creationTimestamp: '2023-11-14T22:13:20Z', ownerReferences: [{apiVersion: apps/v1, kind: "
                      "ReplicaSet, "
                      "controller: true, name: "
                    + owner.name + ", uid: '" + std::string(owner.object.uid())
                    + "'}]}\nstatus: {phase: Running, conditions: [{type: Ready, status: 'True', lastTransitionTime: "
                      "'2023-11-14T22:13:20Z'}]}"));
        }
        return observed;
    }
    void restart()
    {
        now = now.plusSeconds(10);
        cluster.mergePatch(
            {"argoproj.io", "Rollout", "shop", "demo"},
            *object::parseYaml("spec: {restartAt: '" + crd::Timestamp{now.milliseconds / 1000}.text() + "'}"), now);
        now = now.plusSeconds(1);
    }
};

int evictions(const Decision &decision)
{
    const std::vector<Write> writes = decision.writes();
    return static_cast<int>(std::ranges::count(writes, Verb::Evict, &Write::verb));
}

class RestartOfAllPods : public testing::TestWithParam<const char *>
{
};

TEST_P(RestartOfAllPods, IsTriedAgainWhereABudgetRefusesIt)
{
    Rested rested(GetParam());
    rested.restart();
    // Nothing of it is carried out.
    const Decision decision = rested.decided();
    ASSERT_GT(evictions(decision), 0);
    ASSERT_TRUE(decision.lookAgain.has_value());
    EXPECT_LE(decision.lookAgain->milliseconds, rested.now.plusSeconds(30).milliseconds);
    for (const Write &write : decision.writes())
        EXPECT_TRUE(write.body.path({"status", "restartedAt"}).isNull()) << "not done before the pods are gone";
    rested.now = *decision.lookAgain;
    EXPECT_EQ(evictions(rested.decided()), evictions(decision));
}

TEST(RestartOfABlueGreen, TriesTheNextPodWhereABudgetRefusesOne)
{
    Rested rested("{blueGreen: {activeService: a, maxUnavailable: 2}}");
    rested.restart();
    const Decision decision = rested.decided();
    EXPECT_EQ(evictions(decision), 4) << "any of the four may be one that is refused";
    EXPECT_EQ(decision.mostEvictions, 2);
}

TEST_P(RestartOfAllPods, IsSaidWhileNoPodMayGo)
{
    Rested rested(GetParam());
    rested.restart();
    std::string message;
    for (const Write &write : rested.decided().writes()) {
        if (write.subresource == "status")
            message = write.body.path({"status", "message"}).stringOr();
    }
    EXPECT_EQ(message, "rollout is restarting");
}

TEST(RestartOfACanary, EndsThePassWithTheFirstPodThatGoes)
{
    Rested rested("{canary: {maxUnavailable: 100%}}");
    rested.restart();

    const Decision decision = rested.decided();
    for (const Object &pod : rested.observed().pods)
        rested.cluster.put(pod, rested.now);

    // No eviction of a pod that is there is refused.
    ASSERT_TRUE(rested.cluster.apply(decision, rested.now));

    EXPECT_EQ(rested.cluster.observe("demo").rollout.status.phase, "Healthy") << "counts of pods are old now";
}

TEST_P(RestartOfAllPods, IsNotForgottenForANewTemplate)
{
    Rested rested(GetParam());
    rested.restart();
    rested.cluster.mergePatch({"argoproj.io", "Rollout", "shop", "demo"},
                              *object::parseYaml("spec: {template: {spec: {containers: [{name: a, image: 'x:2'}]}}}"),
                              rested.now);

    // The pass that begins the update, and one after it.
    const Decision begin = rested.decided();
    ASSERT_TRUE(rested.cluster.apply(begin, rested.now));

    for (const Write &write : begin.writes())
        EXPECT_TRUE(write.body.path({"status", "restartedAt"}).isNull()) << "no pod has gone yet";
    EXPECT_GT(evictions(rested.decided()), 0);
}

INSTANTIATE_TEST_SUITE_P(Restart, RestartOfAllPods,
                         testing::Values("{canary: {maxUnavailable: 100%}}", "{blueGreen: {activeService: a}}"),
                         [](const auto &row) { return std::string(row.index == 0 ? "Canary" : "BlueGreen"); });

} // namespace
} // namespace tiphys::rollout
