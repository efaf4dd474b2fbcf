// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/file_tree.h"

#include <gtest/gtest.h>

using namespace tiphys;

TEST(CleanPath, DropsDotsAndDoubledSlashes)
{
    EXPECT_EQ(render::cleanPath("./a//b/../c/"), "a/c");
    EXPECT_EQ(render::cleanPath("."), "");
    EXPECT_FALSE(render::cleanPath("a/../../b"));
}

TEST(MemoryTree, ListsFoldersAndFiles)
{
    const auto tree = render::memoryTree({{"apps/shop/a.yaml", "x"}, {"README", "y"}});
    const auto top = tree->list("");
    ASSERT_TRUE(top);
    EXPECT_EQ((*top)[0].name, "README");
    EXPECT_EQ((*top)[1].kind, render::FileKind::Folder);
    EXPECT_EQ(tree->read("apps/shop/a.yaml")->text, "x");
    EXPECT_EQ(tree->list("nothing").error().code(), ErrorCode::NotFound);
}
