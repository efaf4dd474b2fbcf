// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/destination_contexts.h"

#include <gmock/gmock.h>

using namespace tiphys;
using namespace tiphys::control;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

ports::ContextFacts context(const std::string &name, const std::string &server)
{
    return {.name = name, .server = server, .user = {}, .ns = {}, .problem = {}};
}

const std::vector<ports::ContextFacts> kContexts{context("dev", "https://dev:6443/"),
                                                 context("prod", "https://prod:6443"),
                                                 context("prod-admin", "https://prod:6443")};

} // namespace

TEST(DestinationContexts, AreThoseWithTheSameAddress)
{
    EXPECT_THAT(contextsFor("https://prod:6443/", "dev", kContexts, {}), ElementsAre("prod", "prod-admin"));
    EXPECT_THAT(contextsFor("https://dev:6443", "prod", kContexts, {}), ElementsAre("dev"));
    EXPECT_THAT(contextsFor("https://other:6443", "dev", kContexts, {}), IsEmpty());
    EXPECT_THAT(contextsFor("", "dev", kContexts, {}), IsEmpty());
}

TEST(DestinationContexts, BeginWithTheInstancesOwn)
{
    EXPECT_THAT(contextsFor("https://prod:6443", "prod-admin", kContexts, {}), ElementsAre("prod-admin", "prod"));
    EXPECT_THAT(contextsFor("https://kubernetes.default.svc", "dev", kContexts, {}), ElementsAre("dev"));
}

TEST(DestinationContexts, BeginWithTheOneThatWasChosen)
{
    const ChosenContexts chosen{
        {"https://10.0.0.1/", "prod"}, {"https://prod:6443", "prod-admin"}, {"https://gone", "no-such"}};
    EXPECT_THAT(contextsFor("https://10.0.0.1", "dev", kContexts, chosen), ElementsAre("prod"));
    EXPECT_THAT(contextsFor("https://prod:6443", "prod", kContexts, chosen), ElementsAre("prod-admin", "prod"));
    EXPECT_THAT(contextsFor("https://gone", "dev", kContexts, chosen), IsEmpty())
        << "a context that is no longer there";
}

TEST(DestinationContexts, SayWhatIsMissing)
{
    EXPECT_EQ(noAccess("https://s"), "no access to https://s: choose a context of this cluster");
    EXPECT_EQ(noAccess("https://s", "it signs in by a program"), "no access to https://s: it signs in by a program");
}
