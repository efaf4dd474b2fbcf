// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/evaluation.h"

#include "control/app_observer.h"
#include "control/diff_view.h"
#include "control/drift.h"
#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::control;

namespace {

object::Object yaml(const std::string &text)
{
    const auto value = object::parseYaml(text);
    EXPECT_TRUE(value) << (value ? "" : value.error().text());
    return object::Object(value.value_or(object::Value()));
}

constexpr const char *kApplication = R"(
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  project: default
  source: {repoURL: "https://git/x", path: apps/shop}
  destination: {server: "https://kubernetes.default.svc", namespace: shop}
)";

EvaluationInput inputWith(std::vector<std::pair<std::string, std::string>> files)
{
    EvaluationInput input;
    input.app = crd::applicationOf(yaml(kApplication)).value_or(crd::Application{});
    input.controlPlaneNamespace = "argocd";
    input.sources = {{.source = input.app.spec.effectiveSource(),
                      .revision = "0123456789012345678901234567890123456789",
                      .files = render::memoryTree(std::move(files)),
                      .error = {}}};
    input.project = policy::effectiveProject(crd::defaultProject("argocd"));
    input.cluster = {.server = "https://kubernetes.default.svc", .name = "in-cluster", .project = {}};
    return input;
}

constexpr const char *kConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '1'}\n";

} // namespace

TEST(Evaluation, AMissingObjectIsOutOfSyncAndTheApplicationMissing)
{
    const Evaluation evaluation = evaluated(inputWith({{"apps/shop/a.yaml", kConfigMap}}));
    EXPECT_TRUE(evaluation.hasTargets());
    EXPECT_EQ(evaluation.comparison.sync.status, crd::SyncCode::OutOfSync);
    EXPECT_EQ(evaluation.comparison.health, crd::HealthCode::Missing);
    ASSERT_EQ(evaluation.comparison.targets.size(), 1u);
    EXPECT_EQ(evaluation.comparison.targets[0].ns(), "shop");
    EXPECT_EQ(evaluation.comparison.targets[0].annotation("argocd.argoproj.io/tracking-id"), "shop:/ConfigMap:shop/a");
}

TEST(Evaluation, NothingIsToldOfAnObjectThatCouldNotBeReadAndTheRestIsCompared)
{
    const std::string second = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n";
    EvaluationInput input = inputWith({{"apps/shop/a.yaml", kConfigMap + second}});
    const object::ObjectKey key{"", "ConfigMap", "shop", "a"};
    input.unread.emplace(key, Error(ErrorCode::Denied, "you may not get it"));
    const Evaluation evaluation = evaluated(input);
    EXPECT_EQ(evaluation.comparison.sync.status, crd::SyncCode::OutOfSync);
    EXPECT_EQ(evaluation.comparison.health, crd::HealthCode::Missing);
    ASSERT_EQ(evaluation.comparison.resources.size(), 2u);
    const compare::ComparedResource &unread = evaluation.comparison.resources[0];
    EXPECT_EQ(unread.status.key(), key);
    EXPECT_EQ(unread.status.status, crd::SyncCode::Unknown);
    EXPECT_EQ(unread.health->status, crd::HealthCode::Unknown);
    EXPECT_EQ(evaluation.comparison.resources[1].status.status, crd::SyncCode::OutOfSync);
    const std::vector<service::ResourceDiff> diffs = diffViewsOf(evaluation.comparison, {});
    ASSERT_EQ(diffs.size(), 2u);
    EXPECT_TRUE(diffs[0].error.contains("you may not get it")) << diffs[0].error;
    EXPECT_TRUE(diffs[0].lines.empty());
    EXPECT_EQ(diffs[1].change, service::ChangeKind::Added);
    EXPECT_EQ(evaluation.live.size(), 0u);

    EvaluationInput alone = inputWith({{"apps/shop/a.yaml", kConfigMap}});
    alone.unread = input.unread;
    EXPECT_EQ(evaluated(alone).comparison.sync.status, crd::SyncCode::Unknown);
}

TEST(Evaluation, WhatTheClusterHasAsWantedIsSynced)
{
    EvaluationInput input = inputWith({{"apps/shop/a.yaml", kConfigMap}});
    input.live = {yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, uid: u1, annotations: "
                       "{argocd.argoproj.io/tracking-id: 'shop:/ConfigMap:shop/a'}}, data: {x: '1'}}")};
    EXPECT_EQ(evaluated(input).comparison.sync.status, crd::SyncCode::Synced);
    EXPECT_EQ(evaluated(input).comparison.health, crd::HealthCode::Healthy);
}

TEST(Evaluation, ATrackedObjectThatGitNoLongerHasIsToBePruned)
{
    EvaluationInput input = inputWith({{"apps/shop/a.yaml", kConfigMap}});
    input.live = {yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: old, namespace: shop, uid: u2, annotations: "
                       "{argocd.argoproj.io/tracking-id: 'shop:/ConfigMap:shop/old'}}}"),
                  yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop, uid: u3}}")};
    const Evaluation evaluation = evaluated(input);
    ASSERT_EQ(evaluation.comparison.resources.size(), 2u);
    EXPECT_EQ(evaluation.comparison.resources[1].status.name, "old");
    EXPECT_TRUE(evaluation.comparison.resources[1].status.requiresPruning);
}

TEST(Evaluation, AChangeByHandIsToldInTheVersionThatGitHas)
{
    EvaluationInput input =
        inputWith({{"apps/shop/a.yaml",
                    "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: "
                    "{minAvailable: 1, selector: "
                    "{matchExpressions: [{key: pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match, operator: "
                    "DoesNotExist}]}}\n"
                    "---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 1}\n"}});
    const Evaluation evaluation = evaluated(input);
    const auto budget = [](int least) {
        return yaml("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop, uid: "
                    "u1, annotations: "
                    "{argocd.argoproj.io/tracking-id: 'shop:policy/PodDisruptionBudget:shop/web'}}, spec: {selector: "
                    "{}, minAvailable: "
                    + std::to_string(least) + "}}");
    };
    const auto widget = [](int size) {
        return yaml(
            "{apiVersion: example.com/v2, kind: Widget, metadata: {name: w, namespace: shop, uid: u2, annotations: "
            "{argocd.argoproj.io/tracking-id: 'shop:example.com/Widget:shop/w'}}, spec: {size: "
            + std::to_string(size) + "}}");
    };
    const auto differs = [&](const object::Object &live) {
        return wouldDiffer(input.app, evaluation, input.settings, live);
    };
    EXPECT_FALSE(differs(budget(1)));
    EXPECT_TRUE(differs(budget(2)));
    EXPECT_FALSE(differs(widget(1)));
    EXPECT_TRUE(differs(widget(2)));
}

TEST(Evaluation, EndpointsWithTheLabelsOfTheirServiceAreNotManaged)
{
    EvaluationInput input = inputWith({{"apps/shop/a.yaml", kConfigMap}});
    input.settings.trackingMethod = "label";
    input.live = {yaml("{apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop, uid: u4, labels: "
                       "{app.kubernetes.io/instance: shop}}}")};
    EXPECT_EQ(evaluated(input).comparison.resources.size(), 1u);
}

TEST(Evaluation, WhatApplicationsThatAreGoneLeftBelongsToNobody)
{
    Evaluation evaluation;
    EXPECT_FALSE(belongsToAnApplication(evaluation, ""));
    EXPECT_TRUE(belongsToAnApplication(evaluation, "gone")); // nobody knows which there are
    evaluation.instances = std::make_shared<const std::set<std::string>>(std::set<std::string>{"shop", "team_web"});
    EXPECT_TRUE(belongsToAnApplication(evaluation, "shop"));
    EXPECT_TRUE(belongsToAnApplication(evaluation, "team_web"));
    EXPECT_FALSE(belongsToAnApplication(evaluation, "gone"));
    EXPECT_FALSE(belongsToAnApplication(evaluation, "team_gone"));
    EXPECT_TRUE(belongsToAnApplication(evaluation, "hidden_web")); // its namespace may not be seen
}

TEST(Evaluation, TheStatusNamesWhatWasAskedFor)
{
    // A fetched chart is rendered in the version that was found.
    EvaluationInput input = inputWith({{"apps/shop/a.yaml", kConfigMap}});
    input.comparedTo = {input.app.spec.effectiveSource()};
    input.requestedRevisions = {"abc"};
    input.sources[0].source.targetRevision = "1.2.3";
    Evaluation evaluation = evaluated(input);
    EXPECT_EQ(evaluation.comparison.sync.comparedTo.source, input.app.spec.effectiveSource());
    EXPECT_EQ(evaluation.comparison.sync.revision, "0123456789012345678901234567890123456789");
    // Nothing is resolved where nothing could be rendered, or where local manifests stand for the sources.
    input.sources[0].error = Error(ErrorCode::Unavailable, "no answer");
    EXPECT_EQ(evaluated(input).comparison.sync.revision, "abc");
    input.sources.clear();
    input.manifests = {R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}})"};
    evaluation = evaluated(input);
    EXPECT_EQ(evaluation.comparison.sync.revision, "abc");
    EXPECT_EQ(evaluation.comparison.sync.comparedTo.source, input.app.spec.effectiveSource());
    // A list of one source is a list.
    input = inputWith({{"apps/shop/a.yaml", kConfigMap}});
    input.hasMultipleSources = true;
    EXPECT_EQ(evaluated(input).comparison.sync.revision, "");
    EXPECT_EQ(evaluated(input).comparison.sync.revisions.size(), 1u);
}

TEST(Evaluation, LocalManifestsThatCannotBeUsedSaySoInTheirOwnWords)
{
    EvaluationInput input = inputWith({});
    input.sources.clear();
    const auto said = [&input](std::string manifest) {
        input.manifests = {std::move(manifest)};
        const compare::AppComparison comparison = evaluated(input).comparison;
        EXPECT_EQ(comparison.sync.status,
                  comparison.conditions.empty() ? crd::SyncCode::Synced : crd::SyncCode::Unknown);
        return comparison.conditions.empty() ? std::string() : comparison.conditions[0].message;
    };
    EXPECT_EQ(said(""), "");
    EXPECT_EQ(said("{"), "Failed to load local manifests: unexpected end of JSON input");
    EXPECT_EQ(said("{}"), "Failed to load local manifests: Object 'Kind' is missing in '{}'");
    EXPECT_EQ(
        said("[]"),
        "Failed to load local manifests: json: cannot unmarshal array into Go value of type map[string]interface {}");
    input.manifestsProblem = "Cannot use local manifests when source integrity is enforced";
    EXPECT_EQ(said(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}})"), input.manifestsProblem);
    EXPECT_TRUE(evaluated(input).comparison.targets.empty());
}

TEST(Evaluation, ReadsTheManagersOfFieldsForAnOperationThatAppliesServerSide)
{
    EvaluationInput input = inputWith({{"apps/shop/a.yaml", kConfigMap}});
    EXPECT_FALSE(targetNeedsOf(input, renderingOf(input)).at(0).readsManagers);
    input.appliesServerSide = true;
    const TargetNeed need = targetNeedsOf(input, renderingOf(input)).at(0);
    EXPECT_TRUE(need.readsManagers);
    EXPECT_FALSE(need.readsSchema) << "the comparison follows the Application";
}

TEST(Evaluation, AsksForTheRevisionsOfAllSourcesOrOfNone)
{
    crd::ApplicationSource first;
    first.targetRevision = "main";
    crd::ApplicationSource second;
    second.targetRevision = "v1";
    const auto asked = [&](std::vector<std::string> revisions) {
        ObserveRequest request;
        request.revisions = std::move(revisions);
        return revisionsOf(request, {first, second});
    };
    EXPECT_EQ(asked({"abc", ""}), (std::vector<std::string>{"abc", "v1"}));
    EXPECT_EQ(asked({"abc"}), (std::vector<std::string>{"main", "v1"}));
    EXPECT_EQ(asked({"abc", "def", "ghi"}), (std::vector<std::string>{"main", "v1"}));
    EXPECT_EQ(asked({}), (std::vector<std::string>{"main", "v1"}));
}

TEST(Evaluation, SaysWhyNothingCouldBeRenderedAndIsUnknown)
{
    const Evaluation evaluation = evaluated(inputWith({{"apps/shop/kustomization.yaml", ""}}));
    ASSERT_TRUE(evaluation.renderError);
    EXPECT_TRUE(evaluation.renderError->text().contains("kustomization.yaml is empty"))
        << evaluation.renderError->text();
    EXPECT_EQ(evaluation.comparison.sync.status, crd::SyncCode::Unknown);
    ASSERT_FALSE(evaluation.comparison.conditions.empty());
    EXPECT_EQ(evaluation.comparison.conditions[0].type, "ComparisonError");
}

TEST(Evaluation, TellsWhetherItsKindsAreServed)
{
    const Evaluation evaluation = evaluated(
        inputWith({{"apps/shop/a.yaml", kConfigMap},
                   {"apps/shop/b.yaml", "apiVersion: example.test/v1\nkind: Widget\nmetadata: {name: b}\n"}}));
    const auto served = [](std::string group, std::string kind) {
        ports::ApiResource resource;
        resource.type = {std::move(group), "v1", "things", std::move(kind), true};
        return resource;
    };
    EXPECT_FALSE(servesTargets(ports::Discovery({served("", "ConfigMap")}, {}), evaluation));
    EXPECT_TRUE(
        servesTargets(ports::Discovery({served("", "ConfigMap"), served("example.test", "Widget")}, {}), evaluation));
}
