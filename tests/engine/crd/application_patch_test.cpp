// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/application_patch.h"

#include "object/json.h"
#include "object/json_patch.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

using object::Value;

Value yaml(std::string_view text)
{
    return object::parseYaml(text).value();
}

Value application()
{
    return yaml("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd, "
                "labels: {team: web, tier: a}}, "
                "spec: {project: default, source: {repoURL: r, path: p, targetRevision: main}, destination: {server: "
                "s, namespace: web}}, "
                "status: {sync: {status: Synced}}}");
}

/// The patch that is sent for \p patch, after a look that it does what was asked for.
std::string sent(std::string_view patch, PatchForm form)
{
    const Value before = application();
    const Expected<PatchedApplication> result = patched(before, yaml(patch), form);
    if (!result)
        return result.error().text();
    const Value operations = applicationPatch(before, result->after);
    EXPECT_EQ(object::applyJsonPatch(before, operations).value(), result->after);
    return object::toJson(operations);
}

} // namespace

TEST(ApplicationPatch, TestsWhatItChangesAndNothingElse)
{
    EXPECT_EQ(sent("[{op: replace, path: /spec/source/path, value: q}]", PatchForm::Json),
              R"([{"op":"test","path":"/spec/source","value":{"path":"p","repoURL":"r","targetRevision":"main"}},)"
              R"({"op":"add","path":"/spec/source","value":{"path":"q","repoURL":"r","targetRevision":"main"}}])");
    EXPECT_EQ(
        sent("{metadata: {labels: {team: shop}, annotations: {a/b: c}}}", PatchForm::Merge),
        R"([{"op":"test","path":"/metadata/labels/team","value":"web"},{"op":"add","path":"/metadata/labels/team","value":"shop"},)"
        R"({"op":"test","path":"/metadata/annotations","value":null},{"op":"add","path":"/metadata/annotations","value":{"a/b":"c"}}])");
    EXPECT_EQ(
        sent("{metadata: {labels: {tier: null}, finalizers: [resources-finalizer.argocd.argoproj.io]}}",
             PatchForm::Merge),
        R"([{"op":"test","path":"/metadata/labels/tier","value":"a"},{"op":"remove","path":"/metadata/labels/tier"},)"
        R"({"op":"test","path":"/metadata/finalizers","value":null},)"
        R"({"op":"add","path":"/metadata/finalizers","value":["resources-finalizer.argocd.argoproj.io"]}])");
    EXPECT_EQ(sent("{spec: {project: default}}", PatchForm::Merge), "[]");
}

TEST(ApplicationPatch, TheSpecIsNormalised)
{
    const Expected<PatchedApplication> result =
        patched(application(), yaml("{spec: {project: '', syncPolicy: {}, source: {helm: {}}}}"), PatchForm::Merge);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->after, application());
}

TEST(ApplicationPatch, OtherFieldsStayAndAreNamed)
{
    const Expected<PatchedApplication> result = patched(
        application(), yaml("{status: {sync: {status: OutOfSync}}, operation: {sync: {}}, spec: {project: web}}"),
        PatchForm::Merge);
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->ignored, (std::vector<std::string>{"operation", "status"}));
    EXPECT_EQ(result->after["status"], application()["status"]);
    EXPECT_EQ(result->after.path({"spec", "project"}).stringOr(), "web");
}

TEST(ApplicationPatch, WhatCannotBeIsRefused)
{
    EXPECT_EQ(sent("{metadata: {name: other}}", PatchForm::Merge), "metadata.name cannot be changed");
    EXPECT_TRUE(sent("{spec: {source: {path: 3}}}", PatchForm::Merge).contains("spec.source.path"));
    EXPECT_TRUE(sent("[{op: remove, path: /spec/nothing}]", PatchForm::Json).starts_with("error applying patch: "));
}

} // namespace tiphys::crd
