// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/created_app.h"

#include "crd/application_patch.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::cli;

namespace {

object::Object yaml(std::string_view text)
{
    return object::Object(object::parseYaml(text).value());
}

object::Object app(const std::string &spec, const std::string &metadata = "name: shop, namespace: argocd")
{
    return yaml("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {" + metadata
                + "}, spec: {destination: {namespace: x}, project: p, " + spec + "}}");
}

TEST(CreatedApplication, HasWhatTheFlagsSay)
{
    CreateFlags flags;
    flags.source = {.repoUrl = "r", .chart = "web", .parameters = {"image.tag=v2"}};
    flags.spec.destinationName = "far";
    flags.labels = {"team=shop"};
    flags.annotations = {"a=b=c", "empty"};
    flags.hasFinalizer = true;

    const object::Object made = withCreateFlags(app("source: {repoURL: old, path: apps}"), flags).value();

    EXPECT_EQ(made.path({"spec", "source"}),
              yaml("{repoURL: r, path: apps, chart: web, helm: {parameters: [{name: image.tag, value: v2}]}}").value());
    EXPECT_EQ(made.path({"spec", "destination", "name"}).stringOr(), "far");
    EXPECT_EQ(made.label("team"), "shop");
    EXPECT_EQ(made.annotation("a"), "b=c");
    EXPECT_EQ(made.annotation("empty"), "");
    EXPECT_TRUE(made.hasFinalizer("resources-finalizer.argocd.argoproj.io"));
    EXPECT_EQ(withCreateFlags(made, flags).value().finalizers().size(), 1U);
}

TEST(CreatedApplication, KeepsSeveralSources)
{
    CreateFlags flags;
    flags.source.path = "other";
    const object::Object several = app("sources: [{repoURL: r, path: a}]");

    EXPECT_EQ(withCreateFlags(several, flags).value().path({"spec"}), several.path({"spec"}));
}

TEST(CreatedApplication, TakesWhatTheFlagsSayBesideSeveralSources)
{
    CreateFlags flags;
    flags.spec.project = "shop";
    flags.spec.destinationNamespace = "shop-staging";
    flags.spec.syncPolicy = "auto";
    const object::Object several = app("sources: [{repoURL: r, path: a}, {repoURL: r, path: b}]");
    ASSERT_TRUE(checkSourceFlags(several, flags));

    const object::Object made = withCreateFlags(several, flags).value();
    EXPECT_EQ(made.path({"spec", "sources"}), several.path({"spec", "sources"}));
    EXPECT_TRUE(made.path({"spec", "source"}).isNull());
    EXPECT_EQ(made.path({"spec", "project"}).stringOr(), "shop");
    EXPECT_EQ(made.path({"spec", "destination", "namespace"}).stringOr(), "shop-staging");
    EXPECT_FALSE(made.path({"spec", "syncPolicy", "automated"}).isNull());
}

TEST(CreatedApplication, TakesNoFlagsOfASourceBesideSeveral)
{
    CreateFlags flags;
    flags.source.path = "other";

    const Expected<void> several = checkSourceFlags(app("sources: [{repoURL: r, path: a}]"), flags);
    ASSERT_FALSE(several);
    EXPECT_EQ(several.error().code(), ErrorCode::InvalidInput);
    EXPECT_TRUE(several.error().text().contains("spec.sources")) << several.error().text();
    EXPECT_TRUE(checkSourceFlags(app("source: {repoURL: r, path: a}"), flags));
}

TEST(UpsertedApplication, TakesTheNewSpecAndMergesLabels)
{
    const auto existing = crd::applicationOf(app("source: {repoURL: r, path: a, helm: {}}",
                                                 "name: shop, namespace: argocd, labels: {old: '1'}, finalizers: [x]"))
                              .value();

    const object::Value after =
        upserted(existing, app("source: {repoURL: r, path: b}", "name: shop, labels: {new: '2'}")).value();
    EXPECT_EQ(after.path({"spec", "source", "path"}).stringOr(), "b");
    EXPECT_EQ(after.path({"metadata", "labels"}), yaml("{old: '1', new: '2'}").value());
    EXPECT_TRUE(after.path({"metadata", "finalizers"}).isNull());
}

TEST(UpsertedApplication, IsTheSameWhereNothingElseIsSaid)
{
    const auto existing = crd::applicationOf(app("source: {repoURL: r, path: a, helm: {}}",
                                                 "name: shop, namespace: argocd, labels: {old: '1'}"))
                              .value();

    const object::Value after = upserted(existing, app("source: {repoURL: r, path: a}", "name: shop")).value();
    EXPECT_EQ(crd::applicationPatch(existing.object.value(), after).size(), 0U);
}

} // namespace
