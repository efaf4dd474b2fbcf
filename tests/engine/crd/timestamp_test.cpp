// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/timestamp.h"

#include <gtest/gtest.h>

#include <limits>

namespace tiphys::crd {
namespace {

struct TimeCase
{
    std::string name;
    std::string text;
    std::optional<std::int64_t> seconds;
};

class TimestampOf : public testing::TestWithParam<TimeCase>
{
};

TEST_P(TimestampOf, ReadsRfc3339)
{
    const std::optional<Timestamp> time = timestampOf(GetParam().text);
    ASSERT_EQ(time.has_value(), GetParam().seconds.has_value());
    if (time) {
        EXPECT_EQ(time->seconds, *GetParam().seconds);
    }
}

// Seconds as `date -u -d TEXT +%s` gives them.
INSTANTIATE_TEST_SUITE_P(Crd, TimestampOf,
                         testing::Values(TimeCase{"Epoch", "1970-01-01T00:00:00Z", 0},
                                         TimeCase{"Reference", "2006-01-02T15:04:05Z", 1136214245},
                                         TimeCase{"LeapDay", "2024-02-29T23:59:59Z", 1709251199},
                                         TimeCase{"Offset", "2006-01-02T15:04:05+02:00", 1136207045},
                                         TimeCase{"NegativeOffset", "2006-01-02T15:04:05-07:00", 1136239445},
                                         TimeCase{"Fraction", "2006-01-02T15:04:05.999999Z", 1136214245},
                                         TimeCase{"BeforeEpoch", "1969-12-31T23:59:59Z", -1},
                                         TimeCase{"NoLeapDay", "2023-02-29T00:00:00Z", std::nullopt},
                                         TimeCase{"Month13", "2023-13-01T00:00:00Z", std::nullopt},
                                         TimeCase{"NoZone", "2023-01-01T00:00:00", std::nullopt},
                                         TimeCase{"Empty", "", std::nullopt}, TimeCase{"Word", "now", std::nullopt},
                                         TimeCase{"Trailing", "2023-01-01T00:00:00Zx", std::nullopt}),
                         [](const auto &row) { return row.param.name; });

TEST(Timestamp, PrintsWhatItRead)
{
    for (const std::string text : {"1970-01-01T00:00:00Z", "2006-01-02T15:04:05Z", "2024-02-29T23:59:59Z",
                                   "1969-12-31T23:59:59Z", "2100-03-01T00:00:00Z", "0001-01-01T00:00:00Z"}) {
        const std::optional<Timestamp> time = timestampOf(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(time->text(), text);
    }
}

TEST(Timestamp, PrintsYearsOfEveryLength)
{
    EXPECT_EQ(Timestamp{253402300800}.text(), "10000-01-01T00:00:00Z");
    EXPECT_EQ(Timestamp{-62167219201}.text(), "00-1-12-31T23:59:59Z");
    EXPECT_EQ(Timestamp{std::numeric_limits<std::int64_t>::max()}.text(), "292277026596-12-04T15:30:07Z");
    EXPECT_EQ(std::string_view(TimestampText(Timestamp{0})), Timestamp{0}.text());
}

} // namespace
} // namespace tiphys::crd
