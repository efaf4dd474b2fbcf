// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/managed_pairs.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

using object::Object;
using object::ObjectKey;
using test::objectOf;

Object configMap(std::string_view name, std::string_view ns, std::string_view uid = "")
{
    return objectOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + std::string(name) + ", namespace: '"
                    + std::string(ns) + "', uid: '" + std::string(uid) + "'}}");
}

std::optional<bool> scope(const object::GroupKind &kind)
{
    if (kind.kind == "Novelty")
        return std::nullopt;
    return kind.kind != "ClusterRole";
}

LiveObjects liveOf(const std::vector<Object> &objects)
{
    LiveObjects live;
    for (const Object &object : objects)
        live.emplace(object.key(), object);
    return live;
}

TEST(ManagedPairs, PairByKeyAndListTheRest)
{
    const ManagedPairs result = managedPairs({configMap("a", "shop"), configMap("b", "shop")},
                                             liveOf({configMap("b", "shop"), configMap("c", "shop")}), "shop", scope);
    ASSERT_EQ(result.pairs.size(), 3u);
    EXPECT_TRUE(result.pairs[0].live.isNull());
    EXPECT_EQ(result.pairs[1].live.name(), "b");
    EXPECT_TRUE(result.pairs[2].target.isNull());
    EXPECT_EQ(result.pairs[2].live.name(), "c");
}

TEST(ManagedPairs, LookInTheDefaultNamespace)
{
    const ManagedPairs result = managedPairs({configMap("a", "")}, liveOf({configMap("a", "shop")}), "shop", scope);
    ASSERT_EQ(result.pairs.size(), 1u);
    EXPECT_FALSE(result.pairs[0].live.isNull());
}

TEST(ManagedPairs, AnUnknownKindIsAlsoLookedForWithoutNamespace)
{
    const Object target = objectOf("{apiVersion: x/v1, kind: Novelty, metadata: {name: a}}");
    const ManagedPairs result = managedPairs({target}, liveOf({target}), "shop", scope);
    ASSERT_EQ(result.pairs.size(), 1u);
    EXPECT_FALSE(result.pairs[0].live.isNull());
}

TEST(ManagedPairs, SplitOffHooks)
{
    const Object hook = configMap("h", "shop").withAnnotation("argocd.argoproj.io/hook", "PreSync");
    const Object ignored = configMap("t", "shop").withAnnotation("helm.sh/hook", "test");
    const ManagedPairs result = managedPairs({hook, ignored, configMap("a", "shop")}, liveOf({hook}), "shop", scope);
    EXPECT_EQ(result.hooks, std::vector<Object>{hook});
    ASSERT_EQ(result.pairs.size(), 2u);
    EXPECT_EQ(result.pairs[0].target.name(), "a");
    EXPECT_EQ(result.pairs[1].live, hook);
}

TEST(ManagedPairs, OneObjectInTwoGroupsIsKeptWhereTheTargetNamesIt)
{
    const Object old =
        objectOf("{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: i, namespace: shop, uid: u}}");
    const Object current =
        objectOf("{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, uid: u}}");
    const ManagedPairs result = managedPairs({current}, liveOf({old, current}), "shop", scope);
    ASSERT_EQ(result.pairs.size(), 1u);
    EXPECT_EQ(result.pairs[0].live, current);
    EXPECT_EQ(managedPairs({}, liveOf({old, current}), "shop", scope).pairs.size(), 1u);
}

TEST(ManagedLiveObjects, AreTrackedOrWantedByTargets)
{
    const Object mine = *tracked(configMap("mine", "shop"), "app", "shop", {});
    const Object other = *tracked(configMap("other", "shop"), "else", "shop", {});
    const Object bare = configMap("bare", "shop");
    const auto find = [&](const ObjectKey &key) {
        for (const Object &object : {mine, other, bare}) {
            if (object.key() == key)
                return object;
        }
        return Object();
    };
    const LiveObjects live = *managedLiveObjects(
        {mine, other, bare}, {configMap("bare", "shop"), configMap("gone", "shop")}, "app", {}, find);
    EXPECT_EQ(live, liveOf({mine, bare}));
}

TEST(ManagedLiveObjects, RefuseTargetsOutsideOfTheNamespaces)
{
    const auto none = [](const ObjectKey &) { return Object(); };
    const NamespacedMode mode{{"shop"}, false};
    EXPECT_EQ(managedLiveObjects({}, {configMap("a", "other")}, "app", {}, none, mode).error().message(),
              "namespace \"other\" for ConfigMap \"a\" is not managed");
    const Object role = objectOf("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r}}");
    EXPECT_EQ(managedLiveObjects({}, {role}, "app", {}, none, mode).error().message(),
              "cluster level ClusterRole \"r\" can not be managed when in namespaced mode");
    EXPECT_TRUE(managedLiveObjects({}, {role}, "app", {}, none, {{"shop"}, true}));
}

} // namespace
} // namespace tiphys::compare
