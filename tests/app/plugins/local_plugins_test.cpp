// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/local_plugins.h"
#include "object/yaml.h"
#include "render/plugin/plugin_source.h"
#include "store/folder_tree.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace tiphys::compose {
namespace {

namespace fs = std::filesystem;

class LocalPlugins : public testing::Test
{
protected:
    void SetUp() override
    {
        root = fs::temp_directory_path()
               / ("tiphys-plugins-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(root);
        fs::create_directories(root / "repo" / "app");
        fs::create_directories(root / "user");
        write("repo/app/value", "from-file");
    }
    void TearDown() override { fs::remove_all(root); }

    void write(const std::string &path, const std::string &text)
    {
        fs::create_directories((root / path).parent_path());
        std::ofstream(root / path) << text;
    }
    void addPlugin(const std::string &name, const std::string &script, const std::string &more = {},
                   const std::string &folder = "user/plugins")
    {
        write(folder + "/" + name + ".yaml",
              "kind: ConfigManagementPlugin\nmetadata: {name: " + name
                  + "}\nspec:\n  generate:\n    command: [sh, -c]\n    args:\n    - |\n      " + script + "\n" + more);
    }

    PluginChoice choice()
    {
        return {.files = {},
                .workspace = (root / "repo").string(),
                .userFolder = (root / "user").string(),
                .allowed = {"*"},
                .ask = {},
                .milliseconds = 60'000};
    }
    Expected<render::Rendered> render(PluginChoice with, const std::string &plugin)
    {
        const auto host = localPlugins(std::move(with));
        const auto files = store::folderTree(root / "repo");
        render::RenderContext context;
        context.plugins = host.get();
        context.environment.appName = "shop";
        return render::renderPluginSource(*object::parseYaml(plugin), **files, "app", context);
    }
    std::string errorOf(PluginChoice with, const std::string &plugin)
    {
        const auto rendered = render(std::move(with), plugin);
        return rendered ? "" : rendered.error().text();
    }

    fs::path root;
};

const std::string kMap = "echo \"{apiVersion: v1, kind: ConfigMap, metadata: {name: $(cat "
                         "value)-$ARGOCD_APP_NAME-$ARGOCD_ENV_X-$PARAM_P}}\"";

TEST_F(LocalPlugins, RunInACheckoutOfTheirOwn)
{
    addPlugin("p", "echo changed > value; touch ../new; " + kMap);
    const auto rendered =
        render(choice(), "{name: p, env: [{name: X, value: env}], parameters: [{name: p, string: par}]}");
    ASSERT_TRUE(rendered) << rendered.error().text();
    EXPECT_EQ(rendered->objects.at(0).object.name(), "changed-shop-env-par");
    EXPECT_FALSE(fs::exists(root / "repo" / "new"));
    std::ifstream in(root / "repo/app/value");
    std::string text;
    in >> text;
    EXPECT_EQ(text, "from-file");
}

TEST_F(LocalPlugins, InitPreparesTheSameCheckout)
{
    addPlugin("p", kMap, "  init: {command: [sh, -c, 'echo prepared > value; echo ignored']}\n");
    EXPECT_EQ(render(choice(), "{name: p}")->objects.at(0).object.name(), "prepared-shop--");
    addPlugin("p", kMap, "  init: {command: [sh, -c, 'echo no init >&2; exit 7']}\n");
    EXPECT_EQ(errorOf(choice(), "{name: p}"),
              "plugin 'p': `sh -c \"echo no init >&2; exit 7\"` failed exit status 7: no init");
}

TEST_F(LocalPlugins, KeepFileModesOnlyWhereAsked)
{
    write("repo/app/gen.sh", "#!/bin/sh\n" + kMap + "\n");
    fs::permissions(root / "repo/app/gen.sh", fs::perms::owner_all);
    write("user/plugins/p.yaml",
          "{kind: ConfigManagementPlugin, metadata: {name: p}, spec: {generate: {command: [./gen.sh]}}}");
    EXPECT_EQ(errorOf(choice(), "{name: p}"), "plugin 'p': `./gen.sh` failed: no program './gen.sh'");
    write("user/plugins/p.yaml", "{kind: ConfigManagementPlugin, metadata: {name: p}, spec: {generate: {command: "
                                 "[./gen.sh]}, preserveFileMode: true}}");
    const auto rendered = render(choice(), "{name: p}");
    ASSERT_TRUE(rendered) << rendered.error().text();
    EXPECT_EQ(rendered->objects.at(0).object.name(), "from-file-shop--");
}

TEST_F(LocalPlugins, LinksStayLinksInsideTheRepository)
{
    addPlugin("p", "test -L link && cat link/value >/dev/null && " + kMap);
    fs::create_directory_symlink("../app", root / "repo/app/link");
    EXPECT_EQ(errorOf(choice(), "{name: p}"), "");
    fs::create_symlink("../../outside", root / "repo/app/escape");
    EXPECT_TRUE(errorOf(choice(), "{name: p}").contains("escape"));
}

TEST_F(LocalPlugins, FailWithTheirOwnWords)
{
    addPlugin("fails", "echo broken >&2; exit 3");
    addPlugin("talks", "echo 'a: [1'");
    addPlugin("hangs", "sleep 1000");
    addPlugin(
        "floods",
        "while :; do echo 01234567890123456789012345678901234567890123456789012345678901234567890123456789; done");
    addPlugin("leaves", "sleep 1000 & " + kMap);
    EXPECT_TRUE(errorOf(choice(), "{name: fails}").ends_with("failed exit status 3: broken"))
        << errorOf(choice(), "{name: fails}");
    EXPECT_TRUE(
        errorOf(choice(), "{name: talks}").starts_with("output of plugin 'talks': failed to unmarshal manifest"));
    PluginChoice hurried = choice();
    hurried.milliseconds = 300;
    EXPECT_TRUE(errorOf(hurried, "{name: hangs}").contains("the plugin took longer than"));
    EXPECT_TRUE(errorOf(choice(), "{name: floods}").contains("printed more than"));
    EXPECT_EQ(errorOf(choice(), "{name: leaves}"), "");
}

TEST_F(LocalPlugins, NeedConsentForTheirContentAndPlace)
{
    addPlugin("p", kMap);
    PluginChoice nobody = choice();
    nobody.allowed.clear();
    EXPECT_EQ(errorOf(nobody, "{name: p}"), "plugin 'p' (" + (root / "user/plugins/p.yaml").string()
                                                + ") is not allowed to run; allow it with --allow-plugins p");
    PluginChoice asked = nobody;
    int questions = 0;
    asked.ask = [&questions](const std::string &question) {
        ++questions;
        return question.contains("sh -c");
    };
    EXPECT_EQ(errorOf(asked, "{name: p}"), "");
    EXPECT_EQ(questions, 1);
    EXPECT_EQ(errorOf(nobody, "{name: p}"), "") << "it is remembered";
    addPlugin("p", "true; " + kMap);
    EXPECT_TRUE(errorOf(nobody, "{name: p}").contains("not allowed")) << "the file changed";
    asked.ask = [](const std::string &) { return false; };
    EXPECT_TRUE(errorOf(asked, "{name: p}").contains("not allowed"));
    const auto host = localPlugins(nobody);
    ASSERT_EQ(host->plugins().size(), 1U);
    EXPECT_FALSE(host->allow(host->plugins().front()));
    const auto other = localPlugins(choice());
    EXPECT_TRUE(other->allow(other->plugins().front()));
    EXPECT_TRUE(host->allow(host->plugins().front())) << "it was allowed elsewhere meanwhile";
}

TEST_F(LocalPlugins, OfFlagsAndWorkspaceComeBeforeTheUsersOwn)
{
    addPlugin("p", "exit 1");
    addPlugin("p", "exit 2", "", "repo/.tiphys/plugins");
    addPlugin("p", "exit 3", "", "else");
    EXPECT_TRUE(errorOf(choice(), "{name: p}").contains("exit status 2"));
    PluginChoice named = choice();
    named.files = {(root / "else/p.yaml").string()};
    EXPECT_TRUE(errorOf(named, "{name: p}").contains("exit status 3"));
    named.files = {(root / "none.yaml").string()};
    named.workspace.clear();
    EXPECT_TRUE(errorOf(named, "{name: p}").contains("exit status 1"));
    EXPECT_EQ(localPlugins(named)->problems().size(), 1U);
}

TEST_F(LocalPlugins, AreAskedInTheOrderOfTheirSockets)
{
    addPlugin("b", kMap);
    addPlugin("a", kMap);
    write("user/plugins/c.yaml",
          "{kind: ConfigManagementPlugin, metadata: {name: a}, spec: {version: v1, generate: {command: [x]}}}");
    write("user/plugins/broken.yaml", "kind: Other");
    const auto host = localPlugins(choice());
    ASSERT_EQ(host->plugins().size(), 3U);
    EXPECT_EQ(host->plugins()[0].config.fullName(), "a-v1");
    EXPECT_EQ(host->plugins()[1].config.fullName(), "a");
    EXPECT_EQ(host->plugins()[2].config.fullName(), "b");
    EXPECT_EQ(host->problems().size(), 1U);
}

TEST_F(LocalPlugins, RunNoMoreOnceConsentIsTakenBack)
{
    addPlugin("echo", "echo '{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}'");
    ASSERT_TRUE(render(choice(), "{name: echo}"));
    PluginChoice remembered = choice();
    remembered.allowed.clear();
    const auto host = localPlugins(remembered);
    const render::Plugin &plugin = host->plugins().front();
    ASSERT_TRUE(host->allow(plugin));
    ASSERT_TRUE(host->withdraw("echo"));
    const Expected<void> refused = host->allow(plugin);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::Denied);
    EXPECT_TRUE(errorOf(remembered, "{name: echo}").contains("not allowed to run"));
    EXPECT_EQ(host->withdraw("other").error().code(), ErrorCode::NotFound);
    // Somebody allows it again.
    ASSERT_TRUE(localPlugins(choice())->allow(plugin));
    EXPECT_TRUE(host->allow(plugin));
}

TEST_F(LocalPlugins, GoByWhatIsAllowedAndTakenBackElsewhereWhileTheyAreInUse)
{
    addPlugin("echo", "echo '{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}'");
    PluginChoice remembered = choice();
    remembered.allowed.clear();
    // As in an engine that was started with --allow-plugins, or where somebody answered on its terminal.
    PluginChoice asked = remembered;
    int questions = 0;
    asked.ask = [&questions](const std::string &) { return ++questions > 0; };
    const auto named = localPlugins(choice());
    const auto answered = localPlugins(asked);
    const render::Plugin &plugin = named->plugins().front();
    for (const auto &host : {named, answered})
        ASSERT_TRUE(host->allow(plugin));
    ASSERT_TRUE(localPlugins(remembered)->withdraw("echo"));
    for (const auto &host : {named, answered})
        EXPECT_FALSE(host->allow(plugin)) << "it was taken back elsewhere";
    EXPECT_TRUE(errorOf(remembered, "{name: echo}").contains("not allowed")) << "nor does it come back by itself";
    ASSERT_TRUE(localPlugins(choice())->allow(plugin));
    for (const auto &host : {named, answered})
        EXPECT_TRUE(host->allow(plugin)) << "it was allowed elsewhere";
    EXPECT_EQ(questions, 0) << "another one had allowed it";
    // Nor is anybody asked twice who said no.
    ASSERT_TRUE(localPlugins(remembered)->withdraw("echo"));
    asked.ask = [&questions](const std::string &) { return ++questions < 0; };
    const auto refused = localPlugins(asked);
    EXPECT_FALSE(refused->allow(plugin));
    EXPECT_FALSE(refused->allow(plugin));
    EXPECT_EQ(questions, 1);
    ASSERT_TRUE(localPlugins(choice())->allow(plugin));
    EXPECT_TRUE(refused->allow(plugin)) << "until it is allowed elsewhere";
}

TEST_F(LocalPlugins, KeepWhatElseWasAllowed)
{
    addPlugin("echo", "echo '{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}'");
    addPlugin("other", "echo '{apiVersion: v1, kind: ConfigMap, metadata: {name: y}}'");
    ASSERT_TRUE(render(choice(), "{name: echo}"));
    ASSERT_TRUE(render(choice(), "{name: other}"));
    PluginChoice remembered = choice();
    remembered.allowed.clear();
    ASSERT_TRUE(localPlugins(remembered)->withdraw("echo"));
    EXPECT_EQ(errorOf(remembered, "{name: other}"), "");
    EXPECT_NE(errorOf(remembered, "{name: echo}"), "");
}

TEST_F(LocalPlugins, ThatLoseConsentWhileTheyRunGiveNothing)
{
    write("go-on", "");
    addPlugin("slow", "touch " + (root / "started").string() + "; while [ -e " + (root / "go-on").string()
                          + " ]; do sleep 0.02; done; echo '{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}'");
    const auto host = localPlugins(choice());
    const auto files = store::folderTree(root / "repo");
    Expected<std::string> printed;
    std::thread running([&] {
        printed = host->run({.plugin = host->plugins().front(),
                             .commands = {host->plugins().front().config.generate},
                             .files = **files,
                             .folder = "app"});
    });
    while (!fs::exists(root / "started"))
        std::this_thread::yield();
    EXPECT_TRUE(host->withdraw("slow"));
    fs::remove(root / "go-on");
    running.join();
    ASSERT_FALSE(printed);
    EXPECT_EQ(printed.error().code(), ErrorCode::Denied);
}

} // namespace
} // namespace tiphys::compose
