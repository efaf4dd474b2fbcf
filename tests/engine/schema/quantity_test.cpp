// SPDX-License-Identifier: GPL-3.0-or-later
#include "schema/quantity.h"
#include "schema/time_text.h"

#include <gtest/gtest.h>

using namespace tiphys::schema;

namespace {

struct QuantityCase
{
    std::string name, given, text, milli;
};
class QuantityText : public testing::TestWithParam<QuantityCase>
{
};

TEST_P(QuantityText, IsWhatKubernetesWrites)
{
    const auto quantity = Quantity::parsed(GetParam().given);
    ASSERT_TRUE(quantity);
    EXPECT_EQ(quantity->text(), GetParam().text);
    EXPECT_EQ(quantity->roundedUp(-3).text(), GetParam().milli);
}

INSTANTIATE_TEST_SUITE_P(
    Schema, QuantityText,
    testing::Values(QuantityCase{"MilliBecomesWhole", "1000m", "1", "1"},
                    QuantityCase{"FractionBecomesMilli", "0.5", "500m", "500m"},
                    QuantityCase{"HalfGibi", "0.5Gi", "512Mi", "512Mi"},
                    QuantityCase{"ShortStays", "100M", "100M", "100M"},
                    QuantityCase{"KibiFolds", "1024Mi", "1Gi", "1Gi"}, QuantityCase{"Zero", "0", "0", "0"},
                    QuantityCase{"ZeroWithUnit", "0Gi", "0", "0"}, QuantityCase{"Nano", "1n", "1n", "1m"},
                    QuantityCase{"Negative", "-1.5", "-1500m", "-1500m"},
                    QuantityCase{"BelowNano", "0.0000000001", "1n", "1m"}, QuantityCase{"Thousand", "1000", "1k", "1k"},
                    QuantityCase{"OddBytes", "1025", "1025", "1025"}),
    [](const auto &row) { return row.param.name; });

TEST(Quantity, RefusesWhatIsNone)
{
    for (const char *text : {"", "x", "1x", "1.2.3", "1 Gi", "e3x"})
        EXPECT_FALSE(Quantity::parsed(text)) << text;
}

TEST(TimeText, ComesInUtcWithWholeSeconds)
{
    EXPECT_EQ(utcSeconds("2024-02-29T23:30:00.75+01:00"), "2024-02-29T22:30:00Z");
    EXPECT_EQ(utcMicroseconds("2024-01-01T00:00:00.000123Z"), "2024-01-01T00:00:00.000123Z");
    EXPECT_FALSE(utcSeconds("2023-02-29T00:00:00Z"));
    EXPECT_FALSE(utcMicroseconds("2024-01-01T00:00:00Z"));
}

TEST(Duration, PrintsAsGoDoes)
{
    EXPECT_EQ(durationText(parsedDuration("90s").value()), "1m30s");
    EXPECT_EQ(durationText(parsedDuration("1.5h").value()), "1h30m0s");
    EXPECT_EQ(durationText(parsedDuration("-250ms").value()), "-250ms");
    EXPECT_EQ(durationText(0), "0s");
    EXPECT_FALSE(parsedDuration("5"));
}

} // namespace
