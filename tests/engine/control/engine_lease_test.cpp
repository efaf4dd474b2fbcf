// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/engine_lease.h"

#include "demo_place.h"

namespace tiphys::control {
namespace {

/// A clock that goes when it is told to.
class HandClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return 1'780'000'000'000 + time; }
    ports::BootTime sinceBoot() const override { return time; }
    std::int64_t time = 0;
};

class LeaseOfAnEngine : public DemoPlace
{
protected:
    EngineLease lease(const std::string &identity) { return {client, "default", identity, clock}; }
    Expected<void> renew(EngineLease &of) { return async::waitFor(of.renew({})); }

    std::shared_ptr<HandClock> clock = std::make_shared<HandClock>();
};

TEST_F(LeaseOfAnEngine, KeepsAnotherEngineAwayUntilItIsOver)
{
    EngineLease ours = lease("ours");
    EngineLease theirs = lease("theirs");
    ASSERT_TRUE(renew(ours));
    EXPECT_TRUE(ours.isHeld());
    const Expected<void> refused = renew(theirs);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::Conflict);
    EXPECT_TRUE(refused.error().text().contains("ours")) << refused.error().text();

    // Writes stop before others may begin.
    clock->time += 45'000;
    EXPECT_FALSE(ours.isHeld());
    EXPECT_FALSE(renew(theirs));
    clock->time += 16'000;
    EXPECT_TRUE(renew(theirs));
    EXPECT_FALSE(renew(ours));
    EXPECT_FALSE(ours.isHeld());
}

TEST_F(LeaseOfAnEngine, IsTakenAgainAfterASleep)
{
    EngineLease ours = lease("ours");
    ASSERT_TRUE(renew(ours));
    clock->time += 3'600'000;
    EXPECT_FALSE(ours.isHeld());
    ASSERT_TRUE(renew(ours));
    EXPECT_TRUE(ours.isHeld());
}

TEST_F(LeaseOfAnEngine, TellsWhenItIsHeldAgainAndNotWhenItIsKept)
{
    EngineLease ours = lease("ours");
    int again = 0;
    ours.whenHeldAgain([&again, &ours] { again += ours.isHeld() ? 1 : 100; });
    ASSERT_TRUE(renew(ours));
    clock->time += 15'000;
    ASSERT_TRUE(renew(ours));
    EXPECT_EQ(again, 0);
    clock->time += 3'600'000;
    ASSERT_TRUE(renew(ours));
    EXPECT_EQ(again, 1);

    // Given up and taken anew is no lapse.
    ASSERT_TRUE(async::waitFor(ours.release({})));
    ASSERT_TRUE(renew(ours));
    EXPECT_EQ(again, 1);

    // Another engine had it meanwhile.
    clock->time += 61'000;
    EngineLease theirs = lease("theirs");
    ASSERT_TRUE(renew(theirs));
    ASSERT_FALSE(renew(ours));
    ASSERT_TRUE(async::waitFor(theirs.release({})));
    ASSERT_TRUE(renew(ours));
    EXPECT_EQ(again, 2);
}

TEST_F(LeaseOfAnEngine, IsHeldFromWhenItIsWrittenThoughASleepCameBetween)
{
    EngineLease ours = lease("ours");
    ASSERT_TRUE(renew(ours));
    Async<void> renewing = ours.renew({});
    ASSERT_FALSE(renewing.isReady());
    clock->time += 3'600'000;
    ASSERT_TRUE(async::waitFor(std::move(renewing)));
    EXPECT_TRUE(ours.isHeld());
}

TEST_F(LeaseOfAnEngine, IsAskedForAgainSoonWhereNoAnswerCame)
{
    EXPECT_LT(renewalPause(failure(ErrorCode::Unavailable, "the connection was given up")), renewalPause({}));
    EXPECT_EQ(renewalPause(failure(ErrorCode::Conflict, "another is at work")), renewalPause({}));
    // A program that gives credentials would be run each time.
    EXPECT_EQ(renewalPause(failure(ErrorCode::Unauthorized, "sign in again")), renewalPause({}));
}

} // namespace
} // namespace tiphys::control
