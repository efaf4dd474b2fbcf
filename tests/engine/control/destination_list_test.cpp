// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/destination_list.h"

#include <gmock/gmock.h>

using namespace tiphys;
using namespace tiphys::control;
using service::ContextOrigin;
using service::DestinationContext;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

ports::ContextFacts context(const std::string &name, const std::string &server)
{
    return {.name = name, .server = server, .user = {}, .ns = {}, .problem = {}};
}

crd::Destination at(const std::string &server)
{
    return {.server = server, .ns = {}, .name = {}};
}

crd::Destination named(const std::string &name)
{
    return {.server = {}, .ns = {}, .name = name};
}

const std::vector<ports::ContextFacts> kTicked{context("hub", "https://hub:6443"), context("prod", "https://prod:6443"),
                                               context("prod-admin", "https://prod:6443")};

policy::Registry registry()
{
    return {.repositories = {},
            .clusters = {{.server = "https://10.0.0.1", .name = "prod-eu", .project = {}}},
            .unseen = {}};
}

DestinationUses uses(std::vector<crd::Destination> destinations)
{
    return {.home = "hub", .registry = registry(), .registered = {}, .destinations = std::move(destinations)};
}

} // namespace

TEST(DestinationList, LeavesOutTheOwnCluster)
{
    EXPECT_THAT(
        destinationList({uses({at("https://kubernetes.default.svc/"), named("in-cluster"), at("")})}, kTicked, {}),
        IsEmpty());
}

TEST(DestinationList, SaysThatTheOwnClusterIsSwitchedOff)
{
    DestinationUses off = uses({at("https://kubernetes.default.svc/"), named("in-cluster"), at("https://prod:6443")});
    off.registry.isInClusterEnabled = false;
    const auto list = destinationList({off}, kTicked, {});
    ASSERT_THAT(list, SizeIs(2));
    EXPECT_EQ(list[0].server, "https://prod:6443");
    EXPECT_EQ(list[1], (DestinationContext{.server = {},
                                           .names = {"in-cluster"},
                                           .contexts = {},
                                           .origin = ContextOrigin::None,
                                           .chosen = {},
                                           .applicationCount = 2,
                                           .problem = "the cluster of Argo CD itself is disabled as a destination at "
                                                      "'hub': cluster.inClusterEnabled of argocd-cm is \"false\""}));
}

TEST(DestinationList, GathersWhatStandsForOneAddress)
{
    const auto list =
        destinationList({uses({named("prod-eu"), at("https://10.0.0.1/"), at("https://prod:6443")})}, kTicked, {});
    ASSERT_THAT(list, SizeIs(2));
    EXPECT_EQ(list[0], (DestinationContext{.server = "https://10.0.0.1",
                                           .names = {"prod-eu"},
                                           .contexts = {},
                                           .origin = ContextOrigin::None,
                                           .chosen = {},
                                           .applicationCount = 2,
                                           .problem = {}}));
    EXPECT_EQ(list[1].server, "https://prod:6443");
    EXPECT_THAT(list[1].contexts, ElementsAre("prod"));
    EXPECT_EQ(list[1].origin, ContextOrigin::SameAddress);
    EXPECT_EQ(list[1].applicationCount, 1);
}

TEST(DestinationList, TellsWhatWasChosen)
{
    const ChosenContexts chosen{{"https://10.0.0.1/", "prod-admin"},
                                {"https://gone", "old"},
                                {"https://prod:6443", "unticked"},
                                {"https://unused", "prod"}};
    const auto list = destinationList({uses({named("prod-eu"), at("https://prod:6443")})}, kTicked, chosen);
    ASSERT_THAT(list, SizeIs(4));
    EXPECT_THAT(list[0].contexts, ElementsAre("prod-admin"));
    EXPECT_EQ(list[0].origin, ContextOrigin::Chosen);
    EXPECT_EQ(list[0].chosen, "prod-admin");
    EXPECT_EQ(list[1].server, "https://gone");
    EXPECT_THAT(list[1].contexts, IsEmpty());
    EXPECT_EQ(list[1].origin, ContextOrigin::None);
    EXPECT_EQ(list[1].chosen, "old");
    EXPECT_EQ(list[1].applicationCount, 0);
    EXPECT_THAT(list[2].contexts, ElementsAre("prod")) << "the one that was chosen is not ticked";
    EXPECT_EQ(list[2].origin, ContextOrigin::SameAddress);
    EXPECT_EQ(list[2].chosen, "unticked");
    EXPECT_EQ(list[3].server, "https://unused");
    EXPECT_EQ(list[3].origin, ContextOrigin::Chosen);
}

TEST(DestinationList, TellsWhereARegistrationCounts)
{
    DestinationUses engine = uses({named("prod-eu"), at("https://elsewhere")});
    engine.registered = [](const std::string &server) -> Expected<void> {
        return server == "https://10.0.0.1" ? Expected<void>()
                                            : failure(ErrorCode::NotFound, "no cluster is registered there");
    };
    const auto list = destinationList({engine}, kTicked, {});
    ASSERT_THAT(list, SizeIs(2));
    EXPECT_EQ(list[0].origin, ContextOrigin::Registered);
    EXPECT_EQ(list[1].server, "https://elsewhere");
    EXPECT_EQ(list[1].origin, ContextOrigin::None);
    EXPECT_EQ(list[1].problem, "");

    engine.registered = [](const std::string &) -> Expected<void> {
        return failure(ErrorCode::Unsupported, "it signs in by a program");
    };
    EXPECT_EQ(destinationList({engine}, kTicked, {})[0].problem, "it signs in by a program");
    const auto chosen = destinationList({engine}, kTicked, {{"https://10.0.0.1", "prod"}});
    EXPECT_EQ(chosen[0].origin, ContextOrigin::Chosen);
    EXPECT_EQ(chosen[0].problem, "");
}

TEST(DestinationList, NamesEachContextThatInstancesHave)
{
    DestinationUses other = uses({at("https://prod:6443")});
    other.home = "prod-admin";
    const auto list = destinationList({uses({at("https://prod:6443")}), other}, kTicked, {});
    ASSERT_THAT(list, SizeIs(1));
    EXPECT_THAT(list[0].contexts, ElementsAre("prod", "prod-admin"));
    EXPECT_EQ(list[0].applicationCount, 2);
}

TEST(DestinationList, SaysWhyANameHasNoAddress)
{
    DestinationUses unseen = uses({named("prod-us"), named("twice")});
    unseen.registry.clusters.push_back({.server = "https://1", .name = "twice", .project = {}});
    unseen.registry.clusters.push_back({.server = "https://2", .name = "twice", .project = {}});
    const auto list = destinationList({unseen}, kTicked, {{"https://unused", "prod"}});
    ASSERT_THAT(list, SizeIs(3));
    EXPECT_EQ(list[0].server, "https://unused");
    EXPECT_THAT(list[1].names, ElementsAre("prod-us"));
    EXPECT_EQ(list[1].server, "");
    EXPECT_EQ(list[1].problem, "no cluster of this name is registered at 'hub'");
    EXPECT_THAT(list[2].names, ElementsAre("twice"));
    EXPECT_EQ(list[2].problem, "there are 2 clusters with the same name: [https://1 https://2]");
}
