// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "render/plugin/plugin_source.h"
#include "render/source_type.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace tiphys::render {
namespace {

/// Plugins whose programs are answers by name.
class Host final : public PluginHost
{
public:
    void add(const std::string &spec, bool isAllowed = true)
    {
        Expected<PluginConfig> config = readPluginConfig("{kind: ConfigManagementPlugin, " + spec + "}");
        EXPECT_TRUE(config) << config.error().text();
        allowed[config->fullName()] = isAllowed;
        known.push_back({*config, "/etc/" + config->fullName() + ".yaml"});
    }

    const std::vector<Plugin> &plugins() const override { return known; }
    const std::vector<Error> &problems() const override { return broken; }
    Expected<void> allow(const Plugin &plugin) override
    {
        if (allowed[plugin.config.fullName()])
            return {};
        return failure(ErrorCode::Denied, "plugin '" + plugin.config.fullName() + "' is not allowed to run");
    }
    Expected<void> withdraw(const std::string &name) override
    {
        allowed[name] = false;
        return {};
    }
    Expected<std::string> run(const PluginRun &run) override
    {
        if (const Expected<void> may = allow(run.plugin); !may)
            return std::unexpected(may.error());
        std::string last;
        for (const PluginCommand &command : run.commands) {
            ran.push_back(command.text() + " in " + run.folder);
            last = command.words().back();
        }
        if (last == "fail")
            return failure(ErrorCode::InvalidInput, "`fail` failed exit status 3: no");
        return last == "silent" ? "" : last;
    }

    std::vector<Plugin> known;
    std::vector<Error> broken;
    std::map<std::string, bool> allowed;
    std::vector<std::string> ran;
};

const std::string kConfigMap = "\"apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: made}\\n\"";

class PluginSource : public testing::Test
{
protected:
    Expected<Rendered> render(const std::string &source)
    {
        context.plugins = &host;
        const Expected<object::Value> value = object::parseYaml(source);
        return renderSource(*value, *files, "shop", context);
    }
    std::string errorOf(const std::string &source)
    {
        const Expected<Rendered> rendered = render(source);
        return rendered ? "" : rendered.error().text();
    }

    std::shared_ptr<const FileTree> files = memoryTree(
        {{"app/x.cue", ""}, {"app/Chart.yaml", "name: a\nversion: 1.0.0\napiVersion: v2\n"}, {"plain/a.yaml", ""}});
    Host host;
    RenderContext context;
};

TEST_F(PluginSource, IsRenderedByTheNamedPlugin)
{
    host.add("metadata: {name: cue}, spec: {version: v1, init: {command: [prepare]}, generate: {command: [cue, "
             + kConfigMap + "]}}");
    const Expected<Rendered> rendered = render("{path: app, plugin: {name: cue-v1}}");
    ASSERT_TRUE(rendered) << rendered.error().text();
    EXPECT_EQ(rendered->type, SourceType::Plugin);
    ASSERT_EQ(rendered->objects.size(), 1U);
    EXPECT_EQ(rendered->objects[0].object.name(), "made");
    ASSERT_EQ(host.ran.size(), 2U);
    EXPECT_EQ(host.ran[0], "prepare in app");
}

TEST_F(PluginSource, IsClaimedBeforeAnythingElseIsLookedAt)
{
    host.add("metadata: {name: by-name-only}, spec: {generate: {command: [never]}}");
    host.add("metadata: {name: cue}, spec: {discover: {fileName: '*.cue'}, generate: {command: [x, " + kConfigMap
             + "]}}");
    EXPECT_EQ(render("{path: app}")->type, SourceType::Plugin);
    EXPECT_EQ(render("{path: plain}")->type, SourceType::Directory);
    EXPECT_EQ(render("{path: app, directory: {}}")->type, SourceType::Directory);
    EXPECT_EQ(render("{path: app, plugin: {}}")->type, SourceType::Plugin);
}

TEST_F(PluginSource, IsClaimedByWhatACommandPrints)
{
    host.add("metadata: {name: silent}, spec: {discover: {find: {command: [silent]}}, generate: {command: [never]}}");
    host.add("metadata: {name: broken}, spec: {discover: {find: {command: [fail]}}, generate: {command: [never]}}");
    host.add("metadata: {name: talks}, spec: {discover: {find: {command: [found]}}, generate: {command: [x, "
             + kConfigMap + "]}}");
    EXPECT_EQ(render("{path: app}")->type, SourceType::Plugin);
    host.known.pop_back();
    EXPECT_NE(render("{path: plain}")->type, SourceType::Plugin) << "a discovery that fails claims nothing";
    EXPECT_EQ(
        errorOf("{path: app, plugin: {}}"),
        "could not find plugin supporting the given repository: plugin 'broken': `fail` failed exit status 3: no");
}

TEST_F(PluginSource, WithoutThePluginIsAnErrorThatNamesIt)
{
    host.add("metadata: {name: other}, spec: {discover: {fileName: '*.md'}, generate: {command: [x]}}");
    host.broken.emplace_back(ErrorCode::InvalidInput, "plugin file '/etc/b.yaml': kind");
    EXPECT_EQ(
        errorOf("{path: app, plugin: {name: cue}}"),
        "could not find cmp-server plugin with name \"cue\" supporting the given repository (there are: other); plugin "
        "file '/etc/b.yaml': kind");
    EXPECT_EQ(errorOf("{path: app, plugin: {name: other}}"),
              "could not find cmp-server plugin with name \"other\" supporting the given repository: its discovery "
              "does not match");
    context.plugins = nullptr;
    EXPECT_EQ(renderSource(*object::parseYaml("{path: app, plugin: {name: cue}}"), *files, "", {}).error().code(),
              ErrorCode::Unsupported);
}

TEST_F(PluginSource, RunsNothingWithoutConsent)
{
    host.add("metadata: {name: cue}, spec: {discover: {fileName: '*.cue'}, generate: {command: [x]}}", false);
    EXPECT_TRUE(errorOf("{path: app}").contains("'cue' is not allowed"));
    EXPECT_EQ(render("{path: plain}")->type, SourceType::Directory) << "patterns need no consent";
    host.add("metadata: {name: asks}, spec: {discover: {find: {command: [x]}}, generate: {command: [x]}}", false);
    EXPECT_EQ(render("{path: plain}").error().code(), ErrorCode::Denied) << "what it would have said cannot be told";
    EXPECT_TRUE(host.ran.empty());
}

TEST_F(PluginSource, MustPrintManifests)
{
    host.add("metadata: {name: a}, spec: {generate: {command: ['{\"a\": [']}}");
    host.add("metadata: {name: b}, spec: {generate: {command: ['usage: b [-h]']}}");
    host.add("metadata: {name: c}, spec: {generate: {command: ['a: 1']}}");
    host.add("metadata: {name: d}, spec: {generate: {command: [silent]}}");
    host.add("metadata: {name: e}, spec: {generate: {command: ['{kind: List, apiVersion: v1, items: [{kind: A, "
             "apiVersion: v1}, {kind: B, apiVersion: v1}]}']}}");
    host.add("metadata: {name: f}, spec: {generate: {command: [fail]}}");
    for (const char *name : {"a", "b", "c"})
        EXPECT_TRUE(errorOf("{path: app, plugin: {name: " + std::string(name) + "}}")
                        .starts_with("output of plugin '" + std::string(name) + "': failed to unmarshal manifest"))
            << errorOf("{path: app, plugin: {name: " + std::string(name) + "}}");
    EXPECT_TRUE(render("{path: app, plugin: {name: d}}")->objects.empty());
    EXPECT_EQ(render("{path: app, plugin: {name: e}}")->objects.size(), 2U);
    EXPECT_EQ(errorOf("{path: app, plugin: {name: f}}"), "plugin 'f': `fail` failed exit status 3: no");
}

TEST_F(PluginSource, AnnouncesDynamicParametersFirst)
{
    context.plugins = &host;
    host.add("metadata: {name: a}, spec: {generate: {command: [x]}, parameters: {static: [{name: s}], dynamic: "
             "{command: ['[{\"name\":\"d\"}]']}}}");
    const auto announced = announcedParameters(*object::parseYaml("{name: a}"), *files, "app", context);
    ASSERT_TRUE(announced) << announced.error().text();
    ASSERT_EQ(announced->size(), 2U);
    EXPECT_EQ((*announced)[0]["name"].stringOr(), "d");
    EXPECT_EQ((*announced)[1]["name"].stringOr(), "s");
}

} // namespace
} // namespace tiphys::render
