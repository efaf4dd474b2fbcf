// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/workspace.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace tiphys::store {
namespace {

namespace fs = std::filesystem;

class Workspace : public testing::Test
{
protected:
    void SetUp() override
    {
        root = fs::temp_directory_path()
               / ("tiphys-workspace-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed())
                  + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(root);
        fs::create_directories(root / "apps" / "shop");
    }
    void TearDown() override { fs::remove_all(root); }

    static void write(const fs::path &folder, const std::string &text)
    {
        fs::create_directories(folder / ".tiphys");
        std::ofstream(folder / ".tiphys" / "argocd-cm.yaml") << text;
    }
    std::string found(const fs::path &folder) const
    {
        const auto file = workspaceSettings(folder);
        EXPECT_TRUE(file);
        return file && *file ? (*file)->text : "";
    }

    fs::path root;
};

TEST_F(Workspace, FindsTheFileAboveUpToTheRepository)
{
    fs::create_directories(root / ".git");
    write(root, "a: b");
    EXPECT_EQ(found(root / "apps" / "shop"), "a: b");
}

TEST_F(Workspace, TheNearestFileDecides)
{
    fs::create_directories(root / ".git");
    write(root, "far");
    write(root / "apps", "near");
    EXPECT_EQ(found(root / "apps" / "shop"), "near");
}

TEST_F(Workspace, LooksNotBeyondTheRepository)
{
    write(root, "outside");
    fs::create_directories(root / "apps" / ".git");
    EXPECT_EQ(found(root / "apps" / "shop"), "");
}

TEST_F(Workspace, OutsideOfARepositoryOnlyTheFolderItselfCounts)
{
    write(root, "above");
    EXPECT_EQ(found(root / "apps"), "");
    EXPECT_EQ(found(root), "above");
}

} // namespace
} // namespace tiphys::store
