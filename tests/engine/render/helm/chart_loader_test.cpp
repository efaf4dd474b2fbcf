// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_loader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

using namespace tiphys;
using namespace tiphys::render;

namespace {

/// A chart whose folder "data" has files of 4 MiB, all of them the same bytes in memory.
class LargeChart final : public FileTree
{
public:
    explicit LargeChart(int count) : m_count(count) {}

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override
    {
        if (folder == "chart")
            return std::vector<FileEntry>{{"Chart.yaml", FileKind::File, ""}, {"data", FileKind::Folder, ""}};
        std::vector<FileEntry> entries;
        for (int i = 0; i < m_count; ++i)
            entries.push_back({std::to_string(1000 + i), FileKind::File, ""});
        return entries;
    }
    Expected<FileEntry> entry(std::string_view path) const override
    {
        return failure(ErrorCode::NotFound, "no file '" + std::string(path) + "'");
    }
    Expected<FileContent> read(std::string_view path) const override
    {
        if (path == "chart/Chart.yaml")
            return FileContent{nullptr, "apiVersion: v2\nname: large\nversion: 1.0.0\n"};
        if (!path.starts_with("chart/data/"))
            return failure(ErrorCode::NotFound, "no file '" + std::string(path) + "'");
        return FileContent{m_bytes, *m_bytes};
    }

private:
    int m_count;
    std::shared_ptr<const std::string> m_bytes = std::make_shared<const std::string>(std::size_t(4) << 20, 'x');
};

/// A tree whose file \p link is a symbolic link to what it contains.
class TreeWithLink final : public FileTree
{
public:
    TreeWithLink(std::vector<std::pair<std::string, std::string>> files, std::string link)
        : m_files(memoryTree(std::move(files))), m_link(std::move(link))
    {
    }

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override
    {
        Expected<std::vector<FileEntry>> entries = m_files->list(folder);
        const std::string before = folder.empty() ? std::string() : std::string(folder) + "/";
        for (FileEntry &entry : *entries) {
            if (before + entry.name == m_link)
                entry.kind = FileKind::Symlink;
        }
        return entries;
    }
    Expected<FileEntry> entry(std::string_view path) const override
    {
        Expected<FileEntry> found = m_files->entry(path);
        if (path == m_link)
            found->kind = FileKind::Symlink;
        return found;
    }
    Expected<FileContent> read(std::string_view path) const override { return m_files->read(path); }

private:
    std::shared_ptr<const FileTree> m_files;
    std::string m_link;
};

std::string problemOfLinkTo(const std::string &target)
{
    const TreeWithLink tree({{"charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"},
                             {"charts/web/README.md", target},
                             {"docs/web.md", "about"}},
                            "charts/web/README.md");
    const Expected<Chart> chart = loadChart(tree, "charts/web", {});
    return chart ? std::string() : chart.error().text();
}

} // namespace

// Only archives may not hold more than 100 MiB: Helm reads larger folders, such as umbrellas of unpacked charts.
TEST(ChartLoader, ReadsFoldersThatAreLargerThanArchivesMayBe)
{
    const Expected<Chart> chart = loadChart(LargeChart(40), "chart");
    ASSERT_TRUE(chart) << chart.error().text();
    EXPECT_EQ(chart->metadata.name, "large");
}

TEST(ChartLoader, StopsAtFoldersBeyondAllReason)
{
    const Expected<Chart> chart = loadChart(LargeChart(300), "chart");
    ASSERT_FALSE(chart);
    EXPECT_EQ(chart.error().code(), ErrorCode::LimitExceeded);
    EXPECT_EQ(chart.error().message(), "chart is larger than the maximum size 1073741824");
}

TEST(ChartLoader, SaysWhichSymbolicLinkLeadsNowhere)
{
    EXPECT_EQ(problemOfLinkTo("../../docs/web.md"), "");
    EXPECT_EQ(problemOfLinkTo("../../docs/nope.md"),
              "error evaluating symlink charts/web/README.md: no file 'docs/nope.md'");
    EXPECT_EQ(problemOfLinkTo("../../../web.md"), "error evaluating symlink charts/web/README.md: symbolic link "
                                                  "'charts/web/README.md' leaves the root");
}
