// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/application_health.h"
#include "support/yaml_objects.h"

#include <gtest/gtest.h>

namespace tiphys::health {
namespace {

using object::Object;
using test::objectOf;

crd::Application application()
{
    return *crd::applicationOf(objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Application,"
                                        " metadata: {name: shop, namespace: argocd, uid: u1}}"));
}

Object pod(std::string_view phase, std::string_view annotations = "{}")
{
    return objectOf("{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: ns, annotations: "
                    + std::string(annotations) + "}, status: {phase: " + std::string(phase) + "}}");
}

const Object kConfigMap = Object(object::Value::map({{"apiVersion", "v1"}, {"kind", "ConfigMap"}}));

TEST(ApplicationHealth, OfNothingIsHealthy)
{
    EXPECT_EQ(applicationHealth(application(), {}).status, HealthCode::Healthy);
}

TEST(ApplicationHealth, IsTheWorstOfItsResources)
{
    const ApplicationHealth health = applicationHealth(
        application(), {{kConfigMap, kConfigMap}, {kConfigMap, pod("Pending")}, {kConfigMap, pod("Failed")}});
    EXPECT_EQ(health.status, HealthCode::Degraded);
    EXPECT_EQ(health.resources[0], std::nullopt);
    EXPECT_EQ(health.resources[1]->status, HealthCode::Progressing);
    EXPECT_EQ(health.resources[2]->status, HealthCode::Degraded);
}

TEST(ApplicationHealth, AMissingResourceWorsensNothing)
{
    const ApplicationHealth health =
        applicationHealth(application(), {{kConfigMap, {}}, {kConfigMap, pod("Succeeded")}});
    EXPECT_EQ(health.status, HealthCode::Healthy);
    EXPECT_EQ(health.resources[0]->status, HealthCode::Missing);
}

TEST(ApplicationHealth, IsMissingWhenNothingIsLive)
{
    EXPECT_EQ(applicationHealth(application(), {{kConfigMap, {}}, {kConfigMap, {}}}).status, HealthCode::Missing);
}

TEST(ApplicationHealth, AnIgnoredObjectIsLiveButNotEvaluated)
{
    const Object ignored = pod("Failed", "{argocd.argoproj.io/ignore-healthcheck: 'true'}");
    const ApplicationHealth health = applicationHealth(application(), {{kConfigMap, ignored}, {kConfigMap, {}}});
    EXPECT_EQ(health.status, HealthCode::Healthy);
    EXPECT_EQ(health.resources[0], std::nullopt);
}

TEST(ApplicationHealth, OnlyTheLiteralTrueIgnores)
{
    const Object notIgnored = pod("Failed", "{argocd.argoproj.io/ignore-healthcheck: 'True'}");
    EXPECT_EQ(applicationHealth(application(), {{kConfigMap, notIgnored}}).status, HealthCode::Degraded);
}

TEST(ApplicationHealth, HooksAndSkippedTargetsDoNotCount)
{
    const Object hook = pod("Failed", "{argocd.argoproj.io/hook: PreSync}");
    const Object helmTest = pod("Failed", "{helm.sh/hook: test}");
    const Object skipped = pod("Failed", "{argocd.argoproj.io/hook: Skip}");
    const ApplicationHealth health =
        applicationHealth(application(), {{{}, hook}, {{}, helmTest}, {skipped, pod("Failed")}});
    EXPECT_EQ(health.status, HealthCode::Healthy);
}

TEST(ApplicationHealth, AnObjectAwaitingPruneCounts)
{
    EXPECT_EQ(applicationHealth(application(), {{{}, pod("Failed")}}).status, HealthCode::Degraded);
}

TEST(ApplicationHealth, TheApplicationItselfDoesNotCount)
{
    class Broken final : public ScriptHealth
    {
    public:
        std::optional<Expected<Health>> healthOf(const Object &) const override
        {
            return Health{HealthCode::Degraded, {}, false, false};
        }
    };
    const Broken scripts;
    const Object other = objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Application,"
                                  " metadata: {name: shop, namespace: argocd, uid: u2}}");
    EXPECT_EQ(applicationHealth(application(), {{{}, application().object}}, &scripts).status, HealthCode::Healthy);
    EXPECT_EQ(applicationHealth(application(), {{{}, other}}, &scripts).status, HealthCode::Degraded);
}

class ChildHealth : public testing::TestWithParam<std::pair<HealthCode, HealthCode>>
{
};

TEST_P(ChildHealth, OfMissingAndUnknownChildrenDoesNotPass)
{
    class Scripted final : public ScriptHealth
    {
    public:
        explicit Scripted(HealthCode code) : m_code(code) {}
        std::optional<Expected<Health>> healthOf(const Object &) const override
        {
            return Health{m_code, {}, false, false};
        }

    private:
        HealthCode m_code;
    };
    const Scripted scripts(GetParam().first);
    const Object child = objectOf("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: child}}");
    EXPECT_EQ(applicationHealth(application(), {{child, child}}, &scripts).status, GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(Health, ChildHealth,
                         testing::Values(std::pair{HealthCode::Missing, HealthCode::Healthy},
                                         std::pair{HealthCode::Unknown, HealthCode::Healthy},
                                         std::pair{HealthCode::Degraded, HealthCode::Degraded},
                                         std::pair{HealthCode::Progressing, HealthCode::Progressing}));

TEST(ApplicationHealth, QuotesTheFirstFailedCheck)
{
    const Object first = objectOf("{apiVersion: apps/v2, kind: Deployment, metadata: {name: a, namespace: ns}}");
    const Object second = objectOf("{apiVersion: apps/v2, kind: Deployment, metadata: {name: b, namespace: ns}}");
    const ApplicationHealth health = applicationHealth(application(), {{{}, first}, {{}, second}});
    EXPECT_EQ(health.status, HealthCode::Unknown);
    EXPECT_EQ(health.problem, "failed to get resource health for \"Deployment\" with name \"a\" in namespace \"ns\": "
                              "unsupported Deployment GVK: apps/v2, Kind=Deployment");
}

/// A script for CronJobs that may not be run here.
class UnrunnableScript final : public ScriptHealth
{
public:
    std::optional<Expected<Health>> healthOf(const Object &object) const override
    {
        if (object.kind() != "CronJob")
            return std::nullopt;
        return Health{HealthCode::None, {}, false, true};
    }
};

TEST(ApplicationHealth, CountsWhatIsNotAssessed)
{
    const UnrunnableScript scripts;
    const Object cronJob = objectOf("{apiVersion: batch/v1, kind: CronJob}");
    const ApplicationHealth health = applicationHealth(application(), {{{}, cronJob}, {{}, pod("Pending")}}, &scripts);
    EXPECT_EQ(health.notAssessed, 1u);
    EXPECT_EQ(health.status, HealthCode::Progressing);
}

} // namespace
} // namespace tiphys::health
