// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/yaml_objects.h"
#include "tree/node.h"

#include <gtest/gtest.h>

namespace tiphys::tree {
namespace {

using test::objectOf;

struct RevisionCase
{
    std::string name;
    std::string object;
    std::int64_t revision;
};

class RevisionOf : public testing::TestWithParam<RevisionCase>
{
};

TEST_P(RevisionOf, ReadsAnnotationsThenTheField)
{
    EXPECT_EQ(revisionOf(objectOf(GetParam().object)), GetParam().revision);
}

INSTANTIATE_TEST_SUITE_P(
    Tree, RevisionOf,
    testing::Values(RevisionCase{"None", "{kind: X}", 0},
                    RevisionCase{"ReplicaSet", "{metadata: {annotations: {deployment.kubernetes.io/revision: '3'}}}",
                                 3},
                    RevisionCase{"Rollout", "{metadata: {annotations: {rollout.argoproj.io/revision: '4'}}}", 4},
                    RevisionCase{"ControllerRevision", "{revision: 5}", 5},
                    RevisionCase{"BadAnnotation",
                                 "{metadata: {annotations: {deployment.kubernetes.io/revision: x}}, revision: 5}", 0}),
    [](const auto &row) { return row.param.name; });

TEST(NodeOf, ListsRevisionThenCustomLabels)
{
    const Node node =
        nodeOf(objectOf("{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: r, namespace: shop, uid: u, "
                        "resourceVersion: '7', creationTimestamp: '2024-01-01T00:00:00Z', labels: {team: a, "
                        "other: b}, annotations: {deployment.kubernetes.io/revision: '2'}}, status: "
                        "{observedGeneration: 1}}"),
               {{"team", "absent"}, nullptr});
    EXPECT_EQ(node.info, (std::vector<InfoItem>{{"Revision", "Rev:2"}, {"team", "a"}}));
    EXPECT_EQ(node.key, (object::ObjectKey{"apps", "ReplicaSet", "shop", "r"}));
    EXPECT_EQ(node.version, "v1");
    EXPECT_EQ(node.resourceVersion, "7");
    EXPECT_EQ(node.createdAt, "2024-01-01T00:00:00Z");
    EXPECT_EQ(node.health->status, health::HealthCode::Healthy);
    EXPECT_EQ(node.networking, std::nullopt);
}

TEST(NodeOf, ShowsWhereAChildApplicationIsManaged)
{
    const Node node =
        nodeOf(objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, annotations: "
                        "{argocd.argoproj.io/managed-by-url: 'https://cd.example.org'}}}"));
    EXPECT_EQ(node.info, (std::vector<InfoItem>{{"managed-by-url", "https://cd.example.org"}}));
}

} // namespace
} // namespace tiphys::tree
