// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/duration.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

struct DurationCase
{
    std::string name;
    std::string text;
    std::int64_t nanoseconds;
    std::string printed;
};

class GoDurationOf : public testing::TestWithParam<DurationCase>
{
};

TEST_P(GoDurationOf, ReadsAndPrintsAsGo)
{
    const Expected<Duration> duration = goDurationOf(GetParam().text);
    ASSERT_TRUE(duration) << duration.error().text();
    EXPECT_EQ(duration->nanoseconds, GetParam().nanoseconds);
    EXPECT_EQ(duration->text(), GetParam().printed);
}

INSTANTIATE_TEST_SUITE_P(
    Crd, GoDurationOf,
    testing::Values(DurationCase{"Zero", "0", 0, "0s"}, DurationCase{"Seconds", "5s", 5'000'000'000, "5s"},
                    DurationCase{"Minutes", "5m", 300'000'000'000, "5m0s"},
                    DurationCase{"Hours", "1h", 3'600'000'000'000, "1h0m0s"},
                    DurationCase{"Mixed", "2h45m30s", 9'930'000'000'000, "2h45m30s"},
                    DurationCase{"Fraction", "1.5s", 1'500'000'000, "1.5s"},
                    DurationCase{"FractionOfHour", "-1.5h", -5'400'000'000'000, "-1h30m0s"},
                    DurationCase{"Milliseconds", "100ms", 100'000'000, "100ms"},
                    DurationCase{"Microseconds", "1.5us", 1'500, "1.5\xC2\xB5s"},
                    DurationCase{"Nanoseconds", "12ns", 12, "12ns"},
                    DurationCase{"NoLeadingDigit", ".5s", 500'000'000, "500ms"},
                    DurationCase{"Least", "-9223372036854775808ns", INT64_MIN, "-2562047h47m16.854775808s"}),
    [](const auto &row) { return row.param.name; });

struct BadDuration
{
    std::string name;
    std::string text;
    std::string message;
};

class GoDurationRefuses : public testing::TestWithParam<BadDuration>
{
};

TEST_P(GoDurationRefuses, SaysWhyAsGo)
{
    const Expected<Duration> duration = goDurationOf(GetParam().text);
    ASSERT_FALSE(duration);
    EXPECT_EQ(duration.error().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Crd, GoDurationRefuses,
    testing::Values(BadDuration{"Empty", "", "time: invalid duration \"\""},
                    BadDuration{"NoUnit", "5", "time: missing unit in duration \"5\""},
                    BadDuration{"UnknownUnit", "5d", "time: unknown unit \"d\" in duration \"5d\""},
                    BadDuration{"OnlyUnit", "s", "time: invalid duration \"s\""},
                    BadDuration{"OnlyDot", ".s", "time: invalid duration \".s\""},
                    BadDuration{"TooLong", "9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""},
                    BadDuration{"Sign", "-", "time: invalid duration \"-\""}),
    [](const auto &row) { return row.param.name; });

TEST(DurationOf, TakesABareIntegerAsSeconds)
{
    EXPECT_EQ(durationOf("90"), Duration::ofSeconds(90));
    EXPECT_EQ(durationOf("3m"), Duration::ofSeconds(180));
    EXPECT_EQ(durationOf("x").error().message(), "unable to parse x as a duration");
}

} // namespace
} // namespace tiphys::crd
