// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/system_time_zones.h"

#include <QTimeZone>
#include <gtest/gtest.h>

using namespace tiphys;

namespace {

std::optional<std::int64_t> offset(std::string_view zone, std::string_view moment)
{
    return control::SystemTimeZones().offsetSeconds(zone, *crd::timestampOf(moment));
}

} // namespace

TEST(SystemTimeZones, KnowSummerAndWinter)
{
    if (!QTimeZone("Europe/Berlin").isValid())
        GTEST_SKIP() << "this machine has no time zone database";
    EXPECT_EQ(offset("Europe/Berlin", "2026-01-15T12:00:00Z"), 3600);
    EXPECT_EQ(offset("Europe/Berlin", "2026-07-15T12:00:00Z"), 7200);
    EXPECT_EQ(offset("Asia/Kolkata", "2026-07-15T12:00:00Z"), 19800);
    EXPECT_EQ(offset("America/New_York", "2026-11-01T05:59:59Z"), -4 * 3600);
    EXPECT_EQ(offset("America/New_York", "2026-11-01T06:00:00Z"), -5 * 3600);
}

TEST(SystemTimeZones, KnowTheFixedOnesEverywhere)
{
    EXPECT_EQ(offset("", "2026-07-15T12:00:00Z"), 0);
    EXPECT_EQ(offset("UTC", "2026-07-15T12:00:00Z"), 0);
    EXPECT_EQ(offset("Etc/GMT+5", "2026-07-15T12:00:00Z"), -5 * 3600);
}

TEST(SystemTimeZones, SayNothingOfUnknownNames)
{
    EXPECT_EQ(offset("Mars/Olympus", "2026-07-15T12:00:00Z"), std::nullopt);
    EXPECT_EQ(offset("Local", "2026-07-15T12:00:00Z"), std::nullopt);
    EXPECT_EQ(offset("UTC+03:00", "2026-07-15T12:00:00Z"), std::nullopt);
}
