// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/pod_causes.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::control {
namespace {

object::Object podOf(const std::string &ownerKind, const std::string &owner)
{
    return object::Object(
        object::parseYaml("{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, ownerReferences: [{kind: "
                          + ownerKind + ", name: " + owner + "}]}}")
            .value());
}

struct OwnerCase
{
    std::string name;
    std::string workloadKind;
    std::string ownerKind;
    std::string owner;
    bool isOwn;
};

class PodsOf : public testing::TestWithParam<OwnerCase>
{
};

TEST_P(PodsOf, AreToldByTheNamesOfTheirOwners)
{
    const object::ObjectKey workload{"", GetParam().workloadKind, "shop", "web"};
    EXPECT_EQ(podsOf(workload, {podOf(GetParam().ownerKind, GetParam().owner)}).size(), GetParam().isOwn ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Control, PodsOf,
                         testing::Values(OwnerCase{"OfADeployment", "Deployment", "ReplicaSet", "web-5f6d", true},
                                         OwnerCase{"OfARollout", "Rollout", "ReplicaSet", "web-5f6d", true},
                                         OwnerCase{"OfALongerName", "Deployment", "ReplicaSet", "web-api-5f6d", false},
                                         OwnerCase{"OfAnotherName", "Deployment", "ReplicaSet", "api-5f6d", false},
                                         OwnerCase{"OfAStatefulSet", "StatefulSet", "StatefulSet", "web", true},
                                         OwnerCase{"OfAnotherKind", "StatefulSet", "DaemonSet", "web", false},
                                         OwnerCase{"OfACronJob", "CronJob", "Job", "web-2911", true}),
                         [](const auto &row) { return row.param.name; });

TEST(PodsOf, StayInTheirNamespace)
{
    EXPECT_TRUE(podsOf({"", "StatefulSet", "other", "web"}, {podOf("StatefulSet", "web")}).empty());
}

} // namespace
} // namespace tiphys::control
