// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/status_patch.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::compare {
namespace {

using object::Value;
using test::objectOf;
using test::valueOf;

const crd::Timestamp kNow = *crd::timestampOf("2024-06-01T00:00:00Z");

crd::Application application(std::string_view status, std::string_view annotations = "{}")
{
    return *crd::applicationOf(
        objectOf("{metadata: {name: app, namespace: argocd, annotations: " + std::string(annotations)
                 + "}, spec: {source: {repoURL: r, path: p}, "
                   "destination: {server: s, namespace: shop}}, status: "
                 + std::string(status) + "}"));
}

AppComparison comparison()
{
    AppComparison result;
    result.sync.status = crd::SyncCode::Synced;
    result.sync.revision = "abc";
    result.sync.comparedTo.source = *crd::sourceOf(valueOf("{repoURL: r, path: p}"));
    result.sync.comparedTo.destination = {"s", "shop", ""};
    result.health = health::HealthCode::Healthy;
    result.sourceType = "Directory";
    result.resourceHealthSource = "appTree";
    return result;
}

constexpr const char *kStored =
    "{sync: {status: Synced, revision: abc, comparedTo: {source: {repoURL: r, path: p}, destination: {server: s, "
    "namespace: shop}}}, health: {status: Healthy, lastTransitionTime: '2024-01-01T00:00:00Z'}, sourceType: Directory, "
    "resourceHealthSource: appTree, reconciledAt: '2024-05-01T00:00:00Z', summary: {}}";

TEST(StatusPatch, OfANewApplicationWritesWhatIsSet)
{
    const crd::Application app = application("{}");
    const auto patch = statusPatch(app, refreshedStatus(app, comparison(), CompareLevel::Latest, kNow), kNow);
    EXPECT_EQ(patch,
              valueOf("{status: {sync: {status: Synced, revision: abc, comparedTo: {source: {repoURL: r, path: p}, "
                      "destination: {server: s, namespace: shop}}}, health: {status: Healthy, "
                      "lastTransitionTime: '2024-06-01T00:00:00Z'}, sourceType: Directory, resourceHealthSource: "
                      "appTree, reconciledAt: '2024-06-01T00:00:00Z'}}"));
}

TEST(StatusPatch, IsNothingWhenNothingChanged)
{
    const crd::Application app = application(kStored);
    EXPECT_EQ(statusPatch(app, refreshedStatus(app, comparison(), CompareLevel::Recent, kNow), kNow), std::nullopt);
}

TEST(StatusPatch, TheLevelDecidesAboutReconciledAt)
{
    const crd::Application app = application(kStored);
    EXPECT_EQ(statusPatch(app, refreshedStatus(app, comparison(), CompareLevel::Latest, kNow), kNow),
              valueOf("{status: {reconciledAt: '2024-06-01T00:00:00Z'}}"));
}

TEST(StatusPatch, ChangedHealthGetsANewTime)
{
    const crd::Application app = application(kStored);
    AppComparison changed = comparison();
    changed.health = health::HealthCode::Degraded;
    EXPECT_EQ(statusPatch(app, refreshedStatus(app, changed, CompareLevel::Recent, kNow), kNow),
              valueOf("{status: {health: {status: Degraded, lastTransitionTime: '2024-06-01T00:00:00Z'}}}"));
}

TEST(StatusPatch, DropsTheRefreshAnnotation)
{
    const crd::Application alone = application(kStored, "{argocd.argoproj.io/refresh: hard}");
    EXPECT_EQ(statusPatch(alone, refreshedStatus(alone, comparison(), CompareLevel::Recent, kNow), kNow),
              valueOf("{metadata: {annotations: null}}"));
    const crd::Application among = application(kStored, "{argocd.argoproj.io/refresh: hard, other: x}");
    EXPECT_EQ(statusPatch(among, refreshedStatus(among, comparison(), CompareLevel::Recent, kNow), kNow),
              valueOf("{metadata: {annotations: {argocd.argoproj.io/refresh: null}}}"));
}

TEST(StatusPatch, TakesAwayWhatIsGone)
{
    const crd::Application app = application(kStored);
    AppComparison failed = comparison();
    failed.sync.status = crd::SyncCode::Unknown;
    failed.sync.revision.clear();
    failed.sourceType.clear();
    failed.conditions = {{"ComparisonError", "x", ""}};
    EXPECT_EQ(statusPatch(app, refreshedStatus(app, failed, CompareLevel::Recent, kNow), kNow),
              valueOf("{status: {sync: {status: Unknown, revision: null}, sourceType: null, conditions: [{type: "
                      "ComparisonError, message: x, lastTransitionTime: '2024-06-01T00:00:00Z'}]}}"));
}

TEST(StatusPatch, ResourcesAreReplacedAsAWhole)
{
    const crd::Application app = application(kStored);
    AppComparison changed = comparison();
    ComparedResource resource;
    resource.status = {"", "v1", "Service", "shop", "web", crd::SyncCode::OutOfSync, {}, false, true, 0, false};
    changed.resources = {resource};
    EXPECT_EQ(
        statusPatch(app, refreshedStatus(app, changed, CompareLevel::Recent, kNow), kNow),
        valueOf("{status: {resources: [{version: v1, kind: Service, namespace: shop, name: web, status: OutOfSync, "
                "requiresPruning: true}]}}"));
}

TEST(StatusPatch, AChangeToSeveralSourcesEmptiesTheSingleOne)
{
    const crd::Application app = application(kStored);
    AppComparison changed = comparison();
    changed.sync.revision.clear();
    changed.sync.revisions = {"abc"};
    changed.sync.comparedTo.sources = {changed.sync.comparedTo.source};
    changed.sync.comparedTo.source = {};
    changed.sourceType.clear();
    changed.sourceTypes = {"Directory"};
    EXPECT_EQ(
        statusPatch(app, refreshedStatus(app, changed, CompareLevel::Recent, kNow), kNow),
        valueOf("{status: {sync: {comparedTo: {source: {repoURL: '', path: null}, sources: [{repoURL: r, path: p}]}, "
                "revision: null, revisions: [abc]}, sourceType: null, sourceTypes: [Directory]}}"));
}

TEST(StatusPatch, HistoryAndOperationStateAreLeftAlone)
{
    const crd::Application app =
        application("{history: [{id: 1, deployedAt: '2024-01-01T00:00:00Z', source: {repoURL: r}}],"
                    " operationState: {phase: Succeeded, unknown: 1}}");
    const auto patch = statusPatch(app, refreshedStatus(app, comparison(), CompareLevel::Latest, kNow), kNow);
    EXPECT_FALSE(patch->path({"status"}).contains("history"));
    EXPECT_FALSE(patch->path({"status"}).contains("operationState"));
}

TEST(StatusPatch, AnImpossibleSpecMakesSyncAndHealthUnknown)
{
    const crd::Application app = application(kStored);
    const auto patch = statusPatch(app, unknownStatus(app, {{"InvalidSpecError", "no project", ""}}, kNow), kNow);
    EXPECT_EQ(patch, valueOf("{status: {sync: {status: Unknown}, health: {status: Unknown, lastTransitionTime: "
                             "'2024-06-01T00:00:00Z'}, conditions: [{type: InvalidSpecError, message: no project, "
                             "lastTransitionTime: '2024-06-01T00:00:00Z'}]}}"));
}

TEST(ConditionPatch, SetsOneAndNothingElse)
{
    const crd::Application app =
        application("{conditions: [{type: DeletionError, message: old, lastTransitionTime: "
                    "'2024-01-01T00:00:00Z'}, {type: SyncError, message: kept, lastTransitionTime: "
                    "'2024-01-01T00:00:00Z'}]}",
                    "{argocd.argoproj.io/refresh: normal}");
    EXPECT_EQ(
        conditionPatch(app, {"DeletionError", "new", ""}, kNow),
        valueOf(
            "{status: {conditions: [{type: DeletionError, message: new, lastTransitionTime: '2024-06-01T00:00:00Z'}, "
            "{type: SyncError, message: kept, lastTransitionTime: '2024-01-01T00:00:00Z'}]}}"));
    EXPECT_EQ(conditionPatch(app, {"DeletionError", "old", ""}, kNow), std::nullopt);
}

TEST(StatusPatch, OneThatIsTooLargeIsSaidInACondition)
{
    const std::string words =
        "Application status exceeds the Kubernetes resource size limit and could not be persisted. The displayed "
        "status may be stale. Reduce the number of managed resources, set ApplyOutOfSyncOnly=true, lower "
        "spec.revisionHistoryLimit, or split the Application.";
    const crd::Application app = application(kStored, "{argocd.argoproj.io/refresh: normal}");
    const auto patch = statusPatch(app, tooLargeStatus(app, kNow), kNow);
    EXPECT_EQ(patch, valueOf("{metadata: {annotations: null}, status: {conditions: [{type: UnknownError, message: '"
                             + words + "', lastTransitionTime: '2024-06-01T00:00:00Z'}]}}"));
    const crd::Application told = application("{conditions: [{type: UnknownError, message: '" + words
                                              + "', lastTransitionTime: '2024-01-01T00:00:00Z'}]}");
    EXPECT_EQ(statusPatch(told, tooLargeStatus(told, kNow), kNow), std::nullopt);
}

TEST(StatusPatch, IsTooLargeWhereTheServerSaysSo)
{
    EXPECT_TRUE(isTooLarge(Error(ErrorCode::LimitExceeded, "limit is 3145728")));
    EXPECT_TRUE(isTooLarge(Error(ErrorCode::Unknown, "limit is 3145728", "RequestEntityTooLarge")));
    EXPECT_FALSE(isTooLarge(Error(ErrorCode::Conflict, "the object has been modified", "Conflict")));
}

TEST(RefreshedStatus, ClearsConditionsOfTheSpec)
{
    const crd::Application app =
        application("{conditions: [{type: InvalidSpecError, message: x}, {type: SyncError, message: kept, "
                    "lastTransitionTime: '2024-01-01T00:00:00Z'}]}");
    EXPECT_EQ(refreshedStatus(app, comparison(), CompareLevel::Recent, kNow).conditions,
              (std::vector<crd::Condition>{{"SyncError", "kept", "2024-01-01T00:00:00Z"}}));
}

TEST(RefreshedStatus, NamesTheControlPlaneThatIsKnown)
{
    const crd::Application app = application("{controllerNamespace: stored}");
    EXPECT_EQ(refreshedStatus(app, comparison(), CompareLevel::Recent, kNow).controllerNamespace, "stored");
    const crd::ApplicationStatus status =
        refreshedStatus(app, comparison(), CompareLevel::Recent, kNow, TreeNews{}, "argocd");
    EXPECT_EQ(status.controllerNamespace, "argocd");
    EXPECT_EQ(statusPatch(app, status, kNow)->path({"status", "controllerNamespace"}), Value("argocd"));
}

TEST(RefreshedStatus, TakesSummaryAndWarningOfTheTree)
{
    const crd::Application app = application("{conditions: [{type: OrphanedResourceWarning, message: Application has 1 "
                                             "orphaned resources, lastTransitionTime: "
                                             "'2024-01-01T00:00:00Z'}], summary: {images: [old]}}");
    EXPECT_EQ(refreshedStatus(app, comparison(), CompareLevel::Recent, kNow).summary.images,
              (std::vector<std::string>{"old"}));
    const TreeNews news{{{}, {"nginx"}, false},
                        crd::Condition{"OrphanedResourceWarning", "Application has 2 orphaned resources", ""}};
    const crd::ApplicationStatus status = treeStatus(app, news, kNow);
    EXPECT_EQ(status.summary.images, (std::vector<std::string>{"nginx"}));
    EXPECT_EQ(status.conditions,
              (std::vector<crd::Condition>{
                  {"OrphanedResourceWarning", "Application has 2 orphaned resources", "2024-06-01T00:00:00Z"}}));
    EXPECT_TRUE(refreshedStatus(app, comparison(), CompareLevel::Recent, kNow, TreeNews{}).conditions.empty());
}

struct SpecCase
{
    std::string name;
    std::string spec;
    std::string patch; ///< "null" for none
};

class Normalization : public testing::TestWithParam<SpecCase>
{
};

TEST_P(Normalization, WritesWhatTheControllerWrites)
{
    const crd::Application app =
        *crd::applicationOf(objectOf("{metadata: {name: app}, spec: " + GetParam().spec + "}"));
    EXPECT_EQ(normalizationPatch(app).value_or(Value()), valueOf(GetParam().patch));
    const crd::Application normalized = normalizedApplication(app);
    EXPECT_EQ(normalizationPatch(normalized), std::nullopt);
    EXPECT_EQ(normalized.spec.project, app.spec.effectiveProject());
}

INSTANTIATE_TEST_SUITE_P(
    Compare, Normalization,
    testing::Values(
        SpecCase{"NoProject", "{source: {repoURL: r, path: p}}", "{spec: {project: default}}"},
        SpecCase{"EmptyProject", "{project: '', source: {repoURL: r, path: p}}", "{spec: {project: default}}"},
        SpecCase{"EmptySyncPolicy", "{project: p, source: {repoURL: r}, syncPolicy: {}}", "{spec: {syncPolicy: null}}"},
        SpecCase{"EmptyOptions", "{project: p, source: {repoURL: r}, syncPolicy: {syncOptions: []}}",
                 "{spec: {syncPolicy: null}}"},
        SpecCase{"Automated", "{project: p, source: {repoURL: r}, syncPolicy: {automated: {}}}", "null"},
        SpecCase{
            "EmptyBlocks",
            "{source: {repoURL: r, helm: {releaseName: ''}, kustomize: {}, directory: {recurse: false, jsonnet: {}}}, "
            "syncPolicy: {}}",
            "{spec: {project: default, source: {helm: null, kustomize: null, directory: null}, syncPolicy: null}}"},
        SpecCase{"BlocksWithSomething",
                 "{project: p, source: {repoURL: r, path: '', helm: {values: x}, directory: {include: '*.yaml', "
                 "jsonnet: {}}}}",
                 "null"},
        SpecCase{"SeveralSources", "{project: p, sources: [{repoURL: r, helm: {}}]}", "null"},
        SpecCase{"SeveralSourcesAndOne", "{project: p, source: {repoURL: r, helm: {}}, sources: [{repoURL: r}]}",
                 "null"}),
    [](const auto &row) { return row.param.name; });

struct FinalizerCase
{
    std::string name;
    std::string metadata;
    bool hasPreDelete;
    bool hasPostDelete;
    std::string patches;
};

class HookFinalizers : public testing::TestWithParam<FinalizerCase>
{
};

TEST_P(HookFinalizers, MirrorRenderedHooks)
{
    const crd::Application app = *crd::applicationOf(objectOf("{metadata: " + GetParam().metadata + "}"));
    AppComparison result = comparison();
    result.hasPreDeleteHooks = GetParam().hasPreDelete;
    result.hasPostDeleteHooks = GetParam().hasPostDelete;
    EXPECT_EQ(Value::list(hookFinalizersPatches(app, result)), valueOf(GetParam().patches));
}

INSTANTIATE_TEST_SUITE_P(
    Compare, HookFinalizers,
    testing::Values(
        FinalizerCase{"None", "{finalizers: [x]}", false, false, "[]"},
        FinalizerCase{"Added", "{finalizers: [x]}", true, false,
                      "[{metadata: {finalizers: [x, pre-delete-finalizer.argocd.argoproj.io, "
                      "pre-delete-finalizer.argocd.argoproj.io/cleanup]}}]"},
        FinalizerCase{"HalfThere", "{finalizers: [post-delete-finalizer.argocd.argoproj.io]}", false, true,
                      "[{metadata: {finalizers: [post-delete-finalizer.argocd.argoproj.io, "
                      "post-delete-finalizer.argocd.argoproj.io/cleanup]}}]"},
        FinalizerCase{"TakenAway",
                      "{finalizers: [post-delete-finalizer.argocd.argoproj.io, a, "
                      "post-delete-finalizer.argocd.argoproj.io/cleanup, b]}",
                      false, false, "[{metadata: {finalizers: [b, a]}}]"},
        FinalizerCase{"BothOneAfterTheOther",
                      "{finalizers: [post-delete-finalizer.argocd.argoproj.io, "
                      "post-delete-finalizer.argocd.argoproj.io/cleanup]}",
                      true, false,
                      "[{metadata: {finalizers: [post-delete-finalizer.argocd.argoproj.io, "
                      "post-delete-finalizer.argocd.argoproj.io/cleanup, pre-delete-finalizer.argocd.argoproj.io, "
                      "pre-delete-finalizer.argocd.argoproj.io/cleanup]}}, {metadata: {finalizers: "
                      "[pre-delete-finalizer.argocd.argoproj.io/cleanup, pre-delete-finalizer.argocd.argoproj.io]}}]"},
        FinalizerCase{"BeingDeleted", "{deletionTimestamp: '2024-01-01T00:00:00Z'}", true, true, "[]"}),
    [](const auto &row) { return row.param.name; });

} // namespace
} // namespace tiphys::compare
