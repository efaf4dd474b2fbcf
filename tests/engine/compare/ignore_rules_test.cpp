// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/diff.h"
#include "compare/respect_ignored.h"
#include "object/json.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::compare;
using object::Object;

namespace {

Object objectOf(std::string_view json)
{
    return Object(object::parseJson(json).value());
}

IgnoreRules rulesOf(std::vector<std::string> pointers, std::vector<std::string> paths)
{
    crd::IgnoreDifference entry;
    entry.group = "*";
    entry.kind = "*";
    entry.jsonPointers = std::move(pointers);
    entry.jqPathExpressions = std::move(paths);
    return IgnoreRules::compile({entry}, {}).value();
}

TEST(IgnoreRules, TakePointersAndPathsOutOfBothSides)
{
    const IgnoreRules rules =
        rulesOf({"/spec/replicas", "/metadata/annotations/a~1b"}, {".spec.template.spec.containers[].env"});
    const Object target = objectOf(
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","annotations":{"a/b":"1","c":"2"}},
        "spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"x","image":"i","env":[{"name":"A","value":"1"}]}]}}}})");
    const Object live = objectOf(
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","annotations":{"a/b":"9","c":"2"}},
        "spec":{"replicas":5,"template":{"spec":{"containers":[{"name":"x","image":"i"}]}}}})");
    DiffOptions options;
    options.rules = &rules;
    const DiffResult result = diffOf(&target, &live, options).value();
    EXPECT_FALSE(result.isModified);
    EXPECT_TRUE(result.normalizedLive.path({"spec", "replicas"}).intOr(0) == 1) << "the default of an absent value";
}

TEST(IgnoreRules, PointersBeginAtTheirFirstSlash)
{
    const object::Value value = object::parseJson(R"({"spec":{"a":1},"a":2})").value();
    EXPECT_EQ(withoutPointer(value, "x/spec/a"), object::parseJson(R"({"spec":{},"a":2})").value());
    EXPECT_EQ(withoutPointer(value, "a"), value);
}

TEST(IgnoreRules, RefuseProgramsThatNeedAnEngineThatIsNotThere)
{
    crd::IgnoreDifference entry;
    entry.kind = "*";
    entry.jqPathExpressions = {"..|.x?"};
    EXPECT_EQ(IgnoreRules::compile({entry}, {}).error().code(), ErrorCode::Unsupported);
}

TEST(IgnoreRules, RewriteTheTemplateOfRollouts)
{
    const Object rollout = objectOf(R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","metadata":{"name":"r"},
        "spec":{"template":{"spec":{"containers":[{"name":"x","resources":{"limits":{"cpu":"1000m"}}}]}}}})");
    const Object applied = IgnoreRules().applied(rollout);
    EXPECT_EQ(object::toJson(applied.path({"spec", "template", "spec"})),
              R"({"containers":[{"name":"x","resources":{"limits":{"cpu":"1"}}}]})");
}

TEST(IgnoreRules, TrustedManagersComeFromExactKeysAndSpec)
{
    ResourceOverride core{.key = "ConfigMap"};
    core.ignoreDifferences.managedFieldsManagers = {"never"};
    ResourceOverride apps{.key = "apps/Deployment"};
    apps.ignoreDifferences.managedFieldsManagers = {"hpa"};
    const IgnoreRules rules = IgnoreRules::compile({}, {core, apps}).value();
    EXPECT_TRUE(rules.trustedManagers({"", "ConfigMap", "n", "c"}).empty());
    EXPECT_EQ(rules.trustedManagers({"apps", "Deployment", "n", "c"}), std::vector<std::string>{"hpa"});
}

TEST(RespectIgnored, KeepsLiveValuesOfIgnoredFieldsOnly)
{
    const IgnoreRules rules = rulesOf({"/spec/replicas", "/status"}, {});
    const Object target = objectOf(
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":1,"paused":true}})");
    const Object live = objectOf(
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","uid":"u"},"spec":{"replicas":5,"paused":false},"status":{"replicas":5}})");
    EXPECT_EQ(
        object::toJson(targetRespectingIgnored(target, live, rules).value().value()),
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"paused":true,"replicas":5}})");
}

TEST(RespectIgnored, KeepsWhatATrustedManagerMadeOfTheTarget)
{
    crd::IgnoreDifference entry;
    entry.group = "apps";
    entry.kind = "Deployment";
    entry.managedFieldsManagers = {"hpa"};
    const IgnoreRules rules = IgnoreRules::compile({entry}, {}).value();
    const Object target = objectOf(
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":1,"paused":true}})");
    const Object live = objectOf(
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","managedFields":[{"manager":"hpa","operation":"Update",
        "apiVersion":"apps/v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}]},"spec":{"replicas":5,"paused":false}})");
    EXPECT_EQ(
        object::toJson(targetRespectingIgnored(target, live, rules).value().value()),
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"paused":true,"replicas":5}})");
}

} // namespace
