// SPDX-License-Identifier: GPL-3.0-or-later
#include "build.h"
#include "simulation.h"
#include "sync/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::sync;
using namespace tiphys::sync::test;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

crd::HealthStatus healthIs(crd::HealthCode code, std::string message = {})
{
    return {.status = code, .message = std::move(message), .lastTransitionTime = {}};
}

} // namespace

TEST(Sync, AppliesOneWaveAndEndsAtOnce)
{
    SimulatedSync sync(application());
    sync.targets = {thing("apps/v1", "Deployment", "web"), configMap("cfg")};
    sync.health["Deployment/web"] = healthIs(crd::HealthCode::Progressing);
    sync.request("sync: {}");
    sync.run();
    EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (all tasks run)");
    EXPECT_THAT(sync.cluster.log, ElementsAre("POST ConfigMap/cfg", "POST Deployment/web"));
    EXPECT_THAT(sync.results(), ElementsAre("Sync/ConfigMap/cfg: Synced Running configmap/cfg created",
                                            "Sync/Deployment/web: Synced Running deployment.apps/web created"));
    EXPECT_EQ(sync.app().status.history.size(), 1U);
    EXPECT_EQ(sync.waveDelays, 0);
}

TEST(Sync, RunsHooksAndWavesOneAfterTheOther)
{
    SimulatedSync sync(application());
    sync.recordsHooksFirst = false;
    sync.targets = {hookJob("pre", "PreSync", "HookSucceeded"), configMap("c0"),
                    thing("apps/v1", "Deployment", "d1", wave(1)), hookJob("post", "PostSync")};
    sync.health["Deployment/d1"] = healthIs(crd::HealthCode::Healthy);
    sync.request("sync: {syncStrategy: {hook: {}}, syncOptions: [CreateNamespace=true]}");
    std::vector<std::string> messages;
    while (sync.app().operation) {
        sync.look();
        messages.push_back(sync.app().status.operationState->message);
        ASSERT_LT(messages.size(), 20U);
    }
    EXPECT_THAT(
        messages,
        ElementsAre("waiting for healthy state of /Namespace/shop", "waiting for completion of hook batch/Job/pre",
                    "waiting for healthy state of /ConfigMap/c0", "waiting for healthy state of apps/Deployment/d1",
                    "waiting for completion of hook batch/Job/post", "successfully synced (no more tasks)"));
    EXPECT_THAT(sync.cluster.log, ElementsAre("POST Namespace/shop", "POST Job/pre", "PUT Job/pre", "POST ConfigMap/c0",
                                              "POST Deployment/d1", "POST Job/post", "PUT Job/post", "DELETE Job/pre"));
    EXPECT_EQ(sync.waveDelays, 3);
    EXPECT_THAT(sync.results(),
                ElementsAre("PreSync/Namespace/shop: Synced Running namespace/shop created",
                            "PreSync/Job/pre: Synced Succeeded Reached expected number of succeeded pods",
                            "Sync/ConfigMap/c0: Synced Succeeded configmap/c0 created",
                            "Sync/Deployment/d1: Synced Succeeded deployment.apps/d1 created",
                            "PostSync/Job/post: Synced Succeeded Reached expected number of succeeded pods"));
}

TEST(Sync, DeletesAHookOfTheSyncBeforeFirst)
{
    SimulatedSync sync(application());
    sync.targets = {hookJob("pre", "PreSync"), configMap("c0")};
    for (int i = 0; i < 2; ++i) {
        sync.request("sync: {}");
        sync.run();
        EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (all tasks run)");
    }
    EXPECT_EQ(sync.cluster.creations["Job/pre"], 2);
    EXPECT_THAT(sync.cluster.log, ElementsAre("POST Job/pre", "PUT Job/pre", "POST ConfigMap/c0", "DELETE Job/pre",
                                              "POST Job/pre", "PUT Job/pre"));
}

TEST(Sync, PrunesInMirroredWavesAndLeavesWhatMustStay)
{
    SimulatedSync sync(application());
    sync.cluster.put(configMap("keep"));
    sync.cluster.put(configMap("old0"));
    sync.cluster.put(configMap("old1", wave(1)));
    sync.cluster.put(configMap("last", options("PruneLast=true")));
    sync.cluster.put(configMap("noprune", options("Prune=false")));
    sync.targets = {configMap("keep"), configMap("new")};
    sync.request("sync: {prune: true, syncOptions: [ServerSideApply=true]}");
    sync.run();
    EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (all tasks run)");
    EXPECT_THAT(sync.cluster.log, ElementsAre("DELETE ConfigMap/old1", "APPLY ConfigMap/keep", "APPLY ConfigMap/new",
                                              "DELETE ConfigMap/old0", "DELETE ConfigMap/last"));
    EXPECT_THAT(sync.results(), Contains("Sync/ConfigMap/noprune: PruneSkipped Succeeded ignored (no prune)"));
    EXPECT_THAT(sync.results(), Contains("Sync/ConfigMap/new: Synced Succeeded configmap/new serverside-applied"));
    EXPECT_THAT(sync.cluster.names(), ElementsAre("ConfigMap/keep", "ConfigMap/new", "ConfigMap/noprune"));
}

TEST(Sync, DoesNotPruneUnlessItIsAsked)
{
    SimulatedSync sync(application());
    sync.cluster.put(configMap("old"));
    sync.targets = {configMap("new")};
    sync.request("sync: {}");
    sync.run();
    EXPECT_THAT(sync.results(), Contains("Sync/ConfigMap/old: PruneSkipped Succeeded ignored (requires pruning)"));
    EXPECT_THAT(sync.cluster.names(), ElementsAre("ConfigMap/new", "ConfigMap/old"));
}

TEST(Sync, NeverPrunesHooksThatAreLeftOver)
{
    SimulatedSync sync(application());
    sync.cluster.put(hookJob("old", "PreSync"));
    sync.targets = {configMap("c")};
    sync.request("sync: {prune: true}");
    sync.run();
    EXPECT_THAT(sync.cluster.names(), ElementsAre("ConfigMap/c", "Job/old"));
}

TEST(Sync, WaitsForApprovalBeforeItPrunes)
{
    SimulatedSync sync(application());
    sync.cluster.put(configMap("precious", options("Prune=confirm")));
    sync.targets = {configMap("c")};
    sync.request("sync: {prune: true}");
    sync.look();
    EXPECT_EQ(sync.verdict(), "Running: waiting for pruning confirmation of /ConfigMap/precious");
    sync.patchApp(approvalPatch(sync.now));
    sync.run();
    EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (all tasks run)");
    EXPECT_THAT(sync.cluster.names(), ElementsAre("ConfigMap/c"));
}

TEST(Sync, FailsWhenAHookFailsAndRunsTheFailureHooks)
{
    SimulatedSync sync(application());
    sync.targets = {hookJob("pre", "PreSync", "HookFailed"), configMap("c0"), hookJob("sorry", "SyncFail")};
    sync.health["Job/pre"] = healthIs(crd::HealthCode::Degraded, "Job has reached the specified backoff limit");
    sync.request("sync: {}");
    sync.run();
    EXPECT_EQ(sync.verdict(), "Failed: one or more synchronization tasks completed unsuccessfully");
    EXPECT_THAT(sync.cluster.names(), ElementsAre("Job/sorry"));
    EXPECT_THAT(sync.results(),
                ElementsAre("PreSync/Job/pre: Synced Failed Job has reached the specified backoff limit",
                            "SyncFail/Job/sorry: Synced Succeeded Reached expected number of succeeded pods"));
    EXPECT_THAT(sync.app().status.history, IsEmpty());
}

TEST(Sync, FailsWithTheReasonWhenAnObjectIsRefused)
{
    SimulatedSync sync(application());
    sync.targets = {configMap("bad"), configMap("later", wave(1))};
    sync.cluster.refusals.emplace("POST ConfigMap/bad", Error(ErrorCode::Denied, "configmaps is forbidden"));
    sync.request("sync: {}");
    sync.run();
    EXPECT_EQ(sync.verdict(), "Failed: one or more objects failed to apply, reason: configmaps is forbidden");
    EXPECT_THAT(sync.cluster.names(), IsEmpty());
}

TEST(Sync, TellsWhichHookItCannotDelete)
{
    SimulatedSync sync(application());
    sync.targets = {hookJob("pre", "PreSync"), configMap("c0")};
    sync.cluster.put(hookJob("pre", "PreSync"));
    sync.cluster.refusals.emplace("DELETE Job/pre", Error(ErrorCode::Denied, "jobs is forbidden"));
    sync.request("sync: {}");
    sync.run();
    EXPECT_THAT(sync.results(), Contains(testing::HasSubstr(
                                    "Error failed to delete resource: failed to delete resource: jobs is forbidden")));
}

TEST(Sync, WaitsForWhatRunsBesideAFailedObject)
{
    SimulatedSync sync(application());
    sync.targets = {configMap("bad"), thing("apps/v1", "Deployment", "web"), configMap("later", wave(1))};
    sync.health["Deployment/web"] = healthIs(crd::HealthCode::Progressing);
    sync.cluster.refusals.emplace("POST ConfigMap/bad", Error(ErrorCode::Denied, "no"));
    sync.request("sync: {}");
    sync.look();
    EXPECT_EQ(sync.verdict(), "Running: waiting for healthy state of apps/Deployment/web");
    sync.health["Deployment/web"] = healthIs(crd::HealthCode::Healthy);
    sync.run();
    EXPECT_EQ(sync.verdict(), "Failed: one or more synchronization tasks completed unsuccessfully, reason: no");
}

TEST(Sync, NeverBeginsWithAKindThatIsNotServed)
{
    SimulatedSync sync(application());
    sync.targets = {configMap("c"), thing("example.com/v1", "Widget", "w")};
    sync.cluster.unknownKinds = {"Widget"};
    sync.request("sync: {}");
    sync.run();
    EXPECT_EQ(sync.verdict(),
              "Failed: one or more synchronization tasks are not valid: failed to discover server resources for group "
              "version example.com/v1: the server could not find the requested resource");
    EXPECT_THAT(sync.cluster.log, IsEmpty());
}

TEST(Sync, FailsAMultiStepSyncWhenAResourceDegrades)
{
    SimulatedSync sync(application());
    sync.targets = {thing("apps/v1", "Deployment", "web"), configMap("later", wave(1))};
    sync.health["Deployment/web"] = healthIs(crd::HealthCode::Degraded, "crash loop");
    sync.request("sync: {}");
    sync.run();
    EXPECT_EQ(sync.verdict(), "Failed: one or more synchronization tasks completed unsuccessfully");
    EXPECT_THAT(sync.results(), ElementsAre("Sync/Deployment/web: Synced Failed crash loop"));
}

TEST(Sync, AppliesOnlyWhatIsSelected)
{
    SimulatedSync sync(application());
    sync.cluster.put(configMap("old"));
    sync.targets = {hookJob("pre", "PreSync"), configMap("a"), configMap("b")};
    sync.request("sync: {prune: true, resources: [{group: '', kind: ConfigMap, name: b}]}");
    sync.run();
    EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (all tasks run)");
    EXPECT_THAT(sync.cluster.names(), ElementsAre("ConfigMap/b", "ConfigMap/old"));
    EXPECT_THAT(sync.app().status.history, IsEmpty());
}

TEST(Sync, ChangesNothingInADryRun)
{
    SimulatedSync sync(application());
    sync.cluster.put(configMap("old"));
    sync.targets = {hookJob("pre", "PreSync"), configMap("a")};
    sync.request("sync: {dryRun: true, prune: true}");
    sync.run();
    EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (no more tasks)");
    EXPECT_THAT(sync.cluster.log, IsEmpty());
    EXPECT_THAT(sync.results(), ElementsAre("Sync/ConfigMap/old: Pruned Succeeded pruned (dry run)",
                                            "PreSync/Job/pre: Synced Succeeded job.batch/pre created (dry run)",
                                            "Sync/ConfigMap/a: Synced Succeeded configmap/a created (dry run)"));
}

TEST(Sync, TriesAgainAsOftenAsItMay)
{
    SimulatedSync sync(application());
    sync.targets = {configMap("bad")};
    sync.cluster.refusals.emplace("POST ConfigMap/bad", Error(ErrorCode::Denied, "no"));
    sync.request("{sync: {}, retry: {limit: 2}}");
    sync.look();
    EXPECT_EQ(sync.verdict(),
              "Running: one or more objects failed to apply, reason: no. Retrying attempt #1 at 12:00AM.");
    sync.look();
    sync.look();
    EXPECT_EQ(sync.app().status.operationState->retryCount, 2);
    sync.run();
    EXPECT_EQ(sync.verdict(), "Failed: one or more objects failed to apply, reason: no (retried 2 times).");
    EXPECT_EQ(std::ranges::count(sync.cluster.log, "POST ConfigMap/bad"), 3);
}

TEST(Sync, SucceedsInALaterAttempt)
{
    SimulatedSync sync(application());
    sync.targets = {configMap("bad")};
    sync.cluster.refusals.emplace("POST ConfigMap/bad", Error(ErrorCode::Unavailable, "no"));
    sync.request("{sync: {}, retry: {limit: -1}}");
    sync.look();
    sync.cluster.refusals.clear();
    sync.run();
    EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (all tasks run)");
}

TEST(Sync, StopsRunningHooksWhenItIsTerminated)
{
    SimulatedSync sync(application());
    sync.targets = {hookJob("pre", "PreSync"), configMap("c")};
    sync.completesJobs = false;
    sync.request("{sync: {}, retry: {limit: 5}}");
    sync.look();
    sync.look();
    EXPECT_EQ(sync.verdict(), "Running: waiting for completion of hook batch/Job/pre");
    sync.patchApp(yaml("status: {operationState: {phase: Terminating}}"));
    sync.run();
    EXPECT_EQ(sync.verdict(), "Failed: Operation terminated");
    EXPECT_THAT(sync.cluster.names(), IsEmpty());
    EXPECT_THAT(sync.results(), ElementsAre("PreSync/Job/pre: Synced Failed Terminated"));
}

TEST(Sync, NamesAHookThatHasGone)
{
    SimulatedSync sync(application());
    sync.targets = {hookJob("pre", "PreSync"), configMap("c")};
    sync.completesJobs = false;
    sync.request("sync: {}");
    sync.look();
    sync.cluster.objects.clear();
    sync.run();
    EXPECT_EQ(sync.verdict(), "Failed: one or more synchronization tasks completed unsuccessfully, reason: Resource "
                              "batch/Job/pre is missing, it might have been deleted");
}

TEST(Sync, AppliesOnlyWhatDiffersWhenAsked)
{
    SimulatedSync sync(application());
    sync.cluster.put(configMap("same"));
    sync.targets = {configMap("same"), configMap("new")};
    sync.unmodified = {"same"};
    sync.request("sync: {syncOptions: [ApplyOutOfSyncOnly=true]}");
    sync.run();
    EXPECT_THAT(sync.results(), ElementsAre("Sync/ConfigMap/new: Synced Running configmap/new created"));
    EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (all tasks run)");
}

/// A process that dies after any number of writes, in any look, and begins again.
TEST(Sync, EndsTheSameWheneverItIsKilled)
{
    const auto prepared = [] {
        SimulatedSync sync(application());
        sync.targets = {hookJob("pre", "PreSync"), hookJob("mid", "Sync", "BeforeHookCreation,HookSucceeded"),
                        configMap("c0"), configMap("c1", wave(1)), hookJob("post", "PostSync", "HookSucceeded")};
        sync.cluster.put(configMap("old"));
        sync.request("sync: {prune: true, syncOptions: [CreateNamespace=true]}");
        return sync;
    };
    SimulatedSync whole = prepared();
    whole.run();
    ASSERT_EQ(whole.verdict(), "Succeeded: successfully synced (no more tasks)");
    ASSERT_GT(whole.writes, 10);
    for (int kill = 0; kill < whole.writes; ++kill) {
        SCOPED_TRACE("killed after write " + std::to_string(kill));
        SimulatedSync sync = prepared();
        int left = kill;
        while (sync.app().operation && left >= 0) {
            const int before = sync.writes;
            sync.look(left);
            left -= sync.writes - before;
            if (sync.writes == kill)
                break;
        }
        sync.run();
        EXPECT_EQ(sync.verdict(), whole.verdict());
        EXPECT_EQ(sync.cluster.names(), whole.cluster.names());
        EXPECT_EQ(sync.cluster.creations, whole.cluster.creations);
    }
}

/// The same, killed again and again: after each single write.
TEST(Sync, EndsTheSameWhenItIsKilledAfterEachFewWrites)
{
    for (int step = 2; step <= 4; ++step) {
        SCOPED_TRACE(step);
        SimulatedSync sync(application());
        sync.targets = {hookJob("pre", "PreSync"), configMap("c0"), hookJob("post", "PostSync")};
        sync.request("sync: {}");
        for (int i = 0; i < 60 && sync.app().operation; ++i)
            sync.look(step);
        EXPECT_EQ(sync.verdict(), "Succeeded: successfully synced (no more tasks)");
        EXPECT_EQ(sync.cluster.creations["Job/pre"], 1);
        EXPECT_EQ(sync.cluster.creations["Job/post"], 1);
    }
}
