// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/decision_executor.h"

#include "async/wait_for.h"
#include "demo/demo_cluster.h"
#include "kube/connect.h"
#include "object/yaml.h"
#include "ports/system_clock.h"

#include <gtest/gtest.h>

#include <QThreadPool>

#include <fstream>
#include <iterator>

namespace tiphys::control {
namespace {

using object::Object;
using rollout::OnFailure;
using rollout::Verb;

/// A demo cluster, and acts that are carried out there.
class CarriedOut : public testing::Test
{
protected:
    void SetUp() override
    {
        demo::DemoOptions options;
        options.hasSample = false;
        cluster = std::move(demo::DemoCluster::start(options).value());
        kube::ConnectOptions connect{.pool = &pool, .clock = std::make_shared<ports::SystemClock>()};
        connect.environment = [](const std::string &) { return std::string(); };
        const auto read = [](const std::string &path) -> Expected<std::string> {
            std::ifstream file(path);
            return std::string(std::istreambuf_iterator<char>(file), {});
        };
        client = kube::connect(kube::loadKubeConfig({cluster->kubeconfigPath().toStdString()}, read), "demo", connect).value();
        recorder = std::make_unique<EventRecorder>(client, std::make_shared<ports::SystemClock>(), "tester");
        executor = std::make_unique<DecisionExecutor>(
            client, *recorder, [](const object::ObjectKey &, const Object &) {}, [] { return true; });
    }
    void TearDown() override
    {
        executor.reset();
        recorder.reset();
        client.reset();
        pool.waitForDone();
    }

    /// What becomes of a ReplicaSet with these labels of its pods.
    Carried create(const std::string &labels)
    {
        const object::Value replicaSet =
            object::parseYaml("apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: demo-1, namespace: default}\nspec:\n  replicas: 0\n"
                              "  selector: {matchLabels: {app: demo}}\n  template: {metadata: {labels: "
                              + labels + "}, spec: {containers: [{name: a, image: 'x:1'}]}}\n")
                .value();
        rollout::Decision decision;
        decision.acts.emplace_back(rollout::Write{.verb = Verb::Create,
                                                  .gvk = {"apps", "v1", "ReplicaSet"},
                                                  .ns = "default",
                                                  .name = "demo-1",
                                                  .body = replicaSet,
                                                  .onFailure = OnFailure::ReportReplicaSet});
        return async::waitFor(executor->carryOut(decision, Object(), {})).value_or(Carried());
    }

    QThreadPool pool;
    std::unique_ptr<demo::DemoCluster> cluster;
    ports::ClusterPtr client;
    std::unique_ptr<EventRecorder> recorder;
    std::unique_ptr<DecisionExecutor> executor;
};

TEST_F(CarriedOut, ReplicaSetThatIsRefusedIsSaidToBe)
{
    const Carried refused = create("{app: other}");
    ASSERT_TRUE(refused.failure);
    EXPECT_EQ(refused.refusedReplicaSet, "demo-1");
}

TEST_F(CarriedOut, ReplicaSetThatIsThereAlreadyIsNoRefusal)
{
    ASSERT_FALSE(create("{app: demo}").failure);
    const Carried again = create("{app: demo}");
    ASSERT_TRUE(again.failure);
    EXPECT_EQ(again.failure->code(), ErrorCode::Conflict);
    EXPECT_EQ(again.refusedReplicaSet, "");
}

} // namespace
} // namespace tiphys::control
