// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/yaml_objects.h"
#include "tree/pod.h"

#include <gtest/gtest.h>

namespace tiphys::tree {
namespace {

using test::objectOf;

struct ReasonCase
{
    std::string name;
    std::string pod; ///< fields of the pod
    std::string reason;
    std::string containers;
    std::string restarts; ///< "" for no item
};

class PodInfo : public testing::TestWithParam<ReasonCase>
{
};

std::string item(const PodDetails &details, std::string_view name)
{
    for (const InfoItem &info : details.info) {
        if (info.name == name)
            return info.value;
    }
    return "";
}

TEST_P(PodInfo, NamesTheStateAsKubectlDoes)
{
    const std::optional<PodDetails> details =
        podDetailsOf(objectOf("{apiVersion: v1, kind: Pod, " + GetParam().pod + "}"));
    ASSERT_TRUE(details);
    EXPECT_EQ(item(*details, "Status Reason"), GetParam().reason);
    EXPECT_EQ(item(*details, "Containers"), GetParam().containers);
    EXPECT_EQ(item(*details, "Restart Count"), GetParam().restarts);
}

const std::string kTwo = "spec: {containers: [{name: a}, {name: b}]}";
const std::string kInit = "spec: {initContainers: [{name: i}, {name: j}], containers: [{name: a}]}";
const std::string kSidecar = "spec: {initContainers: [{name: s, restartPolicy: Always}], containers: [{name: a}]}";

INSTANTIATE_TEST_SUITE_P(
    Tree, PodInfo,
    testing::Values(
        ReasonCase{"Phase", kTwo + ", status: {phase: Pending}", "Pending", "0/2", ""},
        ReasonCase{"OwnReason", kTwo + ", status: {phase: Failed, reason: Evicted}", "Evicted", "0/2", ""},
        ReasonCase{"SchedulingGated",
                   kTwo + ", status: {phase: Pending, conditions: [{type: PodScheduled, reason: SchedulingGated}]}",
                   "SchedulingGated", "0/2", ""},
        ReasonCase{"Running",
                   kTwo
                       + ", status: {phase: Running, containerStatuses: [{name: a, ready: true, state: {running: {}}}, "
                         "{name: b, ready: true, restartCount: 2, state: {running: {}}}]}",
                   "Running", "2/2", "2"},
        ReasonCase{"FirstTroubleWins",
                   kTwo
                       + ", status: {phase: Running, containerStatuses: [{name: a, state: {waiting: {reason: "
                         "CrashLoopBackOff}}}, {name: b, state: {waiting: {reason: ImagePullBackOff}}}]}",
                   "CrashLoopBackOff", "0/2", ""},
        ReasonCase{"CompletedButRunning",
                   kTwo
                       + ", status: {phase: Running, containerStatuses: [{name: a, state: {terminated: {reason: "
                         "Completed}}}, {name: b, ready: true, state: {running: {}}}]}",
                   "Running", "1/2", ""},
        ReasonCase{
            "ExitCode",
            kTwo + ", status: {phase: Running, containerStatuses: [{name: a, state: {terminated: {exitCode: 3}}}]}",
            "ExitCode:3", "0/2", ""},
        ReasonCase{"Signal",
                   kTwo
                       + ", status: {phase: Running, containerStatuses: [{name: a, state: {terminated: {exitCode: 137, "
                         "signal: 9}}}]}",
                   "Signal:9", "0/2", ""},
        ReasonCase{"InitWaiting",
                   kInit
                       + ", status: {phase: Pending, initContainerStatuses: [{name: i, state: {terminated: {exitCode: "
                         "0}}}, {name: j, state: {waiting: {reason: PodInitializing}}}]}",
                   "Init:1/2", "0/1", ""},
        ReasonCase{"InitTrouble",
                   kInit
                       + ", status: {phase: Pending, initContainerStatuses: [{name: i, restartCount: 4, state: "
                         "{waiting: {reason: CrashLoopBackOff}}}, {name: j, restartCount: 7, state: {}}]}",
                   "Init:CrashLoopBackOff", "0/1", "4"},
        ReasonCase{"InitFailed",
                   kInit
                       + ", status: {phase: Pending, initContainerStatuses: [{name: i, state: {terminated: {exitCode: "
                         "2}}}]}",
                   "Init:ExitCode:2", "0/1", ""},
        ReasonCase{"InitFailedWithReason",
                   kInit
                       + ", status: {phase: Pending, initContainerStatuses: [{name: i, state: {terminated: {exitCode: "
                         "1, reason: Error}}}]}",
                   "Init:Error", "0/1", ""},
        ReasonCase{"InitKilled",
                   kInit
                       + ", status: {phase: Pending, initContainerStatuses: [{name: i, state: {terminated: {exitCode: "
                         "1, signal: 15}}}]}",
                   "Init:Signal:15", "0/1", ""},
        ReasonCase{"SidecarCounts",
                   kSidecar
                       + ", status: {phase: Running, initContainerStatuses: [{name: s, started: true, ready: true, "
                         "state: {running: {}}}], containerStatuses: [{name: a, ready: true, state: {running: {}}}]}",
                   "Running", "2/2", ""},
        ReasonCase{"InitializedShowsContainers",
                   kInit
                       + ", status: {phase: Running, conditions: [{type: Initialized, status: 'True'}], "
                         "initContainerStatuses: [{name: i, state: {}}], containerStatuses: [{name: a, ready: true, "
                         "state: {running: {}}}]}",
                   "Init:0/2", "1/1", ""},
        ReasonCase{"Terminating",
                   "metadata: {deletionTimestamp: '2024-01-01T00:00:00Z'}, " + kTwo + ", status: {phase: Running}",
                   "Terminating", "0/2", ""},
        ReasonCase{"TerminatedStaysCompleted",
                   "metadata: {deletionTimestamp: '2024-01-01T00:00:00Z'}, " + kTwo + ", status: {phase: Succeeded}",
                   "Succeeded", "0/2", ""},
        ReasonCase{"NodeLost",
                   "metadata: {deletionTimestamp: '2024-01-01T00:00:00Z'}, " + kTwo
                       + ", status: {phase: Running, reason: NodeLost}",
                   "Unknown", "0/2", ""}),
    [](const auto &row) { return row.param.name; });

TEST(PodDetails, ListNodeImagesAndRequests)
{
    const PodDetails details = *podDetailsOf(objectOf("{apiVersion: v1, kind: Pod, spec: {nodeName: node-1, "
                                                      "initContainers: [{name: i, image: z}], containers: [{name: a, "
                                                      "image: nginx:1, resources: {requests: {cpu: 250m, memory: "
                                                      "64Mi}}}, {name: b, image: nginx:1}]}, status: {phase: "
                                                      "Running}}"));
    EXPECT_EQ(details.images, (std::vector<std::string>{"nginx:1", "z"}));
    EXPECT_EQ(details.info, (std::vector<InfoItem>{{"Status Reason", "Running"},
                                                   {"Node", "node-1"},
                                                   {"Containers", "0/2"},
                                                   {"cpu", "250"},
                                                   {"memory", "67108864000"}}));
}

TEST(PodDetails, AnEndedPodAsksForNothing)
{
    const PodDetails details = *podDetailsOf(objectOf(
        "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, resources: {requests: {cpu: 1}}}]}, status: {phase: "
        "Succeeded}}"));
    EXPECT_EQ(item(details, "cpu"), "");
    EXPECT_TRUE(details.isTerminal());
}

struct RequestCase
{
    std::string name;
    std::string pod;
    std::int64_t cpu;
};

class PodRequests : public testing::TestWithParam<RequestCase>
{
};

TEST_P(PodRequests, AddUp)
{
    EXPECT_EQ(podRequests(test::valueOf("{" + GetParam().pod + "}"))["cpu"], GetParam().cpu);
}

INSTANTIATE_TEST_SUITE_P(
    Tree, PodRequests,
    testing::Values(
        RequestCase{
            "Containers",
            "spec: {containers: [{name: a, resources: {requests: {cpu: 100m}}}, {name: b, resources: {requests: "
            "{cpu: '0.2'}}}]}",
            300},
        RequestCase{"GreedyInit",
                    "spec: {initContainers: [{name: i, resources: {requests: {cpu: 1}}}], containers: [{name: a, "
                    "resources: {requests: {cpu: 100m}}}]}",
                    1000},
        RequestCase{
            "InitBesideSidecar",
            "spec: {initContainers: [{name: s, restartPolicy: Always, resources: {requests: {cpu: 50m}}}, {name: "
            "i, resources: {requests: {cpu: 200m}}}], containers: [{name: a, resources: {requests: {cpu: 100m}}}]}",
            250},
        RequestCase{"StatusIsLarger",
                    "spec: {containers: [{name: a, resources: {requests: {cpu: 100m}}}]}, status: {containerStatuses: "
                    "[{name: a, resources: {requests: {cpu: 150m}}}]}",
                    150},
        RequestCase{
            "PodLevel",
            "spec: {resources: {requests: {cpu: 2}}, containers: [{name: a, resources: {requests: {cpu: 100m}}}]}",
            2000},
        RequestCase{"Overhead",
                    "spec: {overhead: {cpu: 10m}, containers: [{name: a, resources: {requests: {cpu: 100m}}}]}", 110}),
    [](const auto &row) { return row.param.name; });

struct AmountCase
{
    std::string name;
    std::string text;
    std::optional<std::int64_t> milli;
};

class MilliAmount : public testing::TestWithParam<AmountCase>
{
};

TEST_P(MilliAmount, ReadsQuantities)
{
    EXPECT_EQ(milliAmountOf(GetParam().text), GetParam().milli);
}

INSTANTIATE_TEST_SUITE_P(Tree, MilliAmount,
                         testing::Values(AmountCase{"Whole", "2", 2000}, AmountCase{"Milli", "500m", 500},
                                         AmountCase{"Fraction", "1.5", 1500}, AmountCase{"Kibi", "1Ki", 1024000},
                                         AmountCase{"FractionOfGibi", "0.5Gi", 536870912000},
                                         AmountCase{"Kilo", "2k", 2000000}, AmountCase{"Exponent", "2e3", 2000000},
                                         AmountCase{"NegativeExponent", "5E-1", 500},
                                         AmountCase{"Exa", "1E", INT64_MAX}, AmountCase{"RoundedUp", "100n", 1},
                                         AmountCase{"Micro", "1500u", 2}, AmountCase{"Negative", "-2", -2000},
                                         AmountCase{"Empty", "", std::nullopt},
                                         AmountCase{"Word", "much", std::nullopt},
                                         AmountCase{"UnknownSuffix", "1Q", std::nullopt}),
                         [](const auto &row) { return row.param.name; });

} // namespace
} // namespace tiphys::tree
