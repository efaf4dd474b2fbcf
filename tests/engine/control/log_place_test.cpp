// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/log_place.h"

#include "object/json.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace tiphys::control;

namespace {

std::string shown(LogPlace &place, const std::vector<std::string> &lines)
{
    std::string text;
    for (const std::string &line : lines) {
        if (place.take(line))
            text += std::string(withoutLineTime(line)) + "|";
    }
    return text;
}

} // namespace

TEST(LogPlace, GoesOnAfterTheLastLine)
{
    LogPlace place;
    EXPECT_EQ(place.since(), "");
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05.1Z a", "2026-01-02T03:04:05.25Z b"}), "a|b|");
    EXPECT_EQ(place.since(), "2026-01-02T03:04:05Z");
    place.restart();
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05.1Z a", "2026-01-02T03:04:05.25Z b", "2026-01-02T03:04:05.3Z c",
                            "2026-01-02T03:04:06Z d"}),
              "c|d|");
}

TEST(LogPlace, CountsLinesOfOneMoment)
{
    LogPlace place;
    shown(place, {"2026-01-02T03:04:05Z a", "2026-01-02T03:04:05Z a"});
    place.restart();
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05Z a", "2026-01-02T03:04:05Z a", "2026-01-02T03:04:05Z a"}), "a|");
    place.restart();
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05Z a", "2026-01-02T03:04:05Z a", "2026-01-02T03:04:05Z a"}), "");
}

TEST(LogPlace, ReadsTimesOfOtherZonesAndAllDigits)
{
    LogPlace place;
    shown(place, {"2026-01-02T03:04:05.000000002+02:00 a"});
    EXPECT_EQ(place.since(), "2026-01-02T01:04:05Z");
    place.restart();
    EXPECT_EQ(shown(place, {"2026-01-02T01:04:05.000000002Z a", "2026-01-02T01:04:05.000000010Z b"}), "b|");
}

TEST(LogPlace, KeepsThePiecesOfALineTogether)
{
    LogPlace place;
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05Z begin", "end"}), "begin|end|");
    place.restart();
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05Z begin", "end", "2026-01-02T03:04:06Z next", "rest"}), "next|rest|");
}

TEST(LogPlace, ShowsALineThatAClockPutBack)
{
    LogPlace place;
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05Z a", "2026-01-02T03:04:01Z b"}), "a|b|");
    EXPECT_EQ(place.since(), "2026-01-02T03:04:05Z");
}

TEST(LogPlace, TakesAnEmptyLine)
{
    LogPlace place;
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05Z ", "2026-01-02T03:04:06Z"}), "||");
}

TEST(LogPlace, TheRestIsAskedForFromTheLastLineOn)
{
    LogPlace place;
    shown(place, {"2026-01-02T03:04:05.5Z a"});
    tiphys::ports::LogOptions options{.tailLines = 10};
    askForRest(place, std::chrono::system_clock::now(), options);
    EXPECT_EQ(options.sinceTime, "2026-01-02T03:04:05Z");
    EXPECT_FALSE(options.tailLines);
    EXPECT_FALSE(options.sinceSeconds);
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05.5Z a", "2026-01-02T03:04:05.6Z b"}), "b|");
}

TEST(LogPlace, TheRestOfALogWithoutLinesIsWhatWasWrittenSinceItWasAskedFor)
{
    LogPlace place;
    tiphys::ports::LogOptions options{.tailLines = 10};
    askForRest(place, std::chrono::system_clock::now() - std::chrono::seconds(30), options);
    EXPECT_EQ(options.sinceTime, "");
    EXPECT_FALSE(options.tailLines);
    ASSERT_TRUE(options.sinceSeconds);
    EXPECT_GE(*options.sinceSeconds, 31);
    EXPECT_LE(*options.sinceSeconds, 40);
}

TEST(HasLog, WhatRunsOrHasRun)
{
    const auto status = [](const char *json) { return tiphys::object::parseJson(json).value(); };
    EXPECT_TRUE(hasLog(status(R"({"state": {"running": {"startedAt": "2026-01-02T03:04:05Z"}}})")));
    EXPECT_TRUE(hasLog(status(R"({"state": {"terminated": {"exitCode": 1}}})")));
    EXPECT_TRUE(hasLog(status(
        R"({"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 1}}})")));
    EXPECT_FALSE(hasLog(status(R"({"state": {"waiting": {"reason": "ContainerCreating"}}})")));
}
