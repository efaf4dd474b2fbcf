// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/plugin/plugin_discovery.h"

#include <gtest/gtest.h>

namespace tiphys::render {
namespace {

std::shared_ptr<const FileTree> files()
{
    return memoryTree({{"app/main.cue", ""},
                       {"app/sub/deep/x.cue", ""},
                       {"app/sub/y.txt", ""},
                       {"app/[odd]/z", ""},
                       {"other/w.cue", ""}});
}

struct Row
{
    std::string name;
    std::string folder;
    std::string pattern;
    bool flat;
    bool deep;
};
class PluginPattern : public testing::TestWithParam<Row>
{
};

TEST_P(PluginPattern, MatchesAsGoAndZglobDo)
{
    const Row &row = GetParam();
    const auto tree = files();
    const Expected<bool> flat = anyPathMatches(*tree, row.folder, row.pattern);
    const Expected<bool> deep = anyPathMatchesDeep(*tree, row.folder, row.pattern);
    ASSERT_TRUE(flat) << flat.error().text();
    ASSERT_TRUE(deep) << deep.error().text();
    EXPECT_EQ(*flat, row.flat);
    EXPECT_EQ(*deep, row.deep);
}

INSTANTIATE_TEST_SUITE_P(
    Plugin, PluginPattern,
    testing::Values(Row{"Name", "app", "main.cue", true, true}, Row{"Absent", "app", "x.cue", false, false},
                    Row{"Star", "app", "*.cue", true, true}, Row{"StarStaysInItsPart", "app", "*.txt", false, false},
                    Row{"Folders", "app", "**/x.cue", false, true},
                    Row{"FoldersMayBeNone", "app", "**/main.cue", false, true},
                    Row{"TwoParts", "app", "s*/y.*", true, true},
                    Row{"Alternatives", "app", "main.{cue,txt}", false, true},
                    Row{"AlternativeDeep", "app", "**/*.{txt,md}", false, true},
                    Row{"QuestionMark", "app", "main.cu?", true, false}, Row{"Class", "app", "[l-n]ain.*", true, true},
                    Row{"NegatedClass", "app", "[^m]ain.*", false, false}, Row{"Folder", "app", "sub", true, true},
                    Row{"FolderByStar", "app", "su*", true, true},
                    Row{"Elsewhere", "app", "../other/*.cue", true, true}, Row{"Root", "", "app/*.cue", true, true},
                    Row{"NothingThere", "none", "*", false, false}, Row{"OddFolder", "app/[odd]", "*", true, true}),
    [](const auto &row) { return row.param.name; });

TEST(PluginPatterns, ThatAreBrokenOrLeaveTheRootAreErrors)
{
    const auto tree = files();
    EXPECT_FALSE(anyPathMatches(*tree, "app", "../../x"));
    EXPECT_FALSE(anyPathMatchesDeep(*tree, "app", "../../*"));
    EXPECT_FALSE(anyPathMatches(*tree, "app", "[a"));
    EXPECT_FALSE(anyPathMatches(*tree, "app", "a\\"));
}

TEST(PluginPatterns, ThatGoManyWaysEnd)
{
    const auto tree = memoryTree({{std::string(2000, 'a') + "/" + std::string(2000, 'a') + "b", ""}});
    std::string pattern;
    for (int i = 0; i < 60; ++i)
        pattern += "**/*a*";
    EXPECT_EQ(*anyPathMatchesDeep(*tree, "", pattern + "c"), false);
}

} // namespace
} // namespace tiphys::render
