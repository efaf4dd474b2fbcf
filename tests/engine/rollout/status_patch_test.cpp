// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/merge_patch.h"
#include "rollout/status.h"

#include <gtest/gtest.h>

#include <random>

namespace tiphys::rollout {
namespace {

using object::Value;

/// Statuses whose fields are drawn from few values, so that two of them have much in common.
class Drawn
{
public:
    explicit Drawn(unsigned seed) : m_random(seed) {}

    Status status()
    {
        Status status;
        status.abort = one(2) == 0;
        status.abortedAt = maybe([&] { return moment(); });
        status.pauseConditions = some([&] { return PauseCondition{.reason = word(), .startTime = moment()}; });
        status.controllerPause = one(2) == 0;
        status.currentPodHash = word();
        status.currentStepHash = word();
        status.replicas = one(3);
        status.updatedReplicas = one(3);
        status.readyReplicas = one(3);
        status.availableReplicas = one(3);
        status.hpaReplicas = one(3);
        status.currentStepIndex = maybe([&] { return one(2); });
        status.collisionCount = maybe([&] { return one(2); });
        status.observedGeneration = word();
        status.workloadObservedGeneration = word();
        status.conditions = some([&] {
            return Condition{
                .type = word(), .status = word(), .lastUpdateTime = moment(), .lastTransitionTime = moment()};
        });
        status.canary.stepRun = maybe([&] { return run(); });
        status.canary.backgroundRun = maybe([&] { return run(); });
        status.canary.currentExperiment = word();
        status.canary.weights = maybe([&] { return weights(); });
        status.canary.stablePingPong = word();
        status.blueGreen.previewSelector = word();
        status.blueGreen.activeSelector = word();
        status.blueGreen.scaleUpPreviewCheckPoint = one(2) == 0;
        status.blueGreen.postPromotionRun = maybe([&] { return run(); });
        status.selector = word();
        status.stableRs = word();
        status.restartedAt = maybe([&] { return moment(); });
        status.promoteFull = one(2) == 0;
        status.phase = word();
        status.message = word();
        if (one(2) == 0)
            status.alb = Value::map({{"loadBalancer", word()}});
        if (one(2) == 0)
            status.albs = one(2) == 0 ? Value::list({}) : Value::list({Value::map({{"ingress", word()}})});
        return status;
    }

private:
    int one(int of) { return static_cast<int>(m_random() % static_cast<unsigned>(of)); }
    std::string word() { return std::string(one(3) == 0 ? "" : one(2) == 0 ? "a" : "b"); }
    crd::Timestamp moment() { return crd::Timestamp{1'700'000'000 + one(2)}; }
    AnalysisRunReference run()
    {
        return {.name = word(), .status = static_cast<AnalysisPhase>(one(7)), .message = word()};
    }
    TrafficWeights weights()
    {
        TrafficWeights weights;
        weights.canary.weight = one(3);
        weights.stable.serviceName = word();
        weights.additional = some([&] { return WeightDestination{.weight = one(3), .serviceName = word()}; });
        weights.verified = maybe([&] { return one(2) == 0; });
        return weights;
    }
    template <typename Make>
    auto maybe(Make make) -> std::optional<decltype(make())>
    {
        if (one(2) == 0)
            return std::nullopt;
        return make();
    }
    template <typename Make>
    auto some(Make make) -> std::vector<decltype(make())>
    {
        std::vector<decltype(make())> parts;
        for (int count = one(3); count > 0; --count)
            parts.push_back(make());
        return parts;
    }

    std::minstd_rand m_random;
};

TEST(StatusPatch, IsThatBetweenTheValues)
{
    for (unsigned seed = 1; seed <= 3000; ++seed) {
        Drawn drawn(seed);
        const Status before = drawn.status();
        const Status after = drawn.status();
        const Value wanted = object::mergePatchOf(valueOf(before), valueOf(after));
        const Value got = patchOf(before, after)["status"];
        // The order of members as well: what is sent should not depend on how it was found.
        const object::JsonOptions kept{.order = object::KeyOrder::Kept};
        ASSERT_EQ(object::toJson(got, kept), object::toJson(wanted, kept)) << "seed " << seed;
    }
}

TEST(StatusPatch, IsEmptyForEqualOnes)
{
    const Status status = Drawn(7).status();
    EXPECT_EQ(patchOf(status, status)["status"].size(), 0u);
}

TEST(StatusPatch, TellsAStatusThatIsReadAgain)
{
    for (unsigned seed = 1; seed <= 300; ++seed) {
        const Status status = Drawn(seed).status();
        ASSERT_EQ(valueOf(readStatus(valueOf(status))), valueOf(status)) << "seed " << seed;
    }
}

/// A status with one condition, and one that was added to it.
Value patchBeside(const Value &condition)
{
    const Status before = readStatus(Value::map({{"conditions", Value::list({condition})}}));
    Status after = before;
    EXPECT_TRUE(setCondition(after, Condition{.type = "Healthy", .status = "True"}));
    return patchOf(before, after).path({"status", "conditions"});
}

Value conditionWith(const char *updated)
{
    // As API servers order members.
    return Value::map({{"lastTransitionTime", "2026-01-01T10:00:00Z"},
                       {"lastUpdateTime", updated},
                       {"message", "it runs"},
                       {"reason", "Runs"},
                       {"status", "True"},
                       {"type", "Available"}});
}

TEST(StatusPatch, WritesAConditionThatStaysAsItStands)
{
    const Value condition = conditionWith("2026-01-01T10:00:01Z");
    const object::JsonOptions kept{.order = object::KeyOrder::Kept};
    EXPECT_EQ(object::toJson(patchBeside(condition).at(0), kept), object::toJson(condition, kept));
}

TEST(StatusPatch, WritesAConditionThatIsOtherwiseWrittenAnew)
{
    EXPECT_EQ(patchBeside(conditionWith("2026-01-01T10:00:01.5Z")).at(0), conditionWith("2026-01-01T10:00:01Z"));
    EXPECT_EQ(patchBeside(conditionWith("2026-01-01T12:00:01+02:00")).at(0), conditionWith("2026-01-01T10:00:01Z"));
    EXPECT_EQ(patchBeside(conditionWith("2026-01-01T10:00:01Z").with("probe", "x")).at(0),
              conditionWith("2026-01-01T10:00:01Z"));
    EXPECT_EQ(patchBeside(conditionWith("2026-01-01T10:00:01Z").without("message")).at(0),
              conditionWith("2026-01-01T10:00:01Z").with("message", ""));
}

TEST(StatusPatch, DoesNotWriteAChangedConditionAsItStood)
{
    const Status before =
        readStatus(Value::map({{"conditions", Value::list({conditionWith("2026-01-01T10:00:01Z")})}}));
    Status after = before;
    ASSERT_TRUE(setCondition(after, Condition{.type = "Available", .status = "False", .reason = "Lost"}));
    const Value written = patchOf(before, after).path({"status", "conditions"});
    ASSERT_EQ(written.size(), 1u);
    EXPECT_EQ(written.at(0)["status"].stringOr(), "False");
}

} // namespace
} // namespace tiphys::rollout
