// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/json.h"
#include "object/yaml.h"
#include "rollout/service_release.h"

#include <gtest/gtest.h>

namespace tiphys::rollout {
namespace {

using object::Object;

Object parsed(const std::string &yaml)
{
    return Object(*object::parseYaml(yaml));
}

Service service(const std::string &annotations, const std::string &selector)
{
    return readService(parsed("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop, annotations: {"
                              + annotations + "}}\nspec: {selector: {" + selector + "}}"));
}

Rollout rollout(const std::string &strategy, const std::string &name = "web")
{
    return readRollout(parsed("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: " + name
                              + ", namespace: shop}\nspec: {strategy: " + strategy + "}"));
}

const std::string kManaged = "argo-rollouts.argoproj.io/managed-by-rollouts: web";
const std::string kHash = "app: web, rollouts-pod-template-hash: abc";

struct KeptCase
{
    const char *name;
    const char *strategy;
};
class KeptService : public testing::TestWithParam<KeptCase>
{
};

TEST_P(KeptService, StaysAsItIs)
{
    EXPECT_TRUE(releaseService(service(kManaged, kHash), rollout(GetParam().strategy)).isIdle());
}

INSTANTIATE_TEST_SUITE_P(ServiceRelease, KeptService,
                         testing::Values(KeptCase{"Active", "{blueGreen: {activeService: web}}"},
                                         KeptCase{"Preview", "{blueGreen: {activeService: a, previewService: web}}"},
                                         KeptCase{"Canary", "{canary: {canaryService: web}}"},
                                         KeptCase{"Stable", "{canary: {stableService: web}}"},
                                         KeptCase{"Ping", "{canary: {pingPong: {pingService: web, pongService: b}}}"},
                                         KeptCase{"Pong", "{canary: {pingPong: {pingService: a, pongService: web}}}"}),
                         [](const auto &row) { return std::string(row.param.name); });

TEST(ServiceRelease, FreesTheServiceOfARolloutThatDoesNotNameItAnyMore)
{
    const Decision decision = releaseService(service(kManaged, kHash), rollout("{canary: {steps: [{setWeight: 50}]}}"));
    ASSERT_EQ(decision.writes().size(), 1u);
    const Write write = decision.writes().front();
    EXPECT_EQ(write.verb, Verb::MergePatch);
    EXPECT_EQ(write.key().text(), (object::ObjectKey{"", "Service", "shop", "web"}.text()));
    EXPECT_EQ(object::toJson(write.body),
              R"({"metadata":{"annotations":{"argo-rollouts.argoproj.io/managed-by-rollouts":null}},)"
              R"("spec":{"selector":{"rollouts-pod-template-hash":null}}})");
}

TEST(ServiceRelease, FreesTheServiceOfARolloutThatIsGone)
{
    EXPECT_EQ(releaseService(service(kManaged, kHash), std::nullopt).writes().size(), 1u);
    EXPECT_EQ(
        releaseService(service(kManaged, kHash), rollout("{blueGreen: {activeService: web}}", "other")).writes().size(),
        1u);
}

TEST(ServiceRelease, LeavesAHashThatNobodyClaims)
{
    EXPECT_TRUE(releaseService(service("", kHash), std::nullopt).isIdle());
    EXPECT_TRUE(releaseService(service(kManaged, "app: web"), std::nullopt).isIdle());
}

Object destinationRule()
{
    return parsed(
        "apiVersion: networking.istio.io/v1alpha3\nkind: DestinationRule\nmetadata: {name: rule, namespace: shop, "
        "resourceVersion: '7', annotations: {"
        + kManaged
        + "}}\nspec: {host: web, subsets: [{name: canary, labels: {app: web, rollouts-pod-template-hash: a}, "
          "trafficPolicy: "
          "{x: 1}}, {name: stable, labels: {rollouts-pod-template-hash: b}}]}");
}

TEST(DestinationRuleRelease, KeepsTheRuleThatItsRolloutNames)
{
    const Rollout manager = rollout("{canary: {trafficRouting: {istio: {destinationRule: {name: rule}}}}}");
    EXPECT_TRUE(releaseDestinationRule(destinationRule(), manager).isIdle());
}

TEST(DestinationRuleRelease, TakesHashesAndTheMarkFromAnother)
{
    for (const char *strategy :
         {"{canary: {}}", "{canary: {trafficRouting: {istio: {destinationRule: {name: other}}}}}"}) {
        const Decision decision = releaseDestinationRule(destinationRule(), rollout(strategy));
        ASSERT_EQ(decision.writes().size(), 1u) << strategy;
        const Write write = decision.writes().front();
        EXPECT_EQ(write.resourceVersion, "7");
        EXPECT_EQ(
            object::toJson(write.body),
            R"({"metadata":{"annotations":{"argo-rollouts.argoproj.io/managed-by-rollouts":null}},"spec":{"subsets":)"
            R"([{"labels":{"app":"web"},"name":"canary","trafficPolicy":{"x":1}},{"name":"stable"}]}})");
    }
}

TEST(DestinationRuleRelease, LeavesARuleThatNobodyManages)
{
    EXPECT_TRUE(releaseDestinationRule(
                    destinationRule().withoutAnnotation("argo-rollouts.argoproj.io/managed-by-rollouts"), std::nullopt)
                    .isIdle());
}

} // namespace
} // namespace tiphys::rollout
