// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/folder_tree.h"

#include <gtest/gtest.h>

#include <fstream>

using namespace tiphys;
namespace fs = std::filesystem;

class FolderTree : public testing::Test
{
protected:
    void SetUp() override
    {
        m_root = fs::path(testing::TempDir())
                 / ("folder_tree_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "_"
                    + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(m_root);
        fs::create_directories(m_root / "apps");
        std::ofstream(m_root / "apps" / "b.yaml") << "b: 1\n";
        std::ofstream(m_root / "apps" / "B.yaml") << "";
        std::ofstream(m_root / "top.json") << "{}";
        fs::create_symlink("apps/b.yaml", m_root / "link");
        fs::create_directories(m_root / ".git");
    }
    void TearDown() override { fs::remove_all(m_root); }

    fs::path m_root;
};

TEST_F(FolderTree, ListsSortedByBytesWithoutGit)
{
    const auto tree = store::folderTree(m_root);
    ASSERT_TRUE(tree);
    const auto top = (*tree)->list("");
    ASSERT_TRUE(top);
    ASSERT_EQ(top->size(), 3u);
    EXPECT_EQ((*top)[0].kind, render::FileKind::Folder);
    EXPECT_EQ((*top)[1].kind, render::FileKind::Symlink);
    const auto apps = (*tree)->list("apps");
    EXPECT_EQ((*apps)[0].name, "B.yaml");
}

TEST_F(FolderTree, ReadsFilesAndTheTargetsOfLinks)
{
    const auto tree = store::folderTree(m_root);
    EXPECT_EQ((*tree)->read("apps/b.yaml")->text, "b: 1\n");
    EXPECT_EQ((*tree)->read("link")->text, "apps/b.yaml");
    EXPECT_EQ(render::resolvedPath(**tree, "link"), "apps/b.yaml");
}

TEST_F(FolderTree, NamesTheFileWhoseContentGitLfsKeeps)
{
    std::ofstream(m_root / "apps" / "b.yaml")
        << "version https://git-lfs.github.com/spec/v1\noid sha256:" << std::string(64, 'a') << "\nsize 12\n";
    const auto tree = store::folderTree(m_root);
    const auto content = (*tree)->read("apps/b.yaml");
    ASSERT_FALSE(content);
    EXPECT_EQ(content.error().code(), ErrorCode::Unsupported);
    EXPECT_TRUE(content.error().text().contains("the content of 'apps/b.yaml' is kept by Git LFS"))
        << content.error().text();
}

TEST_F(FolderTree, NamesWhatIsMissing)
{
    const auto tree = store::folderTree(m_root);
    EXPECT_EQ((*tree)->read("nothing").error().code(), ErrorCode::NotFound);
    EXPECT_EQ((*tree)->list("nothing").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(store::folderTree(m_root / "nothing").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(store::fileContent((m_root / "apps").string()).error().code(), ErrorCode::InvalidInput);
}

TEST_F(FolderTree, ReadsNoMoreThanTheLimit)
{
    const std::string file = (m_root / "apps/b.yaml").string();
    EXPECT_EQ(store::fileContent(file, 5).value(), "b: 1\n");
    EXPECT_EQ(store::fileContent(file, 4).error().code(), ErrorCode::LimitExceeded);
#if defined(__linux__)
    // It tells no size before it is read.
    EXPECT_EQ(store::fileContent("/proc/self/status", 100).error().code(), ErrorCode::LimitExceeded);
    EXPECT_GT(store::fileContent("/proc/self/status", 100'000).value().size(), 100U);
#endif
}
