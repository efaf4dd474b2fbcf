// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/stored_tree.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tiphys::control {
namespace {

using object::Object;
using service::HealthStatus;
using service::SyncStatus;
using service::TreeNode;

crd::Application shop()
{
    const auto value = object::parseYaml(R"(
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec: {project: default, source: {repoURL: 'https://git/x', path: shop}, destination: {server: 'https://kubernetes.default.svc', namespace: shop}}
status:
  resources:
  - {version: v1, kind: ConfigMap, namespace: shop, name: settings, status: OutOfSync}
  - {group: apps, version: v1, kind: Deployment, namespace: shop, name: web, status: Synced, health: {status: Degraded, message: told before}}
  - {version: v1, kind: Secret, namespace: shop, name: token, status: Synced}
)");
    return crd::applicationOf(Object(value.value())).value();
}

Object replicaSet()
{
    return Object(object::parseYaml(R"(
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-1
  namespace: shop
  uid: r1
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1}]
)")
                      .value());
}

Object deployment()
{
    return Object(object::parseYaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: d1, generation: 1}
spec: {replicas: 1}
status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1}
)")
                      .value());
}

const TreeNode &nodeOf(const std::vector<TreeNode> &nodes, const std::string &name)
{
    const auto found = std::ranges::find(nodes, name, [](const TreeNode &node) { return node.key.name; });
    static const TreeNode kNone;
    EXPECT_NE(found, nodes.end()) << name;
    return found == nodes.end() ? kNone : *found;
}

} // namespace

TEST(StoredTree, IsWhatTheStatusSaysWhileNothingIsSeen)
{
    const std::vector<TreeNode> nodes = storedTreeOf(shop(), {});
    ASSERT_EQ(nodes.size(), 3u);
    for (const TreeNode &node : nodes) {
        EXPECT_TRUE(node.isStored);
        EXPECT_TRUE(node.isLive);
        EXPECT_TRUE(node.hasSync);
    }
    EXPECT_EQ(nodeOf(nodes, "settings").sync, SyncStatus::OutOfSync);
    EXPECT_EQ(nodeOf(nodes, "settings").health, HealthStatus::None);
    EXPECT_EQ(nodeOf(nodes, "web").health, HealthStatus::Degraded);
    EXPECT_EQ(nodeOf(nodes, "web").healthMessage, "told before");
}

TEST(StoredTree, TellsWhatWasSeenAsItIsAndShowsWhatIsBelow)
{
    Seen seen;
    seen.evaluation.live = {deployment(), replicaSet()};
    const std::vector<TreeNode> nodes = storedTreeOf(shop(), seen);
    ASSERT_EQ(nodes.size(), 4u);
    EXPECT_FALSE(nodeOf(nodes, "web").isStored);
    EXPECT_EQ(nodeOf(nodes, "web").health, HealthStatus::Healthy);
    EXPECT_EQ(nodeOf(nodes, "web").sync, SyncStatus::Synced);
    const TreeNode below = nodeOf(nodes, "web-1");
    EXPECT_FALSE(below.isStored);
    ASSERT_GE(below.parent, 0);
    EXPECT_EQ(nodes[static_cast<std::size_t>(below.parent)].key.name, "web");
    EXPECT_TRUE(nodeOf(nodes, "token").isStored);
}

TEST(StoredTree, TellsThatAResourceIsMissingOnlyWhereThatIsKnown)
{
    Seen seen;
    seen.missing = {{"", "Secret", "shop", "token"}};
    const std::vector<TreeNode> nodes = storedTreeOf(shop(), seen);
    EXPECT_EQ(nodeOf(nodes, "token").health, HealthStatus::Missing);
    EXPECT_FALSE(nodeOf(nodes, "token").isLive);
    EXPECT_FALSE(nodeOf(nodes, "token").isStored);
    EXPECT_TRUE(nodeOf(nodes, "settings").isLive);
}

} // namespace tiphys::control
