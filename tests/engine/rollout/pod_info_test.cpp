// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"
#include "rollout/info/pod_info.h"

#include <gtest/gtest.h>

using namespace tiphys;

namespace {

struct PodCase
{
    std::string name;
    std::string pod;
    std::string text; ///< status ready/containers restarts
};

class PodInfo : public testing::TestWithParam<PodCase>
{
};

} // namespace

TEST_P(PodInfo, SaysWhatKubectlSays)
{
    const rollout::PodInfo info = rollout::podInfo(object::Object(object::parseYaml(GetParam().pod).value()));
    EXPECT_EQ(info.status + " " + std::to_string(info.ready) + "/" + std::to_string(info.containers) + " "
                  + std::to_string(info.restarts),
              GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Rollout, PodInfo,
    testing::Values(
        PodCase{"Running",
                "{spec: {containers: [{name: a}]}, status: {phase: Running, containerStatuses: [{ready: true, "
                "restartCount: 2, state: "
                "{running: {}}}]}}",
                "Running 1/1 2"},
        PodCase{"CrashLoop",
                "{spec: {containers: [{name: a}, {name: b}]}, status: {phase: Running, containerStatuses: "
                "[{restartCount: 5, state: "
                "{waiting: {reason: CrashLoopBackOff}}}, {ready: true, state: {running: {}}}]}}",
                "CrashLoopBackOff 1/2 5"},
        PodCase{"CompletedBesideARunningOne",
                "{spec: {containers: [{name: a}, {name: b}]}, status: {phase: Running, containerStatuses: [{state: "
                "{terminated: {reason: "
                "Completed}}}, {ready: true, state: {running: {}}}]}}",
                "Running 1/2 0"},
        PodCase{"KilledBySignal",
                "{spec: {containers: [{name: a}]}, status: {phase: Failed, containerStatuses: [{state: {terminated: "
                "{signal: 9}}}]}}",
                "Signal:9 0/1 0"},
        PodCase{"ExitCode",
                "{spec: {containers: [{name: a}]}, status: {phase: Failed, containerStatuses: [{state: {terminated: "
                "{exitCode: 3}}}]}}",
                "ExitCode:3 0/1 0"},
        PodCase{"FirstInitRuns",
                "{spec: {initContainers: [{name: i}, {name: j}], containers: [{name: a}]}, status: {phase: Pending, "
                "initContainerStatuses: [{name: i, restartCount: 1, state: {running: {}}}, {name: j}]}}",
                "Init:0/2 0/1 1"},
        PodCase{"InitFails",
                "{spec: {initContainers: [{name: i}], containers: [{name: a}]}, status: {phase: Pending, "
                "initContainerStatuses: [{name: "
                "i, state: {terminated: {exitCode: 1, reason: Error}}}]}}",
                "Init:Error 0/1 0"},
        PodCase{"SidecarIsUp",
                "{spec: {initContainers: [{name: i, restartPolicy: Always}], containers: [{name: a}]}, status: {phase: "
                "Running, "
                "initContainerStatuses: [{name: i, started: true, ready: true, state: {running: {}}}], "
                "containerStatuses: [{ready: true, "
                "state: {running: {}}}]}}",
                "Running 1/1 0"},
        PodCase{"Terminating", "{metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}, status: {phase: Running}}",
                "Terminating 0/0 0"},
        PodCase{"Evicted", "{status: {phase: Failed, reason: Evicted}}", "Evicted 0/0 0"}),
    [](const auto &row) { return row.param.name; });
