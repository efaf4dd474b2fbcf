// SPDX-License-Identifier: GPL-3.0-or-later
#include "tree/pod_trouble.h"

#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::tree {
namespace {

using test::objectOf;

object::Object podWith(const std::string &status)
{
    return objectOf("{apiVersion: v1, kind: Pod, status: " + status + "}");
}

struct TroubleCase
{
    std::string name;
    std::string status;
    std::string trouble;
};

class PodTrouble : public testing::TestWithParam<TroubleCase>
{
};

TEST_P(PodTrouble, SaysWhatKeepsThePod)
{
    EXPECT_EQ(podTrouble(podWith(GetParam().status)), GetParam().trouble);
}

INSTANTIATE_TEST_SUITE_P(
    Tree, PodTrouble,
    testing::Values(
        TroubleCase{"CrashLoop",
                    "{phase: Running, containerStatuses: [{name: api, ready: false, state: {waiting: {reason: "
                    "CrashLoopBackOff}}, "
                    "lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]}",
                    "CrashLoopBackOff, exit 137 OOMKilled, container api"},
        TroubleCase{"PlainError",
                    "{phase: Running, containerStatuses: [{name: api, state: {waiting: {reason: CrashLoopBackOff}}, "
                    "lastState: {terminated: {exitCode: 1, reason: Error}}}]}",
                    "CrashLoopBackOff, exit 1, container api"},
        TroubleCase{"ImagePull",
                    "{phase: Pending, containerStatuses: [{name: web, state: {waiting: {reason: ImagePullBackOff}}}]}",
                    "ImagePullBackOff, container web"},
        TroubleCase{"Starting",
                    "{phase: Pending, containerStatuses: [{name: web, state: {waiting: {reason: ContainerCreating}}}]}",
                    ""},
        TroubleCase{"InitFirst",
                    "{phase: Pending, initContainerStatuses: [{name: init, state: {terminated: {exitCode: 2}}}], "
                    "containerStatuses: [{name: web, state: {waiting: {reason: PodInitializing}}}]}",
                    "exit 2, container init"},
        TroubleCase{"Unschedulable",
                    "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, "
                    "message: no node}]}",
                    "Unschedulable: no node"},
        TroubleCase{"NotReady",
                    "{phase: Running, containerStatuses: [{name: web, ready: false, state: {running: {}}}]}",
                    "not ready, container web"},
        TroubleCase{"RestartedAfterSignal",
                    "{phase: Running, containerStatuses: [{name: web, ready: false, state: {running: {}}, "
                    "lastState: {terminated: {signal: 9}}}]}",
                    "restarted, signal 9, container web"},
        TroubleCase{"Evicted", "{phase: Failed, reason: Evicted, message: low on memory}", "Evicted, low on memory"},
        TroubleCase{"Failed", "{phase: Failed}", "failed"},
        TroubleCase{"Ready", "{phase: Running, containerStatuses: [{name: web, ready: true, state: {running: {}}}]}",
                    ""},
        TroubleCase{"EndedWell",
                    "{phase: Succeeded, containerStatuses: [{name: a, state: {terminated: {exitCode: 0}}}]}", ""},
        TroubleCase{"WrongTypes",
                    "{phase: 3, conditions: x, containerStatuses: [1, {state: [], lastState: {terminated: x}}]}", ""}),
    [](const auto &row) { return row.param.name; });

TEST(PodsTrouble, CountsEqualTroubles)
{
    const object::Object bad =
        podWith("{containerStatuses: [{name: api, state: {waiting: {reason: CrashLoopBackOff}}}]}");
    const object::Object other =
        podWith("{containerStatuses: [{name: api, state: {waiting: {reason: ErrImagePull}}}]}");
    const object::Object good = podWith("{phase: Running}");
    const object::Object ended = podWith("{phase: Succeeded}");
    EXPECT_EQ(podsTrouble({other, bad, good, bad, ended}),
              "2 of 4 pods: CrashLoopBackOff, container api; 1 of 4 pods: ErrImagePull, container api");
    EXPECT_EQ(podsTrouble({bad}), "1 of 1 pod: CrashLoopBackOff, container api");
    EXPECT_EQ(podsTrouble({good, ended}), "");
    EXPECT_EQ(podsTrouble({}), "");
}

} // namespace
} // namespace tiphys::tree
