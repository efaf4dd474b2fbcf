// SPDX-License-Identifier: GPL-3.0-or-later
// Customizations of argocd-cm, with an engine that answers what a test says; real scripts are run in the tests of
// engine/process.
#include "action/configured_actions.h"
#include "action/configured_health.h"
#include "object/json.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

#include <map>

namespace tiphys::action {
namespace {

using health::Health;
using health::HealthCode;
using object::Object;
using object::Value;
using script::LuaRequest;
using script::LuaReturn;

/// Answers by the text of the script, and remembers what it was asked.
class ScriptedEngine final : public script::LuaEngine
{
public:
    std::vector<Expected<LuaReturn>> runAll(std::span<const LuaRequest> requests) override
    {
        std::vector<Expected<LuaReturn>> all;
        for (const LuaRequest &request : requests) {
            lastScript = request.script;
            lastOpened = request.opensLibraries;
            const auto known = answers.find(std::string(request.script));
            if (known == answers.end())
                all.push_back(failure(ErrorCode::InvalidInput, "<string>:1: boom"));
            else
                all.push_back(known->second);
        }
        return all;
    }

    std::map<std::string, LuaReturn> answers;
    std::string lastScript;
    bool lastOpened = false;
};

Value yaml(std::string_view text)
{
    const Expected<Value> value = object::parseYaml(text);
    EXPECT_TRUE(value.has_value()) << (value ? "" : value.error().text());
    return value.value_or(Value());
}

LuaReturn table(std::string_view text)
{
    return {"table", yaml(text)};
}

compare::CompareSettings settings(std::string_view data)
{
    const Expected<compare::CompareSettings> read = compare::compareSettingsOf(yaml(data));
    EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().text());
    return read.value_or(compare::CompareSettings());
}

const Object kWidget(*object::parseJson(R"({"apiVersion":"shop.io/v1","kind":"Widget","metadata":{"name":"w"}})"));

struct HealthCase
{
    std::string name;
    LuaReturn returned;
    std::string expected; ///< "Status: message" or "error: …"
};

class HealthIn : public testing::TestWithParam<HealthCase>
{
};

TEST_P(HealthIn, ReadsWhatAScriptReturned)
{
    const Expected<Health> health = healthIn(GetParam().returned);
    const std::string text =
        health ? std::string(crd::text(health->status)) + ": " + health->message : "error: " + health.error().text();
    EXPECT_EQ(text, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Configured, HealthIn,
    testing::Values(HealthCase{"AVerdict", table("{status: Degraded, message: broken}"), "Degraded: broken"},
                    HealthCase{"NoMessage", table("{status: Healthy}"), "Healthy: "},
                    HealthCase{"CapitalNames", table("{Status: Healthy, MESSAGE: m}"), "Healthy: m"},
                    HealthCase{"AnotherWord", table("{status: healthy, message: m}"),
                               "Unknown: Lua returned an invalid health status"},
                    HealthCase{"NoStatus", table("{message: m}"), "Unknown: Lua returned an invalid health status"},
                    HealthCase{"WrongType", table("{status: 5, message: m}"), ": "},
                    HealthCase{"MessageOfWrongType", table("{status: Healthy, message: [m]}"), ": "},
                    HealthCase{"EmptyTable", table("[]"), ": "}, HealthCase{"AList", table("[Healthy]"), ": "},
                    HealthCase{"Nothing", {"nil", {}}, ": "},
                    HealthCase{"Text", {"string", {}}, "error: expect table output from Lua script, not string"}),
    [](const auto &row) { return row.param.name; });

TEST(ConfiguredHealth, PrefersTheExactKeyToGlobs)
{
    ScriptedEngine engine;
    engine.answers = {{"exact", table("{status: Healthy, message: exact}")},
                      {"glob", table("{status: Healthy, message: glob}")}};
    const compare::CompareSettings read =
        settings("{resource.customizations: \"'*.io/*': {health.lua: glob}\\n"
                 "shop.io/Widget: {health.lua: exact, health.lua.useOpenLibs: true}\"}");
    const ConfiguredHealth scripts(read, &engine);
    EXPECT_EQ(health::healthOf(kWidget, &scripts)->message, "exact");
    EXPECT_TRUE(engine.lastOpened);
    const Object other(kWidget.value().with("kind", "Gadget"));
    EXPECT_EQ(health::healthOf(other, &scripts)->message, "glob");
    EXPECT_FALSE(engine.lastOpened);
}

TEST(ConfiguredHealth, ReadsTheKeysOfOneKindEach)
{
    ScriptedEngine engine;
    engine.answers = {{"mine", table("{status: Suspended, message: mine}")}};
    const compare::CompareSettings read = settings("{resource.customizations.health.shop.io_Widget: mine, "
                                                   "resource.customizations.useOpenLibs.shop.io_Widget: 'true'}");
    const ConfiguredHealth scripts(read, &engine);
    EXPECT_EQ(health::healthOf(kWidget, &scripts)->status, HealthCode::Suspended);
    EXPECT_TRUE(engine.lastOpened);
}

TEST(ConfiguredHealth, ReplacesTheBuiltInCheck)
{
    ScriptedEngine engine;
    engine.answers = {{"mine", table("{status: Degraded, message: ours}")}};
    const compare::CompareSettings read = settings("{resource.customizations.health.apps_Deployment: mine}");
    const ConfiguredHealth scripts(read, &engine);
    const Object deployment(yaml("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {paused: true}}"));
    EXPECT_EQ(health::healthOf(deployment, &scripts)->message, "ours");
    EXPECT_EQ(health::healthOf(deployment)->status, HealthCode::Suspended);
    const Object service(yaml("{apiVersion: v1, kind: Service, metadata: {name: s}}"));
    EXPECT_EQ(health::healthOf(service, &scripts)->status, HealthCode::Healthy);
}

TEST(ConfiguredHealth, ShowsTheErrorOfTheScriptAtTheResource)
{
    ScriptedEngine engine;
    const compare::CompareSettings read = settings("{resource.customizations.health.shop.io_Widget: other}");
    const ConfiguredHealth scripts(read, &engine);
    const std::optional<Health> health = health::healthOf(kWidget, &scripts);
    EXPECT_EQ(health->status, HealthCode::Unknown);
    EXPECT_EQ(health->message, "<string>:1: boom");
    EXPECT_TRUE(health->hasFailed);
    const ConfiguredHealth without(read, nullptr);
    EXPECT_EQ(health::healthOf(kWidget, &without)->message,
              "the health script of shop.io/Widget in argocd-cm cannot be run here");
}

constexpr std::string_view kActions = R"(
resource.customizations.actions.apps_Deployment: |
  mergeBuiltinActions: MERGE
  discovery.lua: discover
  definitions:
  - name: restart
    action.lua: restart-mine
  - name: copy
    action.lua: copy-mine
)";

compare::CompareSettings actionSettings(const std::string &merge)
{
    std::string text(kActions);
    text.replace(text.find("MERGE"), 5, merge);
    return settings(text);
}

const Object kDeployment(*object::parseJson(
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","labels":{}},"spec":{"replicas":1}})"));

std::string namesOf(const Expected<std::vector<ResourceAction>> &actions)
{
    if (!actions)
        return "error: " + actions.error().text();
    std::string names;
    for (const ResourceAction &action : *actions)
        names += action.name + (action.isDisabled ? "(off) " : action.displayName.empty() ? " " : "(named) ");
    return names;
}

TEST(ActionsOf, TakesTheConfiguredOnesInsteadOfTheBuiltIn)
{
    ScriptedEngine engine;
    engine.answers = {{"discover", table("{copy: {displayName: Copy it}, restart: {disabled: true}, plain: []}")}};
    const compare::CompareSettings read = actionSettings("false");
    EXPECT_EQ(namesOf(actionsOf(kDeployment, {&read, &engine})), "copy(named) plain restart(off) ");
}

TEST(ActionsOf, MergesTheBuiltInOnesWhereAsked)
{
    ScriptedEngine engine;
    engine.answers = {{"discover", table("{copy: {}, restart: {disabled: true}}")}};
    const compare::CompareSettings read = actionSettings("true");
    EXPECT_EQ(namesOf(actionsOf(kDeployment, {&read, &engine})), "copy pause restart(off) resume(off) scale ");
}

TEST(ActionsOf, NamesWhatADiscoveryReturnsWrongly)
{
    ScriptedEngine engine;
    const compare::CompareSettings read = actionSettings("false");
    const ActionSources sources{&read, &engine};
    EXPECT_EQ(namesOf(actionsOf(kDeployment, sources)),
              "error: discovery of actions of apps/Deployment: <string>:1: boom");
    engine.answers = {{"discover", {"nil", {}}}};
    EXPECT_EQ(namesOf(actionsOf(kDeployment, sources)), "error: expect table output from Lua script, not nil");
    engine.answers = {{"discover", table("{copy: {disabled: 'yes'}}")}};
    EXPECT_EQ(namesOf(actionsOf(kDeployment, sources)),
              "error: error unmarshaling resource action: json: cannot unmarshal string into Go struct field "
              "ResourceAction.disabled of type bool");
    engine.answers = {{"discover", table("[]")}};
    EXPECT_EQ(namesOf(actionsOf(kDeployment, sources)), "");
}

TEST(RunAction, TakesTheConfiguredDefinitionElseTheBuiltIn)
{
    ScriptedEngine engine;
    engine.answers = {
        {"restart-mine",
         table("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, labels: []}, spec: {replicas: 9}}")}};
    const compare::CompareSettings read = actionSettings("false");
    const ActionSources sources{&read, &engine};
    const auto mine = runAction(kDeployment, "restart", {}, sources);
    ASSERT_TRUE(mine.has_value()) << mine.error().text();
    EXPECT_EQ(object::toJson(mine->front().object.path({"spec"})), R"({"replicas":9})");
    EXPECT_EQ(object::toJson(mine->front().object.path({"metadata", "labels"})), "{}");
    const auto builtin = runAction(kDeployment, "pause", {}, sources);
    ASSERT_TRUE(builtin.has_value()) << builtin.error().text();
    EXPECT_EQ(builtin->front().object.path({"spec", "paused"}), Value(true));
}

TEST(RunAction, ReadsAListOfOperations)
{
    ScriptedEngine engine;
    const compare::CompareSettings read = actionSettings("false");
    const ActionSources sources{&read, &engine};
    engine.answers = {
        {"copy-mine", table("[{operation: create, resource: {apiVersion: v1, kind: ConfigMap, data: []}},"
                            "{operation: patch, resource: {kind: Deployment, metadata: {labels: []}}}]")}};
    const auto impacted = runAction(kDeployment, "copy", {}, sources);
    ASSERT_TRUE(impacted.has_value()) << impacted.error().text();
    ASSERT_EQ(impacted->size(), 2U);
    EXPECT_EQ(impacted->front().operation, Operation::Create);
    EXPECT_EQ(object::toJson(impacted->front().object.path({"data"})), "[]");
    EXPECT_EQ(object::toJson(impacted->back().object.path({"metadata"})), R"({"labels":{}})");

    engine.answers = {{"copy-mine", table("[{operation: delete, resource: {kind: X}}]")}};
    EXPECT_EQ(runAction(kDeployment, "copy", {}, sources).error().text(), "unsupported operation: \"delete\"");
    engine.answers = {{"copy-mine", table("{spec: 1}")}};
    EXPECT_EQ(runAction(kDeployment, "copy", {}, sources).error().text(), "Object 'Kind' is missing in '{\"spec\":1}'");
}

TEST(ConfiguredActions, SayWhatIsNoYaml)
{
    EXPECT_FALSE(configuredActions("definitions: [").has_value());
    EXPECT_EQ(configuredActions("definitions: 5").error().text(), "definitions of resource actions must be a list");
    EXPECT_EQ(configuredActions("text").error().text(), "resource actions must be a map");
}

} // namespace
} // namespace tiphys::action
