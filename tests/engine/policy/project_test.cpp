// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/value.h"
#include "policy/impersonation.h"
#include "policy/project.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::policy;
using object::Value;

namespace {

const Cluster kLocal{.server = "https://kubernetes.default.svc", .name = "in-cluster", .project = {}};

EffectiveProject project(crd::ProjectSpec spec)
{
    return {.name = "team", .spec = std::move(spec), .scopedClusters = {}, .unseen = {}};
}

struct SourceCase
{
    std::string name;
    std::vector<std::string> repos;
    std::string url;
    bool isPermitted;
};
class PermitsSource : public testing::TestWithParam<SourceCase>
{
};

struct DestinationCase
{
    std::string name;
    std::vector<crd::Destination> destinations;
    std::string ns;
    bool isPermitted;
};
class PermitsDestination : public testing::TestWithParam<DestinationCase>
{
};

struct KindCase
{
    std::string name;
    crd::ProjectSpec spec;
    object::GroupKind kind;
    Scope scope;
    bool isPermitted;
};
class PermitsKind : public testing::TestWithParam<KindCase>
{
};
const auto rowName = [](const auto &row) { return row.param.name; };

crd::ProjectSpec kinds(std::vector<crd::KindPattern> clusterWhite, std::vector<crd::KindPattern> clusterBlack,
                       std::optional<std::vector<crd::KindPattern>> white, std::vector<crd::KindPattern> black)
{
    crd::ProjectSpec spec;
    spec.clusterResourceWhitelist = std::move(clusterWhite);
    spec.clusterResourceBlacklist = std::move(clusterBlack);
    spec.namespaceResourceWhitelist = std::move(white);
    spec.namespaceResourceBlacklist = std::move(black);
    return spec;
}

crd::Application application(const Value &source)
{
    return *crd::applicationOf(object::Object(Value::map(
        {{"metadata", Value::map({{"name", "shop"}, {"namespace", "argocd"}})},
         {"spec", Value::map({{"project", "team"},
                              {"source", source},
                              {"destination", Value::map({{"server", kLocal.server}, {"namespace", "shop"}})}})}})));
}

} // namespace

TEST_P(PermitsSource, ByNormalisedUrlAndGlob)
{
    crd::ProjectSpec spec;
    spec.sourceRepos = GetParam().repos;
    EXPECT_EQ(permitsSource(project(spec), GetParam().url), GetParam().isPermitted);
}
INSTANTIATE_TEST_SUITE_P(
    Policy, PermitsSource,
    testing::Values(
        SourceCase{"Star", {"*"}, "https://github.com/org/app", true}, SourceCase{"None", {}, "https://x/y", false},
        SourceCase{"CaseAndSuffix", {"https://GitHub.com/Org/App"}, "https://github.com/org/app.git", true},
        SourceCase{"ScpForm", {"git@github.com:org/app"}, "ssh://git@github.com/org/app.git", true},
        SourceCase{"StarStaysInOneSegment", {"https://github.com/org/*"}, "https://github.com/org/a/b", false},
        SourceCase{"TwoStarsCross", {"https://github.com/org/**"}, "https://github.com/org/a/b", true},
        SourceCase{"DenyWins", {"*", "!https://github.com/org/secret"}, "https://github.com/org/secret", false},
        SourceCase{"LoneDenyAllowsTheRest", {"!https://github.com/org/secret"}, "https://github.com/org/app", true}),
    rowName);

TEST_P(PermitsDestination, ByServerNameAndNamespace)
{
    crd::ProjectSpec spec;
    spec.destinations = GetParam().destinations;
    EXPECT_EQ(permitsDestination(project(spec), kLocal, GetParam().ns), GetParam().isPermitted);
}
INSTANTIATE_TEST_SUITE_P(
    Policy, PermitsDestination,
    testing::Values(
        DestinationCase{"Anywhere", {{.server = "*", .ns = "*", .name = ""}}, "shop", true},
        DestinationCase{"ByName", {{.server = "", .ns = "shop", .name = "in-*"}}, "shop", true},
        DestinationCase{"OtherNamespace", {{.server = "*", .ns = "blog", .name = ""}}, "shop", false},
        DestinationCase{"DeniedNamespace",
                        {{.server = "*", .ns = "!kube-system", .name = ""}, {.server = "*", .ns = "*", .name = ""}},
                        "kube-system",
                        false},
        DestinationCase{"NotDeniedNamespace", {{.server = "*", .ns = "!kube-system", .name = ""}}, "shop", true},
        DestinationCase{"DeniedServer",
                        {{.server = "*", .ns = "*", .name = ""},
                         {.server = "!https://kubernetes.default.svc", .ns = "*", .name = ""}},
                        "shop",
                        false}),
    rowName);

TEST_P(PermitsKind, ByItsLists)
{
    EXPECT_EQ(permitsKind(project(GetParam().spec), GetParam().kind, "x", GetParam().scope), GetParam().isPermitted);
}
INSTANTIATE_TEST_SUITE_P(
    Policy, PermitsKind,
    testing::Values(
        KindCase{"NamespacedByDefault", {}, {"apps", "Deployment"}, Scope::Namespaced, true},
        KindCase{"ClusterNotByDefault", {}, {"", "Namespace"}, Scope::Cluster, false},
        KindCase{"ClusterListed", kinds({{"*", "*", ""}}, {}, {}, {}), {"", "Namespace"}, Scope::Cluster, true},
        KindCase{"ClusterListedByName",
                 kinds({{"", "Namespace", "team-*"}}, {}, {}, {}),
                 {"", "Namespace"},
                 Scope::Cluster,
                 false},
        KindCase{"ClusterDenied",
                 kinds({{"*", "*", ""}}, {{"", "Namespace", ""}}, {}, {}),
                 {"", "Namespace"},
                 Scope::Cluster,
                 false},
        KindCase{"EmptyListAllowsNothing",
                 kinds({}, {}, std::vector<crd::KindPattern>{}, {}),
                 {"apps", "Deployment"},
                 Scope::Namespaced,
                 false},
        KindCase{"EmptyGroupIsTheCoreGroup",
                 kinds({}, {}, std::vector<crd::KindPattern>{{"", "*", ""}}, {}),
                 {"apps", "Deployment"},
                 Scope::Namespaced,
                 false},
        KindCase{"Denied", kinds({}, {}, {}, {{"", "Secret", ""}}), {"", "Secret"}, Scope::Namespaced, false}),
    rowName);

TEST(Project, SaysWhyAnObjectMustNotBeSynced)
{
    crd::ProjectSpec spec;
    spec.destinations = {{.server = "*", .ns = "shop", .name = ""}};
    const EffectiveProject team = project(spec);
    EXPECT_EQ(syncViolation(team, {"", "ConfigMap", "shop", "c"}, kLocal, Scope::Namespaced), std::nullopt);
    EXPECT_EQ(syncViolation(team, {"", "ConfigMap", "blog", "c"}, kLocal, Scope::Namespaced),
              "namespace blog is not permitted in project 'team'");
    EXPECT_EQ(syncViolation(team, {"", "Namespace", "", "shop"}, kLocal, Scope::Cluster),
              "resource :Namespace is not permitted in project team");
}

TEST(Project, OneThatDoesNotExistIsNamedAsTheControllerDoes)
{
    EXPECT_EQ(
        loadingProblem("ghost", {ErrorCode::NotFound, "Application referencing project ghost which does not exist"}),
        "error getting app project \"ghost\": appproject.argoproj.io \"ghost\" not found");
    EXPECT_EQ(loadingProblem("team", {ErrorCode::Denied,
                                      "application 'a' in namespace 'b' is not permitted to use project 'team'"}),
              "application 'a' in namespace 'b' is not permitted to use project 'team'");
}

TEST(Project, TakesTheListsOfGlobalProjects)
{
    crd::Project team;
    crd::Project global;
    global.spec.namespaceResourceWhitelist = {{"apps", "*", ""}};
    global.spec.syncWindows.resize(1);
    EXPECT_TRUE(permitsKind(effectiveProject(team), {"", "Secret"}, "", Scope::Namespaced));
    const EffectiveProject merged = effectiveProject(team, {global});
    EXPECT_FALSE(permitsKind(merged, {"", "Secret"}, "", Scope::Namespaced));
    EXPECT_EQ(merged.spec.syncWindows.size(), 1U);
}

TEST(Project, LetsOtherNamespacesInByTextGlobOrExpression)
{
    crd::ProjectSpec spec;
    spec.sourceNamespaces = {"apps", "team-*", "/^dev-[0-9]+$/"};
    const auto regex = [](std::string_view, std::string_view text) { return text == "dev-1"; };
    const EffectiveProject team = project(spec);
    EXPECT_TRUE(permitsAppNamespace(team, "argocd", "argocd"));
    EXPECT_TRUE(permitsAppNamespace(team, "team-a", "argocd"));
    EXPECT_FALSE(permitsAppNamespace(team, "other", "argocd", regex));
    EXPECT_TRUE(permitsAppNamespace(team, "dev-1", "argocd", regex));
    EXPECT_FALSE(permitsAppNamespace(team, "dev-1", "argocd"));
}

TEST(Project, NamesWhatIsWrongWithASpec)
{
    crd::ProjectSpec spec;
    spec.sourceRepos = {"https://git/ok"};
    spec.destinations = {{.server = "*", .ns = "blog", .name = ""}};
    const auto conditions =
        specConditions(application(Value::map({{"repoURL", "https://git/no"}, {"path", "p"}})), project(spec), kLocal);
    ASSERT_EQ(conditions.size(), 2U);
    EXPECT_EQ(conditions[0].message, "application repo https://git/no is not permitted in project 'team'");
    EXPECT_EQ(conditions[1].message,
              "application destination server 'https://kubernetes.default.svc' and namespace 'shop' do not match any "
              "of the allowed destinations in project 'team'");
    const auto incomplete =
        specConditions(application(Value::map({{"repoURL", "https://git/ok"}, {"chart", "c"}})), project(spec), kLocal);
    ASSERT_EQ(incomplete.size(), 1U);
    EXPECT_EQ(incomplete[0].message, "spec.source.targetRevision is required if the manifest source is a helm chart");
}

TEST(Impersonation, TakesTheFirstMatchingAccount)
{
    crd::ProjectSpec spec;
    const crd::Application app = application(Value::map({{"repoURL", "r"}, {"path", "p"}}));
    EXPECT_EQ(serviceAccountOf(app, project(spec), kLocal)->has_value(), false);
    spec.destinationServiceAccounts = {{"*", "blog", "a"}, {"https://*", "sh*", "deployer"}, {"*", "*", "b"}};
    EXPECT_EQ(**serviceAccountOf(app, project(spec), kLocal), "system:serviceaccount:shop:deployer");
    spec.destinationServiceAccounts = {{"*", "*", "ops:deployer"}};
    EXPECT_EQ(**serviceAccountOf(app, project(spec), kLocal), "system:serviceaccount:ops:deployer");
    spec.destinationServiceAccounts = {{"*", "*", "bad*"}};
    EXPECT_FALSE(serviceAccountOf(app, project(spec), kLocal));
}

TEST(Impersonation, IsOffUnlessSetAndEnforcedUnlessUnset)
{
    EXPECT_EQ(impersonationOf({}), (Impersonation{.isEnabled = false, .isEnforced = true}));
    EXPECT_EQ(impersonationOf(Value::map({{"application.sync.impersonation.enabled", "true"},
                                          {"application.sync.impersonation.enforced", "no"}})),
              (Impersonation{.isEnabled = true, .isEnforced = true}));
    EXPECT_EQ(impersonationOf(Value::map({{"application.sync.impersonation.enabled", "True"},
                                          {"application.sync.impersonation.enforced", "false"}})),
              (Impersonation{.isEnabled = false, .isEnforced = false}));
}

TEST(Impersonation, ASyncNeedsAnAccountWhereOneIsEnforced)
{
    crd::Application app;
    app.spec.destination.ns = "shop";
    const EffectiveProject none = project({});
    EXPECT_EQ(syncUser({}, app, none, kLocal).value(), std::nullopt);
    EXPECT_EQ(syncUser({.isEnabled = true, .isEnforced = false}, app, none, kLocal).value(), std::nullopt);
    EXPECT_EQ(
        syncUser({.isEnabled = true, .isEnforced = true}, app, none, kLocal).error().message(),
        "no matching service account found for destination server https://kubernetes.default.svc and namespace shop");
    EXPECT_EQ(deletionUser({.isEnabled = true, .isEnforced = true}, app, none, kLocal).value(), std::nullopt);
    crd::ProjectSpec spec;
    spec.destinationServiceAccounts = {{.server = "*", .ns = "*", .defaultServiceAccount = "*"}};
    EXPECT_EQ(syncUser({.isEnabled = true, .isEnforced = true}, app, project(spec), kLocal).error().message(),
              "failed to derive service account to impersonate: default service account contains invalid chars '*'");
    EXPECT_EQ(deletionUser({.isEnabled = true, .isEnforced = true}, app, project(spec), kLocal).error().message(),
              "cannot apply impersonation: error deriving service account to impersonate: default service account "
              "contains invalid chars '*'");
}
