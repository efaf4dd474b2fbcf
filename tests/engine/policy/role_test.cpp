// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/role.h"

#include <gtest/gtest.h>

namespace tiphys::policy {
namespace {

struct RoleCase
{
    std::string name;
    std::vector<std::string> policies;
    bool isAllowed;
};

class RolesThatAllow : public testing::TestWithParam<RoleCase>
{
};

TEST_P(RolesThatAllow, ReadsTheLinesOfTheRole)
{
    crd::ProjectSpec spec;
    spec.roles.push_back(
        {.name = "deployer", .description = {}, .policies = GetParam().policies, .groups = {}, .tokens = {}});
    const RbacQuestion question = actionQuestion({"apps", "Deployment"}, "restart", "shop/web");
    EXPECT_EQ(rolesThatAllow(spec, question).size(), GetParam().isAllowed ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Policy, RolesThatAllow,
    testing::Values(
        RoleCase{
            "Exact", {"p, proj:shop:deployer, applications, action/apps/Deployment/restart, shop/web, allow"}, true},
        RoleCase{"Globs", {"p, proj:shop:deployer, applications, action/*, shop/*, allow"}, true},
        RoleCase{"AnotherAction", {"p, proj:shop:deployer, applications, sync, shop/*, allow"}, false},
        RoleCase{"AnotherApplication", {"p, proj:shop:deployer, applications, action/*, shop/api, allow"}, false},
        RoleCase{"Denied",
                 {"p, proj:shop:deployer, applications, *, shop/*, allow",
                  "p, proj:shop:deployer, applications, action/*, shop/web, deny"},
                 false},
        RoleCase{"NotALine", {"allow everything", "g, a, b", ""}, false}, RoleCase{"None", {}, false}),
    [](const auto &row) { return row.param.name; });

TEST(RbacQuestion, NamesTheRightAsAPolicyLineDoes)
{
    EXPECT_EQ(actionQuestion({"", "Service"}, "restart", "shop/web").text(),
              "applications, action//Service/restart, shop/web");
}

} // namespace
} // namespace tiphys::policy
