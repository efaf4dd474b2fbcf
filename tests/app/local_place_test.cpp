// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/local_place.h"

#include "cli/included_files.h"
#include "object/yaml.h"
#include "store/written_tree.h"

#include <gtest/gtest.h>

#include <filesystem>

using namespace tiphys;
using namespace tiphys::cli;

namespace fs = std::filesystem;

namespace {

class LocalPlaceOf : public testing::Test
{
protected:
    void SetUp() override
    {
        m_root = fs::canonical(m_folder->path());
        fs::create_directories(m_root / "work/apps/shop");
    }
    std::string at(const std::string &path) const { return (m_root / path).string(); }
    /// Root and path of the place, or the error.
    std::string placed(const LocalFlags &flags, const std::string &sourcePath) const
    {
        const Expected<LocalPlace> place = localPlaceOf(flags, sourcePath);
        return place ? place->root.lexically_relative(m_root).generic_string() + " " + place->path
                     : place.error().text();
    }

    std::unique_ptr<store::TemporaryFolder> m_folder = store::TemporaryFolder::make().value();
    fs::path m_root;
};

crd::ApplicationSource source(const std::string &yaml)
{
    return crd::sourceOf(object::parseYaml(yaml).value()).value();
}

} // namespace

TEST_F(LocalPlaceOf, TheWorkTreeAroundTheFolderIsTheRepository)
{
    fs::create_directories(m_root / "work/.git");
    EXPECT_EQ(placed({.folder = at("work/apps/shop")}, "elsewhere"), "work apps/shop");
    EXPECT_EQ(placed({.folder = at("work")}, "apps/shop"), "work .");
}

TEST_F(LocalPlaceOf, WithoutAWorkTreeTheSourcesPathTellsTheRepository)
{
    EXPECT_EQ(placed({.folder = at("work/apps/shop")}, "apps/shop"), "work apps/shop");
    EXPECT_EQ(placed({.folder = at("work/apps/shop/")}, "./apps/shop/"), "work apps/shop");
    EXPECT_EQ(placed({.folder = at("work/apps/shop")}, "other/shop"), "work/apps/shop .");
    EXPECT_EQ(placed({.folder = at("work/apps/shop")}, ""), "work/apps/shop .");
}

TEST_F(LocalPlaceOf, TheRootIsWhatIsSaid)
{
    fs::create_directories(m_root / "work/.git");
    EXPECT_EQ(placed({.folder = at("work/apps/shop"), .root = at("work/apps")}, "apps/shop"), "work/apps shop");
    EXPECT_EQ(placed({.folder = at("work"), .isWholeRepository = true}, "apps/shop"), "work apps/shop");
    EXPECT_TRUE(
        placed({.folder = at("work"), .root = at("work/apps")}, "apps").contains("is not below --local-repo-root"));
    EXPECT_TRUE(placed({.folder = at("nowhere")}, "apps").starts_with("no folder"));
}

TEST(LocalSourceOf, AChartBecomesAFolder)
{
    const LocalPlace place{"/work", "charts/web"};
    const Expected<crd::ApplicationSource> chart = localSourceOf(
        source("{repoURL: https://charts.example.com, chart: web, targetRevision: 1.2.3, helm: {releaseName: w}}"),
        place);
    ASSERT_TRUE(chart) << chart.error().text();
    EXPECT_FALSE(chart->isHelmChart());
    EXPECT_EQ(chart->path, "charts/web");
    EXPECT_EQ(chart->targetRevision, "1.2.3");
    EXPECT_EQ(chart->helm->releaseName, "w");
    const Expected<crd::ApplicationSource> artifact =
        localSourceOf(source("{repoURL: oci://registry/web, path: ., targetRevision: 1.2.3}"), place);
    ASSERT_TRUE(artifact) << artifact.error().text();
    EXPECT_FALSE(artifact->isOci());
}

TEST(IncludedFiles, AreThoseWhoseNamesMatch)
{
    const auto all = render::memoryTree(
        {{"apps/shop/web.yaml", "a"}, {"apps/shop/notes.txt", "b"}, {"apps/more.json", "c"}, {"README", "d"}});
    const auto some = includedFiles(all, {"*.yaml", "*.jso?"}).value();

    EXPECT_EQ(some->read("apps/shop/web.yaml").value().text, "a");
    EXPECT_EQ(some->read("apps/more.json").value().text, "c");
    EXPECT_EQ(some->read("apps/shop/notes.txt").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(some->entry("README").error().code(), ErrorCode::NotFound);
    EXPECT_EQ(some->entry("apps/shop").value().kind, render::FileKind::Folder);
    EXPECT_EQ(some->list("apps/shop").value().size(), 1U);
    EXPECT_EQ(some->list("").value().size(), 1U);
    EXPECT_EQ(includedFiles(all, {}).value(), all);
    EXPECT_EQ(includedFiles(all, {"*.yml", "shop/*"}).error().text(), "no file matches --local-include *.yml, shop/*");
}
