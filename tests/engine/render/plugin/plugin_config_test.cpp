// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/plugin/plugin_config.h"

#include <gtest/gtest.h>

namespace tiphys::render {
namespace {

constexpr std::string_view kWhole = R"(apiVersion: argoproj.io/v1alpha1
kind: ConfigManagementPlugin
metadata: {name: cue}
spec:
  version: v1.2
  init: {command: [sh], args: [-c, "cue mod tidy"]}
  generate: {command: [cue, export], args: [--out, yaml]}
  discover:
    fileName: "*.cue"
    find: {glob: "**/*.cue", command: [find, .], args: [-name, x]}
  parameters:
    static:
    - {name: env, title: Environment, required: true, string: dev}
    - {name: hosts, collectionType: array, array: [a, b]}
    dynamic: {command: [./parameters.sh]}
  preserveFileMode: true
)";

TEST(PluginConfig, ReadsEveryField)
{
    const Expected<PluginConfig> config = readPluginConfig(kWhole);
    ASSERT_TRUE(config) << config.error().text();
    EXPECT_EQ(config->fullName(), "cue-v1.2");
    EXPECT_EQ(config->init.words(), (std::vector<std::string>{"sh", "-c", "cue mod tidy"}));
    EXPECT_EQ(config->init.text(), "sh -c \"cue mod tidy\"");
    EXPECT_EQ(config->generate.text(), "cue export --out yaml");
    EXPECT_EQ(config->discovery.fileName, "*.cue");
    EXPECT_EQ(config->discovery.glob, "**/*.cue");
    EXPECT_EQ(config->discovery.command.text(), "find . -name x");
    ASSERT_EQ(config->staticParameters.size(), 2U);
    EXPECT_EQ(config->staticParameters[0]["string"].stringOr(), "dev");
    EXPECT_TRUE(config->dynamicParameters.isSet());
    EXPECT_TRUE(config->preservesFileMode);
}

TEST(PluginConfig, NeedsNameAndGenerateAlone)
{
    const Expected<PluginConfig> config =
        readPluginConfig("{kind: ConfigManagementPlugin, metadata: {name: a}, spec: {generate: {command: [x]}}}");
    ASSERT_TRUE(config) << config.error().text();
    EXPECT_EQ(config->fullName(), "a");
    EXPECT_FALSE(config->discovery.isDefined());
    EXPECT_FALSE(config->init.isSet());
    EXPECT_FALSE(config->preservesFileMode);
}

struct Refusal
{
    std::string name;
    std::string text;
    std::string error;
};
class PluginRefusal : public testing::TestWithParam<Refusal>
{
};

TEST_P(PluginRefusal, NamesTheField)
{
    const Expected<PluginConfig> config = readPluginConfig(GetParam().text);
    ASSERT_FALSE(config);
    EXPECT_TRUE(config.error().text().contains(GetParam().error)) << config.error().text();
}

INSTANTIATE_TEST_SUITE_P(
    Plugin, PluginRefusal,
    testing::Values(Refusal{"NoMap", "[1]", "no map of fields"}, Refusal{"NoYaml", "a: [", "yaml"},
                    Refusal{"NoName", "{kind: ConfigManagementPlugin, spec: {generate: {command: [x]}}}",
                            "metadata.name should be non-empty"},
                    Refusal{"OtherKind", "{kind: Plugin, metadata: {name: a}, spec: {generate: {command: [x]}}}",
                            "kind should be ConfigManagementPlugin, found Plugin"},
                    Refusal{"NoGenerate", "{kind: ConfigManagementPlugin, metadata: {name: a}}",
                            "spec.generate command should be non-empty"},
                    Refusal{"ShellText",
                            "{kind: ConfigManagementPlugin, metadata: {name: a}, spec: {generate: {command: run.sh}}}",
                            "spec.generate.command must be a list of strings"},
                    Refusal{"SlashInName",
                            "{kind: ConfigManagementPlugin, metadata: {name: ../a}, spec: {generate: {command: [x]}}}",
                            "slash"},
                    Refusal{"StaticMap",
                            "{kind: ConfigManagementPlugin, metadata: {name: a}, spec: {generate: {command: [x]}, "
                            "parameters: {static: {a: 1}}}}",
                            "spec.parameters.static must be a list"},
                    Refusal{"StaticType",
                            "{kind: ConfigManagementPlugin, metadata: {name: a}, spec: {generate: {command: [x]}, "
                            "parameters: {static: [{name: b, string: 5}]}}}",
                            "spec.parameters.static[0].string must be a string"}),
    [](const auto &row) { return row.param.name; });

TEST(PluginAnnouncements, AreAListOfMaps)
{
    const auto read = readAnnouncements(R"([{"name":"a","map":{"k":"v"}},{"name":"b","required":true}])");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->size(), 2U);
    EXPECT_TRUE(readAnnouncements("null")->empty());
    EXPECT_FALSE(readAnnouncements("{}"));
    EXPECT_FALSE(readAnnouncements(R"([{"name":1}])"));
    EXPECT_FALSE(readAnnouncements(R"([{"map":{"k":1}}])"));
    EXPECT_FALSE(readAnnouncements(""));
}

} // namespace
} // namespace tiphys::render
