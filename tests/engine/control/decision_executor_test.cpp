// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/decision_executor.h"

#include "async/wait_for.h"
#include "demo_place.h"
#include "object/yaml.h"
#include "ports/system_clock.h"

#include <gtest/gtest.h>

namespace tiphys::control {
namespace {

using object::Object;
using rollout::OnFailure;
using rollout::Verb;

/// A demo cluster, and acts that are carried out there.
class CarriedOut : public DemoPlace
{
protected:
    void SetUp() override
    {
        DemoPlace::SetUp();
        recorder = std::make_unique<EventRecorder>(client, std::make_shared<ports::SystemClock>(), "tester");
        executor = std::make_unique<DecisionExecutor>(
            client, *recorder, [](const object::ObjectKey &, const Object &) {}, [] { return true; });
    }
    void TearDown() override
    {
        executor.reset();
        recorder.reset();
        DemoPlace::TearDown();
    }

    /// What becomes of a ReplicaSet with these labels of its pods.
    Carried create(const std::string &labels)
    {
        const object::Value replicaSet =
            object::parseYaml("apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: demo-1, namespace: "
                              "default}\nspec:\n  replicas: 0\n"
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
