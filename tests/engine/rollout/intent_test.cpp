// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/json_patch.h"
#include "object/yaml.h"
#include "rollout/intent/image.h"
#include "rollout/intent/intent.h"

#include <gtest/gtest.h>

using namespace tiphys;
using rollout::Intent;

namespace {

object::Object rolloutWith(const std::string &strategy, const std::string &status, const std::string &spec = "{}")
{
    const object::Value base = object::parseYaml("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
                                                 "metadata: {name: web, namespace: shop, uid: r}\n")
                                   .value();
    object::Value specValue = object::parseYaml(spec).value().with("strategy", object::parseYaml(strategy).value());
    return object::Object(base.with("spec", specValue).with("status", object::parseYaml(status).value()));
}

const std::string kSteps = "canary: {steps: [{setWeight: 20}, {pause: {}}, {setWeight: 60}]}";
const std::string kPaused = "{currentPodHash: new, stableRS: old, currentStepIndex: 1, controllerPause: true, "
                            "pauseConditions: [{reason: CanaryPauseStep, startTime: '2026-01-01T00:00:00Z'}]}";

/// The object after all patches of an intent.
object::Value after(Intent intent, const object::Object &rollout)
{
    const auto patches =
        rollout::patchesFor(intent, rollout, rollout::seenOf(rollout), *crd::timestampOf("2026-01-01T00:00:00Z"));
    EXPECT_TRUE(patches.has_value()) << (patches ? "" : patches.error().text());
    object::Value value = rollout.value();
    for (const rollout::IntentPatch &patch : *patches) {
        const auto patched = object::applyJsonPatch(value, patch.operations);
        EXPECT_TRUE(patched.has_value()) << (patched ? "" : patched.error().text());
        value = *patched;
    }
    return value;
}

std::string refusal(Intent intent, const object::Object &rollout)
{
    return rollout::refusalOf(intent, rollout).value_or("");
}

} // namespace

TEST(RolloutIntent, PromoteOnlyLetsThePauseGo)
{
    const object::Value done = after(Intent::Promote, rolloutWith(kSteps, kPaused));
    EXPECT_FALSE(done["status"].contains("pauseConditions"));
    EXPECT_EQ(done["status"]["currentStepIndex"].intOr(-1), 1);
    EXPECT_TRUE(done["status"]["controllerPause"].boolOr(false));
}

TEST(RolloutIntent, PromoteStartsARolloutThatAPersonPaused)
{
    const object::Value done =
        after(Intent::Promote, rolloutWith(kSteps, "{currentPodHash: new, currentStepIndex: 0}", "{paused: true}"));
    EXPECT_FALSE(done.path({"spec", "paused"}).boolOr(true));
    EXPECT_EQ(done["status"]["currentStepIndex"].intOr(-1), 0);
}

TEST(RolloutIntent, PromoteGoesOnAfterAnInconclusiveAnalysisOfAStep)
{
    const object::Value done =
        after(Intent::Promote, rolloutWith(kSteps, "{currentPodHash: new, currentStepIndex: 1, controllerPause: true, "
                                                   "canary: {currentStepAnalysisRunStatus: {name: a, status: "
                                                   "Inconclusive}}, pauseConditions: [{reason: "
                                                   "InconclusiveAnalysisRun, startTime: '2026-01-01T00:00:00Z'}]}"));
    EXPECT_EQ(done["status"]["currentStepIndex"].intOr(-1), 2);
    EXPECT_FALSE(done["status"]["controllerPause"].boolOr(true));
}

TEST(RolloutIntent, PromoteIsRefusedWhereNothingWaits)
{
    EXPECT_EQ(refusal(Intent::Promote, rolloutWith(kSteps, "{currentPodHash: new, currentStepIndex: 0}")),
              "it is not paused");
}

TEST(RolloutIntent, NothingIsSentWhenTheRolloutMovedOn)
{
    const object::Object now = rolloutWith(kSteps, kPaused);
    for (const rollout::Seen &seen :
         {rollout::Seen{"new", 0}, rollout::Seen{"other", 1}, rollout::Seen{"new", std::nullopt}}) {
        const auto patches = rollout::patchesFor(Intent::Promote, now, seen);
        ASSERT_FALSE(patches.has_value());
        EXPECT_EQ(patches.error().code(), ErrorCode::Conflict);
    }
}

TEST(RolloutIntent, ThePatchFailsOnTheServerIfItMovedOnMeanwhile)
{
    const object::Object seen = rolloutWith(kSteps, kPaused);
    const auto patches = rollout::patchesFor(Intent::SkipStep, seen, rollout::seenOf(seen)).value();
    const object::Value later = seen.value().withPath({"status", "currentStepIndex"}, 2);
    EXPECT_FALSE(object::applyJsonPatch(later, patches.front().operations).has_value());
}

TEST(RolloutIntent, SkippingStepsMovesTheIndexAndLetsThePauseGo)
{
    const object::Value one = after(Intent::SkipStep, rolloutWith(kSteps, kPaused));
    EXPECT_EQ(one["status"]["currentStepIndex"].intOr(-1), 2);
    EXPECT_FALSE(one["status"].contains("pauseConditions"));
    EXPECT_EQ(after(Intent::SkipAllSteps, rolloutWith(kSteps, kPaused))["status"]["currentStepIndex"].intOr(-1), 3);
    EXPECT_EQ(refusal(Intent::SkipStep, rolloutWith("blueGreen: {activeService: a}", kPaused)),
              "only a canary has steps");
    EXPECT_EQ(refusal(Intent::SkipStep, rolloutWith(kSteps, "{currentStepIndex: 3}")), "all its steps are done");
}

TEST(RolloutIntent, AbortAndRetryAreEachOthersOpposite)
{
    EXPECT_TRUE(after(Intent::Abort, rolloutWith(kSteps, kPaused))["status"]["abort"].boolOr(false));
    const object::Object aborted = rolloutWith(kSteps, "{currentPodHash: new, stableRS: old, abort: true}");
    EXPECT_EQ(refusal(Intent::Abort, aborted), "it is aborted already");
    EXPECT_FALSE(after(Intent::Retry, aborted)["status"]["abort"].boolOr(true));
    EXPECT_EQ(refusal(Intent::Retry, rolloutWith(kSteps, kPaused)), "it is not aborted");
    EXPECT_NE(refusal(Intent::Abort, rolloutWith(kSteps, "{currentPodHash: x, stableRS: x}")), "");
}

TEST(RolloutIntent, PromoteFullUnpausesToo)
{
    const object::Value done = after(Intent::PromoteFull, rolloutWith(kSteps, kPaused, "{paused: true}"));
    EXPECT_TRUE(done["status"]["promoteFull"].boolOr(false));
    EXPECT_FALSE(done.path({"spec", "paused"}).boolOr(true));
}

TEST(RolloutIntent, RestartNamesItsMoment)
{
    EXPECT_EQ(after(Intent::Restart, rolloutWith(kSteps, "{}")).path({"spec", "restartAt"}).stringOr(),
              "2026-01-01T00:00:00Z");
}

namespace {

object::Object replicaSet(const std::string &name, int revision, const std::string &image)
{
    return object::Object(
        object::parseYaml("metadata: {name: " + name + ", annotations: {rollout.argoproj.io/revision: '"
                          + std::to_string(revision)
                          + "'}, ownerReferences: [{uid: r}]}\n"
                            "spec: {template: {metadata: {labels: {app: web, rollouts-pod-template-hash: "
                          + name + "}}, spec: {containers: [{name: c, image: " + image + "}]}}}")
            .value());
}

} // namespace

TEST(RolloutUndo, GoesBackToTheRevisionBeforeOrToANamedOne)
{
    const object::Object web = rolloutWith(kSteps, "{}");
    const std::vector sets{replicaSet("a", 1, "v1"), replicaSet("c", 3, "v3"), replicaSet("b", 2, "v2")};
    EXPECT_EQ(rollout::undoTarget(web, sets, 0).value().name(), "b");
    EXPECT_EQ(rollout::undoTarget(web, sets, 1).value().name(), "a");
    EXPECT_EQ(rollout::undoTarget(web, sets, 7).error().message(), "unable to find specified revision 7 in history");
    EXPECT_EQ(rollout::undoTarget(web, sets, -1).error().message(), "no revision found for rollout \"web\"");
    EXPECT_EQ(rollout::undoTarget(web, {sets[0]}, 0).error().message(), "no revision found for rollout \"web\"");
}

TEST(RolloutUndo, PutsTheTemplateBackWithoutItsHash)
{
    const object::Object set = replicaSet("a", 1, "v1");
    const object::Value same =
        set.path({"spec", "template"}).withoutPath({"metadata", "labels", "rollouts-pod-template-hash"});
    EXPECT_FALSE(rollout::undoPatch(same, set).has_value());
    const auto patch = rollout::undoPatch(object::Value::map({}), set);
    ASSERT_TRUE(patch.has_value());
    EXPECT_EQ(patch->operations.at(0)["value"], same);
}

TEST(RolloutUndo, LeavesATemplateThatLacksNothingButDefaults)
{
    const auto current = [](const std::string &container) {
        return object::parseYaml("metadata: {labels: {app: web}}\nspec: {containers: [{" + container + "}]}\n").value();
    };
    const object::Object set(
        object::parseYaml(
            "metadata: {name: a}\n"
            "spec: {template: {metadata: {creationTimestamp: null, labels: {app: web, rollouts-pod-template-hash: a}}, "
            "spec: {"
            "containers: [{name: c, image: 'x:1', imagePullPolicy: IfNotPresent, resources: {}, "
            "terminationMessagePath: "
            "/dev/termination-log, terminationMessagePolicy: File}], dnsPolicy: ClusterFirst, restartPolicy: Always, "
            "schedulerName: default-scheduler, securityContext: {}, terminationGracePeriodSeconds: 30}}}\n")
            .value());
    EXPECT_FALSE(rollout::undoPatch(current("name: c, image: 'x:1'"), set).has_value());
    EXPECT_TRUE(rollout::undoPatch(current("name: c, image: 'x:2'"), set).has_value());
    EXPECT_TRUE(rollout::undoPatch(current("name: c, image: 'x:1', imagePullPolicy: Always"), set).has_value());
    EXPECT_TRUE(rollout::undoPatch(current("name: c, image: 'x:1', command: [sh]"), set).has_value());
}

TEST(RolloutImage, ChangesNamedContainersOrAll)
{
    const object::Object web = rolloutWith(kSteps, "{}",
                                           "{template: {spec: {initContainers: [{name: i, image: x}], containers: "
                                           "[{name: c, image: v1}, {name: side, image: s}]}}}");
    const auto one = object::applyJsonPatch(web.value(), rollout::imagePatch(web, {{"c", "v2"}}).value()).value();
    EXPECT_EQ(object::toJson(one.path({"spec", "template", "spec", "containers"})),
              R"([{"image":"v2","name":"c"},{"image":"s","name":"side"}])");
    const auto all = object::applyJsonPatch(web.value(), rollout::imagePatch(web, {{"*", "v3"}}).value()).value();
    EXPECT_EQ(all.path({"spec", "template", "spec", "initContainers"}).at(0)["image"].stringOr(), "v3");
    EXPECT_EQ(rollout::imagePatch(web, {{"nobody", "v"}}).error().message(),
              "unable to find container named \"nobody\"");
}

TEST(RolloutImage, IsChangedInAPodTemplateToo)
{
    const object::Object pods(object::parseYaml("apiVersion: v1\nkind: PodTemplate\nmetadata: {name: web}\n"
                                                "template: {spec: {containers: [{name: c, image: v1}]}}\n")
                                  .value());
    const auto patch = rollout::imagePatch(pods, {{"c", "v2"}});
    ASSERT_TRUE(patch.has_value()) << patch.error().text();
    const auto done = object::applyJsonPatch(pods.value(), *patch).value();
    EXPECT_EQ(done.path({"template", "spec", "containers"}).at(0)["image"].stringOr(), "v2");
    EXPECT_TRUE(done["spec"].isNull());
}

TEST(RolloutImage, IsNotPutOverOneThatNobodySaw)
{
    const auto withImage = [](const std::string &image) {
        return rolloutWith(kSteps, "{}", "{template: {spec: {containers: [{name: c, image: " + image + "}]}}}");
    };
    const object::Value patch = rollout::imagePatch(withImage("v1"), {{"c", "v2"}}).value();
    EXPECT_TRUE(object::applyJsonPatch(withImage("v1").value(), patch).has_value());
    EXPECT_FALSE(object::applyJsonPatch(withImage("v9").value(), patch).has_value());
}

TEST(RolloutImage, OfTwoForOneContainerTheLastCounts)
{
    const object::Object web =
        rolloutWith(kSteps, "{}", "{template: {spec: {containers: [{name: c, image: v1}, {name: d, image: v1}]}}}");
    const auto done =
        object::applyJsonPatch(web.value(), rollout::imagePatch(web, {{"*", "v2"}, {"c", "v3"}}).value()).value();
    EXPECT_EQ(object::toJson(done.path({"spec", "template", "spec", "containers"})),
              R"([{"image":"v3","name":"c"},{"image":"v2","name":"d"}])");
}
