// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/yaml_objects.h"
#include "tree/resource_tree.h"

#include <gtest/gtest.h>

namespace tiphys::tree {
namespace {

using object::Object;
using object::ObjectKey;
using test::objectOf;

Object made(std::string_view apiVersion, std::string_view kind, std::string_view name, std::string_view uid,
            std::string_view owner = "", std::string_view rest = "")
{
    const std::string owners = owner.empty() ? "" : ", ownerReferences: [" + std::string(owner) + "]";
    return objectOf("{apiVersion: " + std::string(apiVersion) + ", kind: " + std::string(kind)
                    + ", metadata: {name: " + std::string(name) + ", namespace: shop, uid: " + std::string(uid) + owners
                    + "}" + std::string(rest) + "}");
}

const Object kDeployment = made("apps/v1", "Deployment", "web", "d1");
const Object kReplicaSet =
    made("apps/v1", "ReplicaSet", "web-1", "r1", "{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1}");
const Object kPod = made("v1", "Pod", "web-1-x", "p1", "{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r1}",
                         ", spec: {nodeName: node-1, containers: [{name: a, image: nginx, resources: {requests: {cpu: "
                         "100m}}}]}, status: {phase: Running}");

TreeInput inputFor(const LiveGraph &live, std::vector<ManagedResource> managed)
{
    TreeInput input;
    input.live = &live;
    input.managed = std::move(managed);
    input.destinationNamespace = "shop";
    input.allows = [](const ObjectKey &) { return true; };
    input.belongsToAnother = [](const Object &) { return false; };
    return input;
}

std::vector<std::string> paths(const std::vector<Node> &nodes)
{
    std::vector<std::string> result;
    for (const Node &node : nodes)
        result.push_back(node.key.path());
    return result;
}

const ManagedResource kManaged{{"apps", "Deployment", "shop", "web"}, "v1", true};

TEST(ApplicationTree, HoldsManagedObjectsAndAllBelow)
{
    const LiveGraph live({kPod, kDeployment, kReplicaSet});
    const ApplicationTree tree = applicationTree(inputFor(live, {kManaged}));
    EXPECT_EQ(paths(tree.nodes), (std::vector<std::string>{"/Pod/shop/web-1-x", "apps/Deployment/shop/web",
                                                           "apps/ReplicaSet/shop/web-1"}));
    EXPECT_EQ(tree.nodes[0].parents, (std::vector<NodeReference>{{"apps", "ReplicaSet", "shop", "web-1", "v1", "r1"}}));
    EXPECT_TRUE(tree.nodes[1].parents.empty());
    EXPECT_TRUE(tree.orphans.empty());
}

TEST(ApplicationTree, AMissingObjectIsANodeWithoutUid)
{
    const LiveGraph live(std::vector<Object>{});
    const ApplicationTree tree =
        applicationTree(inputFor(live, {{{"apps", "Deployment", "shop", "web"}, "v1", false}}));
    ASSERT_EQ(tree.nodes.size(), 1u);
    EXPECT_EQ(tree.nodes[0].uid, "");
    EXPECT_EQ(tree.nodes[0].version, "v1");
    EXPECT_EQ(tree.nodes[0].health->status, health::HealthCode::Missing);
}

TEST(ApplicationTree, AForbiddenChildGoesWithItsSubtree)
{
    const LiveGraph live({kPod, kDeployment, kReplicaSet});
    TreeInput input = inputFor(live, {kManaged});
    input.allows = [](const ObjectKey &key) { return key.kind != "ReplicaSet"; };
    EXPECT_EQ(paths(applicationTree(input).nodes), (std::vector<std::string>{"apps/Deployment/shop/web"}));
}

TEST(ApplicationTree, TheParentOfAClusterScopedOwnerHasNoNamespace)
{
    const Object owner = objectOf("{apiVersion: x/v1, kind: Provider, metadata: {name: p, uid: c1}}");
    const Object child =
        made("apps/v1", "Deployment", "d", "d9", "{apiVersion: x/v1, kind: Provider, name: p, uid: c1}");
    const LiveGraph live({owner, child});
    const ApplicationTree tree = applicationTree(inputFor(live, {{owner.key(), "v1", true}}));
    ASSERT_EQ(tree.nodes.size(), 2u);
    EXPECT_EQ(tree.nodes[0].parents[0].ns, "");
}

TEST(ApplicationTree, OrphansNeedAProjectThatWatchesThem)
{
    const Object stray = made("v1", "ConfigMap", "stray", "c1");
    const LiveGraph live({kDeployment, kReplicaSet, kPod, stray});
    TreeInput input = inputFor(live, {});
    EXPECT_TRUE(applicationTree(input).orphans.empty());
    input.orphanedResources = crd::OrphanedResources{true, {}};
    const ApplicationTree tree = applicationTree(input);
    EXPECT_EQ(paths(tree.orphans),
              (std::vector<std::string>{"/ConfigMap/shop/stray", "/Pod/shop/web-1-x", "apps/Deployment/shop/web",
                                        "apps/ReplicaSet/shop/web-1"}));
    EXPECT_EQ(orphanWarning(tree, input.orphanedResources)->message, "Application has 4 orphaned resources");
    EXPECT_EQ(orphanWarning(tree, crd::OrphanedResources{}), std::nullopt);
}

TEST(ApplicationTree, WhatBelongsToAnotherApplicationIsNoOrphan)
{
    const LiveGraph live({kDeployment, kReplicaSet, made("v1", "ConfigMap", "stray", "c1")});
    TreeInput input = inputFor(live, {});
    input.orphanedResources = crd::OrphanedResources{};
    input.belongsToAnother = [](const Object &object) { return object.kind() == "Deployment"; };
    EXPECT_EQ(paths(applicationTree(input).orphans), (std::vector<std::string>{"/ConfigMap/shop/stray"}));
}

struct KnownCase
{
    std::string name;
    ObjectKey key;
    bool isKnown;
};

class KnownOrphan : public testing::TestWithParam<KnownCase>
{
};

TEST_P(KnownOrphan, IsMadeByKubernetesOrIgnored)
{
    const crd::OrphanedResources rules{std::nullopt, {{"", "Secret", "sh.helm.*"}, {"example.org", "", ""}}};
    EXPECT_EQ(isKnownOrphan(GetParam().key, rules), GetParam().isKnown);
}

INSTANTIATE_TEST_SUITE_P(
    Tree, KnownOrphan,
    testing::Values(KnownCase{"ApiService", {"", "Service", "default", "kubernetes"}, true},
                    KnownCase{"ServiceElsewhere", {"", "Service", "shop", "kubernetes"}, false},
                    KnownCase{"DefaultAccount", {"", "ServiceAccount", "shop", "default"}, true},
                    KnownCase{"RootCertificate", {"", "ConfigMap", "shop", "kube-root-ca.crt"}, true},
                    KnownCase{"IgnoredName", {"", "Secret", "shop", "sh.helm.release.v1.x"}, true},
                    KnownCase{"OtherName", {"", "Secret", "shop", "x"}, false},
                    KnownCase{"IgnoredGroup", {"example.org", "Anything", "shop", "x"}, true},
                    KnownCase{"EmptyGroupIsCoreOnly", {"apps", "Secret", "shop", "sh.helm.x"}, false}),
    [](const auto &row) { return row.param.name; });

TEST(Hosts, CountRequestsOfTheApplicationAndItsNeighbors)
{
    const Object node =
        objectOf("{apiVersion: v1, kind: Node, metadata: {name: node-1, labels: {zone: a, secret: b}}, status: "
                 "{capacity: {cpu: '4', memory: 8Gi, pods: '110'}, nodeInfo: {architecture: amd64}}}");
    const Object neighbor =
        made("v1", "Pod", "other", "p2", "",
             ", spec: {nodeName: node-1, containers: [{name: a, resources: {requests: {cpu: 1}}}]}, "
             "status: {phase: Running}");
    const Object ended = made("v1", "Pod", "done", "p3", "",
                              ", spec: {nodeName: node-1, containers: [{name: a, resources: {requests: {cpu: 1}}}]}, "
                              "status: {phase: Succeeded}");
    const LiveGraph live({kDeployment, kReplicaSet, kPod, node, neighbor, ended});
    TreeInput input = inputFor(live, {kManaged});
    input.allowedNodeLabels = {"zone"};
    const std::vector<Host> hosts = applicationTree(input).hosts;
    ASSERT_EQ(hosts.size(), 1u);
    EXPECT_EQ(hosts[0].name, "node-1");
    EXPECT_EQ(hosts[0].labels, (crd::TextMap{{"zone", "a"}}));
    EXPECT_EQ(hosts[0].resources,
              (std::vector<HostResource>{{"cpu", 100, 1000, 4000}, {"memory", 0, 0, 8589934592000}}));
    EXPECT_EQ(hosts[0].systemInfo["architecture"], object::Value("amd64"));
}

TEST(SummaryOf, CollectsUrlsImagesAndChildren)
{
    const Object child =
        objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: c, namespace: shop, "
                 "uid: a1, annotations: {link.argocd.argoproj.io/x: 'https://b'}}}");
    const LiveGraph live({kDeployment, kReplicaSet, kPod, child});
    const ApplicationTree tree = applicationTree(inputFor(live, {kManaged, {child.key(), "v1alpha1", true}}));
    const crd::Application app = *crd::applicationOf(
        objectOf("{metadata: {name: app, annotations: {link.argocd.argoproj.io/home: 'Home|https://a'}}}"));
    EXPECT_EQ(summaryOf(tree, app), (crd::Summary{{"Home|https://a", "https://b"}, {"nginx"}, true}));
}

TEST(WorstFirst, OrdersHealth)
{
    const auto place = [](health::HealthCode code) { return worstFirst(health::Health{code, {}, false, false}); };
    EXPECT_LT(place(health::HealthCode::Missing), place(health::HealthCode::Degraded));
    EXPECT_LT(place(health::HealthCode::Degraded), place(health::HealthCode::Unknown));
    EXPECT_LT(place(health::HealthCode::Unknown), place(health::HealthCode::Progressing));
    EXPECT_LT(place(health::HealthCode::Progressing), place(health::HealthCode::Suspended));
    EXPECT_LT(place(health::HealthCode::Suspended), place(health::HealthCode::Healthy));
    EXPECT_LT(place(health::HealthCode::Healthy), worstFirst(std::nullopt));
}

} // namespace
} // namespace tiphys::tree
