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
    const auto several = sourceTypeOf(
        Value::map({{"directory", Value::map({})}, {"kustomize", Value::map({})}}), *tree, "helm");
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

TEST(RenderSource, SaysWhatIsNotYetSupported)
{
    const auto tree = memoryTree({{"app/a.yaml", ""}});
    const Value source = Value::map({{"path", "app"}, {"plugin", Value::map({})}});
    const auto rendered = renderSource(source, *tree, "shop");
    ASSERT_FALSE(rendered);
    EXPECT_EQ(rendered.error().code(), ErrorCode::Unsupported);
    EXPECT_EQ(rendered.error().text(), "config management plugin is not run here");
}
