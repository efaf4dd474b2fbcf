// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_filter.h"

#include <gtest/gtest.h>

using tiphys::cli::LineFilter;

TEST(LineFilter, ShowsLinesThatHoldIt)
{
    EXPECT_TRUE(LineFilter{}.shows("anything"));
    EXPECT_TRUE((LineFilter{"Error", false}.shows("level=error")));
    EXPECT_FALSE((LineFilter{"Error", true}.shows("level=error")));
    EXPECT_FALSE((LineFilter{"error", false}.shows("level=info")));
}

TEST(LineFilter, LeavesOutWhatFollowsAMark)
{
    EXPECT_FALSE((LineFilter{"!info", false}.shows("level=INFO")));
    EXPECT_TRUE((LineFilter{"!info", true}.shows("level=INFO")));
}
