// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/outcome_store.h"

#include "crd/application.h"
#include "demo_place.h"

namespace tiphys::control {
namespace {

using object::Object;

constexpr crd::Timestamp kNow{1'780'000'000};
const object::ObjectKey kShop{"argoproj.io", "Application", "default", "shop"};

/// An Application whose operation runs in a demo cluster, and the end of a pass over it.
class StoresOutcomes : public DemoPlace
{
protected:
    void SetUp() override
    {
        DemoPlace::SetUp();
        make("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: default}, "
             "spec: {project: default, source: {repoURL: r, path: p}, destination: {server: s, namespace: apps}}, "
             "operation: {sync: {revision: abc}}, status: {operationState: {phase: Running, startedAt: "
             "'2026-01-01T12:00:00Z', operation: {sync: {revision: abc}}}}}");
        app = crd::applicationOf(live(kShop)).value();
    }

    static sync::PassOutcome ended(crd::OperationPhase phase) { return sync::outcomeOf(sync::Refusal{phase, "told"}); }
    Expected<StoredOutcome> store(crd::OperationPhase phase, const ports::ClusterPtr &cluster, bool mayWrite = true)
    {
        OutcomeStore outcomes(cluster, [mayWrite] { return mayWrite; }, std::chrono::milliseconds(1));
        return async::waitFor(outcomes.store(app, *app.status.operationState, ended(phase), kNow, {}));
    }
    int patches() { return cluster->requestCount("PATCH", "applications/shop"); }
    std::string phase() { return std::string(live(kShop).path({"status", "operationState", "phase"}).stringOr()); }

    crd::Application app;
};

TEST_F(StoresOutcomes, OffersThemUntilTheServerTakesThem)
{
    cluster->inject(
        {.kind = demo::Fault::Kind::ServerError, .method = "PATCH", .pathPart = "applications/shop", .times = 3});
    cluster->inject(
        {.kind = demo::Fault::Kind::ServerError, .method = "GET", .pathPart = "applications/shop", .times = 2});
    const auto stored = store(crd::OperationPhase::Failed, client);
    ASSERT_TRUE(stored) << stored.error().text();
    EXPECT_EQ(phase(), "Failed");
    EXPECT_TRUE(live(kShop).value()["operation"].isNull());
    EXPECT_TRUE(stored->completion.event);
}

TEST_F(StoresOutcomes, AnAnswerThatIsLostIsNoSecondEnd)
{
    cluster->inject(
        {.kind = demo::Fault::Kind::DropAnswer, .method = "PATCH", .pathPart = "applications/shop", .times = 1});
    const auto stored = store(crd::OperationPhase::Failed, client);
    ASSERT_TRUE(stored) << stored.error().text();
    EXPECT_EQ(phase(), "Failed");
    EXPECT_EQ(patches(), 1);
    EXPECT_TRUE(stored->completion.event) << "it is told";
}

TEST_F(StoresOutcomes, GivesUpAfterAWhile)
{
    cluster->inject(
        {.kind = demo::Fault::Kind::ServerError, .method = "PATCH", .pathPart = "applications/shop", .times = 1000});
    EXPECT_FALSE(store(crd::OperationPhase::Failed, client));
    EXPECT_EQ(patches(), OutcomeStore::kMostAttempts);
}

TEST_F(StoresOutcomes, ARefusalForGoodIsNotRepeated)
{
    const auto stored = store(crd::OperationPhase::Failed, connected("demo-readonly"));
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code(), ErrorCode::Denied);
    EXPECT_EQ(patches(), 1);
}

TEST_F(StoresOutcomes, NothingIsWrittenWithoutTheLease)
{
    const auto stored = store(crd::OperationPhase::Failed, client, false);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code(), ErrorCode::Conflict);
    EXPECT_EQ(patches(), 0);
}

TEST_F(StoresOutcomes, ATerminationThatCameMeanwhileStays)
{
    merge(kShop, "{status: {operationState: {phase: Terminating}}}");
    ASSERT_TRUE(store(crd::OperationPhase::Running, client));
    EXPECT_EQ(phase(), "Terminating");
}

TEST_F(StoresOutcomes, AnApplicationThatIsGoneNeedsNone)
{
    cluster->run([&](demo::Store &objects) {
        EXPECT_TRUE(objects.remove(*objects.catalog().byKind({kShop.group, kShop.kind}), {kShop.ns, kShop.name}, {}));
    });
    const auto stored = store(crd::OperationPhase::Failed, client);
    ASSERT_TRUE(stored);
    EXPECT_TRUE(stored->isGone);
}

} // namespace
} // namespace tiphys::control
