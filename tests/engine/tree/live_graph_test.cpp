// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/yaml_objects.h"
#include "tree/live_graph.h"

#include <gtest/gtest.h>

namespace tiphys::tree {
namespace {

using object::Object;
using object::ObjectKey;
using test::objectOf;

std::string ownedBy(std::string_view uid)
{
    return "ownerReferences: [{apiVersion: apps/v1, kind: X, name: x, uid: " + std::string(uid) + "}]";
}

Object made(std::string_view kind, std::string_view name, std::string_view uid, std::string_view rest = "")
{
    return objectOf("{apiVersion: apps/v1, kind: " + std::string(kind) + ", metadata: {name: " + std::string(name)
                    + ", namespace: shop, uid: " + std::string(uid) + (rest.empty() ? "" : ", ") + std::string(rest)
                    + "}}");
}

std::vector<std::string> names(const std::vector<ObjectKey> &keys)
{
    std::vector<std::string> result;
    for (const ObjectKey &key : keys)
        result.push_back(key.name);
    return result;
}

struct OwnerCase
{
    std::string name;
    std::string object;
    std::vector<std::string> owners; ///< "apiVersion kind name uid"
};

class OwnersOf : public testing::TestWithParam<OwnerCase>
{
};

TEST_P(OwnersOf, AreGivenAndInferred)
{
    std::vector<std::string> owners;
    for (const object::OwnerReference &owner : ownersOf(objectOf(GetParam().object)))
        owners.push_back(owner.apiVersion + " " + owner.kind + " " + owner.name + " " + owner.uid);
    EXPECT_EQ(owners, GetParam().owners);
}

INSTANTIATE_TEST_SUITE_P(
    Tree, OwnersOf,
    testing::Values(
        OwnerCase{"None", "{apiVersion: v1, kind: Pod, metadata: {name: p}}", {}},
        OwnerCase{"Endpoints", "{apiVersion: v1, kind: Endpoints, metadata: {name: web}}", {"v1 Service web "}},
        OwnerCase{
            "EndpointsWithOwner",
            "{apiVersion: v1, kind: Endpoints, metadata: {name: web, ownerReferences: [{apiVersion: v1, kind: Pod, "
            "name: p, uid: u}]}}",
            {"v1 Pod p u"}},
        OwnerCase{"ServiceVersion",
                  "{apiVersion: operators.coreos.com/v1alpha1, kind: ClusterServiceVersion, metadata: {annotations: "
                  "{olm.operatorGroup: og}}}",
                  {"operators.coreos.com/v1 OperatorGroup og "}},
        OwnerCase{"Token",
                  "{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {annotations: "
                  "{kubernetes.io/service-account.name: sa, kubernetes.io/service-account.uid: u}}}",
                  {"v1 ServiceAccount sa u"}},
        OwnerCase{"TokenWithoutUid",
                  "{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {annotations: "
                  "{kubernetes.io/service-account.name: sa}}}",
                  {}},
        OwnerCase{"OpaqueSecret",
                  "{apiVersion: v1, kind: Secret, type: Opaque, metadata: {annotations: "
                  "{kubernetes.io/service-account.name: sa, kubernetes.io/service-account.uid: u}}}",
                  {}}),
    [](const auto &row) { return row.param.name; });

struct ClaimCase
{
    std::string name;
    std::string claim;
    bool isMade;
};

class MakesClaim : public testing::TestWithParam<ClaimCase>
{
};

TEST_P(MakesClaim, EndsInTemplateSetAndNumber)
{
    const Object set = objectOf("{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: "
                                "{volumeClaimTemplates: [{metadata: {name: data}}, {metadata: {name: log}}]}}");
    EXPECT_EQ(makesClaim(set, GetParam().claim), GetParam().isMade);
}

INSTANTIATE_TEST_SUITE_P(Tree, MakesClaim,
                         testing::Values(ClaimCase{"First", "data-db-0", true}, ClaimCase{"Second", "log-db-12", true},
                                         ClaimCase{"StartIsNotAnchored", "old-data-db-0", true},
                                         ClaimCase{"NoNumber", "data-db-", false},
                                         ClaimCase{"Suffix", "data-db-0-copy", false},
                                         ClaimCase{"OtherSet", "data-db2-0", false},
                                         ClaimCase{"OtherTemplate", "cache-db-0", false}),
                         [](const auto &row) { return row.param.name; });

TEST(LiveGraph, ChildrenAreFoundByUidInTheirNamespace)
{
    Object elsewhere = made("ReplicaSet", "far", "r2", ownedBy("d1")).withNamespace("other");
    const LiveGraph graph(
        {made("Deployment", "web", "d1"), made("ReplicaSet", "web-1", "r1", ownedBy("d1")), elsewhere});
    EXPECT_EQ(names(graph.childrenOf({"apps", "Deployment", "shop", "web"})), (std::vector<std::string>{"web-1"}));
}

TEST(LiveGraph, AClusterScopedParentHasChildrenEverywhere)
{
    const Object parent = objectOf("{apiVersion: x/v1, kind: Provider, metadata: {name: p, uid: c1}}");
    const LiveGraph graph({parent, made("Deployment", "a", "d1", ownedBy("c1")),
                           made("Deployment", "b", "d2", ownedBy("c1")).withNamespace("other")});
    EXPECT_EQ(names(graph.childrenOf(parent.key())).size(), 2u);
}

TEST(LiveGraph, InferredOwnersGetTheirUid)
{
    const Object service = objectOf("{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, uid: s1}}");
    const Object endpoints =
        objectOf("{apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop, uid: e1}}");
    const LiveGraph graph({service, endpoints});
    EXPECT_EQ(graph.ownersAt(endpoints.key())[0].uid, "s1");
    EXPECT_EQ(names(graph.childrenOf(service.key())), (std::vector<std::string>{"web"}));
    EXPECT_EQ(graph.topLevel().size(), 1u);
}

TEST(LiveGraph, AClaimBelongsToItsStatefulSet)
{
    const Object set =
        objectOf("{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop, uid: s1}, "
                 "spec: {volumeClaimTemplates: [{metadata: {name: data}}]}}");
    const Object claim = objectOf(
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-db-0, namespace: shop, uid: p1}}");
    const LiveGraph graph({set, claim});
    EXPECT_EQ(names(graph.childrenOf(set.key())), (std::vector<std::string>{"data-db-0"}));
}

TEST(LiveGraph, OneObjectInTwoGroupsIsOneChild)
{
    const Object old =
        objectOf("{apiVersion: extensions/v1beta1, kind: ReplicaSet, metadata: {name: r, namespace: shop, uid: r1, "
                 + ownedBy("d1") + "}}");
    const LiveGraph graph({made("Deployment", "web", "d1"), made("ReplicaSet", "r", "r1", ownedBy("d1")), old});
    const std::vector<ObjectKey> children = graph.childrenOf({"apps", "Deployment", "shop", "web"});
    ASSERT_EQ(children.size(), 1u);
    EXPECT_EQ(children[0].group, "apps");
}

TEST(LiveGraph, AWalkEndsInACycle)
{
    const LiveGraph graph({made("A", "one", "u1", ownedBy("u2")), made("A", "two", "u2", ownedBy("u1"))});
    std::vector<std::string> visited;
    graph.walk({{"apps", "A", "shop", "one"}}, [&](const Object &object) {
        visited.emplace_back(object.name());
        return true;
    });
    EXPECT_EQ(visited, (std::vector<std::string>{"one", "two"}));
}

TEST(LiveGraph, AWalkLeavesOutWhatIsBelowARefusedObject)
{
    const LiveGraph graph({made("Deployment", "web", "d1"), made("ReplicaSet", "web-1", "r1", ownedBy("d1")),
                           made("Pod", "web-1-x", "p1", ownedBy("r1"))});
    std::vector<std::string> visited;
    graph.walk({{"apps", "Deployment", "shop", "web"}}, [&](const Object &object) {
        visited.emplace_back(object.name());
        return object.kind() != "ReplicaSet";
    });
    EXPECT_EQ(visited, (std::vector<std::string>{"web", "web-1"}));
}

} // namespace
} // namespace tiphys::tree
