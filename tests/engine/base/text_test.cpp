// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <gtest/gtest.h>

using namespace tiphys;

TEST(Text, SplitKeepsEmptyParts)
{
    EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
    EXPECT_EQ(split("", ','), std::vector<std::string_view>{""});
}

TEST(Text, JoinIsTheReverseOfSplit)
{
    EXPECT_EQ(join({"a", "", "b"}, ","), "a,,b");
}

TEST(Text, TrimmedDropsWhiteSpaceAtBothEndsOnly)
{
    EXPECT_EQ(trimmed(" \t a b\n"), "a b");
    EXPECT_EQ(trimmed(" \n"), "");
}
