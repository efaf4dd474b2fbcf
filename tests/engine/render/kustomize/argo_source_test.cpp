// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/argo_source.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;
using object::Value;

namespace {

std::shared_ptr<const FileTree> shop(const std::string &kustomization = {})
{
    return memoryTree({{"app/kustomization.yaml", "resources: [d.yaml]\n" + kustomization},
                       {"app/d.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: "
                                      "{containers: [{name: c, image: 'nginx:1'}]}}}\n"}});
}

Expected<Rendered> built(const std::string &options, const std::string &kustomization = {})
{
    return renderKustomizeSource(*object::parseYaml(options), *shop(kustomization), "app", {});
}

Value firstOf(const Expected<Rendered> &rendered)
{
    return rendered && !rendered->objects.empty() ? rendered->objects[0].object.value() : Value();
}

} // namespace

TEST(KustomizeSource, SetsNamesNamespaceImagesAndReplicas)
{
    const Value object = firstOf(built("{namePrefix: a-, nameSuffix: -z, namespace: prod, images: ['nginx=my:2'], "
                                       "replicas: [{name: web, count: '3'}]}"));
    EXPECT_EQ(object.path({"metadata", "name"}).stringOr(), "a-web-z");
    EXPECT_EQ(object.path({"metadata", "namespace"}).stringOr(), "prod");
    EXPECT_EQ(object.path({"spec", "replicas"}).intOr(0), 3);
    EXPECT_EQ(object.path({"spec", "template", "spec", "containers"}).at(0)["image"].stringOr(), "my:2");
}

TEST(KustomizeSource, RefusesLabelsThatAreThereUnlessForced)
{
    const auto refused = built("{commonLabels: {a: b}}", "commonLabels: {a: x}\n");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text(), "label a already in kustomization file. Use --force to override.");
    const Value object = firstOf(built("{commonLabels: {a: b}, forceCommonLabels: true}", "commonLabels: {a: x}\n"));
    EXPECT_EQ(object.path({"spec", "selector", "matchLabels", "a"}).stringOr(), "b");
}

TEST(KustomizeSource, LeavesSelectorsAloneWhenAskedTo)
{
    const Value object = firstOf(built("{commonLabels: {a: b}, labelWithoutSelector: true, labelIncludeTemplates: true}"));
    EXPECT_EQ(object.path({"spec", "template", "metadata", "labels", "a"}).stringOr(), "b");
    EXPECT_TRUE(object.path({"spec", "selector"}).isNull());
}

TEST(KustomizeSource, SkipsMissingComponentsOnlyWhenAskedTo)
{
    EXPECT_FALSE(built("{components: [nope]}"));
    EXPECT_TRUE(built("{components: [nope], ignoreMissingComponents: true}"));
}

TEST(KustomizeSource, AppendsPatches)
{
    const Value object = firstOf(built("{patches: [{target: {kind: Deployment}, patch: '[{\"op\": \"add\", \"path\": "
                                       "\"/spec/x\", \"value\": 1}]'}]}"));
    EXPECT_EQ(object.path({"spec", "x"}).intOr(0), 1);
}

TEST(KustomizeRemote, NamesEverythingThatIsNotHere)
{
    const auto tree = memoryTree({{"kustomization.yaml", "resources:\n- https://github.com/o/r//base?ref=v1\n"
                                                         "- github.com/o/q\n"}});
    std::vector<RemoteNeed> needs;
    KustomizeOptions options;
    options.needs = &needs;
    const auto rendered = renderKustomization(*tree, "", options);
    ASSERT_FALSE(rendered);
    EXPECT_EQ(rendered.error().code(), ErrorCode::Unavailable);
    ASSERT_EQ(needs.size(), 2u);
    EXPECT_EQ(needs[0].repository->cloneUrl(), "https://github.com/o/r");
    EXPECT_EQ(needs[0].repository->folder, "base");
    EXPECT_EQ(needs[0].repository->ref, "v1");
}

TEST(KustomizeLimits, RefusesAliasesThatGrowWithoutBound)
{
    std::string bomb = "apiVersion: v1\nkind: X\nmetadata: {name: a}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int k = 0; k < 9; ++k)
            bomb += ", " + last;
        bomb += "]\n";
    }
    const auto tree = memoryTree({{"kustomization.yaml", "resources: [a.yaml]"}, {"a.yaml", bomb}});
    const auto rendered = renderKustomization(*tree, "");
    ASSERT_FALSE(rendered);
    EXPECT_TRUE(rendered.error().text().contains("excessive aliasing"));
}
