// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "object/yaml.h"
#include "policy/project.h"

#include <gtest/gtest.h>

#include <string>

using namespace tiphys;
using namespace tiphys::policy;
using object::Object;
using object::Value;

namespace {

Object secret(const std::string &type, std::initializer_list<std::pair<std::string, std::string>> fields)
{
    std::vector<std::pair<std::string, Value>> data;
    for (const auto &[name, text] : fields)
        data.emplace_back(name, Value(base64Of(text)));
    const Value labels = Value::map({{std::string(kSecretTypeLabel), type}});
    return Object(
        Value::map({{"kind", "Secret"}, {"metadata", Value::map({{"labels", labels}})}, {"data", Value::map(data)}}));
}

crd::Project team()
{
    return *crd::projectOf(Object(*object::parseYaml("{apiVersion: argoproj.io/v1alpha1, kind: AppProject, "
                                                     "metadata: {name: team, namespace: argocd}, spec: {}}")));
}

crd::Application application(const std::string &repoUrl, const std::string &server)
{
    crd::Application app;
    app.spec.source.emplace();
    app.spec.source->repoUrl = repoUrl;
    app.spec.source->path = "app";
    app.spec.destination = {.server = server, .ns = "shop", .name = {}};
    return app;
}

const Registry kRegistry = registryOf({
    secret("repository", {{"url", "https://git.test/team.git"}, {"project", "team"}}),
    secret("repository", {{"url", "https://git.test/others"}, {"project", "others"}}),
    secret("repository", {{"url", "https://git.test/all"}, {"password", "hidden"}}),
    secret("repo-creds", {{"url", "https://git.test"}, {"project", "team"}}),
    secret("cluster", {{"server", "https://east.test/"}, {"name", "east"}, {"project", "team"}, {"config", "{}"}}),
    secret("cluster",
           {{"server", "https://west.test"}, {"name", "west"}, {"project", "team"}, {"namespaces", "shop, desk,"}}),
    secret("cluster", {{"server", "https://north.test"}, {"name", "north"}}),
    secret("cluster",
           {{"server", "https://broken.test"}, {"name", "broken"}, {"project", "team"}, {"config", "no json"}}),
});

Cluster at(const std::string &server)
{
    return clusterAt(kRegistry, server).value_or(Cluster{.server = server, .name = {}, .project = {}});
}

} // namespace

TEST(Registry, TellsRepositoriesAndClustersWithoutCredentials)
{
    ASSERT_EQ(kRegistry.repositories.size(), 3U);
    EXPECT_EQ(kRegistry.repositories[0], (RegisteredRepository{"https://git.test/team.git", "team"}));
    ASSERT_EQ(kRegistry.clusters.size(), 3U) << "a cluster whose config cannot be read does not count";
    EXPECT_EQ(kRegistry.clusters[0].server, "https://east.test");
    EXPECT_EQ(kRegistry.clusters[1].namespaces, (std::vector<std::string>{"shop", "desk"}));
}

TEST(Registry, FindsTheClusterOfADestination)
{
    EXPECT_EQ(destinationServer(kRegistry, {.server = "https://east.test/", .ns = {}, .name = {}}),
              "https://east.test");
    EXPECT_EQ(destinationServer(kRegistry, {.server = {}, .ns = {}, .name = "west"}), "https://west.test");
    EXPECT_EQ(destinationServer(kRegistry, {.server = {}, .ns = {}, .name = "nowhere"}), "");
    EXPECT_EQ(destinationServer(kRegistry, {.server = {}, .ns = {}, .name = "in-cluster"}), kInClusterServer);
    Registry twins;
    twins.clusters = {{.server = "https://a", .name = "twin", .project = {}},
                      {.server = "https://b", .name = "twin", .project = {}}};
    const Expected<std::string> both = destinationServer(twins, {.server = {}, .ns = {}, .name = "twin"});
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().message(), "there are 2 clusters with the same name: [https://a https://b]");
    EXPECT_EQ(clusterAt(kRegistry, "https://north.test/")->name, "north");
    EXPECT_EQ(clusterAt({}, kInClusterServer)->name, kInClusterName);
    EXPECT_FALSE(clusterAt(kRegistry, "https://south.test"));
}

TEST(Registry, ReadsWhetherTheOwnClusterIsADestination)
{
    const auto isEnabled = [](std::string_view settings) {
        return inClusterEnabledOf(object::parseYaml(settings).value());
    };
    EXPECT_TRUE(isEnabled("{}"));
    EXPECT_TRUE(isEnabled("{cluster.inClusterEnabled: 'true'}"));
    EXPECT_TRUE(isEnabled("{cluster.inClusterEnabled: 'False'}")) << "only the word false counts";
    EXPECT_FALSE(isEnabled("{cluster.inClusterEnabled: 'false'}"));
}

TEST(Registry, KnowsTheOwnClusterNotWhereItIsSwitchedOff)
{
    Registry off = kRegistry;
    off.isInClusterEnabled = false;
    off.clusters.push_back({.server = std::string(kInClusterServer), .name = "home", .project = {}});
    off.clusters.push_back({.server = std::string(kInClusterServer), .name = "west", .project = {}});
    const crd::Destination byServer{.server = std::string(kInClusterServer) + "/", .ns = {}, .name = {}};
    const std::string disabled =
        "error getting cluster by server \"https://kubernetes.default.svc/\": rpc error: code = "
        "NotFound desc = cluster \"https://kubernetes.default.svc\" is disabled";
    const Expected<std::string> server = destinationServer(off, byServer);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().message(), disabled);
    EXPECT_EQ(destinationFault(off, byServer), disabled);
    EXPECT_EQ(destinationFault(kRegistry, byServer), "");
    EXPECT_EQ(destinationServer(off, {.server = {}, .ns = {}, .name = "in-cluster"}), "");
    EXPECT_EQ(destinationFault(off, {.server = {}, .ns = {}, .name = "in-cluster"}),
              "there are no clusters with this name: in-cluster");
    EXPECT_EQ(destinationServer(off, {.server = {}, .ns = {}, .name = "home"}), "");
    EXPECT_EQ(destinationServer(off, {.server = {}, .ns = {}, .name = "west"}), "https://west.test")
        << "the other cluster of that name is left";
    EXPECT_FALSE(clusterAt(off, kInClusterServer));
    EXPECT_EQ(destinationServer(off, {.server = "https://east.test", .ns = {}, .name = {}}), "https://east.test");
}

TEST(ScopedProject, PermitsItsOwnRepositoriesAlone)
{
    const EffectiveProject project = effectiveProject(team(), {}, kRegistry);
    EXPECT_TRUE(permitsSource(project, "https://git.test/team"));
    EXPECT_FALSE(permitsSource(project, "https://git.test/others"));
    EXPECT_FALSE(permitsSource(project, "https://git.test/all"));
    EXPECT_FALSE(permitsSource(effectiveProject(team()), "https://git.test/team"));
}

TEST(ScopedProject, PermitsItsOwnClustersInTheirNamespaces)
{
    const EffectiveProject project = effectiveProject(team(), {}, kRegistry);
    EXPECT_TRUE(permitsDestination(project, at("https://east.test"), "any"));
    EXPECT_TRUE(permitsDestination(project, at("https://west.test"), "shop"));
    EXPECT_FALSE(permitsDestination(project, at("https://west.test"), "other"));
    EXPECT_FALSE(permitsDestination(project, at("https://north.test"), "shop"));
    EXPECT_FALSE(permitsDestination(project, at("https://broken.test"), "shop"));
}

TEST(ScopedProject, MayPermitNothingButItsOwnClusters)
{
    crd::Project only = team();
    only.spec.destinations = {{.server = "*", .ns = "*", .name = {}}};
    EXPECT_TRUE(permitsDestination(effectiveProject(only, {}, kRegistry), at("https://north.test"), "shop"));
    only.spec.permitOnlyProjectScopedClusters = true;
    const EffectiveProject project = effectiveProject(only, {}, kRegistry);
    EXPECT_FALSE(permitsDestination(project, at("https://north.test"), "shop"));
    EXPECT_FALSE(permitsDestination(project, at(std::string(kInClusterServer)), "shop"));
    EXPECT_TRUE(permitsDestination(project, at("https://east.test"), "shop"));
    EXPECT_TRUE(permitsDestination(project, {.server = "https://east.test", .name = "other", .project = {}}, "shop"));
}

TEST(ScopedProject, IsDeniedWhatItsListsDeny)
{
    crd::Project strict = team();
    strict.spec.sourceRepos = {"!https://git.test/team"};
    strict.spec.destinations = {{.server = "!https://east.test", .ns = "*", .name = {}}};
    const EffectiveProject project = effectiveProject(strict, {}, kRegistry);
    EXPECT_FALSE(permitsSource(project, "https://git.test/team"));
    EXPECT_FALSE(permitsDestination(project, at("https://east.test"), "shop"));
}

TEST(ScopedProject, SaysWhatIsNotPermittedAndWhatIsNotKnown)
{
    const crd::Application app = application("https://git.test/others", "https://north.test");
    const auto known = specConditions(app, effectiveProject(team(), {}, kRegistry), at("https://north.test"));
    ASSERT_EQ(known.size(), 2U);
    EXPECT_EQ(known[0].message, "application repo https://git.test/others is not permitted in project 'team'");
    EXPECT_EQ(known[1].message,
              "application destination server 'https://north.test' and namespace 'shop' do not match any of "
              "the allowed destinations in project 'team'");
    const Registry unseen{.repositories = {}, .clusters = {}, .unseen = "secrets is forbidden"};
    const auto doubted = specConditions(app, effectiveProject(team(), {}, unseen), at("https://north.test"));
    ASSERT_EQ(doubted.size(), 2U);
    EXPECT_EQ(doubted[0].message,
              "application repo https://git.test/others is not permitted in project 'team'; repositories "
              "and clusters of the project alone are not known: secrets is forbidden");
    const auto fine = specConditions(application("https://git.test/team", "https://east.test"),
                                     effectiveProject(team(), {}, kRegistry), at("https://east.test"));
    EXPECT_TRUE(fine.empty());
}
