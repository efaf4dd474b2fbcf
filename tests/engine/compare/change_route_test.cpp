// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/change_route.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

using object::Object;
using test::objectOf;

const Object kDeployment =
    *tracked(objectOf("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, uid: d1, "
                      "resourceVersion: '1'}, spec: {replicas: 1}}"),
             "app", "shop", {});
const Object kReplicaSet =
    objectOf("{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, namespace: shop, uid: r1, "
             "ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d1}]}}");
const Object kPod = objectOf("{apiVersion: v1, kind: Pod, metadata: {name: web-1-x, namespace: shop, uid: p1, "
                             "ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r1}]}}");
const Object kStray = objectOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: stray, namespace: shop}}");

struct RouteCase
{
    std::string name;
    ObjectChange change;
    ChangeRoutes routes;
};

class RoutesOf : public testing::TestWithParam<RouteCase>
{
};

TEST_P(RoutesOf, FollowOwnersToTheirRoot)
{
    const tree::LiveGraph live({kDeployment, kReplicaSet, kPod, kStray});
    EXPECT_EQ(routesOf(GetParam().change, live, {}), GetParam().routes);
}

const Object kService =
    *tracked(objectOf("{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}"), "app", "shop", {});

INSTANTIATE_TEST_SUITE_P(
    Compare, RoutesOf,
    testing::Values(
        RouteCase{"Managed", {kDeployment, kDeployment}, {{{"app", CompareLevel::Recent}}, ""}},
        RouteCase{"Created", {{}, kDeployment}, {{{"app", CompareLevel::Recent}}, ""}},
        RouteCase{"Deleted", {kDeployment, {}}, {{{"app", CompareLevel::Recent}}, ""}},
        RouteCase{"Descendant", {kPod, kPod}, {{{"app", CompareLevel::Nothing}}, ""}},
        RouteCase{"Stray", {kStray, kStray}, {{}, "shop"}},
        RouteCase{
            "ClusterScopedStray", {{}, objectOf("{apiVersion: v1, kind: Namespace, metadata: {name: x}}")}, {{}, ""}},
        RouteCase{"Endpoints",
                  {{}, objectOf("{apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop}}")},
                  {{}, "shop"}},
        RouteCase{"MovedToAnotherApplication",
                  {kService, *tracked(kService, "other", "shop", {})},
                  {{{"app", CompareLevel::Recent}, {"other", CompareLevel::Recent}}, ""}}),
    [](const auto &row) { return row.param.name; });

struct WorthCase
{
    std::string name;
    Object before;
    Object after;
    bool isWorth;
};

class Worth : public testing::TestWithParam<WorthCase>
{
};

TEST_P(Worth, LooksAtHealthAndWatchedContent)
{
    const CompareSettings settings = *compareSettingsOf({});
    const IgnoreRules rules = *IgnoreRules::compile({}, settings.updateOverrides());
    EXPECT_EQ(isWorthARefresh({GetParam().before, GetParam().after}, rules, {}), GetParam().isWorth);
}

Object with(const Object &object, std::string_view path, const object::Value &value)
{
    return Object(object.value().withPath({"spec", path}, value));
}

INSTANTIATE_TEST_SUITE_P(
    Compare, Worth,
    testing::Values(WorthCase{"Created", {}, kDeployment, true},
                    WorthCase{"Changed", kDeployment, with(kDeployment, "replicas", 2), true},
                    WorthCase{"Bookkeeping", kDeployment,
                              Object(kDeployment.value()
                                         .withPath({"metadata", "resourceVersion"}, "2")
                                         .withPath({"metadata", "managedFields"}, object::Value::list({}))),
                              false},
                    WorthCase{"HealthChanged", kDeployment,
                              Object(kDeployment.value().with(
                                  "status", test::valueOf("{replicas: 1, updatedReplicas: 1, availableReplicas: 1}"))),
                              true},
                    WorthCase{"UntrackedObjectsAlwaysCount", kStray,
                              Object(kStray.value().withPath({"metadata", "resourceVersion"}, "2")), true},
                    WorthCase{"UntrackedThatAsks",
                              kStray.withAnnotation("argocd.argoproj.io/ignore-resource-updates", "true"),
                              Object(kStray.withAnnotation("argocd.argoproj.io/ignore-resource-updates", "true")
                                         .value()
                                         .withPath({"metadata", "resourceVersion"}, "2")),
                              false}),
    [](const auto &row) { return row.param.name; });

} // namespace
} // namespace tiphys::compare
