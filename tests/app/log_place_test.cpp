// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/log_place.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace tiphys::cli;

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
    EXPECT_EQ(shown(place, {"2026-01-02T03:04:05.1Z a", "2026-01-02T03:04:05.25Z b", "2026-01-02T03:04:05.3Z c", "2026-01-02T03:04:06Z d"}), "c|d|");
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
