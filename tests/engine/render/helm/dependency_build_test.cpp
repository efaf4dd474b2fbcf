// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_loader.h"
#include "render/helm/chart_lock.h"
#include "render/helm/dependency_build.h"
#include "render/source_type.h"

#include "support/fetched_content.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace tiphys;
using namespace tiphys::render;
using tests::FetchedInMemory;

namespace {

constexpr std::string_view kChart = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";

std::shared_ptr<const FileTree> chartWith(const std::string &dependencies,
                                          std::vector<std::pair<std::string, std::string>> more = {})
{
    more.emplace_back("Chart.yaml", std::string(kChart) + "dependencies:\n" + dependencies);
    more.emplace_back("templates/a.yaml", "{{ include \"name\" . }}");
    return memoryTree(std::move(more));
}

struct Built
{
    Expected<Chart> chart;
    std::vector<RemoteNeed> needs;
};

Built built(const std::shared_ptr<const FileTree> &files, const RemoteContent *content = nullptr)
{
    Built built{failure(ErrorCode::Internal, ""), {}};
    const Expected<Chart> chart = loadChart(*files, "");
    if (!chart)
        return {chart, {}};
    built.chart = withBuiltDependencies(*chart, {*files, ""}, {content, &built.needs});
    return built;
}

std::string errorOf(const Built &built)
{
    return built.chart ? "no error" : built.chart.error().text();
}

} // namespace

TEST(DependencyBuild, AsksForEverythingThatIsMissingAtOnce)
{
    const Built result = built(chartWith("- {name: a, version: ^1, repository: https://charts.test}\n"
                                         "- {name: b, version: 2.0.0, repository: oci://registry.test/charts}\n"));
    EXPECT_EQ(errorOf(result),
              "chart 'a' ^1 of https://charts.test, chart 'b' 2.0.0 of oci://registry.test/charts are not fetched");
    EXPECT_EQ(result.chart.error().code(), ErrorCode::Unavailable);
    ASSERT_EQ(result.needs.size(), 2u);
    EXPECT_EQ(result.needs[0].chart->version, "^1");
}

TEST(DependencyBuild, TakesWhatWasFetched)
{
    FetchedInMemory content;
    content.charts[{"https://charts.test", "a", "^1", false}] = tests::chartArchive("a", "1.4.0");
    const Built result = built(chartWith("- {name: a, version: ^1, repository: https://charts.test}\n"
                                         "- {name: a, version: ^1, repository: https://charts.test, alias: again}\n"),
                               &content);
    ASSERT_TRUE(result.chart) << errorOf(result);
    ASSERT_EQ(result.chart->dependencies.size(), 1u);
    EXPECT_EQ(result.chart->dependencies.front().metadata.version, "1.4.0");
}

TEST(DependencyBuild, DoesNothingWhereChartsHasAll)
{
    const Built result = built(chartWith("- {name: a, version: ^1, repository: https://charts.test}\n",
                                         {{"charts/a/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n"},
                                          {"Chart.lock", "dependencies: []\ndigest: sha256:0\n"}}));
    EXPECT_TRUE(result.chart) << errorOf(result);
    EXPECT_TRUE(result.needs.empty());
}

TEST(DependencyBuild, HonoursTheLockFile)
{
    const ChartDependency requested{.name = "a",
                                    .version = "^1",
                                    .repository = "https://charts.test",
                                    .condition = {},
                                    .tags = {},
                                    .alias = {},
                                    .importValues = {}};
    ChartDependency locked = requested;
    locked.version = "1.2.0";
    const std::string lock = "dependencies:\n- name: a\n  repository: https://charts.test\n  version: 1.2.0\ndigest: "
                             + lockDigestOf({requested}, {locked}) + "\n";
    const Built result =
        built(chartWith("- {name: a, version: ^1, repository: https://charts.test}\n", {{"Chart.lock", lock}}));
    ASSERT_EQ(result.needs.size(), 1u) << errorOf(result);
    EXPECT_EQ(result.needs[0].chart->version, "1.2.0");

    const Built changed =
        built(chartWith("- {name: a, version: ^2, repository: https://charts.test}\n", {{"Chart.lock", lock}}));
    EXPECT_EQ(errorOf(changed),
              "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the "
              "dependencies with 'helm dependency update'");
}

TEST(DependencyBuild, KnowsRepositoriesByName)
{
    FetchedInMemory content;
    content.names["stable"] = "https://charts.test";
    const auto files = chartWith("- {name: a, version: 1.0.0, repository: '@stable'}\n- {name: b, version: 1.0.0, "
                                 "repository: 'alias:stable'}\n");
    const Built result = built(files, &content);
    ASSERT_EQ(result.needs.size(), 2u);
    EXPECT_EQ(result.needs[1].chart->repository, "https://charts.test");
    content.names.clear();
    EXPECT_EQ(errorOf(built(files, &content)),
              "no repository definition for @stable, alias:stable; add it with 'helm repo add'");
}

TEST(DependencyBuild, SaysWhyFetchingFailedAndDoesNotAskAgain)
{
    FetchedInMemory content;
    content.charts[{"https://charts.test", "a", "^1", false}] =
        failure(ErrorCode::Unavailable, "https://charts.test: HTTP status 503");
    const Built result = built(chartWith("- {name: a, version: ^1, repository: https://charts.test}\n"), &content);
    EXPECT_EQ(errorOf(result), "dependency 'a': https://charts.test: HTTP status 503");
    EXPECT_EQ(result.chart.error().code(), ErrorCode::NotFound);
    EXPECT_TRUE(result.needs.empty());
}

TEST(DependencyBuild, ReadsFoldersBesideTheChart)
{
    const auto files =
        memoryTree({{"shop/Chart.yaml",
                     std::string(kChart) + "dependencies: [{name: a, version: 1.x, repository: 'file://../a'}]"},
                    {"a/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.1.0\n"}});
    const Expected<Chart> chart = loadChart(*files, "shop");
    ASSERT_TRUE(chart);
    const Expected<Chart> whole = withBuiltDependencies(*chart, {*files, "shop"}, {});
    ASSERT_TRUE(whole) << whole.error().text();
    EXPECT_EQ(whole->dependencies.size(), 1u);
}

// Recorded from Helm 4.2.4 (`helm dependency update`).
TEST(LockDigest, IsThatOfHelm)
{
    const ChartDependency requested{
        .name = "common",
        .version = "^1.2",
        .repository = "http://127.0.0.1:8123",
        .condition = "common.enabled",
        .tags = {"x"},
        .alias = "c",
        .importValues = {object::Value("data"), object::Value::map({{"parent", "p<"}, {"child", "c"}})}};
    ChartDependency locked{.name = "common",
                           .version = "1.10.0",
                           .repository = "http://127.0.0.1:8123",
                           .condition = {},
                           .tags = {},
                           .alias = {},
                           .importValues = {}};
    EXPECT_EQ(lockDigestOf({requested}, {locked}),
              "sha256:8aceac878d00efdd8eb49a48af8c5fd048e3de446020638d9bd9ef49c3b1ec53");
}

TEST(ChartSource, RendersTheFetchedChart)
{
    FetchedInMemory content;
    content.charts[{"https://charts.test", "a", "1.x", false}] = tests::chartArchive("a", "1.4.0");
    RenderContext context;
    context.environment.appName = "shop";
    std::vector<RemoteNeed> needs;
    context.needs = &needs;
    const object::Value source =
        object::Value::map({{"repoURL", "https://charts.test"}, {"chart", "a"}, {"targetRevision", "1.x"}});
    const Expected<Rendered> missing = renderSource(source, *memoryTree({}), "shop", context);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().text(), "chart 'a' 1.x of https://charts.test is not fetched");
    EXPECT_EQ(needs.size(), 1u);
    context.remote = std::make_shared<const FetchedInMemory>(content);
    const Expected<Rendered> rendered = renderSource(source, *memoryTree({}), "shop", context);
    ASSERT_TRUE(rendered) << rendered.error().text();
    ASSERT_EQ(rendered->objects.size(), 1u);
    EXPECT_EQ(rendered->objects[0].object.name(), "shop-1.4.0");
}

TEST(ValuesAtAnAddress, AreAskedForAndRead)
{
    const auto files = memoryTree(
        {{"Chart.yaml", std::string(kChart)}, {"templates/a.yaml", "kind: A\nmetadata: {name: {{ .Values.name }}}\n"}});
    const object::Value helm =
        object::Value::map({{"valueFiles", object::Value::list({object::Value("https://values.test/a.yaml")})}});
    const object::Value source = object::Value::map({{"path", "."}, {"helm", helm}});
    RenderContext context;
    std::vector<RemoteNeed> needs;
    context.needs = &needs;
    const Expected<Rendered> missing = renderSource(source, *files, "", context);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code(), ErrorCode::Unavailable);
    ASSERT_EQ(needs.size(), 1u);
    EXPECT_EQ(needs[0].url, "https://values.test/a.yaml");
    auto content = std::make_shared<FetchedInMemory>();
    content->files["https://values.test/a.yaml"] = std::string("name: far");
    context.remote = content;
    const Expected<Rendered> rendered = renderSource(source, *files, "", context);
    ASSERT_TRUE(rendered) << rendered.error().text();
    EXPECT_EQ(rendered->objects.at(0).object.name(), "far");
}
