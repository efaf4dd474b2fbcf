// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/completion.h"
#include "async/delay.h"
#include "async/run_on.h"
#include "async/wait_for.h"

#include <QThread>

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::async;

namespace {

Async<int> seven()
{
    co_return 7;
}

Async<int> failing()
{
    co_return failure(ErrorCode::NotFound, "no such thing");
}

Async<int> sum(Completion<int> later)
{
    const Expected<int> now = co_await seven();
    const Expected<int> then = co_await later;
    if (!then)
        co_return std::unexpected(then.error().in("sum"));
    co_return *now + *then;
}

Async<std::string> copyOf(const std::string *kept)
{
    co_return *kept;
}

} // namespace

TEST(Async, GivesAValueWithoutWaiting)
{
    EXPECT_EQ(waitFor(seven()), 7);
}

TEST(Async, GivesAnError)
{
    const Expected<int> result = waitFor(failing());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::NotFound);
}

TEST(Async, GoesOnWhenTheCompletionIsSet)
{
    const Completion<int> later;
    Async<int> task = sum(later);
    EXPECT_FALSE(task.isReady());
    later.set(35);
    EXPECT_FALSE(task.isReady()) << "a completion resumes from the event loop only";
    EXPECT_EQ(waitFor(std::move(task)), 42);
}

TEST(Async, PassesTheErrorOnWithItsContext)
{
    const Completion<int> later;
    later.fail(Error(ErrorCode::Denied, "forbidden"));
    const Expected<int> result = waitFor(sum(later));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().text(), "sum: forbidden");
}

TEST(Async, CopiesAnLvalueThatIsReturned)
{
    const std::string kept(100, 'x');
    std::string changing = kept;
    EXPECT_EQ(waitFor(copyOf(&changing)), kept);
    EXPECT_EQ(changing, kept);
}

TEST(Completion, CountsOnlyTheFirstAnswer)
{
    const Completion<int> later;
    later.set(1);
    later.set(2);
    EXPECT_EQ(waitFor(sum(later)), 8);
}

TEST(RunOn, ComputesOnThePoolAndAnswersHere)
{
    QThreadPool pool;
    const QThread *here = QThread::currentThread();
    const auto task = [](QThreadPool *on, const QThread *home) -> Async<bool> {
        const Expected<const QThread *> worker =
            co_await runOn(on, [] { return static_cast<const QThread *>(QThread::currentThread()); });
        co_return *worker != home &&QThread::currentThread() == home;
    };
    EXPECT_EQ(waitFor(task(&pool, here)), true);
}

TEST(RunOn, PassesTheErrorOfTheJob)
{
    QThreadPool pool;
    const Expected<int> result =
        waitFor(runOn(&pool, []() -> Expected<int> { return failure(ErrorCode::InvalidInput, "bad"); }));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message(), "bad");
}

TEST(RunOn, RunsManyJobsAtOnce)
{
    QThreadPool pool;
    std::vector<Async<int>> tasks;
    for (int i = 0; i < 500; ++i)
        tasks.push_back(runOn(&pool, [i] { return i; }));
    int total = 0;
    for (Async<int> &task : tasks)
        total += waitFor(std::move(task)).value();
    EXPECT_EQ(total, 499 * 500 / 2);
}

TEST(Delay, EndsByItself)
{
    EXPECT_TRUE(waitFor(delay(std::chrono::milliseconds(1), {})));
}

TEST(Delay, EndsAtOnceWhenCancelled)
{
    CancelSource source;
    Async<void> task = delay(std::chrono::hours(1), source.token());
    source.cancel();
    const Expected<void> result = waitFor(std::move(task));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::Cancelled);
}

TEST(Delay, DoesNotStartWhenCancelledBefore)
{
    CancelSource source;
    source.cancel();
    EXPECT_TRUE(delay(std::chrono::hours(1), source.token()).isReady());
}
