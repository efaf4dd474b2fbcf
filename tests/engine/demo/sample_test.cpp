// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/sample.h"
#include "demo_fixture.h"

#include <QProcess>
#include <QTemporaryDir>

namespace tiphys::demo {

using object::Object;

namespace {

class SampleTest : public DemoTest
{
protected:
    void SetUp() override
    {
        const auto filled = fillCluster(store, {.repositories = folder.path().toStdString()});
        ASSERT_TRUE(filled) << filled.error().text();
    }
    Object application(std::string name)
    {
        return store.find({"argoproj.io", "Application"}, {"argocd", std::move(name)});
    }
    std::string look(const std::string &name)
    {
        const Object object = application(name);
        return std::string(object.path({"status", "sync", "status"}).stringOr()) + " "
               + std::string(object.path({"status", "health", "status"}).stringOr());
    }

    QTemporaryDir folder;
};

} // namespace

TEST_F(SampleTest, ShowsEveryKindOfState)
{
    EXPECT_EQ(look("storefront"), "Synced Healthy");
    EXPECT_EQ(look("gateway"), "Synced Healthy");
    EXPECT_EQ(look("cart"), "OutOfSync Healthy");
    EXPECT_EQ(look("payments"), "Synced Degraded");
    EXPECT_EQ(look("telemetry"), "Synced Degraded");
    EXPECT_EQ(look("search"), "Synced Progressing");
    EXPECT_EQ(look("reports"), "Synced Suspended");
    EXPECT_EQ(look("recommendations"), "OutOfSync Missing");
    EXPECT_EQ(application("checkout").path({"status", "operationState", "phase"}).stringOr(), "Running");
    EXPECT_EQ(application("postgres").path({"status", "operationState", "phase"}).stringOr(), "Failed");
}

TEST_F(SampleTest, AFailedSyncLeavesTheFieldThatCannotChange)
{
    const auto failed = application("postgres").path({"status", "operationState", "message"}).stringOr();
    const Object live = store.find({"apps", "StatefulSet"}, {"platform", "postgres"});

    EXPECT_EQ(look("postgres"), "OutOfSync Healthy");
    EXPECT_EQ(
        live.path({"spec", "volumeClaimTemplates"}).at(0).path({"spec", "resources", "requests", "storage"}).stringOr(),
        "5Gi");
    EXPECT_TRUE(
        failed.starts_with("one or more objects failed to apply, reason: StatefulSet.apps \"postgres\" is invalid: "
                           "spec: Forbidden: updates to statefulset spec"))
        << failed;
}

TEST_F(SampleTest, HasPodsBelowItsDeployments)
{
    std::size_t ready = 0;
    for (const auto &[place, pod] : store.objectsOf({"", "Pod"}))
        ready += place.first == "shop-prod" && pod.path({"status", "phase"}).stringOr() == "Running";
    EXPECT_EQ(ready, 8U); // three of the storefront, five of the cart
}

TEST_F(SampleTest, HasACanaryAtItsFirstPause)
{
    EXPECT_EQ(look("rollouts-demo"), "Synced Suspended");
    const Object rollout = store.find({"argoproj.io", "Rollout"}, {"rollouts", "rollouts-demo"});
    EXPECT_EQ(rollout.path({"status", "phase"}).stringOr(), "Paused");
    EXPECT_EQ(rollout.path({"status", "currentStepIndex"}).intOr(-1), 1);
    EXPECT_EQ(rollout.path({"status", "canary", "weights", "canary", "weight"}).intOr(-1), 20);
    const Object canary =
        store.find({"networking.k8s.io", "Ingress"}, {"rollouts", "rollouts-demo-rollouts-demo-stable-canary"});
    EXPECT_EQ(canary.annotation("nginx.ingress.kubernetes.io/canary-weight").value_or(""), "20");
}

TEST_F(SampleTest, HasABlueGreenRolloutBeforePromotion)
{
    EXPECT_EQ(look("catalog"), "Synced Suspended");
    const Object rollout = store.find({"argoproj.io", "Rollout"}, {"shop-staging", "catalog"});
    const std::string active(rollout.path({"status", "blueGreen", "activeSelector"}).stringOr());
    const std::string preview(rollout.path({"status", "blueGreen", "previewSelector"}).stringOr());
    EXPECT_NE(active, preview);
    const Object service = store.find({"", "Service"}, {"shop-staging", "catalog"});
    EXPECT_EQ(service.path({"spec", "selector", "rollouts-pod-template-hash"}).stringOr(), active);
}

TEST_F(SampleTest, WritesRepositoriesThatGitReads)
{
    QProcess git;
    git.start(QStringLiteral("git"), {QStringLiteral("-C"), folder.path() + QStringLiteral("/shop.git"),
                                      QStringLiteral("fsck"), QStringLiteral("--strict")});
    if (!git.waitForStarted())
        GTEST_SKIP() << "no git in PATH";
    ASSERT_TRUE(git.waitForFinished());
    EXPECT_EQ(git.exitCode(), 0) << git.readAllStandardError().toStdString();

    git.start(QStringLiteral("git"), {QStringLiteral("-C"), folder.path() + QStringLiteral("/shop.git"),
                                      QStringLiteral("rev-parse"), QStringLiteral("main")});
    ASSERT_TRUE(git.waitForFinished());
    EXPECT_EQ(git.readAllStandardOutput().trimmed().toStdString(),
              application("storefront").path({"status", "sync", "revision"}).stringOr());
}

} // namespace tiphys::demo
