// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/text_shelf.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace tiphys::store {
namespace {

namespace fs = std::filesystem;

/// A folder of this test alone, gone afterwards.
class TextShelfTest : public testing::Test
{
protected:
    void SetUp() override
    {
        folder = fs::temp_directory_path()
                 / ("tiphys-shelf-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    fs::path folder;
};

TEST_F(TextShelfTest, GivesBackWhatWasWrittenLast)
{
    const TextShelf shelf(folder / "deep" / "er");
    ASSERT_TRUE(shelf.write("arn:aws:eks:eu/prod", "first"));
    ASSERT_TRUE(shelf.write("arn:aws:eks:eu/prod", "second"));
    EXPECT_EQ(shelf.read("arn:aws:eks:eu/prod"), "second");
    EXPECT_EQ(shelf.read("another"), std::nullopt);
}

TEST_F(TextShelfTest, OnlyThisUserReadsTheFiles)
{
    const TextShelf shelf(folder);
    ASSERT_TRUE(shelf.write("a", "text"));
    const fs::perms others = fs::perms::group_all | fs::perms::others_all;
    EXPECT_EQ(fs::status(shelf.fileOf("a")).permissions() & others, fs::perms::none);
    EXPECT_EQ(fs::status(folder).permissions() & others, fs::perms::none);
}

TEST_F(TextShelfTest, LeavesNothingUnfinishedBehind)
{
    const TextShelf shelf(folder);
    ASSERT_TRUE(shelf.write("a", "text"));
    shelf.remove("a");
    EXPECT_EQ(shelf.read("a"), std::nullopt);
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(TextShelfTest, TextsThatAreTooLongAreNeitherWrittenNorRead)
{
    const TextShelf small(folder, {.textBytes = 4, .texts = 64});
    const Expected<void> written = small.write("a", "12345");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::LimitExceeded);
    ASSERT_TRUE(TextShelf(folder).write("a", "12345"));
    EXPECT_EQ(small.read("a"), std::nullopt);
}

TEST_F(TextShelfTest, TheOldestTextGoesWhenThereAreTooMany)
{
    const TextShelf shelf(folder, {.textBytes = 100, .texts = 2});
    ASSERT_TRUE(shelf.write("a", "1"));
    ASSERT_TRUE(shelf.write("b", "2"));
    fs::last_write_time(shelf.fileOf("b"), fs::file_time_type::clock::now() - std::chrono::hours(2));
    ASSERT_TRUE(shelf.write("c", "3"));
    EXPECT_EQ(shelf.read("a"), "1");
    EXPECT_EQ(shelf.read("b"), std::nullopt);
    EXPECT_EQ(shelf.read("c"), "3");
}

TEST_F(TextShelfTest, AFolderThatCannotBeMadeIsAnErrorThatNamesTheFile)
{
    std::ofstream(folder) << "in the way";
    const Expected<void> written = TextShelf(folder).write("a", "text");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::Denied);
    EXPECT_TRUE(written.error().text().contains(folder.string()));
}

} // namespace
} // namespace tiphys::store
