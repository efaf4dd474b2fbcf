// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/health.h"
#include "health/script_kinds.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::health {
namespace {

using test::objectOf;

/// A script for every Deployment and Widget, with one answer.
class OneScript final : public ScriptHealth
{
public:
    explicit OneScript(Expected<Health> answer) : m_answer(std::move(answer)) {}
    std::optional<Expected<Health>> healthOf(const object::Object &object) const override
    {
        if (object.kind() != "Deployment" && object.kind() != "Widget")
            return std::nullopt;
        return m_answer;
    }

private:
    Expected<Health> m_answer;
};

TEST(HealthOf, AnObjectBeingDeletedIsProgressing)
{
    const object::Object pod = objectOf("{apiVersion: v1, kind: Pod, metadata: {deletionTimestamp: '2024-01-01T00:00:00Z'},"
                                        " status: {phase: Failed}}");
    EXPECT_EQ(healthOf(pod), (Health{HealthCode::Progressing, "Pending deletion", false, false}));
}

TEST(HealthOf, AHookHeldByItsFinalizerIsStillChecked)
{
    const object::Object pod = objectOf("{apiVersion: v1, kind: Pod, metadata: {deletionTimestamp: '2024-01-01T00:00:00Z',"
                                        " finalizers: [argocd.argoproj.io/hook-finalizer]}, status: {phase: Failed}}");
    EXPECT_EQ(healthOf(pod)->status, HealthCode::Degraded);
}

TEST(HealthOf, AKindWithoutCheckHasNone)
{
    EXPECT_EQ(healthOf(objectOf("{apiVersion: v1, kind: ConfigMap}")), std::nullopt);
    EXPECT_EQ(healthOf(objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Application}")), std::nullopt);
}

TEST(HealthOf, AScriptBeatsTheBuiltinCheck)
{
    const OneScript script(Health{HealthCode::Suspended, "said the script", false, false});
    const object::Object deployment = objectOf("{apiVersion: apps/v1, kind: Deployment, status: {}}");
    EXPECT_EQ(healthOf(deployment, &script)->message, "said the script");
}

TEST(HealthOf, AFailingScriptIsUnknown)
{
    const OneScript script(failure(ErrorCode::InvalidInput, "attempt to index nil"));
    const std::optional<Health> health = healthOf(objectOf("{apiVersion: x/v1, kind: Widget}"), &script);
    EXPECT_EQ(health, (Health{HealthCode::Unknown, "attempt to index nil", true, false}));
}

TEST(HealthOf, WithoutScriptsAScriptedKindIsNotAssessed)
{
    const object::Object rollout = objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Rollout}");
    EXPECT_EQ(healthOf(rollout), (Health{HealthCode::None, "", false, true}));
    const OneScript script(Health{});
    EXPECT_EQ(healthOf(rollout, &script), std::nullopt);
}

struct ScriptedCase
{
    std::string name;
    object::GroupKind kind;
    bool isScripted;
};

class HasBuiltinScript : public testing::TestWithParam<ScriptedCase>
{
};

TEST_P(HasBuiltinScript, KnowsNamesAndWildcards)
{
    EXPECT_EQ(hasBuiltinScript(GetParam().kind), GetParam().isScripted);
}

INSTANTIATE_TEST_SUITE_P(
    Health, HasBuiltinScript,
    testing::Values(ScriptedCase{"CronJob", {"batch", "CronJob"}, true},
                    ScriptedCase{"Rollout", {"argoproj.io", "Rollout"}, true},
                    ScriptedCase{"Certificate", {"cert-manager.io", "Certificate"}, true},
                    ScriptedCase{"AnyCrossplaneKind", {"rds.aws.crossplane.io", "Whatever"}, true},
                    ScriptedCase{"AnyUpboundKind", {"s3.aws.upbound.io", "Bucket"}, true},
                    ScriptedCase{"ParentGroupItself", {"crossplane.io", "Whatever"}, false},
                    ScriptedCase{"AnyVictoriaMetricsKind", {"operator.victoriametrics.com", "VMAgent"}, true},
                    ScriptedCase{"Deployment", {"apps", "Deployment"}, false},
                    ScriptedCase{"CronJobOfAnotherGroup", {"example.org", "CronJob"}, false}),
    [](const auto &row) { return row.param.name; });

TEST(IsWorse, FollowsTheOrder)
{
    const std::vector<HealthCode> order{HealthCode::Healthy,     HealthCode::Suspended, HealthCode::Progressing,
                                        HealthCode::Missing,     HealthCode::Degraded,  HealthCode::Unknown};
    for (std::size_t a = 0; a < order.size(); ++a) {
        for (std::size_t b = 0; b < order.size(); ++b)
            EXPECT_EQ(isWorse(order[a], order[b]), b > a) << text(order[a]) << " " << text(order[b]);
    }
    EXPECT_FALSE(isWorse(HealthCode::Healthy, HealthCode::None));
    EXPECT_TRUE(isWorse(HealthCode::None, HealthCode::Suspended));
}

} // namespace
} // namespace tiphys::health
