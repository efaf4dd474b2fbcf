// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/sync_plan.h"

#include "support/yaml_objects.h"

using namespace tiphys;
using namespace tiphys::control;
using test::objectOf;

namespace {

constexpr const char *kApplication = R"(
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  project: default
  source: {repoURL: "https://git/x", path: apps/shop}
  destination: {server: "https://kubernetes.default.svc", namespace: shop}
)";

/// A widget and a ConfigMap in the first wave, a Deployment after them.
constexpr const char *kManifests = R"(
apiVersion: shop.io/v1
kind: Widget
metadata: {name: w}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {argocd.argoproj.io/sync-wave: "1"}}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: b}]}}}
)";

ports::DiscoveryPtr discovery()
{
    const auto served = [](ports::ResourceType type) {
        return ports::ApiResource{.type = std::move(type),
                                  .singular = {},
                                  .verbs = {"get", "list", "create", "patch"},
                                  .shortNames = {},
                                  .categories = {},
                                  .subresources = {},
                                  .isPreferred = true};
    };
    return std::make_shared<const ports::Discovery>(
        std::vector<ports::ApiResource>{served({"", "v1", "configmaps", "ConfigMap"}),
                                        served({"apps", "v1", "deployments", "Deployment"}),
                                        served({"shop.io", "v1", "widgets", "Widget"})},
        std::vector<ports::FailedGroup>{});
}

/// Warnings of the sync of kManifests; \p scriptKey names the kinds that a script of argocd-cm judges, "" none.
std::vector<std::string> warnings(const std::string &scriptKey)
{
    EvaluationInput input;
    input.app = crd::applicationOf(objectOf(kApplication)).value();
    input.controlPlaneNamespace = "argocd";
    input.sources = {{.source = input.app.spec.effectiveSource(),
                      .revision = "0123456789012345678901234567890123456789",
                      .files = render::memoryTree({{"apps/shop/all.yaml", kManifests}}),
                      .error = {}}};
    input.project = policy::effectiveProject(crd::defaultProject("argocd"));
    input.cluster = {.server = "https://kubernetes.default.svc", .name = "in-cluster", .project = {}};
    input.discovery = discovery();
    if (!scriptKey.empty())
        input.settings.overrides.push_back(
            {.key = scriptKey, .healthLua = "return {status = 'Healthy'}", .usesOpenLibraries = false});
    const service::SyncPlan plan =
        syncPlanOf(input.app, {}, evaluated(input), input.discovery, input.project, input.cluster);
    EXPECT_EQ(plan.planProblem, "");
    EXPECT_EQ(plan.tasks.size(), 3u);
    return plan.warnings;
}

} // namespace

TEST(SyncPlan, NamesKindsThatAWaveDoesNotWaitFor)
{
    EXPECT_EQ(warnings(""), std::vector<std::string>{"waves do not wait for the health of ConfigMap, Widget: "
                                                     "there is no check for it"});
}

TEST(SyncPlan, AKindThatAScriptJudgesIsWaitedFor)
{
    const std::vector<std::string> configMapOnly{"waves do not wait for the health of ConfigMap: there is no check for "
                                                 "it"};
    EXPECT_EQ(warnings("shop.io/Widget"), configMapOnly);
    EXPECT_EQ(warnings("*.io/*"), configMapOnly);
}
