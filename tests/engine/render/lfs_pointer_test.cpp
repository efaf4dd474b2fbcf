// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/lfs_pointer.h"

#include <gtest/gtest.h>

namespace tiphys::render {

TEST(LfsPointerOf, KnowsPointersFromContent)
{
    const std::string sha(64, 'a');
    const std::optional<LfsPointer> pointer =
        lfsPointerOf("version https://git-lfs.github.com/spec/v1\noid sha256:" + sha + "\nsize 12345\n");
    ASSERT_TRUE(pointer);
    EXPECT_EQ(pointer->sha256, sha);
    EXPECT_EQ(pointer->size, 12345u);
    EXPECT_EQ(lfsObjectPath(*pointer), "aa/aa/" + sha);
    EXPECT_FALSE(lfsPointerOf("version: v1\n"));
    EXPECT_FALSE(lfsPointerOf("version https://git-lfs.github.com/spec/v1\noid sha256:short\nsize 1\n"));
}

} // namespace tiphys::render
