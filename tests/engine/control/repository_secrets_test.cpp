// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/wait_for.h"
#include "base/base64.h"
#include "control/rendering.h"
#include "control/repository_secrets.h"
#include "object/yaml.h"
#include "remote/fetched_content.h"
#include "support/fetched_content.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::control;
using namespace tiphys::remote;
using object::Object;
using object::Value;

namespace {

Object secret(const std::string &type, std::initializer_list<std::pair<std::string, std::string>> fields)
{
    std::vector<std::pair<std::string, Value>> data;
    for (const auto &[name, text] : fields)
        data.emplace_back(name, Value(base64Of(text)));
    const Value labels = Value::map({{"argocd.argoproj.io/secret-type", type}});
    return Object(
        Value::map({{"kind", "Secret"}, {"metadata", Value::map({{"labels", labels}})}, {"data", Value::map(data)}}));
}

/// Gives version 1.4.0 of every chart, and counts.
class OneChart final : public ports::Artifacts
{
public:
    std::vector<std::optional<ports::RepositoryAccess>> asked;

    Async<ports::FetchedChart> chart(render::ChartReference chart, std::optional<ports::RepositoryAccess> access,
                                     CancelToken) override
    {
        asked.push_back(access);
        if (chart.name == "absent")
            co_return failure(ErrorCode::NotFound, "no chart " + chart.name);
        co_return ports::FetchedChart{"1.4.0", "sha256:0", tests::chartArchive(chart.name, "1.4.0")};
    }
    Async<ports::FetchedArtifact> artifact(render::ArtifactReference, std::optional<ports::RepositoryAccess>,
                                           CancelToken) override
    {
        co_return ports::FetchedArtifact{"sha256:1",
                                         render::memoryTree({{"a.yaml", "kind: A\nmetadata: {name: a}\n"}})};
    }
    Async<std::string> file(std::string url, CancelToken) override { co_return "text of " + url; }
    std::string repositoryNamed(std::string_view) const override { return "https://charts.test"; }
};

} // namespace

TEST(RepositorySecrets, GiveTheOwnSecretElseTheLongestTemplate)
{
    const RepositorySecrets secrets({secret("repository", {{"url", "https://charts.test/stable"},
                                                           {"type", "helm"},
                                                           {"username", "own"},
                                                           {"password", "p"},
                                                           {"insecure", "true"}}),
                                     secret("repository", {{"url", "https://charts.test/bare"}, {"type", "helm"}}),
                                     secret("repo-creds", {{"url", "https://charts.test"}, {"username", "wide"}}),
                                     secret("repo-creds", {{"url", "https://charts.test/ba"}, {"username", "near"}}),
                                     secret("repository", {{"url", "registry.test/charts"},
                                                           {"enableOCI", "true"},
                                                           {"username", "oci"},
                                                           {"insecureOCIForceHttp", "true"}})},
                                    Object(*object::parseYaml("data: {tls.test: PEM}")));
    EXPECT_EQ(secrets.accessTo("https://charts.test/stable/", "default")->username, "own");
    EXPECT_TRUE(secrets.accessTo("https://charts.test/stable", "default")->security.skipsVerification);
    EXPECT_EQ(secrets.accessTo("https://charts.test/bare", "default")->username, "near");
    EXPECT_EQ(secrets.accessTo("https://charts.test/other", "default")->username, "wide");
    EXPECT_EQ(secrets.accessTo("oci://registry.test/charts", "default")->username, "oci");
    EXPECT_TRUE(secrets.accessTo("registry.test/charts", "default")->isPlainHttp);
    EXPECT_EQ(secrets.accessTo("https://tls.test:8443/x", "default")->security.caPem, "PEM");
    EXPECT_FALSE(secrets.accessTo("https://other.test", "default"));
}

TEST(RepositorySecrets, OfOneProjectAreForItsApplicationsAlone)
{
    const RepositorySecrets secrets(
        {secret("repository", {{"url", "https://charts.test/one"}, {"username", "anyone"}}),
         secret("repository", {{"url", "https://charts.test/one"}, {"username", "red"}, {"project", "red"}}),
         secret("repository", {{"url", "https://charts.test/one.git"}, {"username", "blue"}, {"project", "blue"}}),
         secret("repository", {{"url", "https://charts.test/two"}, {"username", "red"}, {"project", "red"}})},
        {});
    EXPECT_EQ(secrets.accessTo("https://charts.test/one", "red")->username, "red");
    EXPECT_EQ(secrets.accessTo("https://charts.test/one", "blue")->username, "blue");
    EXPECT_EQ(secrets.accessTo("https://charts.test/one", "default")->username, "anyone");
    EXPECT_EQ(secrets.accessTo("https://charts.test/two", "red")->username, "red");
    EXPECT_FALSE(secrets.accessTo("https://charts.test/two", "blue"));
}

TEST(FetchedContent, KeepsWhatCameAndWhyNot)
{
    const auto artifacts = std::make_shared<OneChart>();
    const RemoteParts parts{.artifacts = artifacts, .repositories = {}, .accessOf = [](const std::string &) {
                                ports::RepositoryAccess access;
                                access.username = "u";
                                return std::optional(access);
                            }};
    const render::ChartReference there{"https://charts.test", "web", "1.x", false};
    const render::ChartReference absent{"https://charts.test", "absent", "", false};
    const render::RemoteNeed need{.url = there.repository, .repository = {}, .chart = there, .artifact = {}};
    const auto content =
        async::waitFor(withFetched(parts, nullptr,
                                   {need,
                                    {.url = absent.repository, .repository = {}, .chart = absent, .artifact = {}},
                                    {.url = "https://x.test/a", .repository = {}, .chart = {}, .artifact = {}}},
                                   {}));
    ASSERT_TRUE(content);
    EXPECT_TRUE((*content)->chart(there)->has_value());
    EXPECT_EQ((*content)->chart(absent)->error().message(), "no chart absent");
    EXPECT_EQ(**(*content)->file("https://x.test/a"), "text of https://x.test/a");
    EXPECT_FALSE((*content)->file("https://x.test/b"));
    EXPECT_EQ((*content)->revisionOf(need), "1.4.0");
    EXPECT_EQ(artifacts->asked.at(0)->username, "u");
    const auto more = async::waitFor(withFetched(parts, *content, {}, {}));
    EXPECT_TRUE((*more)->chart(there)->has_value());
}

TEST(Rendering, AsksForChartsOfAllSourcesAndRendersThemWhenTheyAreHere)
{
    const auto app = crd::applicationOf(
        Object(*object::parseYaml("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, "
                                  "namespace: argocd}\nspec:\n  destination: {namespace: shop, server: s}\n"
                                  "  sources:\n  - {repoURL: 'https://charts.test', chart: web, targetRevision: 1.x}\n "
                                  " - {repoURL: 'oci://registry.test/apps', path: ., targetRevision: 1.0.0}\n")));
    ASSERT_TRUE(app);
    std::vector<SourceFiles> sources;
    for (const crd::ApplicationSource &source : app->spec.effectiveSources())
        sources.push_back({.source = source, .revision = "1", .files = render::memoryTree({}), .error = {}});
    const std::vector<std::string> manifests;
    RenderInput input{.app = *app,
                      .instance = "shop",
                      .sources = sources,
                      .hasMultipleSources = true,
                      .manifests = manifests,
                      .discovery = {},
                      .tracking = {}};
    const Rendering missing = renderingOf(input);
    ASSERT_EQ(missing.needs.size(), 2u);
    ASSERT_TRUE(missing.error);
    const auto content = async::waitFor(withFetched(
        {.artifacts = std::make_shared<OneChart>(), .repositories = {}, .accessOf = {}}, nullptr, missing.needs, {}));
    ASSERT_TRUE(content);
    input.settings.remote = *content;
    input.settings.kubeVersion = "v1.31.2+k3s1";
    const Rendering rendered = renderingOf(input);
    ASSERT_FALSE(rendered.error) << rendered.error->text();
    ASSERT_EQ(rendered.targets.objects.size(), 2u);
    EXPECT_EQ(rendered.targets.objects[0].name(), "shop-1.4.0");
    EXPECT_EQ(rendered.targets.objects[0].path({"data", "kube"}).stringOr(), "v1.31.2");
}
