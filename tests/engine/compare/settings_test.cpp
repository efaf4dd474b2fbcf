// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/settings.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::compare;
using object::Value;

namespace {

TEST(CompareSettings, IgnoresStatusOfEverythingByDefault)
{
    const CompareSettings settings = compareSettingsOf(Value()).value();
    ASSERT_EQ(settings.overrides.size(), 1u);
    EXPECT_EQ(settings.overrides[0].key, "*/*");
    EXPECT_EQ(settings.overrides[0].ignoreDifferences.jsonPointers, std::vector<std::string>{"/status"});
    EXPECT_EQ(settings.trackingMethod, "annotation");
    EXPECT_EQ(settings.instanceLabelKey, "app.kubernetes.io/instance");
}

TEST(CompareSettings, ReadsSplitKeysOverTheLegacyMap)
{
    const CompareSettings settings =
        compareSettingsOf(
            Value::map({{"resource.customizations", "apps/Deployment:\n  health.lua: old\n  actions: kept\n"},
                        {"resource.customizations.health.apps_Deployment", "new"},
                        {"resource.customizations.ignoreDifferences.all", "jsonPointers: [/x]"},
                        {"resource.compareoptions", "ignoreAggregatedRoles: true\nignoreResourceStatusField: none"}}))
            .value();
    EXPECT_TRUE(settings.ignoresAggregatedRoles);
    EXPECT_EQ(settings.overrideOf("apps/Deployment")->healthLua, "new");
    EXPECT_EQ(settings.overrideOf("apps/Deployment")->actions, "kept");
    EXPECT_EQ(settings.overrideOf("*/*")->ignoreDifferences.jsonPointers, std::vector<std::string>{"/x"});
}

TEST(CompareSettings, NamesTheKeyOfAnError)
{
    const auto settings =
        compareSettingsOf(Value::map({{"resource.customizations.ignoreDifferences.ConfigMap", "a: [\n"}}));
    ASSERT_FALSE(settings);
    EXPECT_NE(settings.error().text().find("argocd-cm resource.customizations.ignoreDifferences.ConfigMap"),
              std::string::npos);
    EXPECT_NE(settings.error().text().find("line"), std::string::npos);
}

TEST(CompareSettings, ExclusionsWinOverInclusions)
{
    const CompareSettings settings =
        compareSettingsOf(
            Value::map({{"resource.exclusions", "- {apiGroups: [apps], kinds: [ReplicaSet]}"},
                        {"resource.inclusions", "- {apiGroups: ['*'], kinds: ['*'], clusters: ['https://a*']}"}}))
            .value();
    EXPECT_TRUE(isExcluded(settings, {"apps", "ReplicaSet"}, "https://a1"));
    EXPECT_FALSE(isExcluded(settings, {"apps", "Deployment"}, "https://a1"));
    EXPECT_FALSE(isExcluded(settings, {"apps", "Deployment"}, "https://b"));
    EXPECT_TRUE(isExcluded(settings, {"coordination.k8s.io", "Lease"}, "https://b"));
}

} // namespace
