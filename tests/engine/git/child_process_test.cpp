// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/child_process.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace tiphys::git {

namespace {

/// A program that does not end when it is asked to, once it has said so.
std::unique_ptr<ChildProcess> stubbornProgram(std::stop_token cancel)
{
    Expected<std::unique_ptr<ChildProcess>> child =
        ChildProcess::start({{"sh", "-c", "trap '' TERM; echo ready; exec sleep 60"}, {}}, std::move(cancel));
    EXPECT_TRUE(child);
    char buffer[16];
    EXPECT_EQ((*child)->read(buffer, sizeof buffer).value_or(0), 6U);
    return *std::move(child);
}

} // namespace

TEST(ChildProcess, IsKilledWhereItDoesNotEnd)
{
    const auto begun = std::chrono::steady_clock::now();
    stubbornProgram({}).reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST(ChildProcess, IsNotWaitedForLongAfterAStopRequest)
{
    std::stop_source stop;
    const std::unique_ptr<ChildProcess> child = stubbornProgram(stop.get_token());
    const auto begun = std::chrono::steady_clock::now();
    stop.request_stop();
    EXPECT_EQ(child->wait(), 128 + 9);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST(ChildProcess, DoesNotHoldAWriterAfterAStopRequest)
{
    std::stop_source stop;
    const std::unique_ptr<ChildProcess> child = stubbornProgram(stop.get_token());
    stop.request_stop();
    EXPECT_EQ(child->write(std::string(10'000'000, 'x')).error().code(), ErrorCode::Cancelled);
}

TEST(ChildProcess, TellsItsExitCode)
{
    const Expected<std::unique_ptr<ChildProcess>> child = ChildProcess::start({{"sh", "-c", "exit 3"}, {}}, {});
    ASSERT_TRUE(child);
    EXPECT_EQ((*child)->wait(), 3);
}

} // namespace tiphys::git
