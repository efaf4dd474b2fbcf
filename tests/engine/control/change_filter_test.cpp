// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/change_filter.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <span>

using namespace tiphys;
using namespace tiphys::control;
using compare::ObjectChange;
using object::Object;

namespace {

object::Value yaml(const std::string &text)
{
    const auto value = object::parseYaml(text);
    EXPECT_TRUE(value) << (value ? "" : value.error().text());
    return value.value_or(object::Value());
}

compare::CompareSettings settings(const std::string &data)
{
    const auto read = compare::compareSettingsOf(yaml(data));
    EXPECT_TRUE(read) << (read ? "" : read.error().text());
    return read.value_or(compare::CompareSettings());
}

/// A ConfigMap of the application shop, with \p rest beside its metadata.
Object configMap(const std::string &annotations, const std::string &rest)
{
    return Object(yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: team, uid: u, annotations: "
                       "{argocd.argoproj.io/tracking-id: 'shop:/ConfigMap:team/a'"
                       + annotations + "}}, " + rest + "}"));
}

const ObjectChange kLeader{configMap(", leader: one", "data: {x: y}"), configMap(", leader: two", "data: {x: y}")};
const ObjectChange kContent{configMap("", "data: {x: y}"), configMap("", "data: {x: z}")};

bool counts(const ObjectChange &change, const std::string &data)
{
    return ChangeFilter(settings(data), nullptr, nullptr).counts(change);
}

/// Calls every object Healthy, and counts how often it is asked.
class ScriptedEngine final : public script::LuaEngine
{
public:
    std::vector<Expected<script::LuaReturn>> runAll(std::span<const script::LuaRequest> requests) override
    {
        runs += static_cast<int>(requests.size());
        std::vector<Expected<script::LuaReturn>> answers;
        for (std::size_t i = 0; i < requests.size(); ++i)
            answers.emplace_back(script::LuaReturn{"table", object::Value::map({{"status", "Healthy"}})});
        return answers;
    }
    int runs = 0;
};

} // namespace

TEST(ChangeFilter, ContentCountsAndStatusDoesNot)
{
    EXPECT_TRUE(counts(kContent, "{}"));
    EXPECT_TRUE(counts(kLeader, "{}"));
    EXPECT_FALSE(counts({configMap("", "status: {seen: 1}"), configMap("", "status: {seen: 2}")}, "{}"));
}

TEST(ChangeFilter, SettingsOfAKindTakeFieldsAway)
{
    const std::string leader = "{resource.customizations.ignoreResourceUpdates.ConfigMap: 'jqPathExpressions: "
                               "[.metadata.annotations.leader]'}";
    EXPECT_FALSE(counts(kLeader, leader));
    EXPECT_TRUE(counts(kContent, leader));
    EXPECT_FALSE(counts(kContent, "{resource.customizations.ignoreResourceUpdates.all: 'jsonPointers: [/data]'}"));
    // What no difference is made of is no news either, unless that is switched off.
    EXPECT_FALSE(counts(kContent, "{resource.customizations.ignoreDifferences.ConfigMap: 'jsonPointers: [/data]'}"));
    EXPECT_TRUE(counts(kContent, "{resource.customizations.ignoreDifferences.ConfigMap: 'jsonPointers: [/data]', "
                                 "resource.compareoptions: 'ignoreDifferencesOnResourceUpdates: false'}"));
}

TEST(ChangeFilter, SwitchedOffEveryChangeCounts)
{
    const ObjectChange same{configMap("", "data: {}"), configMap("", "data: {}")};
    EXPECT_FALSE(counts(same, "{}"));
    EXPECT_TRUE(counts(same, "{resource.ignoreResourceUpdatesEnabled: 'false'}"));
    EXPECT_FALSE(counts(same, "{resource.ignoreResourceUpdatesEnabled: 'true'}"));
    EXPECT_FALSE(compare::compareSettingsOf(yaml("{resource.ignoreResourceUpdatesEnabled: maybe}")));
}

TEST(ChangeFilter, RulesThatCannotBeCompiledHideNothing)
{
    // It is more than a path, and nothing is there to run it.
    EXPECT_TRUE(counts({configMap("", "data: {}"), configMap("", "data: {}")},
                       "{resource.customizations.ignoreResourceUpdates.ConfigMap: 'jqPathExpressions: [\".data | "
                       "with_entries(.value |= length)\"]'}"));
}

TEST(ChangeFilter, OnlyWhatIsSeenInFullIsWeighed)
{
    const Object role(
        yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a, annotations: "
             "{argocd.argoproj.io/tracking-id: 'shop:rbac.authorization.k8s.io/ClusterRole:/a'}}}"));
    const ChangeFilter filter(settings("{}"), nullptr, nullptr);
    EXPECT_TRUE(filter.countsAnyway({role, role}));
    EXPECT_FALSE(filter.countsAnyway(kContent));
    EXPECT_TRUE(filter.countsAnyway({{}, kContent.after}));
    EXPECT_TRUE(filter.countsAnyway({kContent.before, {}}));
}

TEST(ChangeFilter, HealthIsThatOfTheConfiguredScripts)
{
    ScriptedEngine engine;
    const ChangeFilter filter(settings("{resource.customizations.health.ConfigMap: 'return {}'}"), nullptr, &engine);
    EXPECT_FALSE(filter.counts({configMap("", "status: {seen: 1}"), configMap("", "status: {seen: 2}")}));
    EXPECT_EQ(engine.runs, 2);
}

TEST(IsOfItself, IsTheSameObjectNotTheSameName)
{
    const auto application = [](const std::string &uid) {
        return Object(
            yaml("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: root, namespace: argocd, uid: "
                 + uid + "}}"));
    };
    EXPECT_TRUE(isOfItself({application("a"), application("a")}, application("a")));
    EXPECT_TRUE(isOfItself({application("a"), {}}, application("a")));
    EXPECT_FALSE(isOfItself({application("b"), application("b")}, application("a")));
    EXPECT_FALSE(isOfItself({kContent.before, kContent.after}, application("a")));
}
