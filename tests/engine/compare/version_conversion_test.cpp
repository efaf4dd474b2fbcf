// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/version_conversion.h"
#include "object/json.h"
#include "support/yaml_objects.h"

namespace tiphys::compare {
namespace {

using object::Object;
using test::objectOf;
using test::valueOf;

TEST(VersionConversion, WhatIsWrittenAlikeKeepsItsMembersUnderTheOldVersion)
{
    const Object live =
        objectOf(R"({apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, uid: u1},
        spec: {replicas: 2, selector: {matchLabels: {app: web}}, strategy: {}, template: {metadata: {labels: {app: web}},
        spec: {containers: [{name: web, image: 'web:1', resources: {}}]}}, ofTomorrow: 1}})");
    const std::optional<Object> old = inVersion(live, "v1beta2");
    ASSERT_TRUE(old);
    EXPECT_EQ(old->gvk(), (object::Gvk{"apps", "v1beta2", "Deployment"}));
    EXPECT_EQ(old->uid(), "u1");
    EXPECT_EQ(old->value().path({"spec", "replicas"}), object::Value(2));
    EXPECT_FALSE(old->value()["spec"].contains("ofTomorrow")) << "what the type does not have vanishes";
    ASSERT_TRUE(inVersion(live, "v1")) << "nothing is to be done";
    EXPECT_EQ(*inVersion(live, "v1"), live);
}

TEST(VersionConversion, VersionsThatTheControllerForgotAreAskedOfTheServer)
{
    const Object scaler =
        objectOf("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}}");
    EXPECT_FALSE(inVersion(scaler, "v2beta2"));
    EXPECT_FALSE(inVersion(objectOf("{apiVersion: example.com/v1, kind: Novelty, metadata: {name: a}}"), "v1beta1"));
    EXPECT_FALSE(
        inVersion(objectOf("{apiVersion: batch/v1, kind: Job, metadata: {name: a, namespace: shop}}"), "v1beta1"))
        << "there has been no such kind";
    EXPECT_FALSE(inVersion(
        objectOf("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: many}}"), "v1beta1"));
}

TEST(VersionConversion, AnIngressNamesServiceAndPortBesideEachOther)
{
    const Object live =
        objectOf(R"({apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop},
        spec: {defaultBackend: {service: {name: spare, port: {name: http}}}, rules: [{host: a.example, http: {paths: [
            {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}},
            {path: /b, pathType: Exact, backend: {resource: {kind: Bucket, name: b}}}]}}, {host: b.example}]}})");
    const std::optional<Object> old = inVersion(live, "v1beta1");
    ASSERT_TRUE(old);
    EXPECT_EQ(object::toJson(old->value()["spec"]),
              object::toJson(valueOf(
                  R"({backend: {serviceName: spare, servicePort: http}, rules: [{host: a.example, http: {paths: [
            {path: /, pathType: Prefix, backend: {serviceName: web, servicePort: 80}},
            {path: /b, pathType: Exact, backend: {servicePort: 0, resource: {apiGroup: null, kind: Bucket, name: b}}}]}}, {host: b.example}]})")));
}

TEST(VersionConversion, AnEmptySelectorOfADisruptionBudgetMeantNoPods)
{
    const auto selectorOf = [](const std::string &selector) {
        const std::optional<Object> old =
            inVersion(objectOf("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, "
                               "namespace: shop}, spec: {minAvailable: 1, selector: "
                               + selector + "}}"),
                      "v1beta1");
        return old ? old->value().path({"spec", "selector"}) : object::Value();
    };
    EXPECT_EQ(selectorOf("{matchLabels: {app: web}}"), valueOf("{matchLabels: {app: web}}"));
    EXPECT_EQ(selectorOf("{}"),
              valueOf("{matchExpressions: [{key: pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match, operator: "
                      "DoesNotExist}]}"));
    EXPECT_EQ(
        selectorOf(
            "{matchExpressions: [{key: pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match, operator: Exists}]}"),
        valueOf("{}"));
}

TEST(VersionConversion, MembersOfABindingNamedAVersion)
{
    const Object live =
        objectOf(R"({apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a, namespace: shop},
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}, subjects: [{kind: ServiceAccount, name: s, namespace: shop},
        {kind: User, apiGroup: rbac.authorization.k8s.io, name: u}]})");
    const std::optional<Object> oldest = inVersion(live, "v1alpha1");
    ASSERT_TRUE(oldest);
    EXPECT_EQ(oldest->value()["subjects"], valueOf(R"([{kind: ServiceAccount, apiVersion: v1, name: s, namespace: shop},
        {kind: User, apiVersion: rbac.authorization.k8s.io/v1alpha1, name: u}])"));
    const std::optional<Object> old = inVersion(live, "v1beta1");
    ASSERT_TRUE(old);
    EXPECT_EQ(old->value()["subjects"], live.value()["subjects"]);
}

TEST(VersionConversion, ClaimsOfAStatefulSetNameTheirKindAndADaemonSetCountsItsTemplates)
{
    const std::optional<Object> set =
        inVersion(objectOf(R"({apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop},
        spec: {serviceName: db, volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]}})"),
                  "v1beta1");
    ASSERT_TRUE(set);
    EXPECT_EQ(set->value().path({"spec", "volumeClaimTemplates"}).at(0)["kind"],
              object::Value("PersistentVolumeClaim"));
    const std::optional<Object> daemons = inVersion(
        objectOf("{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: d, namespace: shop}, spec: {}}"), "v1beta2");
    ASSERT_TRUE(daemons);
    EXPECT_EQ(daemons->annotation("deprecated.daemonset.template.generation"), "0");
}

} // namespace
} // namespace tiphys::compare
