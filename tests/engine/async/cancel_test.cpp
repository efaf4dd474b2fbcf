// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/cancel.h"

#include <gtest/gtest.h>

#include <optional>

using namespace tiphys::async;

TEST(Cancel, ADefaultTokenIsNeverCancelled)
{
    const CancelToken token;
    EXPECT_FALSE(token.isCancelled());
    int calls = 0;
    const CancelRegistration registration = token.onCancel([&] { ++calls; });
    EXPECT_EQ(calls, 0);
}

TEST(Cancel, CallsEachCallbackOnce)
{
    CancelSource source;
    int calls = 0;
    const CancelRegistration registration = source.token().onCancel([&] { ++calls; });
    source.cancel();
    source.cancel();
    EXPECT_TRUE(source.token().isCancelled());
    EXPECT_EQ(calls, 1);
}

TEST(Cancel, CallsAtOnceWhenAlreadyCancelled)
{
    CancelSource source;
    source.cancel();
    int calls = 0;
    const CancelRegistration registration = source.token().onCancel([&] { ++calls; });
    EXPECT_EQ(calls, 1);
}

TEST(Cancel, ForgetsAnEndedRegistration)
{
    CancelSource source;
    int calls = 0;
    {
        const CancelRegistration registration = source.token().onCancel([&] { ++calls; });
    }
    source.cancel();
    EXPECT_EQ(calls, 0);
}

TEST(Cancel, ReachesChildrenAndNotParents)
{
    CancelSource parent;
    CancelSource first(parent.token());
    CancelSource second(parent.token());
    first.cancel();
    EXPECT_FALSE(parent.isCancelled());
    EXPECT_FALSE(second.isCancelled());
    parent.cancel();
    EXPECT_TRUE(second.isCancelled());
}

TEST(Cancel, ACallbackMayEndTheSourceAndOtherRegistrations)
{
    std::optional<CancelSource> source(std::in_place);
    int calls = 0;
    std::optional<CancelRegistration> second;
    const CancelRegistration first = source->token().onCancel([&] {
        second.reset();
        source.reset();
    });
    second = source->token().onCancel([&] { ++calls; });
    source->cancel();
    EXPECT_EQ(calls, 0);
}
