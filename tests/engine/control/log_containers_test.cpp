// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/log_containers.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

namespace tiphys::control {
namespace {

using service::LogContainer;

const object::Object kPod(object::parseYaml(R"(
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, annotations: {kubectl.kubernetes.io/default-container: app}}
spec:
  initContainers: [{name: prepare}, {name: proxy, restartPolicy: Always}]
  containers: [{name: metrics}, {name: app}]
  ephemeralContainers: [{name: debugger}]
status:
  phase: Running
  initContainerStatuses:
  - {name: prepare, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed, finishedAt: "2026-01-02T03:04:05Z"}}}
  - {name: proxy, restartCount: 0, state: {running: {}}}
  containerStatuses:
  - {name: metrics, restartCount: 0, state: {waiting: {reason: ImagePullBackOff}}}
  - {name: app, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, finishedAt: "2026-01-02T03:05:05Z"}}}
)")
                              .value());

TEST(LogContainers, AreAllKindsOfAPodOrdinaryOnesFirst)
{
    const std::vector<LogContainer> containers = logContainersOf(kPod);
    ASSERT_EQ(containers.size(), 5U);
    EXPECT_EQ(containers[0].name, "metrics");
    EXPECT_EQ(containers[0].state, LogContainer::State::Waiting);
    EXPECT_EQ(containers[0].reason, "ImagePullBackOff");
    EXPECT_FALSE(containers[0].hasLog);
    EXPECT_EQ(containers[2].kind, LogContainer::Kind::Init);
    EXPECT_EQ(containers[2].state, LogContainer::State::Ended);
    EXPECT_EQ(containers[2].endedAt, 1'767'323'045'000);
    EXPECT_EQ(containers[3].kind, LogContainer::Kind::Sidecar);
    EXPECT_EQ(containers[3].state, LogContainer::State::Running);
    EXPECT_EQ(containers[4].kind, LogContainer::Kind::Ephemeral);
    EXPECT_EQ(containers[4].state, LogContainer::State::Unknown);
}

TEST(LogContainers, OneThatFailedAndWaitsHasALog)
{
    const std::optional<LogContainer> app = logContainerOf(kPod, "");
    ASSERT_TRUE(app);
    EXPECT_EQ(app->name, "app");
    EXPECT_TRUE(app->hasLog);
    EXPECT_TRUE(app->hasPrevious);
    EXPECT_EQ(app->exitCode, 137);
    EXPECT_FALSE(logContainerOf(kPod, "other"));
}

TEST(LogContainers, TheFirstIsTheDefaultWhereNoneIsNamed)
{
    EXPECT_EQ(defaultContainerOf(kPod), "app");
    EXPECT_EQ(defaultContainerOf(kPod.withoutAnnotation("kubectl.kubernetes.io/default-container")), "metrics");
}

} // namespace
} // namespace tiphys::control
