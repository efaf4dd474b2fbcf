// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_detail.h"
#include "control/rollout_rows.h"
#include "control/step_times.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::control {

using object::Object;
using object::Value;
using service::RolloutAct;
using service::RolloutPhase;
using service::RolloutWait;

namespace {

constexpr const char *kCanary = R"(
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop, generation: 3, annotations: {rollout.argoproj.io/revision: "2"}}
spec:
  replicas: 5
  strategy:
    canary:
      canaryService: web-canary
      stableService: web-stable
      trafficRouting: {nginx: {stableIngress: web}}
      steps: [{setWeight: 20}, {pause: {}}, {setWeight: 40}, {pause: {duration: 1m}}, {analysis: {templates: [{templateName: error-rate}]}}]
  template: {spec: {containers: [{name: web, image: "web:1.1"}]}}
status:
  observedGeneration: "3"
  phase: Paused
  message: CanaryPauseStep
  controllerPause: true
  currentPodHash: new
  stableRS: old
  currentStepIndex: 1
  pauseConditions: [{reason: CanaryPauseStep, startTime: "2026-01-01T00:00:00Z"}]
  canary: {weights: {canary: {weight: 20}, stable: {weight: 80}}}
)";

Object rolloutObject()
{
    return test::objectOf(kCanary);
}

Object with(const Object &object, const std::vector<std::string_view> &path, const Value &value)
{
    return Object(object.value().withPath(path, value));
}

const service::RolloutRights kAll{{true, {}}, {true, {}}};

} // namespace

TEST(RolloutRows, TellWhereACanaryStands)
{
    const service::RolloutRow row = rolloutRowOf(rolloutObject(), "prod");
    EXPECT_EQ(row.id, (service::RolloutId{"prod", "shop", "web"}));
    EXPECT_EQ(row.phase, RolloutPhase::Paused);
    EXPECT_EQ(row.wait, RolloutWait::Promotion);
    EXPECT_EQ(row.weight, 20);
    EXPECT_EQ(row.stepIndex, 1);
    EXPECT_TRUE(row.isUpdating);
    ASSERT_EQ(row.steps.size(), 5U);
    EXPECT_TRUE(row.steps[1].waitsForPerson());
    EXPECT_EQ(row.steps[3].seconds, 60);
    EXPECT_EQ(row.steps[4].detail, "error-rate");
}

TEST(RolloutRows, ATimedPauseIsNoWaitForAPerson)
{
    const service::RolloutRow row = rolloutRowOf(with(rolloutObject(), {"status", "currentStepIndex"}, 3), "prod");
    EXPECT_EQ(row.wait, RolloutWait::Timer);
    EXPECT_EQ(row.waitEnds - row.waitSince, 60'000);
}

TEST(RolloutRows, AnActNeedsTheRightOfTheFieldItWrites)
{
    const service::RolloutRights onlySpec{{false, "you may not patch rollouts/status"}, {true, {}}};
    EXPECT_FALSE(actPermission(RolloutAct::Promote, rolloutObject(), onlySpec).isAllowed);
    EXPECT_FALSE(actPermission(RolloutAct::Abort, rolloutObject(), onlySpec).isAllowed);
    EXPECT_TRUE(actPermission(RolloutAct::Pause, rolloutObject(), onlySpec).isAllowed);
    EXPECT_TRUE(actPermission(RolloutAct::Promote, rolloutObject(), kAll).isAllowed);
    EXPECT_EQ(actPermission(RolloutAct::Retry, rolloutObject(), kAll).reason, "it is not aborted");
}

AskedAct askedAct(RolloutAct act)
{
    AskedAct asked;
    asked.request.act = act;
    asked.request.seen = {"new", 1};
    return asked;
}

TEST(RolloutRows, TellWhatBecameOfALostAct)
{
    const auto isDone = [](RolloutAct act, const object::Object &rollout) {
        return hasTakenEffect(askedAct(act), rollout, Value());
    };
    EXPECT_FALSE(isDone(RolloutAct::Promote, rolloutObject()));
    EXPECT_TRUE(isDone(RolloutAct::Promote, with(rolloutObject(), {"status", "currentStepIndex"}, 2)));
    EXPECT_TRUE(isDone(RolloutAct::Promote, with(rolloutObject(), {"status", "pauseConditions"}, Value())));
    // Another version since: that promote did not count for it.
    EXPECT_FALSE(isDone(RolloutAct::Promote, with(rolloutObject(), {"status", "currentPodHash"}, "newer")));
    EXPECT_TRUE(isDone(RolloutAct::Abort, with(rolloutObject(), {"status", "abort"}, true)));
}

TEST(RolloutRows, ALostRestartIsDoneWhereItsTimeStands)
{
    AskedAct asked = askedAct(RolloutAct::Restart);
    asked.restartAt = crd::timestampOf("2024-01-01T10:00:00Z").value();
    const auto isDone = [&asked](const char *restartAt) {
        return hasTakenEffect(asked, with(rolloutObject(), {"spec", "restartAt"}, restartAt), Value());
    };
    EXPECT_FALSE(hasTakenEffect(asked, rolloutObject(), Value()));
    // A restart of some time before.
    EXPECT_FALSE(isDone("2024-01-01T09:59:59Z"));
    EXPECT_TRUE(isDone("2024-01-01T10:00:00Z"));
}

Value templateWith(const char *image)
{
    return Value::map(
        {{"metadata", Value::map({{"labels", Value::map({{"app", "web"}})}})},
         {"spec", Value::map({{"containers", Value::list({Value::map({{"name", "c"}, {"image", image}})})}})}});
}

TEST(RolloutRows, LostImagesAndUndosAreJudgedByThePodTemplate)
{
    // The controller may not have looked yet, or something else may have changed: only the template counts.
    const object::Object newer = with(rolloutObject(), {"status", "currentPodHash"}, "newer");
    AskedAct images = askedAct(RolloutAct::SetImage);
    images.request.images = {{"c", "v2"}};
    EXPECT_TRUE(hasTakenEffect(images, rolloutObject(), templateWith("v2")));
    EXPECT_FALSE(hasTakenEffect(images, newer, templateWith("v1")));
    images.request.images = {{"*", "v3"}, {"c", "v2"}};
    EXPECT_TRUE(hasTakenEffect(images, rolloutObject(), templateWith("v2")));
    EXPECT_FALSE(hasTakenEffect(images, rolloutObject(), Value()));

    AskedAct undo = askedAct(RolloutAct::Undo);
    undo.undoTarget = object::Object(Value::map({{"spec", Value::map({{"template", templateWith("v1")}})}}));
    EXPECT_TRUE(hasTakenEffect(undo, rolloutObject(), templateWith("v1")));
    EXPECT_FALSE(hasTakenEffect(undo, newer, templateWith("v2")));
}

TEST(RolloutDetail, ShowsServicesRoutersAndConditions)
{
    const Object service = test::objectOf("{apiVersion: v1, kind: Service, metadata: {name: web-stable, namespace: "
                                          "shop}, spec: {selector: {rollouts-pod-template-hash: old}}}");
    const Object ingress = test::objectOf(
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop, annotations: "
        "{nginx.ingress.kubernetes.io/canary-weight: \"20\"}}, spec: {}}");
    const service::RolloutDetail detail = rolloutDetailOf(
        {.rollout = rolloutObject(), .replicaSets = {}, .pods = {}, .experiments = {}, .analysisRuns = {}},
        {.services = {service}, .routers = {ingress}});
    ASSERT_EQ(detail.services.size(), 2U);
    EXPECT_EQ(detail.services[0].hash, "old");
    EXPECT_TRUE(detail.services[1].isMissing);
    ASSERT_EQ(detail.routers.size(), 1U);
    EXPECT_EQ(detail.routers[0].facts, std::vector<std::string>{"nginx.ingress.kubernetes.io/canary-weight: 20"});
}

TEST(RolloutDetail, TellsWhichOfPingAndPongIsStable)
{
    using Role = service::RolloutService::Role;
    const Value pair = Value::map({{"pingService", "ping"}, {"pongService", "pong"}});
    for (const auto &[stable, wanted] :
         {std::pair("ping", Role::Stable), std::pair("pong", Role::Canary), std::pair("", Role::Canary)}) {
        Object rollout = with(rolloutObject(), {"spec", "strategy", "canary"}, Value::map({{"pingPong", pair}}));
        rollout = with(rollout, {"status", "canary", "stablePingPong"}, stable);
        const service::RolloutDetail detail = rolloutDetailOf(
            {.rollout = rollout, .replicaSets = {}, .pods = {}, .experiments = {}, .analysisRuns = {}}, {});
        ASSERT_EQ(detail.services.size(), 2U);
        EXPECT_EQ(detail.services[0].name, "ping");
        EXPECT_EQ(detail.services[0].role, wanted) << stable;
    }
}

TEST(RolloutDetail, TellsWhetherAwsHasTakenTheWeights)
{
    const auto check = [](const Object &rollout) {
        return rolloutDetailOf(
                   {.rollout = rollout, .replicaSets = {}, .pods = {}, .experiments = {}, .analysisRuns = {}}, {})
            .weightCheck;
    };
    const Object alb = with(rolloutObject(), {"spec", "strategy", "canary", "trafficRouting"},
                            Value::map({{"alb", Value::map({{"ingress", "web"}})}}));
    EXPECT_EQ(check(rolloutObject()), service::WeightCheck::NotNeeded);
    EXPECT_EQ(check(alb), service::WeightCheck::NotVerified);
    EXPECT_EQ(check(with(alb, {"status", "canary", "weights", "verified"}, false)), service::WeightCheck::NotTaken);
    EXPECT_EQ(check(with(alb, {"status", "canary", "weights", "verified"}, true)), service::WeightCheck::Taken);
}

TEST(RolloutDetail, VersionsOfAnExperimentHaveTheirServiceAndTheirShare)
{
    Object rollout = with(rolloutObject(), {"metadata", "uid"}, "r-1");
    rollout = with(
        rollout, {"status", "canary", "weights"},
        object::parseYaml("{canary: {weight: 20, podTemplateHash: new}, stable: {weight: 70, podTemplateHash: old}, "
                          "additional: [{weight: 10, podTemplateHash: b1, serviceName: web-baseline}]}")
            .value());
    const Object experiment = test::objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Experiment, metadata: {name: "
                                             "web-2-1, namespace: shop, uid: e-1, ownerReferences: "
                                             "[{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web, uid: r-1, "
                                             "controller: true}]}, status: {phase: Running, "
                                             "templateStatuses: [{name: baseline, podTemplateHash: b1, serviceName: "
                                             "web-baseline}, {name: silent, podTemplateHash: s1}]}}");
    const auto setOf = [](const std::string &name, const std::string &hash) {
        return test::objectOf("{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-2-1-" + name
                              + ", namespace: shop, uid: s-" + name + ", labels: {rollouts-pod-template-hash: " + hash
                              + "}, annotations: {experiment.argoproj.io/template-name: " + name
                              + "}, ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Experiment, name: "
                                "web-2-1, uid: e-1, controller: true}]}, "
                                "spec: {replicas: 1}, status: {replicas: 1, availableReplicas: 1}}");
    };
    const service::RolloutDetail detail =
        rolloutDetailOf({.rollout = rollout,
                         .replicaSets = {setOf("baseline", "b1"), setOf("silent", "s1")},
                         .pods = {},
                         .experiments = {experiment},
                         .analysisRuns = {}},
                        {});
    ASSERT_EQ(detail.revisions.size(), 2U);
    const auto baseline =
        std::ranges::find(detail.revisions, "web-2-1-baseline", &service::RolloutRevision::replicaSet);
    ASSERT_NE(baseline, detail.revisions.end());
    EXPECT_EQ(baseline->experiment, "web-2-1");
    EXPECT_EQ(baseline->templateName, "baseline");
    EXPECT_EQ(baseline->service, "web-baseline");
    EXPECT_EQ(baseline->weight, 10);
    const auto silent = std::ranges::find(detail.revisions, "web-2-1-silent", &service::RolloutRevision::replicaSet);
    ASSERT_NE(silent, detail.revisions.end());
    EXPECT_EQ(silent->service, "");
    EXPECT_EQ(silent->weight, -1);
}

namespace {

Object eventOf(const std::string &reason, const std::string &message, const std::string &time)
{
    return Object(Value::map({{"reason", reason},
                              {"message", message},
                              {"lastTimestamp", time},
                              {"involvedObject", Value::map({{"kind", "Rollout"}, {"uid", "r-1"}})}}));
}

/// Minutes since ten o'clock.
std::int64_t minute(std::int64_t milliseconds)
{
    return milliseconds == 0 ? -1 : (milliseconds - 1'767'261'600'000) / 60'000;
}

} // namespace

TEST(StepTimes, ComeFromEventsExperimentsAndPlugins)
{
    rollout::RolloutObjects objects;
    objects.rollout = test::objectOf(
        "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web, namespace: shop, uid: r-1, "
        "annotations: "
        "{rollout.argoproj.io/revision: '3'}}, spec: {strategy: {canary: {steps: [{setWeight: 5}, {setWeight: 10}, "
        "{experiment: {}}, "
        "{plugin: {name: p}}, {setWeight: 50}, {pause: {}}]}}}, status: {currentPodHash: h3, currentStepIndex: 4, "
        "canary: {stepPluginStatuses: "
        "[{index: 3, operation: Run, startedAt: '2026-01-01T10:11:00Z', finishedAt: '2026-01-01T10:12:00Z'}]}}}");
    objects.experiments = {
        test::objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Experiment, metadata: {name: web-h3-3-2, namespace: "
                       "shop, uid: e, creationTimestamp: "
                       "'2026-01-01T10:06:00Z', labels: {rollouts-pod-template-hash: h3}, annotations: "
                       "{rollout.argoproj.io/revision: '3'}, ownerReferences: "
                       "[{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web, uid: r-1, controller: true}]}, "
                       "status: {phase: Successful, conditions: "
                       "[{type: Progressing, status: 'False', lastTransitionTime: '2026-01-01T10:09:00Z'}]}}")};
    const std::vector<Object> events{
        eventOf("RolloutUpdated", "Rollout updated to revision 2", "2026-01-01T09:00:00Z"),
        eventOf("RolloutUpdated", "Rollout updated to revision 3", "2026-01-01T10:00:00Z"),
        eventOf("RolloutStepCompleted", "Rollout step 1/6 completed (setWeight: 5)", "2026-01-01T10:02:00Z"),
        // Of the update before: the step was skipped.
        eventOf("RolloutStepCompleted", "Rollout step 2/6 completed (setWeight: 10)", "2026-01-01T09:03:00Z"),
        eventOf("RolloutStepCompleted", "Rollout step 4/6 completed (plugin: p)", "2026-01-01T10:13:00Z"),
        eventOf("RolloutStepCompleted", "Rollout step 5/6 completed (setWeight: 50)", "2026-01-01T09:30:00Z")};

    const auto times = stepTimesOf(objects, events);

    ASSERT_EQ(times.size(), 5U);
    const auto told = [&times](std::size_t at) {
        return std::tuple(times[at].index, minute(times[at].startedAt), minute(times[at].endedAt));
    };
    EXPECT_EQ(told(0), std::tuple(0, 0, 2));
    EXPECT_EQ(told(1), std::tuple(1, 2, -1));
    EXPECT_EQ(told(2), std::tuple(2, 6, 9));
    EXPECT_EQ(told(3), std::tuple(3, 11, 12));
    EXPECT_EQ(told(4), std::tuple(4, 13, -1));
    // What was aborted and retried began anew.
    std::vector<Object> retried = events;
    retried.push_back(eventOf("RolloutAborted", "Rollout aborted update to revision 3", "2026-01-01T10:05:00Z"));
    EXPECT_EQ(stepTimesOf(objects, retried).front().index, 2);
}

TEST(StepTimes, OfABlueGreenUpdateComeFromItsPauseAndItsSwitch)
{
    rollout::RolloutObjects objects;
    objects.rollout =
        test::objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web, namespace: shop, uid: "
                       "r-1, annotations: "
                       "{rollout.argoproj.io/revision: '3'}}, spec: {strategy: {blueGreen: {activeService: live}}}, "
                       "status: {currentPodHash: h3, blueGreen: {activeSelector: h3}}}");
    const auto times = stepTimesOf(
        objects,
        {eventOf("RolloutUpdated", "Rollout updated to revision 3", "2026-01-01T10:00:00Z"),
         eventOf("RolloutPaused", "Rollout is paused (BlueGreenPause)", "2026-01-01T10:01:00Z"),
         eventOf("SwitchService", "Switched selector for service 'live' from 'h2' to 'h3'", "2026-01-01T10:05:00Z")});
    ASSERT_EQ(times.size(), 3U);
    EXPECT_EQ(std::pair(minute(times[0].startedAt), minute(times[0].endedAt)),
              (std::pair<std::int64_t, std::int64_t>(0, 1)));
    EXPECT_EQ(std::pair(minute(times[1].startedAt), minute(times[1].endedAt)),
              (std::pair<std::int64_t, std::int64_t>(1, 5)));
    EXPECT_EQ(minute(times[2].endedAt), 5);
}

TEST(RolloutDetail, FindsPolicyLinesOfTheProject)
{
    const Object config = test::objectOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-rbac-cm}, data: "
                                         "{policy.csv: \"p, role:ops, applications, "
                                         "action/argoproj.io/Rollout/resume, shop/*, allow\\np, role:ops, "
                                         "applications, get, shop/*, allow\\np, role:ops, "
                                         "applications, action/*, other/*, allow\\n\"}}");
    EXPECT_EQ(rolloutPolicies(config, "shop"),
              std::vector<std::string>{"p, role:ops, applications, action/argoproj.io/Rollout/resume, shop/*, allow"});
}

} // namespace tiphys::control
