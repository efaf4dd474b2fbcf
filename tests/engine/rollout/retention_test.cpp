// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/analysis_run.h"
#include "rollout/names.h"
#include "rollout/retention.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::rollout {
namespace {

AnalysisRun run(const std::string &name, std::int64_t second, AnalysisPhase phase)
{
    AnalysisRun run;
    run.name = name;
    run.created = crd::Timestamp{second};
    run.labels.emplace(kHashLabel, "h");
    run.status.phase = phase;
    return run;
}

std::vector<std::string> surplusNames(const std::vector<AnalysisRun> &runs, HistoryLimits limits)
{
    ReplicaSet set;
    set.hash = "h";
    std::vector<const AnalysisRun *> past;
    for (const AnalysisRun &one : runs)
        past.push_back(&one);
    std::vector<std::string> names;
    for (const AnalysisRun *one : surplusOf(past, ReplicaSets{&set}, limits))
        names.push_back(one->name);
    return names;
}

constexpr auto kGood = AnalysisPhase::Successful;
constexpr auto kBad = AnalysisPhase::Failed;
constexpr std::int64_t kFirst = 1'780'000'000;
constexpr std::int64_t kSecond = kFirst + 1;

TEST(RunsThatAreKept, AreTheNewestOfEachOutcome)
{
    EXPECT_EQ(surplusNames({run("a", kFirst, kGood), run("b", kSecond, kGood), run("c", kFirst, kBad)},
                           {.successful = 1, .unsuccessful = 1}),
              std::vector<std::string>{"a"});
    EXPECT_EQ(surplusNames({run("a", kFirst, kGood), run("b", kSecond, kBad)}, {.successful = 1, .unsuccessful = 0}),
              std::vector<std::string>{"b"});
}

TEST(RunsThatAreKept, OfOneSecondAreThoseWithTheGreaterName)
{
    for (const bool isReversed : {false, true}) {
        std::vector<AnalysisRun> runs{run("demo-2-0", kFirst, kGood), run("demo-2-1", kFirst, kGood)};
        if (isReversed)
            std::swap(runs.front(), runs.back());
        EXPECT_EQ(surplusNames(runs, {.successful = 1, .unsuccessful = 1}), std::vector<std::string>{"demo-2-0"});
    }
}

} // namespace
} // namespace tiphys::rollout
