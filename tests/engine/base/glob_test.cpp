// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/glob.h"

#include <gtest/gtest.h>

using namespace tiphys;

struct GlobCase
{
    std::string name;
    std::string pattern;
    std::string text;
    bool matches;
};
class GlobMatch : public testing::TestWithParam<GlobCase>
{
};

TEST_P(GlobMatch, DecidesAsGobwasDoes)
{
    EXPECT_EQ(globMatches(GetParam().pattern, GetParam().text), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    Base, GlobMatch,
    testing::Values(
        GlobCase{"Exact", "a.yaml", "a.yaml", true}, GlobCase{"ExactOther", "a.yaml", "b.yaml", false},
        GlobCase{"StarCrossesSlashes", "*.yaml", "a/b/c.yaml", true}, GlobCase{"StarMayBeEmpty", "a*b", "ab", true},
        GlobCase{"StarsBacktrack", "*a*ab", "xaxaab", true}, GlobCase{"StarsFail", "*a*ab", "xaxaac", false},
        GlobCase{"Question", "a?c", "abc", true}, GlobCase{"QuestionIsOneCharacter", "a?c", "aéc", true},
        GlobCase{"QuestionNeedsOne", "a?c", "ac", false}, GlobCase{"Class", "[a-c]x", "bx", true},
        GlobCase{"ClassNegated", "[!a-c]x", "bx", false}, GlobCase{"Alternatives", "{a,b*}.json", "bcd.json", true},
        GlobCase{"NestedAlternatives", "{a,{b,c}d}", "cd", true}, GlobCase{"EmptyAlternative", "a{,b}", "a", true},
        GlobCase{"Quoted", "a\\*", "a*", true}, GlobCase{"QuotedIsNoStar", "a\\*", "ab", false},
        GlobCase{"Everything", "*", "", true}, GlobCase{"EmptyPattern", "", "a", false}),
    [](const auto &row) { return row.param.name; });

TEST(Glob, NamesUnclosedParts)
{
    EXPECT_EQ(Glob::compile("[ab").error().text(), "unclosed '[' in glob '[ab'");
}
