// SPDX-License-Identifier: GPL-3.0-or-later
#include "ports/discovery.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::ports;

namespace {

ApiResource resource(ResourceType type, std::string singular, std::vector<std::string> shortNames, bool isPreferred)
{
    return {.type = std::move(type),
            .singular = std::move(singular),
            .verbs = {"get", "list"},
            .shortNames = std::move(shortNames),
            .isPreferred = isPreferred};
}

Discovery sample()
{
    return Discovery({resource({"", "v1", "pods", "Pod", true}, "pod", {"po"}, true),
                      resource({"", "v1", "events", "Event", true}, "event", {"ev"}, true),
                      resource({"apps", "v1", "deployments", "Deployment", true}, "deployment", {"deploy"}, true),
                      resource({"autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true}, "",
                               {"hpa"}, false),
                      resource({"autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true}, "",
                               {"hpa"}, true),
                      resource({"events.k8s.io", "v1", "events", "Event", true}, "event", {"ev"}, true),
                      resource({"old.io", "v1alpha1", "things", "Thing", false}, "thing", {}, false)},
                     {{"metrics.k8s.io/v1beta1", "the server is currently unable to handle the request"}});
}

struct NameCase
{
    std::string name;
    std::string found;
};

} // namespace

TEST(Discovery, FindsAKindInItsPreferredVersion)
{
    const Discovery discovery = sample();
    EXPECT_EQ(discovery.find(object::GroupKind{"autoscaling", "HorizontalPodAutoscaler"})->type.version, "v2");
    EXPECT_EQ(discovery.find(object::Gvk{"autoscaling", "v1", "HorizontalPodAutoscaler"})->type.version, "v1");
    EXPECT_EQ(discovery.find(object::GroupKind{"apps", "Pod"}), nullptr);
}

TEST(Discovery, PrefersTheFirstListedWhereTheServerPrefersNone)
{
    EXPECT_TRUE(sample().find(object::GroupKind{"old.io", "Thing"})->isPreferred);
}

TEST(Discovery, TellsAMissingKindFromAFailedGroup)
{
    EXPECT_EQ(sample().typeOf(object::GroupKind{"apps", "Nope"}).error().code(), ErrorCode::NotFound);
    const Expected<ResourceType> failed = sample().typeOf(object::Gvk{"metrics.k8s.io", "v1beta1", "PodMetrics"});
    EXPECT_EQ(failed.error().code(), ErrorCode::Unavailable);
}

class FindByName : public testing::TestWithParam<NameCase>
{
};

TEST_P(FindByName, FindsWhatPeopleMean)
{
    const Discovery discovery = sample();
    const ApiResource *found = discovery.findByName(GetParam().name);
    EXPECT_EQ(found ? found->type.text() + "/" + found->type.version : "", GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    Discovery, FindByName,
    testing::Values(NameCase{"po", "pods/v1"}, NameCase{"Pod", "pods/v1"}, NameCase{"deploy", "deployments.apps/v1"},
                    NameCase{"deployments.apps", "deployments.apps/v1"},
                    NameCase{"deployments.v1.apps", "deployments.apps/v1"},
                    NameCase{"hpa.v1.autoscaling", "horizontalpodautoscalers.autoscaling/v1"},
                    NameCase{"hpa", "horizontalpodautoscalers.autoscaling/v2"}, NameCase{"ev", "events/v1"},
                    NameCase{"events.events.k8s.io", "events.events.k8s.io/v1"}, NameCase{"nothing", ""}));
