// SPDX-License-Identifier: GPL-3.0-or-later
#include "build.h"
#include "crd/timestamp.h"
#include "sync/deletion.h"
#include "sync/request.h"
#include "sync/selection.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::sync;
using namespace tiphys::sync::test;

namespace {

const Asking kAda{.user = "ada", .window = {}};
constexpr std::string_view kAutomated =
    "  syncPolicy: {automated: {}, syncOptions: [CreateNamespace=true], retry: {limit: 3}}\n";
constexpr std::string_view kHistory = "status: {history: [{id: 4, revision: abc, source: {repoURL: https://git/shop, "
                                      "path: deploy}}, {id: 5, revision: x}]}\n";

struct RefusalCase
{
    std::string name;
    std::string spec;
    std::string rest;
    SyncRequest request;
    Asking asking;
    std::string reason;
};
class SyncRefusal : public testing::TestWithParam<RefusalCase>
{
};

SyncRequest toRevision(std::string revision)
{
    SyncRequest request;
    request.revision = std::move(revision);
    return request;
}

} // namespace

TEST(SyncRequest, IsPinnedToThePlanAndClearsWhatIsLeftOver)
{
    SyncRequest request;
    request.plannedRevisions = {"0123abc"};
    request.prunes = true;
    const auto patch = syncPatch(application(kAutomated), request, kAda);
    ASSERT_TRUE(patch) << patch.error().text();
    EXPECT_EQ(
        *patch,
        yaml("metadata: {resourceVersion: '7'}\n"
             "operation:\n  initiatedBy: {username: ada}\n  retry: {limit: 3}\n"
             "  sync: {prune: true, revision: 0123abc, syncOptions: [CreateNamespace=true], syncStrategy: {hook: {}},"
             " source: {repoURL: https://git/shop, path: deploy}}\n"
             "status: {operationState: null}\n"));
}

TEST(SyncRequest, TakesItsOwnOptionsInsteadOfTheSpecs)
{
    SyncRequest request;
    request.syncOptions = {"Replace=true"};
    request.forces = true;
    const auto operation = syncOperationOf(application(kAutomated), request, kAda);
    ASSERT_TRUE(operation);
    EXPECT_EQ(operation->sync->syncOptions, std::vector<std::string>{"Replace=true"});
    EXPECT_EQ(crd::toValue(*operation)["sync"]["syncStrategy"], yaml("{hook: {force: true}}"));
}

TEST_P(SyncRefusal, NamesItsReason)
{
    const auto patch = syncPatch(application(GetParam().spec, GetParam().rest), GetParam().request, GetParam().asking);
    ASSERT_FALSE(patch);
    EXPECT_EQ(patch.error().message(), GetParam().reason);
}
INSTANTIATE_TEST_SUITE_P(
    Sync, SyncRefusal,
    testing::Values(
        RefusalCase{"InProgress", "", "operation: {sync: {}}\n", {}, kAda, "another operation is already in progress"},
        RefusalCase{"Window",
                    "",
                    "",
                    {},
                    {.user = "ada", .window = {.isAllowed = false, .reason = "deny window is open"}},
                    "cannot sync: blocked by sync window: deny window is open"},
        RefusalCase{"OtherRevision", std::string(kAutomated), "", toRevision("dev"), kAda,
                    "cannot sync to dev: auto-sync currently set to "}),
    [](const auto &row) { return row.param.name; });

TEST(SyncRequest, MayTryAnotherRevisionDryOrWithoutAutomation)
{
    SyncRequest dry = toRevision("dev");
    dry.isDryRun = true;
    EXPECT_TRUE(syncPatch(application(kAutomated), dry, kAda));
    EXPECT_TRUE(syncPatch(application(), toRevision("dev"), kAda));
}

TEST(SyncRequest, MayNameTheRevisionThatAutomationFollowsAnyway)
{
    EXPECT_TRUE(syncPatch(application(kAutomated), toRevision("HEAD"), kAda)) << "no target revision means HEAD";
}

TEST(SyncRequest, MaySetTheRetriesStrategyAndTexts)
{
    SyncRequest request;
    request.appliesOnly = true;
    request.retry = crd::RetryStrategy{
        .limit = 2, .backoff = crd::Backoff{.duration = "5s", .factor = 2, .maxDuration = "3m0s"}, .refresh = true};
    request.info.push_back({.name = "why", .value = "a test"});
    const auto operation = syncOperationOf(application(kAutomated), request, kAda);
    ASSERT_TRUE(operation);
    const object::Value value = crd::toValue(*operation);
    EXPECT_EQ(value["retry"], yaml("{backoff: {duration: 5s, factor: 2, maxDuration: 3m0s}, limit: 2, refresh: true}"));
    EXPECT_EQ(value["info"], yaml("[{name: why, value: a test}]"));
    EXPECT_EQ(value["sync"]["syncStrategy"], yaml("{apply: {}}"));
}

TEST(Rollback, GoesBackToAnEntryWithoutHooks)
{
    const auto patch = rollbackPatch(application("", kHistory), {.id = 4, .prunes = true}, "ada");
    ASSERT_TRUE(patch) << patch.error().text();
    EXPECT_EQ(
        (*patch)["operation"],
        yaml("{initiatedBy: {username: ada}, retry: {}, sync: {prune: true, revision: abc, syncStrategy: {apply: {}},"
             " source: {repoURL: https://git/shop, path: deploy}}}"));
}

TEST(Rollback, IsRefusedWithAReason)
{
    EXPECT_EQ(rollbackPatch(application(kAutomated, kHistory), {.id = 4}, "ada").error().message(),
              "rollback cannot be initiated when auto-sync is enabled");
    EXPECT_EQ(rollbackPatch(application("", kHistory), {.id = 99}, "ada").error().message(),
              "application argocd/shop does not have deployment with id 99");
    EXPECT_FALSE(rollbackPatch(application("", kHistory), {.id = 5}, "ada"));
}

TEST(Terminate, NeedsAnOperation)
{
    EXPECT_FALSE(terminatePatch(application()));
    const auto patch = terminatePatch(application("", "operation: {sync: {}}\nstatus: {operationState: {phase: "
                                                      "Running, startedAt: '2026-01-01T00:00:00Z', operation: {}}}\n"));
    ASSERT_TRUE(patch);
    EXPECT_EQ(*patch, yaml("{metadata: {resourceVersion: '7'}, status: {operationState: {phase: Terminating}}}"));
}

TEST(Refresh, IsAnAnnotation)
{
    EXPECT_EQ(refreshPatch(Refresh::Hard), yaml("{metadata: {annotations: {argocd.argoproj.io/refresh: hard}}}"));
    EXPECT_EQ(refreshPatch(Refresh::Normal), yaml("{metadata: {annotations: {argocd.argoproj.io/refresh: normal}}}"));
}

TEST(Approval, IsNotOlderThanWhatItApproves)
{
    const auto at = [](const std::string &time) { return crd::timestampOf(time).value_or(crd::Timestamp{}); };
    EXPECT_EQ(approvalPatch(application(), at("2026-03-01T12:00:00Z")).error().code(), ErrorCode::Conflict);
    const crd::Application syncing = application({}, "operation: {sync: {}}\nstatus: {operationState: {phase: Running, "
                                                     "startedAt: \"2026-03-01T12:00:00Z\", operation: {sync: {}}}}\n");
    EXPECT_EQ(approvalPatch(syncing, at("2026-03-01T12:05:00Z")).value(),
              yaml("{metadata: {annotations: {argocd.argoproj.io/deletion-approved: \"2026-03-01T12:05:00Z\"}}}"));
    EXPECT_EQ(approvalPatch(syncing, at("2026-03-01T11:59:00Z")).value(),
              yaml("{metadata: {annotations: {argocd.argoproj.io/deletion-approved: \"2026-03-01T12:00:00Z\"}}}"));
}

TEST(Delete, SetsTheFinalizerOfItsPolicy)
{
    EXPECT_EQ(deletionPatch(application(), Cascade::Foreground),
              yaml("{metadata: {finalizers: [resources-finalizer.argocd.argoproj.io]}}"));
    EXPECT_EQ(deletionPatch(application(), Cascade::None), std::nullopt);
}

TEST(Selection, PicksByPatternsAndExclusions)
{
    std::vector<crd::ResourceStatus> resources(3);
    resources[0].kind = "ConfigMap";
    resources[0].ns = "shop";
    resources[0].name = "c";
    resources[1].group = "apps";
    resources[1].kind = "Deployment";
    resources[1].ns = "shop";
    resources[1].name = "web";
    resources[2] = resources[1];
    resources[2].ns = "blog";
    const auto picked = [&](const std::vector<std::string> &patterns) {
        std::string names;
        for (const crd::SyncResource &resource :
             selectedResources(patterns, resources).value_or(std::vector<crd::SyncResource>()))
            names += resource.ns + '/' + resource.name + ' ';
        return names;
    };
    EXPECT_EQ(picked({":ConfigMap:c"}), "shop/c ");
    EXPECT_EQ(picked({"apps:Deployment:blog/web"}), "blog/web ");
    EXPECT_EQ(picked({"*:*:*"}), "shop/c shop/web blog/web ");
    EXPECT_EQ(picked({"!apps:*:*"}), "shop/c ");
    EXPECT_EQ(picked({"apps:*:*", "!*:*:shop/*"}), "blog/web ");
    EXPECT_EQ(selectedResources({"apps:Deployment"}, resources).error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(selectedResources({":Secret:x"}, resources).error().code(), ErrorCode::NotFound);
}
