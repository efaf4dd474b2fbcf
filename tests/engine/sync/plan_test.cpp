// SPDX-License-Identifier: GPL-3.0-or-later
#include "build.h"
#include "sync/deletion.h"
#include "sync/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace tiphys;
using namespace tiphys::sync;
using namespace tiphys::sync::test;
using testing::ElementsAre;

namespace {

PassInput inputOf(std::string_view operation)
{
    PassInput input;
    input.operation = *crd::operationOf(yaml(operation));
    input.destinationNamespace = "shop";
    input.startedAt = "2026-01-01T00:00:00Z";
    input.world.kind = [](const object::Gvk &) { return Expected<ServedKind>(ServedKind{}); };
    input.world.violation = [](const object::ObjectKey &key, ServedKind) -> std::optional<std::string> {
        if (key.kind == "Secret")
            return "resource :Secret is not permitted in project team";
        return std::nullopt;
    };
    return input;
}

std::vector<std::string> lines(const Plan &plan)
{
    std::vector<std::string> lines;
    for (const PlannedTask &task : plan.tasks)
        lines.push_back(std::string(text(task.act)) + ' ' + task.key.name
                        + (task.reason.empty() ? "" : ": " + task.reason));
    return lines;
}

crd::Application deleted(std::string_view finalizers, std::string_view rest = {})
{
    const object::Value app = application("", rest).object.value();
    return *crd::applicationOf(object::Object(app.withPath({"metadata", "deletionTimestamp"}, "2026-01-01T00:00:00Z")
                                                  .withPath({"metadata", "finalizers"}, yaml(finalizers))));
}

DeletionInput deletion(const crd::Application &app, std::vector<object::Object> live,
                       std::optional<crd::HealthStatus> health = {})
{
    return {.app = app,
            .isDestinationKnown = true,
            .live = std::move(live),
            .targets = {},
            .targetsError = {},
            .taken = {},
            .health = [health](const object::Object &) { return Expected<std::optional<crd::HealthStatus>>(health); }};
}

std::vector<std::string> deletions(const DeletionStep &step)
{
    std::vector<std::string> names;
    for (const Write &write : step.writes)
        names.push_back(std::string(text(write.act)) + ' ' + write.name);
    return names;
}

} // namespace

TEST(Plan, SaysWhatASyncWouldDoAndWhy)
{
    PassInput input = inputOf("sync: {prune: true}");
    input.compared.hooks = {hookJob("pre", "PreSync"), hookJob("sorry", "SyncFail")};
    input.compared.pairs = {{.target = configMap("new"), .live = {}},
                            {.target = configMap("changed"), .live = configMap("changed")},
                            {.target = configMap("same"), .live = configMap("same"), .isModified = false},
                            {.target = configMap("left", "argocd.argoproj.io/hook: Skip"), .live = {}},
                            {.target = {}, .live = configMap("old")},
                            {.target = {}, .live = configMap("kept", options("Prune=false"))},
                            {.target = {}, .live = configMap("copy"), .isModified = true, .isSelfReferenced = false}};
    EXPECT_THAT(lines(planOf(input)), ElementsAre("hook pre", "change changed", "keep kept: Prune=false", "create new",
                                                  "prune old", "nothing same", "hook sorry: only if the sync fails",
                                                  "skip left: argocd.argoproj.io/hook: Skip",
                                                  "skip copy: its tracking id names another object"));
}

TEST(Plan, NamesWhatAPartialSyncLeavesOut)
{
    PassInput input = inputOf("sync: {resources: [{kind: ConfigMap, name: a}]}");
    input.compared.hooks = {hookJob("pre", "PreSync")};
    input.compared.pairs = {{.target = configMap("a"), .live = {}}, {.target = configMap("b"), .live = {}}};
    EXPECT_THAT(lines(planOf(input)),
                ElementsAre("create a", "skip b: not selected", "skip pre: hooks do not run in a partial sync"));
}

TEST(Plan, NamesWhatKeepsASyncFromBeginning)
{
    PassInput input = inputOf("sync: {}");
    input.compared.pairs = {{.target = thing("v1", "Secret", "s"), .live = {}}};
    const Plan plan = planOf(input);
    EXPECT_EQ(plan.refusal, "resource :Secret is not permitted in project team");
    EXPECT_TRUE(plan.tasks[0].isInvalid);
}

TEST(Plan, ShowsWhichPruningMustBeConfirmed)
{
    PassInput input = inputOf("sync: {prune: true}");
    input.compared.pairs = {{.target = {}, .live = configMap("precious", options("Prune=confirm"))}};
    EXPECT_TRUE(planOf(input).tasks[0].needsConfirmation);
    input.isPruneApproved = true;
    EXPECT_FALSE(planOf(input).tasks[0].needsConfirmation);
}

TEST(Deletion, GoesFromTheHighestWaveDown)
{
    const crd::Application app = deleted("[resources-finalizer.argocd.argoproj.io/background]");
    const DeletionStep step =
        deletionStep(deletion(app, {configMap("low"), configMap("high", wave(2)), configMap("crown", wave(2))}));
    EXPECT_THAT(deletions(step), ElementsAre("prune high", "prune crown"));
    EXPECT_EQ(step.writes[0].propagation, Propagation::Background);
    EXPECT_FALSE(step.patch);
}

TEST(Deletion, WaitsWhileAnythingIsLeaving)
{
    const crd::Application app = deleted("[resources-finalizer.argocd.argoproj.io]");
    const object::Object leaving(
        configMap("going").value().withPath({"metadata", "deletionTimestamp"}, "2026-01-01T00:00:00Z"));
    const DeletionStep step = deletionStep(deletion(app, {configMap("low"), leaving}));
    EXPECT_THAT(deletions(step), ElementsAre());
    EXPECT_EQ(step.waitsFor, "deletion of 2 objects");
}

TEST(Deletion, LeavesWhatMustStayAndThenGoes)
{
    const crd::Application app = deleted("[resources-finalizer.argocd.argoproj.io, other]");
    const DeletionStep step = deletionStep(
        deletion(app, {configMap("a", options("Delete=false")), configMap("b", "helm.sh/resource-policy: keep")}));
    EXPECT_THAT(deletions(step), ElementsAre());
    EXPECT_EQ(step.patch, yaml("{metadata: {finalizers: [other]}}"));
}

TEST(Deletion, DeletesNothingWithoutTheConfirmationItNeeds)
{
    const crd::Application app = deleted("[resources-finalizer.argocd.argoproj.io]",
                                         "status: {resources: [{kind: ConfigMap, namespace: shop, name: c, version: "
                                         "v1, requiresDeletionConfirmation: true}]}\n");
    const DeletionStep step = deletionStep(deletion(app, {configMap("c"), configMap("d")}));
    EXPECT_THAT(deletions(step), ElementsAre());
    EXPECT_EQ(step.waitsFor, "confirmation that ConfigMap c in namespace shop may be deleted");
    ASSERT_TRUE(unconfirmedDeletion(app));
    EXPECT_EQ(unconfirmedDeletion(app)->name, "c");
    EXPECT_FALSE(unconfirmedDeletion(
        deleted("[other]", "status: {resources: [{kind: ConfigMap, name: c, requiresDeletionConfirmation: true}]}\n")));
}

TEST(Confirmation, IsAwaitedUntilItIsGiven)
{
    const std::string running = "operation: {sync: {}}\nstatus: {operationState: {phase: Running, startedAt: "
                                "\"2026-03-01T12:00:00Z\", operation: {sync: {}}, message: ";
    const crd::Application waits = application({}, running + "waiting for pruning confirmation of /ConfigMap/c}}\n");
    EXPECT_EQ(awaitedConfirmation(waits), "the sync waits for a confirmation that /ConfigMap/c may be pruned");
    EXPECT_EQ(awaitedConfirmation(application({}, running + "one or more tasks are running}}\n")), "");
    EXPECT_EQ(awaitedConfirmation(application()), "");
    const object::Value approval = yaml("{argocd.argoproj.io/deletion-approved: \"2026-03-01T12:00:00Z\"}");
    const auto approved =
        crd::applicationOf(object::Object(waits.object.value().withPath({"metadata", "annotations"}, approval)));
    ASSERT_TRUE(approved);
    EXPECT_EQ(awaitedConfirmation(*approved), "");
    const crd::Application leaving = deleted("[resources-finalizer.argocd.argoproj.io]",
                                             "status: {resources: [{kind: ConfigMap, namespace: shop, name: c, "
                                             "version: v1, requiresDeletionConfirmation: true}]}\n");
    EXPECT_EQ(awaitedConfirmation(leaving),
              "the deletion waits for a confirmation that ConfigMap c in namespace shop may be deleted");
}

TEST(Deletion, RunsItsHooksAroundTheResources)
{
    const crd::Application app =
        deleted("[pre-delete-finalizer.argocd.argoproj.io, resources-finalizer.argocd.argoproj.io]");
    const object::Object hook = hookJob("bye", "PreDelete");
    DeletionInput input = deletion(app, {configMap("c")});
    input.targets = {hook, configMap("c")};
    EXPECT_THAT(deletions(deletionStep(input)), ElementsAre("apply bye"));
    const auto health = [](crd::HealthCode code) {
        return crd::HealthStatus{.status = code, .message = {}, .lastTransitionTime = {}};
    };
    input = deletion(app, {configMap("c"), hook}, health(crd::HealthCode::Progressing));
    EXPECT_EQ(deletionStep(input).waitsFor, "PreDelete hooks");
    input = deletion(app, {configMap("c"), hook}, health(crd::HealthCode::Degraded));
    EXPECT_EQ(deletionStep(input).error, "error executing pre-delete hooks: PreDelete hook(s) failed: shop/bye");
    EXPECT_THAT(deletions(deletionStep(input)), ElementsAre("delete hook bye"));
    EXPECT_EQ(deletionStep(input).writes[0].propagation, Propagation::Foreground);
    input = deletion(app, {configMap("c"), hook}, health(crd::HealthCode::Healthy));
    EXPECT_EQ(deletionStep(input).patch, yaml("{metadata: {finalizers: [resources-finalizer.argocd.argoproj.io]}}"));
}

TEST(Deletion, MakesNoHookThatIsThere)
{
    const crd::Application app = deleted("[pre-delete-finalizer.argocd.argoproj.io]");
    // A hook of a kind without namespaces, which the target does not know.
    const object::Object role(
        yaml("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: bye, "
             "annotations: {argocd.argoproj.io/hook: PreDelete}}}"));
    DeletionInput input = deletion(app, {role});
    input.targets = {role};
    EXPECT_THAT(deletions(deletionStep(input)), ElementsAre());
    EXPECT_EQ(deletionStep(input).patch, yaml("{metadata: {finalizers: []}}"));
    // Somebody else's object of that name.
    input = deletion(app, {});
    input.targets = {hookJob("bye", "PreDelete")};
    input.taken = {hookJob("bye", "PreDelete").key()};
    EXPECT_THAT(deletions(deletionStep(input)), ElementsAre());
    EXPECT_EQ(deletionStep(input).patch, yaml("{metadata: {finalizers: []}}"));
}

TEST(Deletion, HooksThatAreNotKnownAreNotPassedOver)
{
    const std::string problem = "failed to generate manifest for source 1 of 1: no such branch";
    DeletionInput input = deletion(
        deleted("[pre-delete-finalizer.argocd.argoproj.io, resources-finalizer.argocd.argoproj.io]"), {configMap("c")});
    input.targetsError = problem;
    EXPECT_EQ(deletionStep(input).error, "error executing pre-delete hooks: " + problem);
    EXPECT_TRUE(deletions(deletionStep(input)).empty());
    EXPECT_FALSE(deletionStep(input).patch);
    input.app = deleted("[post-delete-finalizer.argocd.argoproj.io]");
    EXPECT_EQ(deletionStep(input).error, problem);
    // Objects are removed whether or not it is known what Git has.
    input.app = deleted("[resources-finalizer.argocd.argoproj.io, post-delete-finalizer.argocd.argoproj.io]");
    EXPECT_EQ(deletions(deletionStep(input)), std::vector<std::string>{"prune c"});
}

TEST(Deletion, LetsGoWhenTheClusterIsUnknown)
{
    const crd::Application app =
        deleted("[resources-finalizer.argocd.argoproj.io, post-delete-finalizer.argocd.argoproj.io/cleanup]");
    DeletionInput input = deletion(app, {});
    input.isDestinationKnown = false;
    EXPECT_EQ(deletionStep(input).patch, yaml("{metadata: {finalizers: []}}"));
}

TEST(Deletion, HasNothingToDoForOtherFinalizers)
{
    EXPECT_TRUE(deletionStep(deletion(deleted("[other]"), {})).isComplete);
    EXPECT_EQ(hookFinalizerPatch(application(), {hookJob("bye", "PostDelete")}),
              yaml("{metadata: {finalizers: [post-delete-finalizer.argocd.argoproj.io, "
                   "post-delete-finalizer.argocd.argoproj.io/cleanup]}}"));
}
