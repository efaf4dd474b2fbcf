// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/application.h"

#include <gtest/gtest.h>

namespace tiphys::crd {
namespace {

using object::Value;

Value source(std::string_view path)
{
    return Value::map({{"repoURL", "https://example.org/repo.git"}, {"path", path}});
}

Value document(const Value &spec, const Value &status = {})
{
    return Value::map({{"apiVersion", "argoproj.io/v1alpha1"},
                       {"kind", "Application"},
                       {"metadata", Value::map({{"name", "shop"}, {"namespace", "argocd"}})},
                       {"spec", spec},
                       {"status", status}});
}

Application applicationFrom(const Value &value)
{
    const Expected<Application> app = applicationOf(object::Object(value));
    EXPECT_TRUE(app) << app.error().text();
    return app.value_or(Application{});
}

TEST(ApplicationOf, ReadsSpec)
{
    const Application app = applicationFrom(document(Value::map(
        {{"project", "team"},
         {"source", source("app")},
         {"destination", Value::map({{"server", "https://kubernetes.default.svc"}, {"namespace", "shop"}})},
         {"revisionHistoryLimit", 3},
         {"syncPolicy", Value::map({{"automated", Value::map({{"prune", true}})},
                                    {"syncOptions", Value::list({"CreateNamespace=true"})},
                                    {"retry", Value::map({{"limit", 5}})}})},
         {"ignoreDifferences",
          Value::list({Value::map({{"kind", "Deployment"}, {"jsonPointers", Value::list({"/spec/replicas"})}})})}})));

    EXPECT_EQ(app.name(), "shop");
    EXPECT_EQ(app.spec.project, "team");
    EXPECT_EQ(app.spec.destination, (Destination{"https://kubernetes.default.svc", "shop", ""}));
    EXPECT_EQ(app.spec.effectiveHistoryLimit(), 3);
    EXPECT_TRUE(app.spec.isAutomated());
    EXPECT_TRUE(app.spec.syncPolicy->automated->prunes());
    EXPECT_FALSE(app.spec.syncPolicy->automated->selfHeals());
    EXPECT_TRUE(app.spec.hasSyncOption("CreateNamespace=true"));
    EXPECT_EQ(app.spec.syncPolicy->retry->limit, 5);
    ASSERT_EQ(app.spec.ignoreDifferences.size(), 1u);
    EXPECT_EQ(app.spec.ignoreDifferences[0].jsonPointers, (std::vector<std::string>{"/spec/replicas"}));
}

TEST(ApplicationOf, ReadsStatus)
{
    const Value resource = Value::map({{"group", "apps"},
                                       {"version", "v1"},
                                       {"kind", "Deployment"},
                                       {"namespace", "shop"},
                                       {"name", "web"},
                                       {"status", "OutOfSync"},
                                       {"health", Value::map({{"status", "Degraded"}, {"message", "m"}})},
                                       {"requiresPruning", true},
                                       {"syncWave", -2}});
    const Value history = Value::map({{"id", 4},
                                      {"revision", "abc"},
                                      {"deployedAt", "2024-01-01T00:00:00Z"},
                                      {"source", source("app")},
                                      {"initiatedBy", Value::map({{"automated", true}})}});
    const Application app = applicationFrom(document(
        Value::map({}),
        Value::map({{"sync", Value::map({{"status", "OutOfSync"},
                                         {"revision", "abc"},
                                         {"comparedTo", Value::map({{"source", source("app")}})}})},
                    {"health", Value::map({{"status", "Healthy"}})},
                    {"resources", Value::list({resource})},
                    {"history", Value::list({history})},
                    {"conditions", Value::list({Value::map({{"type", "SyncError"}, {"message", "x"}})})},
                    {"operationState", Value::map({{"phase", "Succeeded"}, {"startedAt", "2024-01-01T00:00:00Z"}})}})));

    EXPECT_EQ(app.status.sync.status, SyncCode::OutOfSync);
    EXPECT_EQ(app.status.sync.comparedTo.source.path, "app");
    EXPECT_EQ(app.status.health.status, HealthCode::Healthy);
    ASSERT_EQ(app.status.resources.size(), 1u);
    EXPECT_EQ(app.status.resources[0].health->status, HealthCode::Degraded);
    EXPECT_EQ(app.status.resources[0].syncWave, -2);
    EXPECT_TRUE(app.status.resources[0].requiresPruning);
    ASSERT_EQ(app.status.history.size(), 1u);
    EXPECT_EQ(app.status.history[0].id, 4);
    EXPECT_TRUE(app.status.history[0].initiatedBy.automated);
    EXPECT_EQ(app.status.conditions[0].severity(), ConditionSeverity::Error);
    EXPECT_TRUE(app.status.operationState->isFinished());
}

TEST(ApplicationOf, RefusesAFieldOfAWrongType)
{
    const Expected<Application> app =
        applicationOf(object::Object(document(Value::map({{"syncPolicy", Value::map({{"automated", true}})}}))));
    ASSERT_FALSE(app);
    EXPECT_EQ(app.error().message(), "spec.syncPolicy.automated: must be a map, is a boolean");
}

TEST(ApplicationSpec, PrefersHydratorThenSourcesThenSource)
{
    const Value both = Value::map({{"source", source("one")}, {"sources", Value::list({source("two")})}});
    EXPECT_EQ(applicationFrom(document(both)).spec.effectiveSource().path, "two");
    EXPECT_TRUE(applicationFrom(document(both)).spec.hasMultipleSources());

    const Value hydrator =
        Value::map({{"drySource", Value::map({{"repoURL", "dry"}, {"targetRevision", "main"}, {"path", "p"}})},
                    {"syncSource", Value::map({{"targetBranch", "env/prod"}, {"path", "rendered"}})}});
    const ApplicationSpec spec = applicationFrom(document(both.with("sourceHydrator", hydrator))).spec;
    EXPECT_FALSE(spec.hasMultipleSources());
    EXPECT_EQ(spec.effectiveSource().repoUrl, "dry");
    EXPECT_EQ(spec.effectiveSource().path, "rendered");
    EXPECT_EQ(spec.effectiveSource().targetRevision, "env/prod");
}

struct LimitCase
{
    std::string name;
    Value limit;
    std::int64_t kept;
};

class HistoryLimit : public testing::TestWithParam<LimitCase>
{
};

TEST_P(HistoryLimit, IsTenUnlessSaid)
{
    const Value spec = Value::map({{"revisionHistoryLimit", GetParam().limit}});
    EXPECT_EQ(applicationFrom(document(spec)).spec.effectiveHistoryLimit(), GetParam().kept);
}

INSTANTIATE_TEST_SUITE_P(Crd, HistoryLimit,
                         testing::Values(LimitCase{"Absent", {}, 10}, LimitCase{"Zero", 0, 0},
                                         LimitCase{"Negative", -1, 0}, LimitCase{"Five", 5, 5}),
                         [](const auto &row) { return row.param.name; });

TEST(SyncPolicy, IsAutomatedUnlessEnabledIsFalse)
{
    const auto automated = [](const Value &policy) {
        return applicationFrom(document(Value::map({{"syncPolicy", policy}}))).spec.isAutomated();
    };
    EXPECT_FALSE(automated(Value::map({})));
    EXPECT_TRUE(automated(Value::map({{"automated", Value::map({})}})));
    EXPECT_TRUE(automated(Value::map({{"automated", Value::map({{"enabled", true}})}})));
    EXPECT_FALSE(automated(Value::map({{"automated", Value::map({{"enabled", false}})}})));
}

TEST(NormalizedSpec, NamesTheDefaultProjectAndDropsEmptyBlocks)
{
    const Value spec = Value::map({{"project", ""},
                                   {"source", source("app").with("helm", Value::map({}))},
                                   {"syncPolicy", Value::map({{"syncOptions", Value::list({})}})},
                                   {"novelty", 1}});
    EXPECT_EQ(normalizedSpec(applicationFrom(document(spec)).spec),
              Value::map({{"project", "default"}, {"source", source("app")}, {"novelty", 1}}));
}

TEST(NormalizedSpec, LeavesSourcesAlone)
{
    const Value spec =
        Value::map({{"project", "p"}, {"sources", Value::list({source("a").with("helm", Value::map({}))})}});
    EXPECT_EQ(normalizedSpec(applicationFrom(document(spec)).spec), spec);
}

TEST(Application, InstanceNameCarriesAForeignNamespace)
{
    const Application app = applicationFrom(document(Value::map({})));
    EXPECT_EQ(app.instanceName("argocd"), "shop");
    EXPECT_EQ(app.instanceName("other"), "argocd_shop");
    EXPECT_EQ(app.qualifiedName(), "argocd/shop");
}

} // namespace
} // namespace tiphys::crd
