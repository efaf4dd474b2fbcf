// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/health.h"
#include "health/kind_table.h"
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
    const object::Object pod =
        objectOf("{apiVersion: v1, kind: Pod, metadata: {deletionTimestamp: '2024-01-01T00:00:00Z'},"
                 " status: {phase: Failed}}");
    EXPECT_EQ(healthOf(pod), (Health{HealthCode::Progressing, "Pending deletion", false, false}));
}

TEST(HealthOf, AHookHeldByItsFinalizerIsStillChecked)
{
    const object::Object pod =
        objectOf("{apiVersion: v1, kind: Pod, metadata: {deletionTimestamp: '2024-01-01T00:00:00Z',"
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

TEST(HealthOf, AKindWithARuleIsCheckedWhereNoScriptAnswers)
{
    const object::Object issuer = objectOf("{apiVersion: cert-manager.io/v1, kind: Issuer}");
    const Health waiting{HealthCode::Progressing, "Initializing issuer", false, false};
    EXPECT_EQ(healthOf(issuer), waiting);
    const OneScript script(Health{});
    EXPECT_EQ(healthOf(issuer, &script), waiting);
}

struct RuleCase
{
    std::string name;
    std::string group;
    std::string kind;
    /// Group and kind of the rule; empty for none.
    std::string rule;
};

class RuleOf : public testing::TestWithParam<RuleCase>
{
};

TEST_P(RuleOf, FindsTheKindItselfThenItsFamily)
{
    const kinds::KindRule *rule = kinds::ruleOf(GetParam().group, GetParam().kind);
    EXPECT_EQ(rule ? std::string(rule->group) + "/" + std::string(rule->kind) : "", GetParam().rule);
}

INSTANTIATE_TEST_SUITE_P(
    Health, RuleOf,
    testing::Values(
        RuleCase{"CronJob", "batch", "CronJob", "batch/CronJob"},
        RuleCase{"Rollout", "argoproj.io", "Rollout", "argoproj.io/Rollout"},
        RuleCase{"KindBeforeFamily", "pkg.crossplane.io", "Provider", "pkg.crossplane.io/Provider"},
        RuleCase{"AnyCrossplaneKind", "rds.aws.crossplane.io", "Whatever", "*.crossplane.io/*"},
        RuleCase{"AnyUpboundKind", "s3.aws.upbound.io", "Bucket", "*.upbound.io/*"},
        RuleCase{"AnyConfigConnectorKind", "sql.cnrm.cloud.google.com", "SQLInstance", "*.cnrm.cloud.google.com/*"},
        RuleCase{"ParentGroupItself", "crossplane.io", "Whatever", ""},
        RuleCase{"AnyVictoriaMetricsKind", "operator.victoriametrics.com", "VMAgent", "operator.victoriametrics.com/*"},
        RuleCase{"Deployment", "apps", "Deployment", ""}, RuleCase{"Core", "", "ConfigMap", ""},
        RuleCase{"CronJobOfAnotherGroup", "example.org", "CronJob", ""}),
    [](const auto &row) { return row.param.name; });

TEST(Rules, AreOneForEveryKind)
{
    const std::vector<const kinds::KindRule *> rules = kinds::allRules();
    EXPECT_EQ(rules.size(), 238u);
    for (const kinds::KindRule *rule : rules) {
        if (rule->kind != "*") {
            EXPECT_EQ(kinds::ruleOf(rule->group, rule->kind), rule) << rule->group << "/" << rule->kind;
        }
    }
}

TEST(IsWorse, FollowsTheOrder)
{
    const std::vector<HealthCode> order{HealthCode::Healthy, HealthCode::Suspended, HealthCode::Progressing,
                                        HealthCode::Missing, HealthCode::Degraded,  HealthCode::Unknown};
    for (std::size_t a = 0; a < order.size(); ++a) {
        for (std::size_t b = 0; b < order.size(); ++b)
            EXPECT_EQ(isWorse(order[a], order[b]), b > a) << text(order[a]) << " " << text(order[b]);
    }
    EXPECT_FALSE(isWorse(HealthCode::Healthy, HealthCode::None));
    EXPECT_TRUE(isWorse(HealthCode::None, HealthCode::Suspended));
}

} // namespace
} // namespace tiphys::health
