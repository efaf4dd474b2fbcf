// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/parallel_for_each.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

using namespace tiphys;

namespace {

/// How often each number was a job.
std::vector<int> timesOf(const ForEach &forEach, std::size_t count)
{
    std::vector<int> times(count);
    runEach(forEach, count, [&](std::size_t i) { ++times[i]; });
    return times;
}

} // namespace

TEST(ParallelForEach, DoEveryJobOnceAgainAndAgain)
{
    const ForEach forEach = compose::parallelForEach();
    for (const std::size_t count : {0u, 1u, 2u, 7u, 1000u, 3u, 1u, 500u})
        EXPECT_EQ(std::ranges::count(timesOf(forEach, count), 1), static_cast<std::ptrdiff_t>(count)) << count;
    for (int round = 0; round < 2000; ++round)
        ASSERT_EQ(timesOf(forEach, 4), std::vector<int>(4, 1)) << round;
}

TEST(ParallelForEach, UseAnotherThreadWhereThereIsAProcessorForIt)
{
    const ForEach forEach = compose::parallelForEach();
    if (!forEach)
        GTEST_SKIP() << "one processor";
    std::mutex mutex;
    std::set<std::thread::id> seen;
    std::atomic<int> started = 0;
    runEach(forEach, 2, [&](std::size_t) {
        {
            const std::lock_guard lock(mutex);
            seen.insert(std::this_thread::get_id());
        }
        // The first job ends when the second has begun: only two threads get through.
        ++started;
        while (started < 2)
            std::this_thread::yield();
    });
    EXPECT_EQ(seen.size(), 2u);
}

TEST(ParallelForEach, AJobThatSpreadsJobsRunsThemItself)
{
    const ForEach forEach = compose::parallelForEach();
    std::vector<std::vector<int>> inner(20);
    runEach(forEach, inner.size(), [&](std::size_t i) { inner[i] = timesOf(forEach, 5); });
    for (const std::vector<int> &times : inner)
        EXPECT_EQ(times, std::vector<int>(5, 1));
    EXPECT_EQ(timesOf(forEach, 3), std::vector<int>(3, 1));
}

TEST(ParallelForEach, HaveTheStackThatDocumentsNeed)
{
    const ForEach forEach = compose::parallelForEach();
    std::vector<std::size_t> deepest(64);
    runEach(forEach, deepest.size(), [&](std::size_t i) {
        const std::function<std::size_t(std::size_t)> down = [&](std::size_t depth) -> std::size_t {
            volatile char room[64 * 1024];
            room[depth] = 1;
            return depth == 80 ? depth : down(depth + 1) + room[depth] - 1;
        };
        deepest[i] = down(0); // five megabytes
    });
    EXPECT_EQ(deepest, std::vector<std::size_t>(64, 80));
}

TEST(ParallelForEach, EndWithoutAJob)
{
    const ForEach unused = compose::parallelForEach();
    EXPECT_EQ(timesOf(compose::parallelForEach(1), 2), std::vector<int>(2, 1));
    EXPECT_EQ(timesOf(compose::parallelForEach(0), 2), std::vector<int>(2, 1));
}
