// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rollout_intents.h"

#include "demo_place.h"

namespace tiphys::control {
namespace {

using object::Object;
using object::Value;

const object::ObjectKey kRun{"argoproj.io", "AnalysisRun", "default", "run"};
const object::ObjectKey kRollout{"argoproj.io", "Rollout", "default", "web"};

/// An AnalysisRun that waits for an hour, and a Rollout without pods.
class RolloutIntents : public DemoPlace
{
protected:
    void makeRun(const std::string &phase = {})
    {
        make("apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\nmetadata: {name: run, namespace: default}\n"
             "spec: {metrics: [{name: m, initialDelay: 1h, provider: {web: {url: 'http://127.0.0.1:1'}}}]}\n"
             + (phase.empty() ? std::string() : "status: {phase: " + phase + "}\n"));
        ASSERT_TRUE(until(
            [&] { return live(kRun).path({"status", "phase"}).stringOr() == (phase.empty() ? "Running" : phase); }));
    }
    Async<std::string> terminating() { return terminateRun(client, analysisRunType(), "default", "run", {}); }
    bool isTerminated() { return live(kRun).path({"spec", "terminate"}).boolOr(false); }
    int patches(const std::string &name) { return cluster->requestCount("PATCH", name); }
    void hold(const std::string &name)
    {
        cluster->inject(
            {.kind = demo::Fault::Kind::Delay, .method = "PATCH", .pathPart = name, .times = 1, .milliseconds = 1500});
    }

    void makeRollout()
    {
        make("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web, namespace: default}\n"
             "spec:\n  replicas: 0\n  selector: {matchLabels: {app: web}}\n"
             "  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: 'x:2'}]}}\n"
             "  strategy: {canary: {}}\n");
        std::string last;
        int same = 0;
        ASSERT_TRUE(until([&] {
            const std::string now(live(kRollout).resourceVersion());
            same = now == last && !live(kRollout).path({"status"}).isNull() ? same + 1 : 0;
            last = now;
            return same >= 8;
        }));
    }
    /// The way back to \p image, from the Rollout as it is now.
    Undo undoTo(const std::string &image)
    {
        return {Workload{rolloutType(), live(kRollout)},
                Object(object::parseYaml(
                           "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web-1, namespace: default}\nspec: "
                           "{template: "
                           "{metadata: {labels: {app: web, rollouts-pod-template-hash: h}}, spec: {containers: "
                           "[{name: c, image: '"
                           + image + "'}]}}}")
                           .value())};
    }
    std::string image()
    {
        return std::string(live(kRollout).path({"spec", "template", "spec", "containers"}).at(0)["image"].stringOr());
    }
};

TEST_F(RolloutIntents, EndARunThatIsUnderWay)
{
    makeRun();
    const auto said = async::waitFor(terminating());
    ASSERT_TRUE(said) << said.error().text();
    EXPECT_EQ(*said, "analysisRun 'run' terminated");
    EXPECT_TRUE(isTerminated());
    // Asked once more it is the same, and nothing is sent.
    const auto again = async::waitFor(terminating());
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *said);
    EXPECT_EQ(patches("analysisruns/run"), 1);
}

TEST_F(RolloutIntents, LeaveARunThatIsOver)
{
    makeRun("Failed");
    const auto said = async::waitFor(terminating());
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(said.error().message(), "cannot terminate analysisRun 'run': it is Failed already");
    EXPECT_EQ(patches("analysisruns/run"), 0);
}

TEST_F(RolloutIntents, DoNotEndARunThatCameToItsEndMeanwhile)
{
    makeRun();
    hold("analysisruns/run");
    Async<std::string> task = terminating();
    ASSERT_TRUE(until([&] { return patches("analysisruns/run") == 1; }));
    merge(kRun, "status: {phase: Successful}");
    const auto said = async::waitFor(std::move(task));
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code(), ErrorCode::Conflict) << said.error().text();
    EXPECT_FALSE(isTerminated());
}

TEST_F(RolloutIntents, LookWhatBecameOfALostAnswer)
{
    makeRun();
    cluster->inject({.kind = demo::Fault::Kind::DropAnswer,
                     .method = "PATCH",
                     .pathPart = "analysisruns/run",
                     .times = 1,
                     .milliseconds = 0});
    const auto said = async::waitFor(terminating());
    ASSERT_TRUE(said) << said.error().text();
    EXPECT_TRUE(isTerminated());
    EXPECT_EQ(patches("analysisruns/run"), 1);
}

TEST_F(RolloutIntents, SayThatARunIsNotThere)
{
    const auto said = async::waitFor(terminating());
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code(), ErrorCode::NotFound);
}

TEST_F(RolloutIntents, UndoPutsTheTemplateBackWithoutItsHash)
{
    makeRollout();
    const auto said = async::waitFor(carryOutUndo(client, undoTo("x:1"), "web", {}));
    ASSERT_TRUE(said) << said.error().text();
    EXPECT_EQ(*said, "rollout 'web' undo");
    EXPECT_EQ(image(), "x:1");
    EXPECT_TRUE(live(kRollout).path({"spec", "template", "metadata", "labels", "rollouts-pod-template-hash"}).isNull());
}

TEST_F(RolloutIntents, UndoOfWhatIsThereChangesNothing)
{
    makeRollout();
    Undo undo = undoTo("x:2");
    undo.revision = 3;
    const auto said = async::waitFor(carryOutUndo(client, undo, "web", {}));
    ASSERT_TRUE(said) << said.error().text();
    EXPECT_EQ(*said, "skipped rollback (current template already matches revision 3)");
    EXPECT_EQ(live(kRollout).resourceVersion(), undo.workload.object.resourceVersion());
}

TEST_F(RolloutIntents, UndoNeverOverwritesWhatNobodyLookedAt)
{
    makeRollout();
    const Undo undo = undoTo("x:1");
    merge(kRollout, "metadata: {annotations: {by: somebody}}");
    const auto said = async::waitFor(carryOutUndo(client, undo, "web", {}));
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code(), ErrorCode::Conflict) << said.error().text();
    EXPECT_EQ(image(), "x:2");
}

TEST_F(RolloutIntents, UndoSaysThatItWasNotDone)
{
    makeRollout();
    cluster->inject({.kind = demo::Fault::Kind::CutConnection,
                     .method = "PATCH",
                     .pathPart = "rollouts/web",
                     .times = 1,
                     .milliseconds = 0});
    const auto said = async::waitFor(carryOutUndo(client, undoTo("x:1"), "web", {}));
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code(), ErrorCode::Unavailable) << said.error().text();
    EXPECT_EQ(image(), "x:2");
}

TEST_F(RolloutIntents, UndoLooksWhatBecameOfALostAnswer)
{
    makeRollout();
    cluster->inject({.kind = demo::Fault::Kind::DropAnswer,
                     .method = "PATCH",
                     .pathPart = "rollouts/web",
                     .times = 1,
                     .milliseconds = 0});
    const auto said = async::waitFor(carryOutUndo(client, undoTo("x:1"), "web", {}));
    ASSERT_TRUE(said) << said.error().text();
    EXPECT_EQ(image(), "x:1");
}

} // namespace
} // namespace tiphys::control
