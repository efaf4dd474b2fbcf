// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/render_cache.h"

#include "object/yaml.h"
#include "render/plugin/plugin_host.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::control;

namespace {

/// Files in memory whose folders have the ids that the test gives them.
class NamedTree final : public render::FileTree
{
public:
    NamedTree(std::vector<std::pair<std::string, std::string>> files, std::map<std::string, std::string> ids)
        : m_files(render::memoryTree(std::move(files))), m_ids(std::move(ids))
    {
    }
    Expected<std::vector<render::FileEntry>> list(std::string_view folder) const override
    {
        return m_files->list(folder);
    }
    Expected<render::FileEntry> entry(std::string_view path) const override
    {
        auto entry = m_files->entry(path);
        if (const auto id = m_ids.find(std::string(path)); entry && id != m_ids.end())
            entry->id = id->second;
        return entry;
    }
    Expected<render::FileContent> read(std::string_view path) const override { return m_files->read(path); }

private:
    std::shared_ptr<const render::FileTree> m_files;
    std::map<std::string, std::string> m_ids;
};

std::string configMap(const std::string &name)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n";
}

RenderRequest request(const std::string &revision, const std::string &path,
                      std::shared_ptr<const render::FileTree> files, const std::string &more = "")
{
    const auto source = object::parseYaml("{repoURL: 'https://git/x', path: " + path + more + "}");
    return {"https://git/x", revision, source.value_or(object::Value()), std::move(files), "shop"};
}

/// One plugin, `echo`, that prints an object; consent can be taken back.
class EchoHost final : public render::PluginHost
{
public:
    explicit EchoHost(const std::string &spec)
    {
        m_plugins.push_back(
            {render::readPluginConfig("{kind: ConfigManagementPlugin, metadata: {name: echo}, spec: " + spec + "}")
                 .value(),
             "/echo.yaml"});
    }
    const std::vector<render::Plugin> &plugins() const override { return m_plugins; }
    const std::vector<Error> &problems() const override { return m_problems; }
    Expected<void> allow(const render::Plugin &) override
    {
        return isAllowed ? Expected<void>() : failure(ErrorCode::Denied, "plugin 'echo' is not allowed to run");
    }
    Expected<void> withdraw(const std::string &) override
    {
        isAllowed = false;
        return {};
    }
    Expected<std::string> run(const render::PluginRun &run) override
    {
        if (const Expected<void> allowed = allow(run.plugin); !allowed)
            return std::unexpected(allowed.error());
        ++runs;
        return run.commands.back().text().contains("find") ? std::string()
                                                           : "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}";
    }
    bool isAllowed = true;
    int runs = 0;

private:
    std::vector<render::Plugin> m_plugins;
    std::vector<Error> m_problems;
};

const std::map<std::string, std::string> kIds{{"apps/a", "tree-a"}, {"apps", "tree-apps"}};

} // namespace

TEST(RenderCache, RendersOneCommitOnce)
{
    RenderCache cache;
    const auto files = std::make_shared<NamedTree>(
        std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}}, kIds);
    const auto first = cache.rendered(request("c1", "apps/a", files));
    const auto second = cache.rendered(request("c1", "apps/a", files));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
    EXPECT_EQ(cache.counts().rendered, 1u);
}

TEST(RenderCache, RendersAnewWhereThatIsAskedForAndKeepsIt)
{
    RenderCache cache;
    const auto files = std::make_shared<NamedTree>(
        std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}}, kIds);
    const auto first = cache.rendered(request("c1", "apps/a", files));
    RenderRequest again = request("c1", "apps/a", files);
    again.rendersAnew = true;
    const auto second = cache.rendered(again);
    const auto third = cache.rendered(request("c1", "apps/a", files));
    ASSERT_TRUE(first && second && third);
    EXPECT_NE(*first, *second);
    EXPECT_EQ(*second, *third);
    EXPECT_EQ(cache.counts().rendered, 2u);
}

TEST(RenderCache, ShowsNothingOfAPluginThatMayNoLongerRun)
{
    RenderCache cache;
    EchoHost host("{generate: {command: [echo]}}");
    const auto files = std::make_shared<NamedTree>(
        std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}}, kIds);
    RenderRequest wanted = request("c1", "apps/a", files, ", plugin: {name: echo}");
    wanted.context.plugins = &host;
    ASSERT_TRUE(cache.rendered(wanted));
    ASSERT_TRUE(cache.rendered(wanted));
    EXPECT_EQ(host.runs, 1);
    ASSERT_TRUE(host.withdraw("echo"));
    const auto refused = cache.rendered(wanted);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::Denied);
    // Allowed again, what it printed then counts again.
    host.isAllowed = true;
    ASSERT_TRUE(cache.rendered(wanted));
    EXPECT_EQ(host.runs, 1);
}

TEST(RenderCache, ShowsNothingThatAPluginWhichMayNoLongerRunWasAskedAbout)
{
    RenderCache cache;
    EchoHost host("{generate: {command: [echo]}, discover: {find: {command: [find]}}}");
    const auto files = std::make_shared<NamedTree>(
        std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}}, kIds);
    RenderRequest wanted = request("c1", "apps/a", files);
    wanted.context.plugins = &host;
    const auto plain = cache.rendered(wanted);
    ASSERT_TRUE(plain) << plain.error().text();
    EXPECT_EQ((*plain)->type, render::SourceType::Directory);
    EXPECT_EQ(host.runs, 1);
    ASSERT_TRUE(host.withdraw("echo"));
    // What it would say is not known, of this commit nor of the next one with the same folder.
    EXPECT_FALSE(cache.rendered(wanted));
    wanted.revision = "c2";
    EXPECT_FALSE(cache.rendered(wanted));
    wanted.context.plugins = nullptr;
    EXPECT_TRUE(cache.rendered(wanted));
}

TEST(RenderCache, AnotherCommitWithTheSameFolderIsNotRenderedAgain)
{
    RenderCache cache;
    const auto files = std::make_shared<NamedTree>(
        std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}}, kIds);
    ASSERT_TRUE(cache.rendered(request("c1", "apps/a", files)));
    ASSERT_TRUE(cache.rendered(request("c2", "apps/a", files)));
    EXPECT_EQ(cache.counts().rendered, 1u);
}

TEST(RenderCache, OptionsAndInstanceAreTheirOwnRenderings)
{
    RenderCache cache;
    const auto files = std::make_shared<NamedTree>(
        std::vector<std::pair<std::string, std::string>>{{"apps/a/x.yaml", configMap("x")}}, kIds);
    ASSERT_TRUE(cache.rendered(request("c1", "apps/a", files)));
    ASSERT_TRUE(cache.rendered(request("c1", "apps/a", files, ", directory: {recurse: true}")));
    RenderRequest other = request("c1", "apps/a", files);
    other.instance = "blog";
    ASSERT_TRUE(cache.rendered(other));
    EXPECT_EQ(cache.counts().rendered, 3u);
}

TEST(RenderCache, AFolderWithoutAnIdIsRenderedForEachCommit)
{
    RenderCache cache;
    const auto tree = [](const std::string &name) {
        // No folder of this tree has an id: nothing says that it stayed the same.
        return render::memoryTree({{"apps/a/x.yaml", configMap(name)}});
    };
    const auto first = cache.rendered(request("c1", "apps/a", tree("old")));
    const auto second = cache.rendered(request("c2", "apps/a", tree("new")));
    ASSERT_TRUE(first && second);
    EXPECT_EQ((*second)->objects[0].object.name(), "new");
    EXPECT_EQ(cache.counts().rendered, 2u);
}

TEST(RenderCache, FailuresAreNotKept)
{
    RenderCache cache;
    EXPECT_FALSE(cache.rendered(request("c1", "apps/a", render::memoryTree({{"apps/b/x.yaml", configMap("x")}}))));
    EXPECT_TRUE(cache.rendered(request("c1", "apps/a", render::memoryTree({{"apps/a/x.yaml", configMap("x")}}))));
}

TEST(RenderCache, ForgetsWhatWasUsedLongestAgo)
{
    RenderCache cache(2);
    const auto files =
        render::memoryTree({{"a/x.yaml", configMap("a")}, {"b/x.yaml", configMap("b")}, {"c/x.yaml", configMap("c")}});
    ASSERT_TRUE(cache.rendered(request("c1", "a", files)));
    ASSERT_TRUE(cache.rendered(request("c1", "b", files)));
    ASSERT_TRUE(cache.rendered(request("c1", "a", files)));
    ASSERT_TRUE(cache.rendered(request("c1", "c", files)));
    EXPECT_EQ(cache.counts().rendered, 3u);
    ASSERT_TRUE(cache.rendered(request("c1", "a", files)));
    EXPECT_EQ(cache.counts().rendered, 3u);
    ASSERT_TRUE(cache.rendered(request("c1", "b", files)));
    EXPECT_EQ(cache.counts().rendered, 4u);
}

TEST(TemplateLoans, GiveEachRenderingItsOwnAndKeepIt)
{
    TemplateLoans loans;
    auto first = loans.borrow();
    const auto second = loans.borrow();
    EXPECT_NE(first, second);
    const render::TemplateCache *kept = first.get();
    first.reset();
    EXPECT_EQ(loans.borrow().get(), kept);
}
