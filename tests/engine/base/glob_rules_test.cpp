// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/glob.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;

namespace {

struct GlobRuleCase
{
    std::string name;
    std::string pattern;
    std::string text;
    bool matches;
    std::string separators = {};
};
class GlobRules : public testing::TestWithParam<GlobRuleCase>
{
};
class PathGlobRules : public testing::TestWithParam<GlobRuleCase>
{
};
const auto ruleNameOf = [](const auto &row) { return row.param.name; };

} // namespace

TEST_P(GlobRules, FollowsTheOriginalsRules)
{
    EXPECT_EQ(globMatches(GetParam().pattern, GetParam().text, GetParam().separators), GetParam().matches);
}
INSTANTIATE_TEST_SUITE_P(
    Base, GlobRules,
    testing::Values(GlobRuleCase{"StarMatchesEmpty", "*", "", true},
                    GlobRuleCase{"StarCrossesWithoutSeparator", "a*c", "a/b/c", true},
                    GlobRuleCase{"StarStopsAtSeparator", "https://x/*", "https://x/a/b", false, "/"},
                    GlobRuleCase{"SuperCrossesSeparator", "https://x/**", "https://x/a/b", true, "/"},
                    GlobRuleCase{"QuestionIsOne", "a?c", "abc", true},
                    GlobRuleCase{"QuestionNotSeparator", "a?c", "a/c", false, "/"},
                    GlobRuleCase{"Class", "[abc]x", "bx", true}, GlobRuleCase{"ClassNegated", "[!abc]x", "bx", false},
                    GlobRuleCase{"Range", "[a-c]", "b", true}, GlobRuleCase{"RangeNegated", "[!a-c]", "d", true},
                    GlobRuleCase{"HyphenInText", "[xa-c]", "b", false},
                    GlobRuleCase{"Alternatives", "{team,ops}-*", "ops-1", true},
                    GlobRuleCase{"Nested", "{a{b,c},d}e", "ace", true},
                    GlobRuleCase{"NestedMiss", "{a{b,c},d}e", "ae", false},
                    GlobRuleCase{"EmptyAlternative", "a{,b}", "a", true}, GlobRuleCase{"Escape", "a\\*", "a*", true},
                    GlobRuleCase{"EscapeMiss", "a\\*", "ab", false}, GlobRuleCase{"CommaOutside", "a,b", "a,b", true},
                    GlobRuleCase{"OpenClass", "[a", "a", false}, GlobRuleCase{"OpenBrace", "{a,b", "b", true},
                    GlobRuleCase{"CaretIsNoNegation", "[^a]", "^", true}, GlobRuleCase{"EmptyClass", "[]", "]", false},
                    GlobRuleCase{"CaseSensitive", "Team", "team", false}, GlobRuleCase{"Utf8", "?", "\u00e9", true},
                    GlobRuleCase{"EmptyPattern", "", "", true}, GlobRuleCase{"EmptyPatternMiss", "", "a", false},
                    GlobRuleCase{"ManyStars", "*a*a*a*a*a*a*a*a*a*b", std::string(200, 'a'), false}),
    ruleNameOf);

TEST_P(PathGlobRules, FollowsGosFilepathMatch)
{
    EXPECT_EQ(pathGlobMatches(GetParam().pattern, GetParam().text), GetParam().matches);
}
INSTANTIATE_TEST_SUITE_P(
    Base, PathGlobRules,
    testing::Values(GlobRuleCase{"StarMatchesEmpty", "*", "", true},
                    GlobRuleCase{"StarStopsAtSlash", "*", "a/b", false}, GlobRuleCase{"EmptyIsEmpty", "", "", true},
                    GlobRuleCase{"EmptyMiss", "", "apps", false}, GlobRuleCase{"Suffix", "*.io", "argoproj.io", true},
                    GlobRuleCase{"Class", "[A-D]*", "Deployment", true},
                    GlobRuleCase{"ClassNegated", "[^A-D]*", "Deployment", false},
                    GlobRuleCase{"ClassNegatedMiss", "[^A-D]*", "Pod", true},
                    GlobRuleCase{"NoAlternatives", "{a,b}", "a", false}, GlobRuleCase{"Escape", "\\*", "*", true},
                    GlobRuleCase{"OpenClass", "[a", "a", false}, GlobRuleCase{"Question", "P?d", "Pod", true},
                    GlobRuleCase{"DanglingEscape", "a\\", "a", false}, GlobRuleCase{"QuestionOnEmpty", "?", "", false}),
    ruleNameOf);
