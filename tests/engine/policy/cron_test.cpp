// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/calendar.h"
#include "policy/cron.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::policy;

namespace {

struct NextCase
{
    std::string name;
    std::string schedule;
    std::string after;
    std::string next; ///< "" for never
};
class CronNext : public testing::TestWithParam<NextCase>
{
};

struct BadCase
{
    std::string name;
    std::string schedule;
    std::string error;
};
class CronRefuses : public testing::TestWithParam<BadCase>
{
};

} // namespace

TEST_P(CronNext, FiresStrictlyAfterTheMoment)
{
    const Expected<Cron> cron = Cron::parse(GetParam().schedule);
    ASSERT_TRUE(cron) << cron.error().text();
    const auto next = cron->nextAfter(*crd::timestampOf(GetParam().after));
    EXPECT_EQ(next ? next->text() : "", GetParam().next);
}
INSTANTIATE_TEST_SUITE_P(
    Policy, CronNext,
    testing::Values(NextCase{"EveryMinute", "* * * * *", "2026-11-25T10:00:00Z", "2026-11-25T10:01:00Z"},
                    NextCase{"JustBefore", "0 10 * * *", "2026-11-25T09:59:59Z", "2026-11-25T10:00:00Z"},
                    NextCase{"AtTheFire", "0 10 * * *", "2026-11-25T10:00:00Z", "2026-11-26T10:00:00Z"},
                    NextCase{"Steps", "*/15 * * * *", "2026-11-25T10:46:00Z", "2026-11-25T11:00:00Z"},
                    NextCase{"StartAndStep", "5/20 * * * *", "2026-11-25T10:26:00Z", "2026-11-25T10:45:00Z"},
                    NextCase{"ListAndRange", "0 8-10,22 * * *", "2026-11-25T10:30:00Z", "2026-11-25T22:00:00Z"},
                    NextCase{"WeekdayNames", "0 0 * * mon-FRI", "2026-11-27T12:00:00Z", "2026-11-30T00:00:00Z"},
                    NextCase{"MonthName", "0 0 1 jan *", "2026-11-27T12:00:00Z", "2027-01-01T00:00:00Z"},
                    NextCase{"EitherDayField", "0 0 13 * 5", "2026-11-25T00:00:00Z", "2026-11-27T00:00:00Z"},
                    NextCase{"BothDayFieldsWithStar", "0 0 * * 5", "2026-11-25T00:00:00Z", "2026-11-27T00:00:00Z"},
                    NextCase{"StepOneKeepsTheStar", "0 0 */1 * 5", "2026-11-25T00:00:00Z", "2026-11-27T00:00:00Z"},
                    NextCase{"StepTwoRestricts", "0 0 */2 * 5", "2026-11-27T00:00:00Z", "2026-11-29T00:00:00Z"},
                    NextCase{"LeapDay", "0 0 29 2 *", "2026-11-25T00:00:00Z", "2028-02-29T00:00:00Z"},
                    NextCase{"Never", "0 0 31 2 *", "2026-11-25T00:00:00Z", ""},
                    NextCase{"QuestionMark", "0 12 ? * ?", "2026-11-25T00:00:00Z", "2026-11-25T12:00:00Z"},
                    NextCase{"ZonePrefix", "TZ=UTC 0 12 * * *", "2026-11-25T00:00:00Z", "2026-11-25T12:00:00Z"}),
    [](const auto &row) { return row.param.name; });

TEST_P(CronRefuses, WhatTheOriginalRefuses)
{
    const Expected<Cron> cron = Cron::parse(GetParam().schedule);
    ASSERT_FALSE(cron);
    EXPECT_EQ(cron.error().message(), GetParam().error);
}
INSTANTIATE_TEST_SUITE_P(
    Policy, CronRefuses,
    testing::Values(BadCase{"Empty", "", "empty spec string"},
                    BadCase{"Descriptor", "@daily", "parser does not accept descriptors: @daily"},
                    BadCase{"FourFields", "* * * *", "expected exactly 5 fields, found 4: [* * * *]"},
                    BadCase{"Sunday7", "0 0 * * 7", "end of range (7) above maximum (6): 7"},
                    BadCase{"Hour24", "0 24 * * *", "end of range (24) above maximum (23): 24"},
                    BadCase{"Day0", "0 0 0 * *", "beginning of range (0) below minimum (1): 0"},
                    BadCase{"Backwards", "0 9-8 * * *", "beginning of range (9) beyond end of range (8): 9-8"},
                    BadCase{"StepZero", "*/0 * * * *", "step of range should be a positive number: */0"},
                    BadCase{"Hyphens", "1-2-3 * * * *", "too many hyphens: 1-2-3"},
                    BadCase{"NoNumber", "x * * * *",
                            "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax"}),
    [](const auto &row) { return row.param.name; });

TEST(Calendar, TurnsMomentsIntoDatesAndBack)
{
    for (const std::string text : {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "1969-12-31T23:59:59Z",
                                   "2000-03-01T00:00:00Z", "2100-02-28T12:00:00Z"}) {
        const crd::Timestamp moment = *crd::timestampOf(text);
        EXPECT_EQ(momentOf(civilTimeOf(moment)), moment) << text;
    }
    EXPECT_EQ(weekdayOf(civilTimeOf(*crd::timestampOf("2026-11-25T20:00:00Z"))), 3);
    EXPECT_EQ(momentOf({.year = 2026, .month = 13, .day = 1}), *crd::timestampOf("2027-01-01T00:00:00Z"));
}

TEST(Calendar, PrintsTheTimeAsOnAKitchenClock)
{
    EXPECT_EQ(kitchenTimeOf(*crd::timestampOf("2026-11-25T00:05:00Z")), "12:05AM");
    EXPECT_EQ(kitchenTimeOf(*crd::timestampOf("2026-11-25T12:00:59Z")), "12:00PM");
    EXPECT_EQ(kitchenTimeOf(*crd::timestampOf("2026-11-25T15:14:00Z")), "3:14PM");
}
