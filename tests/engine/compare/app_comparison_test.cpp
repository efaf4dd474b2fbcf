// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/app_comparison.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

using crd::SyncCode;
using object::Object;
using test::objectOf;

Object configMap(std::string_view name, std::string_view text = "one", std::string_view annotations = "{}")
{
    const Object plain = objectOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + std::string(name)
                                  + ", namespace: shop, annotations: " + std::string(annotations)
                                  + "}, data: {k: " + std::string(text) + "}}");
    return *tracked(plain, "app", "shop", {});
}

/// An input whose project allows everything and whose difference is that of `data`.
ComparisonInput inputFor(const std::vector<Object> &targets, const std::vector<Object> &live,
                         std::string_view policy = "{}")
{
    ComparisonInput input;
    input.app = *crd::applicationOf(objectOf(
        "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: app, namespace: argocd}, spec: "
        "{project: default, source: {repoURL: r, path: p}, destination: {server: s, namespace: shop}, "
        "syncPolicy: "
        + std::string(policy) + "}}"));
    input.instance = "app";
    input.sources = input.app.spec.effectiveSources();
    input.rendered.objects = targets;
    input.rendered.revisions = {"abc"};
    input.rendered.sourceTypes = {"Directory"};
    for (const Object &object : live)
        input.live.objects.emplace(object.key(), object);
    input.server = "s";
    input.scopeOf = [](const object::GroupKind &kind) { return kind.kind != "Namespace"; };
    input.project.allowsLive = [](const Object &) { return true; };
    input.project.allowsKind = [](const object::GroupKind &, std::string_view, bool) { return true; };
    input.diffOf = [](const std::vector<Pair> &pairs) {
        std::vector<DiffResult> diffs;
        for (const Pair &pair : pairs)
            diffs.push_back(
                {!pair.target.isNull() && !pair.live.isNull() && pair.target.path({"data"}) != pair.live.path({"data"}),
                 {},
                 {}});
        return diffs;
    };
    return input;
}

std::string textOf(const AppComparison &comparison)
{
    std::string result(text(comparison.sync.status));
    for (const ComparedResource &resource : comparison.resources) {
        result += " " + resource.status.name + "=" + std::string(text(resource.status.status));
        result += resource.status.requiresPruning ? "+prune" : "";
        result += resource.status.hook ? "+hook" : "";
    }
    return result;
}

struct SyncCase
{
    std::string name;
    std::vector<Object> targets;
    std::vector<Object> live;
    std::string expected;
};

class SyncStatusOf : public testing::TestWithParam<SyncCase>
{
};

TEST_P(SyncStatusOf, FollowsThePairs)
{
    EXPECT_EQ(textOf(compareApplication(inputFor(GetParam().targets, GetParam().live))), GetParam().expected);
}

const std::string kForeign = "{argocd.argoproj.io/tracking-id: x}";

INSTANTIATE_TEST_SUITE_P(
    Compare, SyncStatusOf,
    testing::Values(
        SyncCase{"Nothing", {}, {}, "Synced"}, SyncCase{"Equal", {configMap("a")}, {configMap("a")}, "Synced a=Synced"},
        SyncCase{"Changed", {configMap("a", "two")}, {configMap("a")}, "OutOfSync a=OutOfSync"},
        SyncCase{"Missing", {configMap("a")}, {}, "OutOfSync a=OutOfSync"},
        SyncCase{"Extra", {}, {configMap("a")}, "OutOfSync a=OutOfSync+prune"},
        SyncCase{"ExtraThatMayStay",
                 {},
                 {configMap("a", "one", "{argocd.argoproj.io/compare-options: IgnoreExtraneous}")},
                 "Synced a=OutOfSync+prune"},
        SyncCase{"MayStayDoesNotHideAChange",
                 {configMap("a", "two")},
                 {configMap("a", "one", "{argocd.argoproj.io/compare-options: IgnoreExtraneous}")},
                 "OutOfSync a=OutOfSync"},
        SyncCase{"LiveHook", {}, {configMap("h", "one", "{argocd.argoproj.io/hook: PreSync}")}, "Synced h=+prune+hook"},
        SyncCase{
            "RenderedHookThatIsNotLive", {configMap("h", "one", "{argocd.argoproj.io/hook: PreSync}")}, {}, "Synced"},
        SyncCase{"Skipped", {configMap("s", "one", "{argocd.argoproj.io/hook: Skip}")}, {}, "Synced s="},
        SyncCase{"PreDeleteHookIsNotCompared",
                 {configMap("d", "one", "{argocd.argoproj.io/hook: PreDelete}")},
                 {},
                 "Synced"},
        SyncCase{"CopiedMarks",
                 {},
                 {configMap("a").withAnnotation("argocd.argoproj.io/tracking-id", "app:/ConfigMap:shop/b")},
                 "Synced a="},
        SyncCase{"SortedByKey",
                 {configMap("b"), configMap("a")},
                 {configMap("a"), configMap("b")},
                 "Synced a=Synced b=Synced"}),
    [](const auto &row) { return row.param.name; });

TEST(CompareApplication, FillsTheStatus)
{
    const AppComparison comparison = compareApplication(inputFor({configMap("a")}, {configMap("a")}));
    EXPECT_EQ(comparison.sync.revision, "abc");
    EXPECT_EQ(comparison.sync.comparedTo.source.path, "p");
    EXPECT_EQ(comparison.sync.comparedTo.destination.ns, "shop");
    EXPECT_EQ(comparison.sourceType, "Directory");
    EXPECT_EQ(comparison.resourceHealthSource, "appTree");
    EXPECT_EQ(comparison.health, health::HealthCode::Healthy);
    EXPECT_EQ(comparison.resources[0].status,
              (crd::ResourceStatus{"", "v1", "ConfigMap", "shop", "a", SyncCode::Synced, {}, false, false, 0, false}));
    EXPECT_TRUE(comparison.conditions.empty());
}

TEST(CompareApplication, SeveralSourcesUseThePluralFields)
{
    ComparisonInput input = inputFor({}, {});
    input.hasMultipleSources = true;
    input.rendered.revisions = {"abc", "def"};
    input.rendered.sourceTypes = {"Helm", ""};
    const AppComparison comparison = compareApplication(input);
    EXPECT_EQ(comparison.sync.revisions, (std::vector<std::string>{"abc", "def"}));
    EXPECT_EQ(comparison.sync.revision, "");
    EXPECT_EQ(comparison.sourceTypes, (std::vector<std::string>{"Helm", ""}));
    EXPECT_EQ(comparison.sourceType, "");
}

TEST(CompareApplication, WithoutTargetsEverythingIsUnknown)
{
    ComparisonInput input = inputFor({}, {configMap("a")});
    input.revisions = {"main"};
    input.rendered = {};
    input.rendered.error = "failed to generate manifest";
    const AppComparison comparison = compareApplication(input);
    EXPECT_EQ(textOf(comparison), "Unknown a=Unknown+prune");
    EXPECT_EQ(comparison.sync.revision, "main");
    ASSERT_EQ(comparison.conditions.size(), 1u);
    EXPECT_EQ(comparison.conditions[0].type, "ComparisonError");
    EXPECT_EQ(comparison.conditions[0].message, "Failed to load target state: failed to generate manifest");
}

TEST(CompareApplication, WithoutLiveStateEverythingIsUnknown)
{
    ComparisonInput input = inputFor({configMap("a")}, {});
    input.live.error = "namespace \"x\" for ConfigMap \"a\" is not managed";
    const AppComparison comparison = compareApplication(input);
    EXPECT_EQ(textOf(comparison), "Unknown a=Unknown");
    EXPECT_EQ(comparison.conditions[0].message,
              "Failed to load live state: namespace \"x\" for ConfigMap \"a\" is not managed");
}

TEST(CompareApplication, AFailedDifferenceMakesEverythingUnknown)
{
    ComparisonInput input = inputFor({configMap("a")}, {configMap("a")});
    input.diffOf = [](const auto &) -> Expected<std::vector<DiffResult>> {
        return failure(ErrorCode::InvalidInput, "no merge key");
    };
    const AppComparison comparison = compareApplication(input);
    EXPECT_EQ(textOf(comparison), "Unknown a=Unknown");
    EXPECT_EQ(comparison.conditions[0].message, "Failed to compare desired state to live state: no merge key");
}

TEST(CompareApplication, NamesSharedExcludedAndRepeatedResources)
{
    const Object shared =
        configMap("s").withAnnotation("argocd.argoproj.io/tracking-id", "team_shop:/ConfigMap:shop/s");
    const Object event = objectOf("{apiVersion: v1, kind: Event, metadata: {name: e, namespace: shop}}");
    const AppComparison comparison =
        compareApplication(inputFor({configMap("s"), configMap("r"), configMap("r"), event}, {shared, configMap("r")}));
    std::vector<std::string> messages;
    for (const crd::Condition &condition : comparison.conditions)
        messages.push_back(condition.type + ": " + condition.message);
    EXPECT_EQ(messages, (std::vector<std::string>{
                            "RepeatedResourceWarning: Resource /ConfigMap/shop/r appeared 2 times among application "
                            "resources.",
                            "ExcludedResourceWarning: Resource /Event e is excluded in the settings",
                            "SharedResourceWarning: ConfigMap/s is part of applications argocd/app and team/shop"}));
    EXPECT_EQ(textOf(comparison), "Synced r=Synced s=Synced");
}

TEST(CompareApplication, AForbiddenLiveObjectIsMissing)
{
    ComparisonInput input = inputFor({configMap("a")}, {configMap("a")});
    input.project.allowsLive = [](const Object &) { return false; };
    EXPECT_EQ(textOf(compareApplication(input)), "OutOfSync a=OutOfSync");
}

TEST(CompareApplication, AForbiddenKindIsUnknownAlone)
{
    ComparisonInput input = inputFor({configMap("a")}, {configMap("a")});
    input.project.allowsKind = [](const object::GroupKind &, std::string_view, bool) { return false; };
    EXPECT_EQ(textOf(compareApplication(input)), "Synced a=Unknown");
}

struct ConfirmCase
{
    std::string name;
    std::string annotations;
    std::string policy;
    bool isRequired;
};

class Confirmation : public testing::TestWithParam<ConfirmCase>
{
};

TEST_P(Confirmation, IsAskedByAnnotationOrPolicy)
{
    const Object object = configMap("a", "one", GetParam().annotations);
    const AppComparison comparison = compareApplication(inputFor({object}, {object}, GetParam().policy));
    EXPECT_EQ(comparison.resources[0].status.requiresDeletionConfirmation, GetParam().isRequired);
}

INSTANTIATE_TEST_SUITE_P(
    Compare, Confirmation,
    testing::Values(
        ConfirmCase{"No", "{}", "{}", false},
        ConfirmCase{"Prune", "{argocd.argoproj.io/sync-options: Prune=confirm}", "{}", true},
        ConfirmCase{"Delete", "{argocd.argoproj.io/sync-options: 'Replace=true, Delete=confirm'}", "{}", true},
        ConfirmCase{"Policy", "{}", "{syncOptions: [Delete=confirm]}", true},
        ConfirmCase{"AnnotationBeatsPolicy", "{argocd.argoproj.io/sync-options: 'Delete=false,Prune=false'}",
                    "{syncOptions: [Delete=confirm, Prune=confirm]}", false}),
    [](const auto &row) { return row.param.name; });

TEST(CompareApplication, ALiveHookTakesTheWaveOfTheRenderedOne)
{
    const Object live = configMap("h", "one", "{argocd.argoproj.io/hook: PreSync}");
    const Object rendered = live.withAnnotation("argocd.argoproj.io/sync-wave", "-3");
    const AppComparison comparison = compareApplication(inputFor({rendered}, {live}));
    EXPECT_EQ(comparison.resources[0].status.syncWave, -3);
    EXPECT_EQ(comparison.hooks, std::vector<Object>{rendered});
}

TEST(CompareApplication, ATrackedManagedNamespaceIsNotPruned)
{
    const Object live =
        *tracked(objectOf("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"), "app", "shop", {});
    const AppComparison comparison =
        compareApplication(inputFor({}, {live}, "{managedNamespaceMetadata: {labels: {team: a}}}"));
    ASSERT_EQ(comparison.resources.size(), 1u);
    EXPECT_EQ(comparison.resources[0].target,
              objectOf("{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}, annotations: "
                       "{argocd.argoproj.io/sync-options: ServerSideApply=true}}, spec: {}, status: {}}"));
    EXPECT_FALSE(comparison.resources[0].status.requiresPruning);
    EXPECT_EQ(textOf(comparison), "Synced shop=Synced");
}

TEST(CompareApplication, ANamespacedObjectWithoutNamespaceIsReported)
{
    ComparisonInput input = inputFor({objectOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")}, {});
    input.app.spec.destination.ns.clear();
    const AppComparison comparison = compareApplication(input);
    ASSERT_EQ(comparison.conditions.size(), 1u);
    EXPECT_EQ(comparison.conditions[0].type, "InvalidSpecError");
    EXPECT_EQ(comparison.conditions[0].message, "Namespace for a /v1, Kind=ConfigMap is missing.");
}

TEST(CompareApplication, TellsWhichDeleteHooksAreRendered)
{
    const AppComparison comparison =
        compareApplication(inputFor({configMap("d", "one", "{argocd.argoproj.io/hook: PostDelete}")}, {}));
    EXPECT_TRUE(comparison.hasPostDeleteHooks);
    EXPECT_FALSE(comparison.hasPreDeleteHooks);
}

TEST(CompareApplication, StoresHealthOnRequest)
{
    const Object service = *tracked(objectOf("{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}}"),
                                    "app", "shop", {});
    ComparisonInput input = inputFor({service}, {service});
    EXPECT_EQ(compareApplication(input).resources[0].status.health, std::nullopt);
    EXPECT_EQ(compareApplication(input).resources[0].health->status, health::HealthCode::Healthy);
    input.storesResourceHealth = true;
    const AppComparison comparison = compareApplication(input);
    EXPECT_EQ(comparison.resources[0].status.health->status, crd::HealthCode::Healthy);
    EXPECT_EQ(comparison.resourceHealthSource, "");
}

TEST(CompareApplication, AFailedHealthCheckIsACondition)
{
    const Object broken = *tracked(
        objectOf("{apiVersion: apps/v2, kind: Deployment, metadata: {name: web, namespace: shop}}"), "app", "shop", {});
    const AppComparison comparison = compareApplication(inputFor({broken}, {broken}));
    EXPECT_EQ(comparison.health, health::HealthCode::Unknown);
    EXPECT_EQ(
        comparison.conditions[0].message,
        "error setting app health: failed to get resource health for \"Deployment\" with name \"web\" in namespace "
        "\"shop\": unsupported Deployment GVK: apps/v2, Kind=Deployment");
    EXPECT_EQ(comparison.sync.status, SyncCode::Synced);
}

/// A Deployment as the API server keeps it: with defaults, bookkeeping and a status.
const char *const kLiveDeployment =
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, uid: u, resourceVersion: '5', "
    "generation: "
    "1, labels: {app.kubernetes.io/instance: app}}, spec: {replicas: 1, progressDeadlineSeconds: 600, "
    "revisionHistoryLimit: "
    "10, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}, selector: {matchLabels: "
    "{app: "
    "web}}, template: {metadata: {labels: {app: web}}, spec: {restartPolicy: Always, dnsPolicy: ClusterFirst, "
    "schedulerName: "
    "default-scheduler, securityContext: {}, terminationGracePeriodSeconds: 30, containers: [{name: c, image: "
    "'nginx:1', "
    "imagePullPolicy: IfNotPresent, terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File, "
    "resources: "
    "{}}]}}}, status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1}}";

Object targetDeployment(int replicas)
{
    return *tracked(
        objectOf("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: "
                 + std::to_string(replicas)
                 + ", selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: "
                   "{containers: [{name: c, image: 'nginx:1'}]}}}}"),
        "app", "shop", {});
}

TEST(CompareApplication, WithTheRealDifferenceDefaultsAndOldMarksDoNotCount)
{
    ComparisonInput input = inputFor({targetDeployment(1)}, {objectOf(kLiveDeployment)});
    input.diffOf = diffOfPairs({}, {});
    const AppComparison comparison = compareApplication(input);
    EXPECT_EQ(textOf(comparison), "Synced web=Synced");
    EXPECT_EQ(comparison.health, health::HealthCode::Healthy);
}

TEST(CompareApplication, WithTheRealDifferenceAChangeIsOutOfSync)
{
    ComparisonInput input = inputFor({targetDeployment(2)}, {objectOf(kLiveDeployment)});
    input.diffOf = diffOfPairs({}, {});
    const AppComparison comparison = compareApplication(input);
    EXPECT_EQ(textOf(comparison), "OutOfSync web=OutOfSync");
    EXPECT_EQ(comparison.resources[0].diff.predictedLive.path({"spec", "replicas"}), object::Value(2));
}

} // namespace
} // namespace tiphys::compare
