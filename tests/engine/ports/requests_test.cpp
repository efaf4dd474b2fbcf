// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/requests.h"

#include <gtest/gtest.h>

using namespace tiphys::ports;

namespace {

struct RuleCase
{
    std::string name;
    AccessRules::Rule rule;
    AccessQuestion question;
    bool isAllowed;
};

class AccessRulesAllow : public testing::TestWithParam<RuleCase>
{
};

} // namespace

TEST_P(AccessRulesAllow, AsTheServerReadsThem)
{
    const AccessRules rules{.rules = {GetParam().rule}};
    EXPECT_EQ(rules.allows(GetParam().question), GetParam().isAllowed);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, AccessRulesAllow,
    testing::Values(
        RuleCase{"Exact", {{"get"}, {""}, {"pods"}, {}}, {"get", "", "pods"}, true},
        RuleCase{"OtherVerb", {{"get"}, {""}, {"pods"}, {}}, {"list", "", "pods"}, false},
        RuleCase{"OtherGroup", {{"get"}, {""}, {"pods"}, {}}, {"get", "apps", "pods"}, false},
        RuleCase{"Everything", {{"*"}, {"*"}, {"*"}, {}}, {"delete", "apps", "deployments", "scale"}, true},
        RuleCase{"Subresource", {{"get"}, {""}, {"pods/log"}, {}}, {"get", "", "pods", "log"}, true},
        RuleCase{"NoSubresource", {{"get"}, {""}, {"pods"}, {}}, {"get", "", "pods", "log"}, false},
        RuleCase{"AnyScale", {{"get"}, {"*"}, {"*/scale"}, {}}, {"get", "apps", "deployments", "scale"}, true},
        RuleCase{"NamedOnly", {{"get"}, {""}, {"secrets"}, {"a"}}, {"get", "", "secrets", "", "ns", "a"}, true},
        RuleCase{"OtherName", {{"get"}, {""}, {"secrets"}, {"a"}}, {"get", "", "secrets", "", "ns", "b"}, false},
        RuleCase{"AnyNameOfNamed", {{"list"}, {""}, {"secrets"}, {"a"}}, {"list", "", "secrets"}, false}),
    [](const auto &row) { return row.param.name; });

TEST(AccessQuestion, ReadsAsASentence)
{
    EXPECT_EQ((AccessQuestion{"delete", "apps", "deployments", "scale", "shop", "web"}.text()),
              "delete deployments/scale.apps 'web' in namespace 'shop'");
    EXPECT_EQ((AccessQuestion{"list", "", "pods"}.text()), "list pods in all namespaces");
}
