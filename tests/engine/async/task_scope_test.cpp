// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/delay.h"
#include "async/task_scope.h"
#include "async/wait_for.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace tiphys;
using namespace tiphys::async;

namespace {

Async<void> waitLong(CancelToken cancel, int *ended)
{
    const Expected<void> waited = co_await delay(std::chrono::hours(1), cancel);
    ++*ended;
    co_return waited;
}

Async<int> failAfter(Completion<void> start)
{
    const Expected<void> started = co_await start;
    ignoreError(started, "it is only the signal to fail");
    co_return failure(ErrorCode::Internal, "broken");
}

} // namespace

TEST(TaskScope, CancelsAndDrainsOnClose)
{
    TaskScope scope;
    int ended = 0;
    for (int i = 0; i < 3; ++i)
        scope.start(waitLong(scope.token(), &ended));
    EXPECT_EQ(scope.running(), 3u);
    EXPECT_TRUE(waitFor(scope.close()));
    EXPECT_EQ(ended, 3);
    EXPECT_EQ(scope.running(), 0u);
}

TEST(TaskScope, ClosesAtOnceWhenEmpty)
{
    TaskScope scope;
    EXPECT_TRUE(scope.close().isReady());
}

TEST(TaskScope, ReportsErrorsButNotCancellation)
{
    std::vector<std::string> errors;
    TaskScope scope([&](const Error &error) { errors.push_back(error.text()); });
    int ended = 0;
    const Completion<void> start;
    scope.start(waitLong(scope.token(), &ended));
    scope.start(failAfter(start));
    start.set({});
    EXPECT_TRUE(waitFor(scope.close()));
    EXPECT_EQ(errors, std::vector<std::string>{"broken"});
}

TEST(TaskScope, IsCancelledWithItsParent)
{
    CancelSource parent;
    TaskScope scope(parent.token());
    int ended = 0;
    scope.start(waitLong(scope.token(), &ended));
    parent.cancel();
    EXPECT_TRUE(waitFor(scope.drained()));
    EXPECT_EQ(ended, 1);
}

TEST(TaskScope, WaitsForWhatItIncludesAndCancelsItWithEither)
{
    TaskScope scope;
    CancelSource caller;
    TaskScope callers;
    int ended = 0;
    const auto work = [&ended](CancelToken either) { return waitLong(either, &ended); };
    callers.start(scope.include(caller.token(), work));
    callers.start(scope.include({}, work));
    EXPECT_EQ(scope.running(), 2u);
    caller.cancel();
    EXPECT_TRUE(waitFor(scope.close()));
    EXPECT_EQ(ended, 2);
    EXPECT_TRUE(waitFor(callers.drained()));
}

TEST(TaskScopeDeathTest, AssertsWhenDestroyedWhileATaskRuns)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
#ifndef NDEBUG
    EXPECT_DEATH(
        {
            TaskScope scope;
            int ended = 0;
            scope.start(waitLong(scope.token(), &ended));
        },
        "destroyed while tasks run");
#endif
}
