// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "rollout/reconcile.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tiphys::rollout {
namespace {

using object::Object;

constexpr const char *kHash = "rollouts-pod-template-hash";
const Moment kNow = Moment::ofSeconds(1'700'000'000);

Object parsed(const std::string &yaml)
{
    const Expected<object::Value> value = object::parseYaml(yaml);
    EXPECT_TRUE(value) << yaml;
    return Object(value.value_or(object::Value()));
}

struct Size
{
    int wanted = 0;
    int available = 0;
};

ReplicaSet replicaSet(const std::string &hash, int revision, Size size, int desired)
{
    const std::string labels = std::string("{app: demo, ") + kHash + ": '" + hash + "'}";
    return readReplicaSet(parsed(
        "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata:\n  namespace: shop\n  name: demo-" + hash + "\n  uid: uid-"
        + hash + "\n  labels: " + labels + "\n  creationTimestamp: '2023-11-14T22:00:0" + std::to_string(revision)
        + "Z'\n  annotations: {rollout.argoproj.io/revision: '" + std::to_string(revision)
        + "', rollout.argoproj.io/desired-replicas: '" + std::to_string(desired)
        + "'}\n  ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: demo, uid: u, controller: "
          "true}]\n"
          "spec:\n  replicas: "
        + std::to_string(size.wanted) + "\n  selector: {matchLabels: " + labels + "}\n  template: {metadata: {labels: "
        + labels + "}, spec: {containers: [{name: a, image: 'x:" + std::to_string(revision)
        + "'}]}}\nstatus: {observedGeneration: 0, replicas: " + std::to_string(size.available) + ", readyReplicas: "
        + std::to_string(size.available) + ", availableReplicas: " + std::to_string(size.available) + "}\n"));
}

/// A Rollout of this revision with this strategy; \p status gets the hashes of its template and its steps.
template <typename StatusOf>
Rollout rolloutWith(const std::string &strategy, int replicas, int revision, StatusOf status)
{
    const std::string spec = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: demo, namespace: shop, "
                             "uid: u, generation: 1, annotations: "
                             "{rollout.argoproj.io/revision: '"
                             + std::to_string(revision) + "'}}\nspec:\n  replicas: " + std::to_string(replicas)
                             + "\n  selector: {matchLabels: {app: demo}}\n  template: {metadata: {labels: {app: "
                               "demo}}, spec: {containers: [{name: a, image: 'x:"
                             + std::to_string(revision) + "'}]}}\n  strategy: " + strategy + "\n";
    const Rollout plain = readRollout(parsed(spec));
    return readRollout(
        parsed(spec
               + "status: {observedGeneration: '1', conditions: [{type: Progressing, status: 'True', reason: "
                 "ReplicaSetUpdated, "
                 "lastUpdateTime: '2023-11-14T22:13:00Z', lastTransitionTime: '2023-11-14T22:13:00Z', message: m}], "
               + status(plain) + "}\n"));
}

/// Third revision in mid-update, while pods of the second one, which was given up, are there still.
Observed interrupted(Size second)
{
    Observed observed;
    observed.rollout = rolloutWith("{canary: {maxSurge: 0, maxUnavailable: 2, steps: [{setWeight: 50}, {pause: {}}]}}",
                                   10, 3, [](const Rollout &plain) {
                                       return "currentPodHash: '" + plain.computedHash() + "', currentStepHash: '"
                                              + plain.canary->stepHash + "', currentStepIndex: 0, stableRS: first";
                                   });
    observed.replicaSets = {replicaSet("first", 1, {5, 5}, 10), replicaSet("second", 2, second, 10),
                            replicaSet(observed.rollout.computedHash(), 3, {0, 0}, 10)};
    return observed;
}

/// Sizes that \p decision gives the ReplicaSet, in order.
std::vector<std::int64_t> sizes(const Decision &decision, const std::string &name)
{
    std::vector<std::int64_t> result;
    for (const Write &write : decision.writes()) {
        if (write.gvk.kind == "ReplicaSet" && write.name == name)
            result.push_back(write.body.path({"spec", "replicas"}).intOr(-1));
    }
    return result;
}

TEST(PodsOfFormerRevisions, GoAsFarAsEnoughStayAvailable)
{
    EXPECT_EQ(sizes(reconcile(interrupted({5, 5}), Options(), kNow), "demo-second"), std::vector<std::int64_t>{3});
}

TEST(PodsOfFormerRevisions, AreNotTakenAwayTwiceWhileTheFirstTimeIsNotSeen)
{
    EXPECT_TRUE(sizes(reconcile(interrupted({3, 5}), Options(), kNow), "demo-second").empty());
}

TEST(PodsOfFormerRevisions, GoFirstWhereTheyAreNotAvailable)
{
    EXPECT_EQ(sizes(reconcile(interrupted({5, 4}), Options(), kNow), "demo-second"), (std::vector<std::int64_t>{4, 3}));
}

TEST(BlueGreenReplicas, AreScaledOnceWhereNewAndStableAreOne)
{
    Observed observed;
    std::string hash;
    observed.rollout = rolloutWith("{blueGreen: {activeService: active}}", 4, 1, [&hash](const Rollout &plain) {
        hash = plain.computedHash();
        return "currentPodHash: '" + hash + "', stableRS: '" + hash + "', blueGreen: {activeSelector: '" + hash + "'}";
    });
    observed.replicaSets = {replicaSet(hash, 1, {2, 2}, 2)};
    observed.services = {
        readService(parsed("apiVersion: v1\nkind: Service\nmetadata: {name: active, namespace: shop, annotations: "
                           "{argo-rollouts.argoproj.io/managed-by-rollouts: demo}}\nspec: {selector: {app: demo, "
                           + std::string(kHash) + ": '" + hash + "'}}\n"))};

    const Decision decision = reconcile(observed, Options(), kNow);

    EXPECT_EQ(sizes(decision, "demo-" + hash), std::vector<std::int64_t>{4});
    const std::vector<Event> events = decision.events();
    EXPECT_EQ(std::ranges::count(events, "ScalingReplicaSet", &Event::reason), 1);
}

} // namespace
} // namespace tiphys::rollout
