// SPDX-License-Identifier: GPL-3.0-or-later
#include "build.h"
#include "sync/hook.h"
#include "sync/task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace tiphys;
using namespace tiphys::sync;
using namespace tiphys::sync::test;
using testing::ElementsAre;

namespace {

std::vector<std::string> order(const std::vector<Task> &tasks)
{
    std::vector<std::string> lines;
    for (const Task &task : tasks)
        lines.push_back(std::string(text(task.phase)) + '/' + std::to_string(task.wave) + ' '
                        + std::string(task.object().kind()) + '/' + std::string(task.object().name()));
    return lines;
}

Task target(const object::Object &object, Phase phase = Phase::Sync)
{
    return taskOf(phase, object, {});
}
Task pruned(const object::Object &object)
{
    return taskOf(Phase::Sync, {}, object);
}

struct PhaseCase
{
    std::string name;
    std::string annotations;
    std::vector<Phase> phases;
};
class PhasesOf : public testing::TestWithParam<PhaseCase>
{
};

struct PolicyCase
{
    std::string name;
    std::string annotations;
    std::vector<DeletePolicy> policies;
};
class DeletePolicies : public testing::TestWithParam<PolicyCase>
{
};

} // namespace

TEST(TaskOrder, IsPhaseWaveKindAndName)
{
    std::vector<Task> tasks{target(thing("apps/v1", "Deployment", "web")),
                            target(thing("v1", "Service", "b")),
                            target(thing("v1", "Service", "a")),
                            target(thing("example.com/v1", "Widget", "w")),
                            target(configMap("late", wave(3))),
                            target(configMap("early", wave(-1))),
                            target(hookJob("before", "PreSync"), Phase::PreSync),
                            target(hookJob("after", "PostSync"), Phase::PostSync)};
    sortTasks(tasks);
    EXPECT_THAT(order(tasks), ElementsAre("PreSync/0 Job/before", "Sync/-1 ConfigMap/early", "Sync/0 Service/a",
                                          "Sync/0 Service/b", "Sync/0 Deployment/web", "Sync/0 Widget/w",
                                          "Sync/3 ConfigMap/late", "PostSync/0 Job/after"));
}

TEST(TaskOrder, MovesANamespaceBeforeTheFirstObjectInIt)
{
    std::vector<Task> tasks{
        target(object::Object(
            yaml("{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {" + wave(5) + "}}}"))),
        target(configMap("c")), target(hookJob("before", "PreSync"), Phase::PreSync)};
    sortTasks(tasks);
    EXPECT_THAT(order(tasks), ElementsAre("PreSync/0 Namespace/shop", "PreSync/0 Job/before", "Sync/0 ConfigMap/c"));
}

TEST(TaskOrder, MovesACrdBeforeItsObjects)
{
    std::vector<Task> tasks{
        target(thing("example.com/v1", "Widget", "w", wave(-2))),
        target(object::Object(
            yaml("{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: "
                 "widgets}, spec: {group: example.com, names: {kind: Widget}}}")))};
    sortTasks(tasks);
    EXPECT_THAT(order(tasks), ElementsAre("Sync/-2 CustomResourceDefinition/widgets", "Sync/-2 Widget/w"));
}

TEST(PruneWaves, AreMirrored)
{
    std::vector<Task> tasks{pruned(configMap("a", wave(-1))), pruned(configMap("b", wave(2))),
                            pruned(configMap("c", wave(7))), pruned(configMap("d", wave(7))),
                            target(configMap("t", wave(1)))};
    reversePruneWaves(tasks);
    EXPECT_THAT(order(tasks), ElementsAre("Sync/7 ConfigMap/a", "Sync/2 ConfigMap/b", "Sync/-1 ConfigMap/c",
                                          "Sync/-1 ConfigMap/d", "Sync/1 ConfigMap/t"));
}

TEST(PruneWaves, PutPruneLastBehindTheLastWave)
{
    std::vector<Task> tasks{target(configMap("t", wave(4))), pruned(configMap("last", options("PruneLast=true"))),
                            pruned(configMap("other")), target(hookJob("h", "PostSync"), Phase::PostSync)};
    movePruneLast(tasks, PruneLast::AsAnnotated);
    EXPECT_EQ(tasks[1].wave, 5);
    EXPECT_EQ(tasks[2].wave, 0);
    movePruneLast(tasks, PruneLast::All);
    EXPECT_EQ(tasks[2].wave, 6);
}

TEST_P(PhasesOf, FollowTheAnnotations)
{
    EXPECT_EQ(phasesOf(configMap("c", GetParam().annotations)), GetParam().phases);
}
INSTANTIATE_TEST_SUITE_P(
    Sync, PhasesOf,
    testing::Values(
        PhaseCase{"Resource", "", {Phase::Sync}},
        PhaseCase{"TwoTypes", "argocd.argoproj.io/hook: \"PostSync, PreSync\"", {Phase::PreSync, Phase::PostSync}},
        PhaseCase{"Skip", "argocd.argoproj.io/hook: Skip", {}},
        PhaseCase{"SkipWithOthers", "argocd.argoproj.io/hook: \"Skip,SyncFail\"", {Phase::SyncFail}},
        PhaseCase{"UnknownWord", "argocd.argoproj.io/hook: presync", {}},
        PhaseCase{"HelmBoth", "helm.sh/hook: \"pre-install,pre-upgrade\"", {Phase::PreSync}},
        PhaseCase{"HelmCrd", "helm.sh/hook: crd-install", {Phase::Sync}},
        PhaseCase{"HelmTest", "helm.sh/hook: test", {}},
        PhaseCase{"ArgoWins", "argocd.argoproj.io/hook: Sync, helm.sh/hook: pre-install", {Phase::Sync}}),
    [](const auto &row) { return row.param.name; });

TEST_P(DeletePolicies, AreThoseOfBothAnnotations)
{
    EXPECT_EQ(deletePoliciesOf(configMap("c", GetParam().annotations)), GetParam().policies);
}
INSTANTIATE_TEST_SUITE_P(
    Sync, DeletePolicies,
    testing::Values(
        PolicyCase{"Default", "", {DeletePolicy::BeforeHookCreation}},
        PolicyCase{"Unknown", "argocd.argoproj.io/hook-delete-policy: never", {DeletePolicy::BeforeHookCreation}},
        PolicyCase{"Argo",
                   "argocd.argoproj.io/hook-delete-policy: \"HookFailed,HookSucceeded\"",
                   {DeletePolicy::HookFailed, DeletePolicy::HookSucceeded}},
        PolicyCase{"Both",
                   "argocd.argoproj.io/hook-delete-policy: HookFailed, helm.sh/hook-delete-policy: hook-succeeded",
                   {DeletePolicy::HookFailed, DeletePolicy::HookSucceeded}}),
    [](const auto &row) { return row.param.name; });

TEST(HookName, IsTheSameForTheWholeOperation)
{
    const object::Object hook(yaml("{apiVersion: batch/v1, kind: Job, metadata: {generateName: migrate-}}"));
    const HookNaming naming{.revision = "0123456789", .startedAt = {.seconds = 1700000000}};
    EXPECT_EQ(hookTargetOf(hook, Phase::PreSync, naming).name(), "migrate-0123456-presync-1700000000");
    EXPECT_EQ(hookTargetOf(hook, Phase::PreSync, {.revision = "short", .startedAt = {}}).name(),
              "migrate-short-presync-0");
    EXPECT_EQ(hookTargetOf(hook, Phase::PostSync, {.revision = "", .startedAt = {}}).name(), "migrate--postsync-0");
    EXPECT_TRUE(hookTargetOf(hook, Phase::PreSync, naming).hasFinalizer("argocd.argoproj.io/hook-finalizer"));
    EXPECT_EQ(withoutHookFinalizer(hookTargetOf(hook, Phase::PreSync, naming)).finalizers().size(), 0U);
}
