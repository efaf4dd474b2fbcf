// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/human_duration.h"
#include "object/yaml.h"
#include "rollout/info/tree_text.h"

#include <gtest/gtest.h>

using namespace tiphys;

namespace {

object::Object parsed(const std::string &yaml)
{
    return object::Object(object::parseYaml(yaml).value());
}

rollout::RolloutObjects canaryAtItsPause()
{
    rollout::RolloutObjects objects;
    objects.rollout = parsed(R"(
metadata: {name: guestbook, namespace: default, uid: r, generation: 2, creationTimestamp: '2026-01-01T00:00:00Z'}
spec: {replicas: 5, strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}]}}}
status: {observedGeneration: '2', phase: Paused, message: CanaryPauseStep, currentStepIndex: 1, currentPodHash: bbb, stableRS: aaa,
  replicas: 5, updatedReplicas: 1, readyReplicas: 5, availableReplicas: 5, controllerPause: true,
  pauseConditions: [{reason: CanaryPauseStep}]}
)");
    const auto set = [](const std::string &hash, int revision, int replicas, const std::string &image) {
        return parsed("metadata: {name: guestbook-" + hash + ", uid: " + hash
                      + ", generation: 1, creationTimestamp: '2026-01-01T00:04:00Z', "
                        "labels: {rollouts-pod-template-hash: "
                      + hash + "}, annotations: {rollout.argoproj.io/revision: '" + std::to_string(revision)
                      + "'}, ownerReferences: [{uid: r}]}\nspec: {replicas: " + std::to_string(replicas)
                      + ", template: {spec: {containers: [{image: 'app:" + image
                      + "'}]}}}\nstatus: {observedGeneration: 1, replicas: " + std::to_string(replicas)
                      + ", availableReplicas: " + std::to_string(replicas) + "}");
    };
    objects.replicaSets = {set("aaa", 1, 4, "1"), set("bbb", 2, 1, "2")};
    objects.pods = {parsed(
        "metadata: {name: guestbook-bbb-x, creationTimestamp: '2026-01-01T00:04:00Z', ownerReferences: [{uid: bbb}]}\n"
        "spec: {containers: [{name: a}]}\n"
        "status: {phase: Running, containerStatuses: [{ready: true, state: {running: {}}}]}")};
    objects.analysisRuns = {
        parsed("metadata: {name: success-rate, creationTimestamp: '2026-01-01T00:05:00Z', annotations: "
               "{rollout.argoproj.io/revision: '2'}, ownerReferences: [{uid: r}]}\n"
               "status: {phase: Running, metricResults: [{name: m, successful: 3, failed: 1}]}")};
    return objects;
}

} // namespace

TEST(RolloutText, ShowsSummaryAndTree)
{
    const rollout::RolloutInfo info = rollout::rolloutInfo(canaryAtItsPause());
    EXPECT_EQ(rollout::rolloutText(info, *crd::timestampOf("2026-01-01T00:09:00Z"), rollout::Colours::No),
              "Name:            guestbook\n"
              "Namespace:       default\n"
              "Status:          ॥ Paused\n"
              "Message:         CanaryPauseStep\n"
              "Strategy:        Canary\n"
              "  Step:          1/2\n"
              "  SetWeight:     20\n"
              "  ActualWeight:  20\n"
              "Images:          app:1 (stable)\n"
              "                 app:2 (canary)\n"
              "Replicas:\n"
              "  Desired:       5\n"
              "  Current:       5\n"
              "  Updated:       1\n"
              "  Ready:         5\n"
              "  Available:     5\n"
              "\n"
              "NAME                        KIND         STATUS     AGE  INFO\n"
              "⟳ guestbook                 Rollout      ॥ Paused   9m   \n"
              "├──# revision:2                                          \n"
              "│  ├──⧉ guestbook-bbb       ReplicaSet   ✔ Healthy  5m   canary\n"
              "│  │  └──□ guestbook-bbb-x  Pod          ✔ Running  5m   ready:1/1\n"
              "│  └──α success-rate        AnalysisRun  ◌ Running  4m   ✔ 3,✖ 1\n"
              "└──# revision:1                                          \n"
              "   └──⧉ guestbook-aaa       ReplicaSet   ✔ Healthy  5m   stable\n");
}

TEST(RolloutInfo, WeightsFollowTheSteps)
{
    rollout::RolloutObjects objects = canaryAtItsPause();
    const auto with = [&](const std::vector<std::string_view> &path, const object::Value &value) {
        return object::Object(objects.rollout.value().withPath(path, value));
    };
    EXPECT_EQ(rollout::rolloutSummary(with({"status", "currentStepIndex"}, 2)).setWeight, 100);
    EXPECT_EQ(rollout::rolloutSummary(with({"status", "abort"}, true)).setWeight, 0);
    objects.rollout =
        with({"spec", "strategy", "canary", "trafficRouting"}, object::Value::map({{"nginx", object::Value::map({})}}));
    EXPECT_EQ(rollout::rolloutInfo(objects).actualWeight, 20);
    objects.rollout = with({"status", "canary", "weights", "canary", "weight"}, 15);
    EXPECT_EQ(rollout::rolloutInfo(objects).actualWeight, 15);
}

TEST(HumanDuration, IsKubectls)
{
    const std::pair<std::int64_t, const char *> rows[] = {
        {-2, "<invalid>"},  {-1, "0s"},       {0, "0s"},           {119, "119s"},    {120, "2m"},
        {125, "2m5s"},      {600, "10m"},     {10799, "179m"},     {10800, "3h"},    {11100, "3h5m"},
        {28800, "8h"},      {172799, "47h"},  {172800, "2d"},      {180000, "2d2h"}, {691200, "8d"},
        {63071999, "729d"}, {63072000, "2y"}, {66096000, "2y35d"}, {252288000, "8y"}};
    for (const auto &[seconds, text] : rows)
        EXPECT_EQ(crd::humanDuration(seconds), text) << seconds;
}
