// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/diff.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::compare;
using object::Object;
using object::Value;

namespace {

Value yaml(std::string_view text)
{
    return object::parseYaml(text).value();
}

/// An autoscaler that \p apiVersion's argocd-controller once gave two metrics' worth of fields.
Object autoscaler(std::string_view apiVersion)
{
    return Object(
        yaml("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, namespace: shop, "
             "labels: {old: a}, managedFields: [{manager: argocd-controller, operation: Apply, fieldsType: FieldsV1, "
             "apiVersion: "
             + std::string(apiVersion)
             + ", fieldsV1: {'f:metadata': {'f:labels': {'f:old': {}}}, 'f:spec': {'f:maxReplicas': {}}}}]}, spec: "
               "{maxReplicas: 3, "
               "minReplicas: 1, scaleTargetRef: {kind: Deployment, name: d}, metrics: [{type: Resource, resource: "
               "{name: cpu, "
               "target: {type: Utilization, averageUtilization: 80}}}]}}"));
}

Expected<DiffResult> diff(const Object &target, const Object &live,
                          const std::map<object::Gvk, Value> *schemas = nullptr)
{
    DiffOptions options;
    options.mode = DiffMode::StructuredMerge;
    options.customSchemas = schemas;
    return diffOf(&target, &live, options);
}

} // namespace

TEST(StructuredMerge, TakesAwayWhatItsManagerAppliedAtTheSameVersion)
{
    const Object target(
        yaml("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, namespace: shop}, "
             "spec: {maxReplicas: 3}}"));
    EXPECT_TRUE(diff(target, autoscaler("autoscaling/v2"))->isModified);
    EXPECT_FALSE(diff(target, autoscaler("autoscaling/v1"))->isModified) << "fields of another version are nobody's";
}

TEST(StructuredMerge, RefusesScalarsThatAreNotOfTheSchemasType)
{
    const std::map<object::Gvk, Value> schemas{
        {{"shop.io", "v1", "Widget"},
         yaml("{type: object, properties: {apiVersion: {type: string}, kind: {type: string}, metadata: {type: object}, "
              "spec: {type: object, properties: "
              "{size: {type: integer}, name: {type: string}, on: {type: boolean}, port: {x-kubernetes-int-or-string: "
              "true}, at: {type: string, "
              "format: date-time}}}}}")}};
    const auto problemOf = [&](std::string_view spec) {
        const std::string head = "{apiVersion: shop.io/v1, kind: Widget, metadata: {name: w, namespace: shop}, spec: ";
        const Expected<DiffResult> result =
            diff(Object(yaml(head + std::string(spec) + "}")), Object(yaml(head + "{}}")), &schemas);
        return result ? std::string() : result.error().text();
    };
    EXPECT_EQ(problemOf("{size: 1, name: a, on: true, port: http, at: 5}"), "");
    EXPECT_EQ(problemOf("{size: '1'}"),
              "error calculating structured merge diff: error building typed value from config resource: "
              ".spec.size: expected numeric (int or float)");
    EXPECT_NE(problemOf("{name: 1}"), "");
    EXPECT_NE(problemOf("{on: 'yes'}"), "");
}

TEST(StructuredMerge, FailureOfOneObjectIsThatOfTheDiff)
{
    const Object review(
        yaml("{apiVersion: authentication.k8s.io/v1, kind: TokenReview, metadata: {name: t}, spec: {}}"));
    DiffOptions options;
    options.mode = DiffMode::StructuredMerge;
    const auto results = diffAll({{review, review}}, options);
    ASSERT_FALSE(results);
    EXPECT_EQ(results.error().text(),
              "failed to calculate diff: error calculating structured merge diff: unable to resolve parseableType "
              "for GroupVersionKind: authentication.k8s.io/v1, Kind=TokenReview");
}

TEST(ThreeWay, LastAppliedObjectWithoutAKindIsNone)
{
    const auto live = [](std::string_view annotation) {
        return Object(yaml("{apiVersion: shop.io/v1, kind: Widget, metadata: {name: w}}"))
            .withAnnotation(kLastAppliedAnnotation, annotation);
    };
    EXPECT_TRUE(lastAppliedOf(live(R"({"kind":"Widget"})")));
    EXPECT_FALSE(lastAppliedOf(live(R"({"spec":{}})")));
}
