// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_archive.h"
#include "render/helm/chart_loader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

using namespace tiphys;
using namespace tiphys::render;

namespace {

Expected<std::vector<ChartFile>> filesOf(const std::string &name)
{
    std::ifstream file(TIPHYS_TEST_DATA "/helm-archives/" + name, std::ios::binary);
    return chartArchiveFiles(std::string(std::istreambuf_iterator<char>(file), {}));
}

} // namespace

TEST(ChartArchive, HoldsAChart)
{
    Expected<std::vector<ChartFile>> files = filesOf("whole.tgz");
    ASSERT_TRUE(files) << files.error().text();
    const Expected<Chart> chart = loadChartFiles(*std::move(files));
    ASSERT_TRUE(chart) << chart.error().text();
    EXPECT_EQ(chart->name(), "sub");
    ASSERT_EQ(chart->content->templates.size(), 1U);
    EXPECT_EQ(chart->content->templates.front().name, "templates/a.yaml");
}

TEST(ChartArchive, MayNotLeaveItsFolder)
{
    const auto files = filesOf("leaves-its-folder.tgz");
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code(), ErrorCode::InvalidInput);
}

TEST(ChartArchive, MayNotHoldFilesOutsideOfAFolder)
{
    EXPECT_FALSE(filesOf("without-folder.tgz"));
}

TEST(ChartArchive, LimitsFilesThatUnpackToMuch)
{
    const auto files = filesOf("large-file.tgz");
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code(), ErrorCode::LimitExceeded);
}

TEST(ChartArchive, RefusesWhatIsNoArchive)
{
    const auto files = filesOf("no-archive.tgz");
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code(), ErrorCode::InvalidInput);
}
