// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "render/plugin/plugin_environment.h"

#include <gtest/gtest.h>

#include <map>

namespace tiphys::render {
namespace {

std::map<std::string, std::string> variables(std::string_view plugin, RenderContext context = {})
{
    const Expected<object::Value> value = object::parseYaml(plugin);
    const Expected<PluginEnvironment> environment = pluginEnvironment(value.value_or(object::Value()), context);
    EXPECT_TRUE(environment) << environment.error().text();
    return environment ? std::map<std::string, std::string>(environment->begin(), environment->end())
                       : std::map<std::string, std::string>();
}

TEST(PluginEnvironment, IsTheBuildEnvironmentAndTheCluster)
{
    RenderContext context;
    context.environment = {.appName = "shop",
                           .appNamespace = "web",
                           .project = "p",
                           .revision = "0123456789abcdef",
                           .repoUrl = "https://x/y",
                           .path = "apps/shop",
                           .targetRevision = "main"};
    context.kubeVersion = "v1.33.4+k3s1";
    context.apiVersions = {"v1", "v1/Pod"};
    const auto found = variables("null", context);
    EXPECT_EQ(found.at("ARGOCD_APP_NAME"), "shop");
    EXPECT_EQ(found.at("ARGOCD_APP_REVISION_SHORT"), "0123456");
    EXPECT_EQ(found.at("ARGOCD_APP_SOURCE_PATH"), "apps/shop");
    EXPECT_EQ(found.at("KUBE_VERSION"), "1.33.4");
    EXPECT_EQ(found.at("KUBE_API_VERSIONS"), "v1,v1/Pod");
    EXPECT_FALSE(found.contains("ARGOCD_APP_PARAMETERS")) << "there is no source.plugin";
}

TEST(PluginEnvironment, PrefixesAndSubstitutesEntries)
{
    RenderContext context;
    context.environment.appName = "shop";
    const auto found = variables("{env: [{name: FOO, value: 'a-$ARGOCD_APP_NAME'}, {name: FOO, value: last}, {name: "
                                 "BAR, value: '${ARGOCD_APP_NAME}'}]}",
                                 context);
    EXPECT_EQ(found.at("ARGOCD_ENV_FOO"), "last");
    EXPECT_EQ(found.at("ARGOCD_ENV_BAR"), "shop");
    EXPECT_FALSE(found.contains("FOO"));
    EXPECT_EQ(found.at("ARGOCD_APP_PARAMETERS"), "null");
}

TEST(PluginEnvironment, GivesParametersTwice)
{
    const auto found = variables("{parameters: [{name: image.tag, string: '<1>'}, {name: hosts, array: [a, b]}, {name: "
                                 "m, map: {z-1: x, a: b}}, {name: 'ä b'}, {name: e, array: [], map: {}}]}");
    EXPECT_EQ(found.at("ARGOCD_APP_PARAMETERS"),
              "[{\"name\":\"image.tag\",\"string\":\"\\u003c1\\u003e\"},{\"array\":[\"a\",\"b\"],\"name\":\"hosts\"},{"
              "\"map\":{\"a\":\"b\",\"z-1\":\"x\"},\"name\":\"m\"},"
              "{\"name\":\"ä b\"},{\"array\":[],\"map\":{},\"name\":\"e\"}]");
    EXPECT_EQ(found.at("PARAM_IMAGE_TAG"), "<1>");
    EXPECT_EQ(found.at("PARAM_HOSTS_0"), "a");
    EXPECT_EQ(found.at("PARAM_HOSTS_1"), "b");
    EXPECT_EQ(found.at("PARAM_M_Z_1"), "x");
    EXPECT_EQ(found.at("PARAM_M_A"), "b");
}

TEST(PluginEnvironment, RefusesWhatNoProcessCanGet)
{
    const auto refused = [](std::string_view plugin) { return !pluginEnvironment(*object::parseYaml(plugin), {}); };
    EXPECT_TRUE(refused("{env: x}"));
    EXPECT_TRUE(refused("{env: [{name: A, value: 5}]}"));
    EXPECT_TRUE(refused("{env: [{name: A, value: \"a\\0b\"}]}"));
    EXPECT_TRUE(refused("{env: [{name: 'A=B', value: x}]}"));
    EXPECT_TRUE(refused("{parameters: {a: 1}}"));
    EXPECT_TRUE(refused("{parameters: [{name: a, string: 5}]}"));
    EXPECT_TRUE(refused("{parameters: [{name: a, map: {k: 1}}]}"));
    EXPECT_TRUE(refused("plain text"));
}

} // namespace
} // namespace tiphys::render
