// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/counts.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace tiphys::rollout {
namespace {

using object::Object;
using object::Value;

IntOrText amount(const std::string &text)
{
    return *IntOrText::of(text.ends_with('%') ? Value(text) : Value(std::stoi(text)));
}

Rollout canaryAt(int replicas, int weight, const std::string &surge, const std::string &unavailable)
{
    Rollout rollout;
    rollout.replicas = replicas;
    rollout.canary.emplace();
    rollout.canary->steps.push_back({.setWeight = weight});
    rollout.canary->maxSurge = amount(surge);
    rollout.canary->maxUnavailable = amount(unavailable);
    rollout.status.currentPodHash = "new";
    rollout.status.stableRs = "stable";
    rollout.status.currentStepIndex = 0;
    return rollout;
}

ReplicaSet replicaSet(const char *name, int replicas, int available)
{
    ReplicaSet result;
    result.name = name;
    result.hash = name;
    result.replicas = replicas;
    result.availableReplicas = available;
    return result;
}

struct OneEvaluation
{
    int replicas, weight, newSpec, newAvailable, stableSpec, stableAvailable;
    const char *surge;
    const char *unavailable;
    int newWanted, stableWanted;
};

// What the controller's function answers.
constexpr OneEvaluation kEvaluations[] = {
    {1, 50, 0, 0, 1, 1, "25%", "25%", 1, 1},    {1, 50, 0, 0, 1, 1, "0", "1", 0, 0},
    {1, 50, 0, 0, 1, 1, "50%", "0", 1, 1},      {3, 90, 0, 0, 3, 3, "1", "0", 1, 3},
    {3, 90, 0, 0, 3, 3, "0", "0", 0, 2},        {4, 25, 0, 0, 4, 4, "25%", "25%", 1, 3},
    {4, 25, 0, 0, 4, 4, "0", "1", 0, 3},        {4, 25, 0, 0, 4, 4, "50%", "0", 1, 4},
    {4, 50, 0, 0, 4, 4, "1", "0", 1, 4},        {4, 50, 0, 0, 4, 4, "0", "0", 0, 3},
    {10, 33, 0, 0, 10, 10, "25%", "25%", 3, 8}, {10, 33, 0, 0, 10, 10, "0", "1", 0, 9},
    {10, 33, 0, 0, 10, 10, "50%", "0", 3, 10},  {10, 99, 0, 0, 10, 10, "1", "0", 1, 10},
    {10, 99, 0, 0, 10, 10, "0", "0", 0, 9},     {5, 100, 1, 1, 6, 1, "100%", "0", 4, 4},
    {8, 10, 2, 2, 3, 0, "5", "25%", 2, 8},      {4, 25, 5, 4, 3, 2, "0", "5", 1, 3},
    {8, 50, 8, 3, 5, 3, "100%", "2", 4, 5},     {12, 25, 12, 5, 7, 2, "0", "25%", 7, 5},
    {12, 10, 10, 3, 7, 4, "50%", "50%", 2, 8},  {6, 50, 7, 2, 4, 3, "5", "0", 3, 4},
    {10, 25, 4, 4, 6, 4, "50%", "1", 4, 8},     {11, 90, 1, 0, 2, 2, "5", "5", 10, 2},
    {9, 99, 1, 0, 4, 0, "0", "50%", 5, 4},      {11, 99, 12, 4, 12, 6, "50%", "5", 11, 6},
    {12, 75, 7, 6, 5, 4, "50%", "25%", 9, 3},   {4, 0, 1, 0, 1, 1, "1", "1", 1, 4},
    {5, 75, 1, 0, 5, 4, "2", "25%", 2, 4},      {4, 0, 4, 3, 1, 1, "25%", "50%", 1, 1},
    {10, 100, 6, 0, 7, 0, "50%", "2", 8, 7},    {7, 75, 9, 8, 5, 5, "1", "2", 6, 2},
    {6, 1, 1, 0, 7, 6, "2", "25%", 1, 6},       {4, 99, 2, 1, 3, 2, "25%", "5", 2, 1},
    {12, 31, 2, 0, 7, 4, "5", "0", 4, 9},       {12, 90, 3, 3, 6, 1, "25%", "1", 9, 6},
    {11, 19, 13, 4, 7, 6, "0", "50%", 2, 7},    {9, 75, 3, 2, 11, 1, "2", "0", 3, 7},
    {10, 20, 7, 2, 3, 3, "5", "1", 6, 8},
};

TEST(BasicCanaryCounts, AreTheControllersInOneEvaluation)
{
    for (const OneEvaluation &row : kEvaluations) {
        const Rollout rollout = canaryAt(row.replicas, row.weight, row.surge, row.unavailable);
        const ReplicaSet newRs = replicaSet("new", row.newSpec, row.newAvailable);
        const ReplicaSet stableRs = replicaSet("stable", row.stableSpec, row.stableAvailable);
        const CanaryCounts counts = basicCanaryCounts(rollout, &newRs, &stableRs, {});
        EXPECT_EQ(counts.canary, row.newWanted) << row.replicas << "," << row.weight << "," << row.newSpec;
        EXPECT_EQ(counts.stable, row.stableWanted) << row.replicas << "," << row.weight << "," << row.newSpec;
    }
}

TEST(BasicCanaryCounts, StayWithinTheirRangeAtItsEnd)
{
    constexpr int kMost = std::numeric_limits<int>::max();
    const Rollout rollout = canaryAt(kMost, 50, "100%", "0");
    const ReplicaSet newRs = replicaSet("new", 0, 0);
    const ReplicaSet stableRs = replicaSet("stable", kMost, kMost);
    const CanaryCounts counts = basicCanaryCounts(rollout, &newRs, &stableRs, {});
    EXPECT_EQ(counts.canary, 0);
    EXPECT_EQ(counts.stable, kMost);
    EXPECT_EQ(availableReplicasOf({&stableRs, &stableRs}), kMost);

    // 30 million by 100 is more than 32 bits hold.
    EXPECT_EQ(approximateCounts(30'000'000, 50, 100, 0), (CanaryCounts{.canary = 15'000'000, .stable = 15'000'000}));
    EXPECT_EQ(approximateCounts(kMost, 100, 100, 1), (CanaryCounts{.canary = kMost, .stable = 0}));
    EXPECT_EQ(podsOf(amount("4000000000%"), kMost, Rounding::Up), kMost);
}

struct AtRest
{
    int replicas, weight;
    const char *surge;
    const char *unavailable;
    int newWanted, stableWanted;
};

// What the controller came to on a cluster, paused after setWeight.
constexpr AtRest kAtRest[] = {
    {10, 5, "1", "0", 1, 10},    {10, 1, "25%", "25%", 1, 10}, {10, 33, "0", "1", 3, 7}, {10, 99, "0", "1", 9, 1},
    {10, 99, "1", "0", 10, 1},   {5, 50, "1", "0", 3, 3},      {5, 50, "0", "1", 3, 2},  {5, 50, "25%", "25%", 3, 3},
    {3, 50, "1", "0", 2, 2},     {3, 50, "0", "1", 2, 1},      {1, 50, "1", "0", 1, 1},  {1, 50, "0", "1", 1, 0},
    {1, 5, "1", "0", 1, 1},      {2, 25, "0", "1", 1, 1},      {2, 25, "1", "0", 1, 2},  {4, 10, "1", "0", 1, 4},
    {4, 10, "0", "1", 1, 3},     {7, 60, "25%", "25%", 5, 3},  {8, 95, "1", "0", 8, 1},  {3, 33, "100%", "0", 1, 2},
    {10, 0, "1", "0", 0, 10},    {6, 25, "1", "0", 2, 5},      {6, 25, "0", "1", 2, 4},  {2, 50, "50%", "0%", 1, 1},
    {4, 30, "20%", "30%", 1, 3},
};

TEST(BasicCanaryCounts, ComeToRestWhereTheControllersDo)
{
    for (const AtRest &row : kAtRest) {
        const Rollout rollout = canaryAt(row.replicas, row.weight, row.surge, row.unavailable);
        ReplicaSet newRs = replicaSet("new", 0, 0);
        ReplicaSet stableRs = replicaSet("stable", row.replicas, row.replicas);
        for (int pass = 0; pass < 100; ++pass) {
            const CanaryCounts counts = basicCanaryCounts(rollout, &newRs, &stableRs, {});
            // Stable first, and one at a time, as a pass does.
            if (counts.stable != stableRs.replicas)
                stableRs.replicas = stableRs.availableReplicas = counts.stable;
            else
                newRs.replicas = newRs.availableReplicas = counts.canary;
        }
        EXPECT_EQ(newRs.replicas, row.newWanted) << row.replicas << "," << row.weight << "," << row.surge;
        EXPECT_EQ(stableRs.replicas, row.stableWanted) << row.replicas << "," << row.weight << "," << row.surge;
    }
}

TEST(CanaryLeeway, IsNoneWhereOneHalfOfItCannotBeRead)
{
    const Rollout surging = canaryAt(8, 50, "50%", "12.5%");
    EXPECT_EQ(maxSurgeOf(surging), 0);
    EXPECT_EQ(maxUnavailableOf(surging), 0);
    const Rollout lacking = canaryAt(8, 50, "12.5%", "50%");
    EXPECT_EQ(maxSurgeOf(lacking), 0);
    EXPECT_EQ(maxUnavailableOf(lacking), 0);
}

TEST(CanaryLeeway, IsNeverNothingByRounding)
{
    const Rollout rounded = canaryAt(3, 50, "0%", "10%");
    EXPECT_EQ(maxSurgeOf(rounded), 0);
    EXPECT_EQ(maxUnavailableOf(rounded), 1);
}

TEST(RoutedCanaryCounts, FollowWeightsScalesAndMinimums)
{
    Rollout rollout = canaryAt(4, 10, "25%", "25%");
    rollout.canary->trafficRouting.emplace();
    rollout.canary->minPodsPerReplicaSet = 2;
    EXPECT_EQ(routedCanaryCounts(rollout, nullptr, nullptr, nullptr), (CanaryCounts{2, 4}));
    rollout.canary->steps.push_back({.setCanaryScale = CanaryScaleStep{.weight = {}, .replicas = 1}});
    rollout.status.currentStepIndex = 1;
    EXPECT_EQ(routedCanaryCounts(rollout, nullptr, nullptr, nullptr), (CanaryCounts{1, 4}));
    rollout.canary->steps.push_back({.setCanaryScale = CanaryScaleStep{.matchesTrafficWeight = true}});
    rollout.status.currentStepIndex = 2;
    EXPECT_EQ(routedCanaryCounts(rollout, nullptr, nullptr, nullptr), (CanaryCounts{2, 4}));
    rollout.canary->minPodsPerReplicaSet.reset();
    rollout.canary->dynamicStableScale = true;
    TrafficWeights weights;
    weights.stable.weight = 100;
    EXPECT_EQ(routedCanaryCounts(rollout, nullptr, nullptr, &weights), (CanaryCounts{1, 4}));
    EXPECT_EQ(routedCanaryCounts(rollout, nullptr, nullptr, nullptr), (CanaryCounts{1, 4}));
    rollout.canary->steps.push_back({.setWeight = 75});
    rollout.status.currentStepIndex = 3;
    EXPECT_EQ(routedCanaryCounts(rollout, nullptr, nullptr, nullptr), (CanaryCounts{3, 1}));
}

TEST(RoutedCanaryCounts, UseTheWholeOfTheTraffic)
{
    Rollout rollout = canaryAt(10, 5, "25%", "25%");
    rollout.canary->trafficRouting.emplace();
    rollout.canary->trafficRouting->maxTrafficWeight = 1000;
    EXPECT_EQ(routedCanaryCounts(rollout, nullptr, nullptr, nullptr).canary, 1);
    rollout.canary->steps[0].setWeight = 995;
    EXPECT_EQ(routedCanaryCounts(rollout, nullptr, nullptr, nullptr).canary, 10);
}

} // namespace
} // namespace tiphys::rollout
