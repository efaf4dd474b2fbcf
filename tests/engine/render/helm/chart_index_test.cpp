// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_index.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;

namespace {

constexpr std::string_view kIndex = R"(apiVersion: v1
entries:
  common:
  - {name: common, version: 1.2.0, urls: [common-1.2.0.tgz], digest: aa}
  - {name: common, version: 2.0.0-rc.1, urls: [common-2.0.0-rc.1.tgz]}
  - {name: common, version: 1.10.0, urls: ["https://cdn.test/common-1.10.0.tgz"]}
  - {name: common, version: not a version, urls: [x]}
  - null
  - {name: "", version: 9.0.0, urls: [x]}
  - {name: common, version: v1.3.0, urls: []}
generated: "2026-01-01T00:00:00Z"
)";

std::string foundVersion(std::string_view wanted, Prereleases prereleases = Prereleases::Skip)
{
    const auto index = ChartIndex::parse(kIndex);
    if (!index)
        return index.error().text();
    const auto found = index->find("common", wanted, prereleases);
    return found ? found->version : "error: " + found.error().text();
}

} // namespace

TEST(ChartIndex, LeavesOutEntriesThatAreNoCharts)
{
    const auto index = ChartIndex::parse(kIndex);
    ASSERT_TRUE(index) << index.error().text();
    ASSERT_EQ(index->versions("common").size(), 4u);
    EXPECT_EQ(index->versions("common").front().version, "2.0.0-rc.1");
    EXPECT_TRUE(index->versions("other").empty());
}

TEST(ChartIndex, FindsTheHighestVersionThatTheConstraintAllows)
{
    EXPECT_EQ(foundVersion(""), "1.10.0");
    EXPECT_EQ(foundVersion("1.2.0"), "1.2.0");
    EXPECT_EQ(foundVersion("^1.2"), "1.10.0");
    EXPECT_EQ(foundVersion("~1.2.0"), "1.2.0");
    EXPECT_EQ(foundVersion("", Prereleases::Allow), "2.0.0-rc.1");
    EXPECT_EQ(foundVersion("2.0.0-rc.1"), "2.0.0-rc.1");
    EXPECT_EQ(foundVersion(">=1.9 <2"), "1.10.0");
}

TEST(ChartIndex, NamesChartAndVersionOfWhatIsNotThere)
{
    EXPECT_EQ(foundVersion("3.x"), "error: chart \"common\" version \"3.x\" not found in the repository");
    EXPECT_EQ(foundVersion("1.3.0"), "error: chart \"common\" version \"1.3.0\" has no downloadable URLs");
    EXPECT_TRUE(foundVersion("one").starts_with("error: chart \"common\" version \"one\": improper constraint"));
}

TEST(ChartIndex, RefusesWhatIsNoIndex)
{
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", "empty index.yaml file"},
        {"entries: {}", "no API version specified"},
        {"[]", "the index of a chart repository is a map"},
        {"apiVersion: v1\nentries: [a]", "entries of the index is no map"},
    };
    for (const auto &[text, message] : cases) {
        const auto index = ChartIndex::parse(text);
        ASSERT_FALSE(index) << text;
        EXPECT_EQ(index.error().message(), message);
    }
    EXPECT_FALSE(ChartIndex::parse("<!DOCTYPE html><html><body>: x: y</body></html>"));
}

TEST(ChartIndex, ReadsJsonToo)
{
    const auto index =
        ChartIndex::parse(R"({"apiVersion":"v1","entries":{"a":[{"name":"a","version":"1.0.0","urls":["a.tgz"]}]}})");
    ASSERT_TRUE(index);
    EXPECT_EQ(index->versions("a").size(), 1u);
}

TEST(ChartUrl, StandsBelowTheRepositoryAndKeepsItsQuery)
{
    struct Case
    {
        std::string_view base, reference, url;
    };
    const Case cases[] = {
        {"https://charts.test/stable", "a-1.tgz", "https://charts.test/stable/a-1.tgz"},
        {"https://charts.test/stable/", "charts/a-1.tgz", "https://charts.test/stable/charts/a-1.tgz"},
        {"https://charts.test/stable", "/a-1.tgz", "https://charts.test/a-1.tgz"},
        {"https://charts.test/stable", "../a-1.tgz", "https://charts.test/a-1.tgz"},
        {"https://charts.test/stable?token=x", "a-1.tgz", "https://charts.test/stable/a-1.tgz?token=x"},
        {"https://charts.test/stable", "https://cdn.test/a.tgz", "https://cdn.test/a.tgz"},
        {"https://charts.test/stable", "//cdn.test/a.tgz", "https://cdn.test/a.tgz"},
        {"https://charts.test", "./a-1.tgz", "https://charts.test/a-1.tgz"},
    };
    for (const Case &each : cases)
        EXPECT_EQ(resolvedChartUrl(each.base, each.reference), each.url);
    EXPECT_EQ(indexUrlOf("https://charts.test/stable/?a=b"), "https://charts.test/stable/index.yaml?a=b");
    EXPECT_EQ(indexUrlOf("https://charts.test"), "https://charts.test/index.yaml");
}
