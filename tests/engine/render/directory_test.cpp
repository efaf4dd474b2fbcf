// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/directory.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;

namespace {

std::string configMap(const std::string &name)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n";
}

std::vector<std::string> names(const Expected<Rendered> &rendered)
{
    std::vector<std::string> names;
    if (!rendered)
        return {"error: " + rendered.error().text()};
    for (const RenderedObject &object : rendered->objects)
        names.emplace_back(object.object.name());
    return names;
}

using Names = std::vector<std::string>;

} // namespace

TEST(Directory, ReadsFilesInTheOrderOfTheirPathsAndNoSubFolders)
{
    const auto tree = memoryTree({{"app/b.yaml", configMap("b")},
                                  {"app/a.yml", configMap("a1") + "---\n" + configMap("a2")},
                                  {"app/sub/c.yaml", configMap("c")},
                                  {"app/notes.txt", "hello"}});
    EXPECT_EQ(names(renderDirectory(*tree, "app", {})), (Names{"a1", "a2", "b"}));
}

TEST(Directory, RecursesInLexicalOrderWhenAsked)
{
    const auto tree = memoryTree(
        {{"app/b.yaml", configMap("b")}, {"app/a/c.yaml", configMap("c")}, {"app/z/d.yaml", configMap("d")}});
    EXPECT_EQ(names(renderDirectory(*tree, "app", {.recurses = true})), (Names{"c", "b", "d"}));
}

TEST(Directory, LooksAtExcludeBeforeInclude)
{
    const auto tree =
        memoryTree({{"app/a.yaml", configMap("a")},
                    {"app/x/b.yaml", configMap("b")},
                    {"app/x/c.json", R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}})"}});
    EXPECT_EQ(names(renderDirectory(*tree, "app", {.recurses = true, .include = "*.yaml", .exclude = "x*"})),
              (Names{"a"}));
    EXPECT_EQ(names(renderDirectory(*tree, "app", {.recurses = true, .include = "{*.json,a*}"})), (Names{"a", "c"}));
}

TEST(Directory, SkipsMarkedFiles)
{
    const auto tree =
        memoryTree({{"a.yaml", "# +argocd:skip-file-rendering\n" + configMap("a")}, {"b.yaml", configMap("b")}});
    EXPECT_EQ(names(renderDirectory(*tree, "", {})), (Names{"b"}));
}

TEST(Directory, ReplacesListsByTheirItems)
{
    const auto tree =
        memoryTree({{"list.yaml",
                     "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: one}}\n"
                     "- {apiVersion: v1, kind: ConfigMap, metadata: {name: two}}\n"}});
    EXPECT_EQ(names(renderDirectory(*tree, "", {})), (Names{"one", "two"}));
}

TEST(Directory, IgnoresWhatIsNoManifestAtAll)
{
    const auto tree = memoryTree({{"values.yaml", "a: [\n"}, {"b.yaml", configMap("b")}, {"plain.yaml", "foo: bar\n"}});
    const auto rendered = renderDirectory(*tree, "", {});
    EXPECT_EQ(names(rendered), (Names{"b"}));
    EXPECT_EQ(rendered->warnings.size(), 2u);
}

TEST(Directory, NamesFileAndLineOfBrokenYaml)
{
    const auto tree = memoryTree({{"app/bad.yaml", configMap("a") + "data:\n  key: [1, 2\n"}});
    const auto rendered = renderDirectory(*tree, "app", {});
    ASSERT_FALSE(rendered);
    const std::string text = rendered.error().text();
    EXPECT_TRUE(text.starts_with("Failed to unmarshal \"bad.yaml\": failed to unmarshal manifest: "
                                 "error converting YAML to JSON: yaml: line "))
        << text;
    EXPECT_EQ(rendered.error().reason(), "app/bad.yaml:7:1");
}

TEST(Directory, RefusesSeveralObjectsInJson)
{
    const auto tree = memoryTree({{"a.json", R"({"kind":"A"}{"kind":"B"})"}});
    const auto rendered = renderDirectory(*tree, "", {});
    ASSERT_FALSE(rendered);
    EXPECT_EQ(rendered.error().text(),
              "Found multiple objects in \"a.json\". Only single objects are allowed in JSON files.");
}

TEST(Directory, ReadsConcatenatedJsonInYamlFiles)
{
    const auto tree = memoryTree({{"a.yaml", R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}
{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}})"}});
    EXPECT_EQ(names(renderDirectory(*tree, "", {})), (Names{"a", "b"}));
}

TEST(Directory, StopsAtTheSizeLimit)
{
    const auto tree = memoryTree({{"a.yaml", configMap("a")}, {"b.yaml", configMap("b")}});
    const auto rendered = renderDirectory(*tree, "", {.limitBytes = 60});
    ASSERT_FALSE(rendered);
    EXPECT_EQ(rendered.error().code(), ErrorCode::LimitExceeded);
    EXPECT_TRUE(rendered.error().text().contains("'b.yaml'"));
}

TEST(Directory, CountsNoJsonnetForTheSizeLimit)
{
    const auto tree = memoryTree({{"a.yaml", configMap("a")}, {"b.jsonnet", std::string(100, ' ')}});
    const auto rendered = renderDirectory(*tree, "", {.limitBytes = 60});
    ASSERT_FALSE(rendered);
    EXPECT_EQ(rendered.error().code(), ErrorCode::Unsupported) << rendered.error().text();
}

TEST(Directory, ChecksThePath)
{
    const auto tree = memoryTree({{"app/a.yaml", configMap("a")}});
    EXPECT_EQ(renderDirectory(*tree, "nothing", {}).error().text(), "nothing: app path does not exist");
    EXPECT_EQ(renderDirectory(*tree, "/app", {}).error().text(), "/app: app path is absolute");
    EXPECT_EQ(renderDirectory(*tree, "../app", {}).error().text(), "../app: app path outside root");
    EXPECT_EQ(renderDirectory(*tree, "app/a.yaml", {}).error().text(), "app/a.yaml: app path is not a directory");
}
