// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/wait_for.h"
#include "async/wake_up.h"

#include <QCoreApplication>

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::async;

TEST(WakeUp, EndsAWaitThatBeganBefore)
{
    WakeUp wakeUp;
    Async<void> wait = wakeUp.wait({});
    EXPECT_FALSE(wait.isReady());
    wakeUp.notify();
    EXPECT_TRUE(waitFor(std::move(wait)));
}

TEST(WakeUp, KeepsOneNotificationOfMany)
{
    WakeUp wakeUp;
    wakeUp.notify();
    wakeUp.notify();
    EXPECT_TRUE(wakeUp.wait({}).isReady());
    EXPECT_FALSE(wakeUp.isNotified());
}

TEST(WakeUp, EndsWhenCancelled)
{
    WakeUp wakeUp;
    CancelSource source;
    Async<void> wait = wakeUp.wait(source.token());
    source.cancel();
    const Expected<void> result = waitFor(std::move(wait));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::Cancelled);
}

TEST(WakeUp, CanBeWaitedForAgain)
{
    WakeUp wakeUp;
    for (int i = 0; i < 3; ++i) {
        Async<void> wait = wakeUp.wait({});
        wakeUp.notify();
        wakeUp.notify();
        EXPECT_TRUE(waitFor(std::move(wait)));
        EXPECT_FALSE(wakeUp.isNotified());
    }
}
