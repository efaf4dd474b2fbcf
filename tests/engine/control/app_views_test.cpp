// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/app_views.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using service::Urgency;

namespace {

constexpr service::WallTime kNow = 1769860800000; // 2026-01-31T12:00:00Z

crd::Application appWith(const std::string &spec, const std::string &status)
{
    const auto value = object::parseYaml(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argocd}\n"
        "spec: {project: default, source: {repoURL: 'https://git/x', path: apps/shop}, destination: {server: "
        "'https://kubernetes.default.svc', namespace: shop}"
        + spec + "}\nstatus: " + status + "\n");
    EXPECT_TRUE(value) << (value ? "" : value.error().text());
    const auto app = crd::applicationOf(object::Object(*value));
    EXPECT_TRUE(app) << (app ? "" : app.error().text());
    return *app;
}

} // namespace

struct UrgencyCase
{
    std::string name;
    std::string spec;
    std::string status;
    Urgency urgency;
    std::string cause;
};
class UrgencyOf : public testing::TestWithParam<UrgencyCase>
{
};

TEST_P(UrgencyOf, FollowsTheStoredStatus)
{
    const UrgencyCase &c = GetParam();
    const service::AppRow row = control::rowOf("prod", appWith(c.spec, c.status), kNow);
    EXPECT_EQ(row.urgency, c.urgency);
    EXPECT_EQ(row.cause, c.cause);
}

INSTANTIATE_TEST_SUITE_P(
    Control, UrgencyOf,
    testing::Values(
        UrgencyCase{"Fine", "", "{sync: {status: Synced}, health: {status: Healthy}}", Urgency::None, ""},
        UrgencyCase{"FailedOperationBeforeDegraded", "",
                    "{sync: {status: OutOfSync}, health: {status: Degraded}, operationState: {phase: Failed, message: "
                    "'no', operation: {}, startedAt: '2026-01-31T11:00:00Z', finishedAt: '2026-01-31T11:01:00Z'}}",
                    Urgency::FailedOperation, "sync failed: no"},
        UrgencyCase{
            "ErrorCondition", "",
            "{sync: {status: Unknown}, health: {status: Healthy}, conditions: [{type: ComparisonError, message: "
            "'bad yaml'}]}",
            Urgency::FailedOperation, "ComparisonError: bad yaml"},
        UrgencyCase{"Degraded", "", "{sync: {status: Synced}, health: {status: Degraded}}", Urgency::Degraded,
                    "Degraded"},
        UrgencyCase{"AutomatedDrift", ", syncPolicy: {automated: {}}",
                    "{sync: {status: OutOfSync}, health: {status: Healthy}}", Urgency::OutOfSyncAutomated,
                    "OutOfSync although automated sync is on"},
        UrgencyCase{"ManualDrift", "", "{sync: {status: OutOfSync}, health: {status: Healthy}}",
                    Urgency::OutOfSyncManual, "OutOfSync"},
        UrgencyCase{"MissingBeforeManualDrift", "", "{sync: {status: OutOfSync}, health: {status: Missing}}",
                    Urgency::Missing, "missing in the cluster"},
        UrgencyCase{"DriftOfSome", "",
                    "{sync: {status: OutOfSync}, health: {status: Healthy}, resources: [{kind: Service, name: web, "
                    "status: Synced}, {kind: "
                    "Deployment, name: web, status: OutOfSync}, {kind: ConfigMap, name: a, status: OutOfSync}, {kind: "
                    "ConfigMap, name: b, "
                    "status: OutOfSync}]}",
                    Urgency::OutOfSyncManual, "OutOfSync: Deployment web and 2 more"},
        UrgencyCase{"OneIsMissing", "",
                    "{sync: {status: OutOfSync}, health: {status: Missing}, resources: [{kind: Job, name: a, status: "
                    "OutOfSync, health: "
                    "{status: Missing}}, {kind: Job, name: b, status: OutOfSync, health: {status: Healthy}}]}",
                    Urgency::Missing, "missing in the cluster: Job a"},
        UrgencyCase{
            "ProgressingLong", "",
            "{sync: {status: Synced}, health: {status: Progressing, lastTransitionTime: '2026-01-31T11:30:00Z'}}",
            Urgency::Progressing, "still Progressing"},
        UrgencyCase{
            "ProgressingShort", "",
            "{sync: {status: Synced}, health: {status: Progressing, lastTransitionTime: '2026-01-31T11:59:00Z'}}",
            Urgency::None, ""}),
    [](const auto &row) { return row.param.name; });

TEST(AppViews, ShowsHistoryNewestFirst)
{
    const auto app =
        appWith("", "{history: [{id: 0, revision: a, deployedAt: '2026-01-31T10:00:00Z'}, {id: 1, revision: "
                    "b, deployedAt: '2026-01-31T11:00:00Z', initiatedBy: {automated: true}}]}");
    const auto history = control::historyOf(app);
    ASSERT_EQ(history.size(), 2u);
    EXPECT_EQ(history[0].id, 1);
    EXPECT_TRUE(history[0].isAutomated);
}

TEST(OperationView, ObjectsOfAFinishedOperationRunNoMore)
{
    const auto resultsOf = [](const std::string &phase) {
        const crd::Application app =
            appWith("", "{operationState: {phase: " + phase
                            + ", operation: {sync: {}}, startedAt: '2026-01-31T11:00:00Z', "
                              "syncResult: {revision: abc, source: {repoURL: r}, resources: ["
                              "{group: '', version: v1, kind: ConfigMap, name: a, namespace: shop, status: Synced, "
                              "hookPhase: Running, syncPhase: Sync}, "
                              "{group: batch, version: v1, kind: Job, name: b, namespace: shop, status: Synced, "
                              "hookPhase: Succeeded, hookType: PreSync, syncPhase: PreSync}]}}}");
        return control::operationViewOf(app).results;
    };
    EXPECT_EQ(resultsOf("Running").at(0).hookPhase, "Running");
    EXPECT_EQ(resultsOf("Succeeded").at(0).hookPhase, "");
    EXPECT_EQ(resultsOf("Succeeded").at(0).status, "Synced");
    EXPECT_EQ(resultsOf("Succeeded").at(1).hookPhase, "Succeeded");
}

TEST(OperationView, WavesAreThoseOfTheObjects)
{
    service::OperationView operation;
    operation.results.resize(5);
    operation.results[0].key = {"batch", "Job", "shop", "migrate"};
    operation.results[1].key = {"batch", "Job", "shop", "seed-3f2c1ab-presync-1769"};
    operation.results[2].key = {"", "ConfigMap", "shop", "settings"};
    operation.results[3].key = {"batch", "Job", "shop", "migrate-later"};
    operation.results[4].key = {"batch", "Job", "shop", "seed-77aa01-sync-1770"};
    const auto object = [](const std::string &yaml) { return object::Object(object::parseYaml(yaml).value()); };
    control::takeWaves(operation, {object("{apiVersion: batch/v1, kind: Job, metadata: {name: migrate, namespace: "
                                          "shop, annotations: {argocd.argoproj.io/sync-wave: '-2'}}}"),
                                   object("{apiVersion: batch/v1, kind: Job, metadata: {generateName: seed-, "
                                          "namespace: shop, annotations: {argocd.argoproj.io/sync-wave: '3'}}}"),
                                   object("{apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop, "
                                          "annotations: {argocd.argoproj.io/sync-wave: '7'}}}")});
    EXPECT_EQ(operation.results[0].wave, -2);
    EXPECT_EQ(operation.results[1].wave, 3);
    EXPECT_EQ(operation.results[2].wave, 0);
    EXPECT_EQ(operation.results[3].wave, 0);
    EXPECT_EQ(operation.results[4].wave, 3);
}
