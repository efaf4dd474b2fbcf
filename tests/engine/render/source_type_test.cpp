// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/source_type.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;
using object::Value;

TEST(SourceType, IsDiscoveredFromTheNamesInTheFolder)
{
    const auto tree = memoryTree({{"helm/Chart.yaml", ""},
                                  {"both/Chart.yaml", ""},
                                  {"both/kustomization.yaml", ""},
                                  {"plain/a.yaml", ""},
                                  {"plain/sub/Chart.yaml", ""}});
    EXPECT_EQ(discoveredType(*tree, "helm"), SourceType::Helm);
    EXPECT_EQ(discoveredType(*tree, "both"), SourceType::Kustomize);
    EXPECT_EQ(discoveredType(*tree, "plain"), SourceType::Directory);
}

TEST(SourceType, IsWhatTheApplicationSays)
{
    const auto tree = memoryTree({{"helm/Chart.yaml", ""}});
    EXPECT_EQ(sourceTypeOf(Value::map({{"directory", Value::map({})}}), *tree, "helm"), SourceType::Directory);
    const auto several =
        sourceTypeOf(Value::map({{"directory", Value::map({})}, {"kustomize", Value::map({})}}), *tree, "helm");
    ASSERT_FALSE(several);
    EXPECT_EQ(several.error().text(), "multiple application sources defined: Kustomize,Directory");
}

TEST(SourceOverrides, MergeButNeverMoveTheSource)
{
    const auto tree = memoryTree({{"app/.argocd-source.yaml", "directory: {recurse: true}\npath: elsewhere\n"},
                                  {"app/.argocd-source-shop.yaml", "directory: {include: '*.yaml'}\n"}});
    const auto merged = withOverrides(Value::map({{"path", "app"}}), *tree, "app", "shop");
    ASSERT_TRUE(merged);
    EXPECT_EQ(merged->path({"path"}).stringOr(), "app");
    EXPECT_TRUE(merged->path({"directory", "recurse"}).boolOr(false));
    EXPECT_EQ(merged->path({"directory", "include"}).stringOr(), "*.yaml");
}

TEST(RenderSource, BuildsKustomizationsWithTheOptionsOfTheSource)
{
    const auto tree = memoryTree({{"app/kustomization.yaml", "resources: [a.yaml]"},
                                  {"app/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}"}});
    const Value source =
        Value::map({{"path", "app"}, {"kustomize", Value::map({{"namePrefix", "x-"}, {"namespace", "shop"}})}});
    const auto rendered = renderSource(source, *tree, "shop");
    ASSERT_TRUE(rendered) << rendered.error().text();
    ASSERT_EQ(rendered->objects.size(), 1u);
    EXPECT_EQ(rendered->objects[0].object.name(), "x-a");
    EXPECT_EQ(rendered->objects[0].object.ns(), "shop");
}

namespace {

/// What a chart makes of the values files that the source names.
Expected<std::string> valueSeen(const Value &helm)
{
    const auto tree = memoryTree(
        {{"app/Chart.yaml", "{apiVersion: v2, name: p, version: 1.0.0}"},
         {"app/values.yaml", "seen: chart\n"},
         {"app/templates/a.yaml",
          "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {seen: {{ .Values.seen | quote }}}}"},
         {"env/b.yaml", "seen: b\n"},
         {"env/a/x.yaml", "seen: x\n"},
         {"env/a/deep/y.yaml", "seen: deep\n"}});
    const auto rendered = renderSource(Value::map({{"path", "app"}, {"helm", helm}}), *tree, "shop");
    if (!rendered)
        return std::unexpected(rendered.error());
    return std::string(rendered->objects.at(0).object.value().path({"data", "seen"}).stringOr());
}

} // namespace

TEST(RenderSource, MergesValuesFilesOfAPatternInTheOrderOfTheFolders)
{
    EXPECT_EQ(valueSeen(Value::map({{"valueFiles", Value::list({"../env/**/*.yaml"})}})), "deep");
    EXPECT_EQ(valueSeen(Value::map({{"valueFiles", Value::list({"/env/**/b.yaml"})}})), "b");
    EXPECT_EQ(valueSeen(Value::map({{"valueFiles", Value::list({"/env/**/*.yaml", "../env/a/x.yaml"})}})), "x");
    const auto folder = valueSeen(Value::map({{"valueFiles", Value::list({"/env/*"})}}));
    ASSERT_FALSE(folder);
    EXPECT_TRUE(folder.error().text().contains("read env/a: is a directory")) << folder.error().text();
    const auto none = valueSeen(Value::map({{"valueFiles", Value::list({"/env/*.json"})}}));
    ASSERT_FALSE(none);
    EXPECT_TRUE(none.error().text().contains("values file glob \"/env/*.json\" matched no files"))
        << none.error().text();
}

TEST(RenderSource, NamesAReleaseAfterTheApplicationWithoutItsNamespace)
{
    const auto tree = memoryTree({{"app/Chart.yaml", "{apiVersion: v2, name: p, version: 1.0.0}"},
                                  {"app/templates/a.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: {{ "
                                                           ".Release.Name }}}, data: {seen: {{ .Values.seen }}}}"}});
    const Value parameter = Value::map({{"name", "seen"}, {"value", "$ARGOCD_APP_NAME"}});
    RenderContext context;
    context.environment.appName = "team_shop";
    const auto rendered =
        renderSource(Value::map({{"path", "app"}, {"helm", Value::map({{"parameters", Value::list({parameter})}})}}),
                     *tree, "team_shop", context);
    ASSERT_TRUE(rendered) << rendered.error().text();
    EXPECT_EQ(rendered->objects.at(0).object.name(), "shop");
    EXPECT_EQ(rendered->objects.at(0).object.value().path({"data", "seen"}).stringOr(), "team_shop");
}

TEST(RenderSource, TakesAnEmptyObjectOfValuesBeforeTheirText)
{
    EXPECT_EQ(valueSeen(Value::map({{"values", "seen: text"}})), "text");
    EXPECT_EQ(valueSeen(Value::map({{"valuesObject", Value::map({})}, {"values", "seen: text"}})), "chart");
}

TEST(RenderSource, RefusesImportedValuesThatHoldThemselves)
{
    const auto rendered = [](const std::string &values) {
        const auto tree = memoryTree(
            {{"app/Chart.yaml", "{apiVersion: v2, name: p, version: 1.0.0, dependencies: [{name: s, version: 1.0.0, "
                                "import-values: [{child: d.e, parent: x}, {child: d, parent: x}]}]}"},
             {"app/templates/a.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"},
             {"app/charts/s/Chart.yaml", "{apiVersion: v2, name: s, version: 1.0.0}"},
             {"app/charts/s/values.yaml", values}});
        return renderSource(Value::map({{"path", "app"}}), *tree, "shop");
    };
    const auto endless = rendered("d: {e: {f: 1}, g: 2}");
    ASSERT_FALSE(endless);
    EXPECT_TRUE(endless.error().text().contains("import-values of 's': values that hold themselves at 'e'"))
        << endless.error().text();
    const auto cut = rendered("d: {e: {e: {e: null}}}"); // the null is written over a table that is being read
    EXPECT_TRUE(cut) << cut.error().text();
}

TEST(RenderSource, SaysWhatIsNotYetSupported)
{
    const auto tree = memoryTree({{"app/a.yaml", ""}});
    const Value source = Value::map({{"path", "app"}, {"plugin", Value::map({})}});
    const auto rendered = renderSource(source, *tree, "shop");
    ASSERT_FALSE(rendered);
    EXPECT_EQ(rendered.error().code(), ErrorCode::Unsupported);
    EXPECT_EQ(rendered.error().text(), "config management plugin is not run here");
}

namespace {

/// A tree in which "link" is a symbolic link to the folder "real".
class LinkedTree final : public FileTree
{
public:
    explicit LinkedTree(std::vector<std::pair<std::string, std::string>> files) : m_files(memoryTree(std::move(files)))
    {
    }

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override { return m_files->list(folder); }
    Expected<FileEntry> entry(std::string_view path) const override
    {
        return path == "link" ? FileEntry{"link", FileKind::Symlink, ""} : m_files->entry(path);
    }
    Expected<FileContent> read(std::string_view path) const override
    {
        return path == "link" ? FileContent{nullptr, "real"} : m_files->read(path);
    }

private:
    std::shared_ptr<const FileTree> m_files;
};

} // namespace

TEST(SourceBehindALink, IsFoundByToolsOnly)
{
    constexpr const char *map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    const LinkedTree plain({{"real/a.yaml", map}, {"real/in/b.yaml", map}});
    const LinkedTree kustomization({{"real/kustomization.yaml", "resources: [a.yaml]\n"}, {"real/a.yaml", map}});
    const auto rendered = [](const FileTree &files, const Value &source) {
        return *renderSource(source, files, "shop", {});
    };
    for (const FileTree *files :
         {static_cast<const FileTree *>(&plain), static_cast<const FileTree *>(&kustomization)}) {
        const Rendered none = rendered(*files, Value::map({{"path", "link/"}}));
        EXPECT_EQ(none.type, SourceType::Directory);
        EXPECT_TRUE(none.objects.empty());
        EXPECT_EQ(none.warnings.size(), 1U);
    }
    EXPECT_EQ(rendered(plain, Value::map({{"path", "link/in"}})).objects.size(), 1U) << "a link on the way";
    EXPECT_EQ(rendered(kustomization, Value::map({{"path", "link"}, {"kustomize", Value::map({{"namePrefix", "x-"}})}}))
                  .objects.size(),
              1U);
}
