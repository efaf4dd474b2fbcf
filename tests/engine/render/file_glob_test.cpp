// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/file_glob.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;

namespace {

using Paths = std::vector<std::string>;

std::shared_ptr<const FileTree> environments()
{
    return memoryTree({{"env/b.yaml", ""},
                       {"env/a/x.yaml", ""},
                       {"env/a/deep/y.yaml", ""},
                       {"env/c/x.yaml", ""},
                       {"env/c/.hidden.yaml", ""},
                       {"env/c/z.json", ""}});
}

Paths deep(const std::string &pattern)
{
    return deepGlobPaths(*environments(), pattern).value_or(Paths{"error"});
}

Paths plain(const std::string &folder, const std::string &pattern)
{
    return globPaths(*environments(), folder, pattern).value_or(Paths{"error"});
}

} // namespace

TEST(DeepGlob, FindsFilesOfAFolderBeforeThoseBelowIt)
{
    EXPECT_EQ(deep("env/**/*.yaml"),
              (Paths{"env/b.yaml", "env/a/x.yaml", "env/a/deep/y.yaml", "env/c/.hidden.yaml", "env/c/x.yaml"}));
}

TEST(DeepGlob, TakesAnyNumberOfFoldersForTwoStars)
{
    EXPECT_EQ(deep("env/**/b.yaml"), Paths{"env/b.yaml"});
    EXPECT_EQ(deep("**/y.yaml"), Paths{"env/a/deep/y.yaml"});
    EXPECT_EQ(deep("env/a/**"), (Paths{"env/a", "env/a/deep", "env/a/deep/y.yaml", "env/a/x.yaml"}));
    EXPECT_EQ(deep("env/**.yaml"), Paths{"env/b.yaml"});
}

TEST(DeepGlob, FindsFoldersToo)
{
    EXPECT_EQ(deep("env/?"), (Paths{"env/a", "env/c"}));
    EXPECT_EQ(deep("env/*"), (Paths{"env/a", "env/b.yaml", "env/c"}));
}

TEST(DeepGlob, SortsAlternativesAndNamesEachPathOnce)
{
    EXPECT_EQ(deep("env/{c,a}/*.yaml"), (Paths{"env/a/x.yaml", "env/c/.hidden.yaml", "env/c/x.yaml"}));
    EXPECT_EQ(deep("env/c/{z.json,x.*,*.json}"), (Paths{"env/c/x.yaml", "env/c/z.json"}));
}

TEST(DeepGlob, NegatesClassesInTwoWays)
{
    EXPECT_EQ(deep("env/[!a]/x.yaml"), Paths{"env/c/x.yaml"});
    EXPECT_EQ(deep("env/[^c]/x.yaml"), Paths{"env/a/x.yaml"});
}

TEST(DeepGlob, RefusesABrokenPattern)
{
    EXPECT_FALSE(deepGlobPaths(*environments(), "env/[a"));
}

TEST(PathGlob, NamesPathsFromTheFolder)
{
    EXPECT_EQ(plain("env/a", "../*/x.yaml"), (Paths{"../a/x.yaml", "../c/x.yaml"}));
    EXPECT_EQ(plain("env", "*.yaml"), Paths{"b.yaml"});
    EXPECT_EQ(plain("env", "./b.yaml"), Paths{"./b.yaml"});
    EXPECT_EQ(plain("env", "absent"), Paths());
    EXPECT_EQ(plain("env", "**"), (Paths{"a", "b.yaml", "c"}));
}
