// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/shared_turns.h"
#include "async/wait_for.h"

#include <gtest/gtest.h>

#include <QCoreApplication>

namespace tiphys::async {
namespace {

/// Work that ends when it is told to.
class SharedTurnsTest : public testing::Test
{
protected:
    Async<int> ask(Freshness freshness, CancelToken cancel = {})
    {
        return turns.run("place", freshness, [this](CancelToken given) { return work(given); }, cancel);
    }
    Async<int> work(CancelToken cancel)
    {
        const Completion<int> end;
        ends.push_back(end);
        const CancelRegistration registration = cancel.onCancel([end] { end.fail(cancelledError()); });
        const Expected<int> result = co_await end;
        co_return result;
    }
    static void settle()
    {
        for (int i = 0; i < 10; ++i)
            QCoreApplication::processEvents();
    }

    SharedTurns<int> turns;
    std::vector<Completion<int>> ends; ///< one for each piece of work that began
};

TEST_F(SharedTurnsTest, OneAnswerIsForAllThatTakeWhatIsUnderWay)
{
    Async<int> first = ask(Freshness::UnderWay);
    Async<int> second = ask(Freshness::UnderWay);
    settle();
    ASSERT_EQ(ends.size(), 1U);
    ends[0].set(7);
    EXPECT_EQ(waitFor(std::move(first)), 7);
    EXPECT_EQ(waitFor(std::move(second)), 7);
    EXPECT_EQ(ends.size(), 1U);
}

TEST_F(SharedTurnsTest, ThoseThatWantTheNewestShareTheNextPiece)
{
    Async<int> first = ask(Freshness::Begun);
    Async<int> second = ask(Freshness::Begun);
    Async<int> third = ask(Freshness::Begun);
    ends[0].set(1);
    settle();
    ASSERT_EQ(ends.size(), 2U) << "the first one began before the others asked";
    ends[1].set(2);
    EXPECT_EQ(waitFor(std::move(first)), 1);
    EXPECT_EQ(waitFor(std::move(second)), 2);
    EXPECT_EQ(waitFor(std::move(third)), 2);
    EXPECT_EQ(ends.size(), 2U);
}

TEST_F(SharedTurnsTest, AFailureIsForAllThatWaited)
{
    Async<int> first = ask(Freshness::Begun);
    Async<int> second = ask(Freshness::Begun);
    ends[0].fail({ErrorCode::Timeout, "silent"});
    EXPECT_EQ(waitFor(std::move(first)).error().code(), ErrorCode::Timeout);
    EXPECT_EQ(waitFor(std::move(second)).error().code(), ErrorCode::Timeout);
    EXPECT_EQ(ends.size(), 1U);
}

TEST_F(SharedTurnsTest, OthersGoOnWhereTheFirstGivesUp)
{
    CancelSource source;
    Async<int> first = ask(Freshness::UnderWay, source.token());
    Async<int> second = ask(Freshness::UnderWay);
    source.cancel();
    settle();
    EXPECT_EQ(waitFor(std::move(first)).error().code(), ErrorCode::Cancelled);
    ASSERT_EQ(ends.size(), 2U);
    ends[1].set(3);
    EXPECT_EQ(waitFor(std::move(second)), 3);
}

TEST_F(SharedTurnsTest, WhoWaitsMayGiveUp)
{
    CancelSource source;
    Async<int> first = ask(Freshness::UnderWay);
    Async<int> second = ask(Freshness::UnderWay, source.token());
    source.cancel();
    EXPECT_EQ(waitFor(std::move(second)).error().code(), ErrorCode::Cancelled);
    ends[0].set(4);
    EXPECT_EQ(waitFor(std::move(first)), 4);
}

} // namespace
} // namespace tiphys::async
