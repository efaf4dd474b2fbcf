// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "rollout/info/phase.h"

#include <gtest/gtest.h>

using namespace tiphys;

namespace {

struct PhaseCase
{
    std::string name;
    std::string rollout;
    std::string text;
};

class ShownPhase : public testing::TestWithParam<PhaseCase>
{
};

} // namespace

TEST_P(ShownPhase, IsWhatTheClientsOfTheControllerSay)
{
    const object::Object rollout(object::parseYaml(GetParam().rollout).value());
    EXPECT_EQ(rollout::shownPhase(rollout).text(), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Rollout, ShownPhase,
    testing::Values(
        PhaseCase{"Stored", "{status: {phase: Paused, message: CanaryPauseStep}}", "Paused - CanaryPauseStep"},
        PhaseCase{"GenerationNotObserved",
                  "{metadata: {generation: 3}, status: {observedGeneration: '2', phase: Healthy}}",
                  "Progressing - waiting for rollout spec update to be observed"},
        PhaseCase{"GenerationBeyond",
                  "{metadata: {generation: 3}, status: {observedGeneration: '400', phase: Healthy}}", "Healthy"},
        PhaseCase{"GenerationIsAHash",
                  "{metadata: {generation: 3}, status: {observedGeneration: 5bf8, phase: Healthy}}", "Healthy"},
        PhaseCase{"Unpausing", "{status: {controllerPause: true, phase: Paused}}",
                  "Progressing - waiting for rollout to unpause"},
        PhaseCase{
            "WorkloadNotObserved",
            "{metadata: {annotations: {rollout.argoproj.io/workload-generation: '4'}}, spec: {workloadRef: {name: w}}, "
            "status: {workloadObservedGeneration: '3', phase: Healthy}}",
            "Progressing - waiting for rollout spec update to be observed for the reference workload"},
        PhaseCase{"InvalidSpec", "{status: {conditions: [{type: InvalidSpec, message: bad}]}}",
                  "Degraded - InvalidSpec: bad"},
        PhaseCase{"Aborted", "{status: {conditions: [{type: Progressing, reason: RolloutAborted, message: m}]}}",
                  "Degraded - RolloutAborted: m"},
        PhaseCase{"PausedByAPerson", "{spec: {paused: true}}", "Paused - manually paused"},
        PhaseCase{"PausedByTheController", "{status: {pauseConditions: [{reason: BlueGreenPause}]}}",
                  "Paused - BlueGreenPause"},
        PhaseCase{"Restarting",
                  "{spec: {restartAt: '2026-01-01T00:00:00Z'}, status: {updatedReplicas: 1, availableReplicas: 1}}",
                  "Progressing - rollout is restarting"},
        PhaseCase{"MoreReplicas", "{spec: {replicas: 2}, status: {updatedReplicas: 1}}",
                  "Progressing - more replicas need to be updated"},
        PhaseCase{"BecomingAvailable", "{spec: {replicas: 1}, status: {updatedReplicas: 1}}",
                  "Progressing - updated replicas are still becoming available"},
        PhaseCase{"CutoverPending",
                  "{spec: {strategy: {blueGreen: {}}}, status: {updatedReplicas: 1, availableReplicas: 1, "
                  "currentPodHash: a}}",
                  "Progressing - active service cutover pending"},
        PhaseCase{"PostPromotionAnalysis",
                  "{spec: {strategy: {blueGreen: {postPromotionAnalysis: {}}}}, status: {updatedReplicas: 1, "
                  "availableReplicas: 1, "
                  "currentPodHash: a, blueGreen: {activeSelector: a}}}",
                  "Progressing - waiting for analysis to complete"},
        PhaseCase{
            "PostPromotionVerification",
            "{spec: {strategy: {blueGreen: {}}}, status: {updatedReplicas: 1, availableReplicas: 1, currentPodHash: a, "
            "blueGreen: {activeSelector: a}}}",
            "Progressing - waiting for post-promotion verification to complete"},
        PhaseCase{"OldReplicas",
                  "{spec: {strategy: {canary: {}}}, status: {replicas: 2, updatedReplicas: 1, availableReplicas: 1}}",
                  "Progressing - old replicas are pending termination"},
        PhaseCase{"Steps",
                  "{spec: {strategy: {canary: {}}}, status: {replicas: 1, updatedReplicas: 1, availableReplicas: 1, "
                  "currentPodHash: a, "
                  "stableRS: b}}",
                  "Progressing - waiting for all steps to complete"},
        PhaseCase{"Healthy",
                  "{spec: {strategy: {canary: {}}}, status: {replicas: 1, updatedReplicas: 1, availableReplicas: 1, "
                  "currentPodHash: a, "
                  "stableRS: a}}",
                  "Healthy"}),
    [](const auto &row) { return row.param.name; });

TEST(StepText, UsesTheControllersWords)
{
    const auto text = [](const char *yaml) { return rollout::stepText(object::parseYaml(yaml).value()); };
    EXPECT_EQ(text("{setWeight: 20}"), "setWeight: 20");
    EXPECT_EQ(text("{pause: {}}"), "pause");
    EXPECT_EQ(text("{pause: {duration: 1h}}"), "pause: 1h");
    EXPECT_EQ(text("{pause: {duration: 30}}"), "pause: 30");
    EXPECT_EQ(text("{setCanaryScale: {weight: 25}}"), "setCanaryScale{weight: 25}");
    EXPECT_EQ(text("{setCanaryScale: {matchTrafficWeight: true}}"), "setCanaryScale{matchTrafficWeight: true}");
    EXPECT_EQ(text("{setCanaryScale: {replicas: 3}}"), "setCanaryScale{replicas: 3}");
    EXPECT_EQ(text("{plugin: {name: org/step}}"), "plugin: org/step");
    EXPECT_EQ(text("{setHeaderRoute: {name: h}}"), "setHeaderRoute: h");
    EXPECT_EQ(text("{setMirrorRoute: {name: m}}"), "setMirrorRoute: m");
    EXPECT_EQ(text("{analysis: {}}"), "analysis");
    EXPECT_EQ(text("{experiment: {}}"), "experiment");
    EXPECT_EQ(text("{somethingNew: {}}"), "invalid");
}
