// SPDX-License-Identifier: GPL-3.0-or-later
// Offers and results for objects of every kind, as tests/oracles/lua recorded them from the original scripts.
#include "action/builtin.h"
#include "action/patch.h"
#include "object/json.h"
#include "object/yaml.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace tiphys::action {
namespace {

using object::Object;
using object::Value;

constexpr crd::Timestamp kNow{1'700'000'000};

Value recorded(const std::string &family)
{
    std::ifstream file(std::string(TIPHYS_TEST_DATA) + "/actions/" + family + ".yaml");
    std::ostringstream text;
    text << file.rdbuf();
    const Expected<Value> cases = object::parseYaml(text.str());
    EXPECT_TRUE(cases.has_value());
    return cases.value_or(Value());
}

Value valueOf(const ResourceAction &action)
{
    Value value = Value::map({{"name", action.name}});
    if (!action.displayName.empty())
        value = value.with("displayName", action.displayName);
    if (!action.iconClass.empty())
        value = value.with("iconClass", action.iconClass);
    if (action.isDisabled)
        value = value.with("disabled", true);
    std::vector<Value> parameters;
    for (const Parameter &parameter : action.parameters) {
        const Value named = Value::map({{"name", parameter.name}});
        parameters.push_back(parameter.defaultText.empty() ? named : named.with("default", parameter.defaultText));
    }
    return parameters.empty() ? value : value.with("params", Value::list(parameters));
}

void expectOffers(const Object &object, const Value &test)
{
    const Expected<std::vector<ResourceAction>> actions = builtinActions(object);
    if (const Value message = test["offersError"]; message.isString()) {
        ASSERT_FALSE(actions.has_value());
        EXPECT_EQ(actions.error().message(), message.stringOr());
        return;
    }
    ASSERT_TRUE(actions.has_value()) << actions.error().text();
    std::vector<Value> offers;
    for (const ResourceAction &action : *actions)
        offers.push_back(valueOf(action));
    EXPECT_EQ(object::toJson(Value::list(offers)), object::toJson(test["offers"]));
}

void expectRun(const Object &object, const Value &test)
{
    SCOPED_TRACE(std::string(test["action"].stringOr()));
    RunOptions options{.now = kNow, .arguments = {}};
    const Value arguments = test["arguments"];
    for (const auto &[name, text] : arguments.entries())
        options.arguments.emplace_back(name, text.stringOr());
    const auto impacted = runBuiltin(object, test["action"].stringOr(), options);
    if (const Value message = test["error"]; message.isString()) {
        ASSERT_FALSE(impacted.has_value());
        EXPECT_EQ(impacted.error().message(), message.stringOr());
        return;
    }
    ASSERT_TRUE(impacted.has_value()) << impacted.error().text();
    if (const Value patch = test["patch"]; patch.isMap()) {
        ASSERT_EQ(impacted->size(), 1U);
        EXPECT_EQ(impacted->front().operation, Operation::Patch);
        EXPECT_EQ(object::toJson(patchOf(object, impacted->front().object).whole), object::toJson(patch));
        return;
    }
    std::vector<Value> created;
    for (const ImpactedResource &resource : *impacted) {
        EXPECT_EQ(resource.operation, Operation::Create);
        created.push_back(resource.object.value());
    }
    EXPECT_EQ(object::toJson(Value::list(created)), object::toJson(test["create"]));
}

class Family : public testing::TestWithParam<std::string>
{
};

TEST_P(Family, OffersAndDoesWhatTheOriginalScriptsDo)
{
    const Value cases = recorded(GetParam());
    EXPECT_GT(cases.size(), 10U);
    for (const Value &test : cases.items()) {
        SCOPED_TRACE(std::string(test["name"].stringOr()));
        const Object object(test["object"]);
        expectOffers(object, test);
        const Value runs = test["runs"];
        EXPECT_GT(runs.size(), 0U);
        for (const Value &run : runs.items())
            expectRun(object, run);
    }
}

INSTANTIATE_TEST_SUITE_P(Builtin, Family, testing::Values("argo", "flux", "numa", "operators", "workloads"),
                         [](const auto &row) { return row.param; });

TEST(RunBuiltin, NamesTheActionThatAKindHasNot)
{
    const Object map(Value::map({{"apiVersion", "v1"}, {"kind", "ConfigMap"}}));
    EXPECT_EQ(builtinActions(map)->size(), 0U);
    const auto impacted = runBuiltin(map, "restart", {});
    ASSERT_FALSE(impacted.has_value());
    EXPECT_EQ(impacted.error().code(), ErrorCode::NotFound);
    EXPECT_EQ(impacted.error().message(), "ConfigMap has no built-in action 'restart'");
}

TEST(RunBuiltin, AsksForAMissingArgument)
{
    const Object deployment(Value::map({{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"spec", Value::map({})}}));
    const auto impacted = runBuiltin(deployment, "scale", {});
    ASSERT_FALSE(impacted.has_value());
    EXPECT_EQ(impacted.error().message(), "the parameter replicas is needed");
}

TEST(PatchOf, SplitsWhatIsSentToTheStatusSubresource)
{
    const Object live(
        *object::parseYaml("{kind: Rollout, spec: {paused: true}, status: {pauseConditions: [{reason: a}]}}"));
    const Object both(*object::parseYaml("{kind: Rollout, spec: {paused: false}, status: {}}"));
    const Object none(live);
    const ActionPatch patch = patchOf(live, both);
    EXPECT_TRUE(patch.touchesStatus);
    EXPECT_EQ(object::toJson(patch.whole), R"({"spec":{"paused":false},"status":{"pauseConditions":null}})");
    EXPECT_EQ(object::toJson(patch.remainder), R"({"spec":{"paused":false}})");
    EXPECT_TRUE(patchOf(live, none).isEmpty());
}

} // namespace
} // namespace tiphys::action
