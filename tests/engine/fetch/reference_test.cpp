// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/auth_challenge.h"
#include "fetch/credential_files.h"
#include "fetch/oci_reference.h"
#include "fetch/registry.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::fetch;

TEST(OciReference, IsHostAndPath)
{
    EXPECT_EQ(ociRepositoryOf("oci://ghcr.test/org/chart"), (OciRepository{"ghcr.test", "org/chart"}));
    EXPECT_EQ(ociRepositoryOf("localhost:5000/a/"), (OciRepository{"localhost:5000", "a"}));
    EXPECT_EQ(ociRepositoryOf("oci://docker.io/library/a")->server(), "registry-1.docker.io");
    for (const std::string_view bad : {"oci://host", "oci:///a", "oci://host/../a", "oci://host/A", "oci://ho st/a",
                                       "oci://host//a", "oci://host/a:1"})
        EXPECT_FALSE(ociRepositoryOf(bad)) << bad;
}

TEST(OciReference, OfAnIndexHasATagADigestOrTheVersion)
{
    EXPECT_EQ(ociChartOf("oci://host:5000/charts/web:v1.2.3", "1.2.3"),
              (OciChart{"oci://host:5000/charts/web", "v1.2.3"}));
    EXPECT_EQ(ociChartOf("oci://host:5000/charts/web", "1.2.3"), (OciChart{"oci://host:5000/charts/web", "1.2.3"}));
    EXPECT_EQ(ociChartOf("oci://host/web@sha256:ab", "1.2.3"), (OciChart{"oci://host/web", "sha256:ab"}));
    EXPECT_EQ(ociChartOf("oci://host/web:1@sha256:ab", "1.2.3"), (OciChart{"oci://host/web", "sha256:ab"}));
}

TEST(OciReference, TagsStandForVersions)
{
    EXPECT_EQ(tagOfVersion("1.2.3+build.4"), "1.2.3_build.4");
    EXPECT_EQ(versionOfTag("1.2.3_build.4"), "1.2.3+build.4");
    EXPECT_TRUE(isTag("v1.0_x"));
    EXPECT_FALSE(isTag("../x"));
    EXPECT_FALSE(isTag(""));
    EXPECT_TRUE(isSha256Digest("sha256:" + std::string(64, 'a')));
    EXPECT_FALSE(isSha256Digest("sha256:" + std::string(64, 'A')));
    EXPECT_FALSE(isSha256Digest("sha512:" + std::string(64, 'a')));
}

TEST(AuthChallenge, ReadsBearerAndBasic)
{
    const auto bearer = authChallengeOf(
        R"(Bearer realm="https://auth.test/token",service="registry.test",scope="repository:a/b:pull,push")");
    ASSERT_TRUE(bearer);
    EXPECT_EQ(bearer->scheme, AuthChallenge::Scheme::Bearer);
    EXPECT_EQ(bearer->realm, "https://auth.test/token");
    EXPECT_EQ(bearer->service, "registry.test");
    EXPECT_EQ(bearer->scope, "repository:a/b:pull,push");
    const auto basic = authChallengeOf("basic realm=x");
    ASSERT_TRUE(basic);
    EXPECT_EQ(basic->scheme, AuthChallenge::Scheme::Basic);
    const auto second = authChallengeOf(R"(Negotiate, Bearer realm="r\"q" , error="x")");
    ASSERT_TRUE(second);
    EXPECT_EQ(second->realm, "r\"q");
    EXPECT_FALSE(authChallengeOf("Digest realm=\"x\""));
    EXPECT_FALSE(authChallengeOf(""));
    EXPECT_FALSE(authChallengeOf("=,=\"\""));
}

TEST(RegistryLogins, ComeByHostAndHelper)
{
    const auto logins = registryLoginsIn(
        R"({"auths": {"https://registry.test/v1/": {"auth": "dXNlcjpwYTpzcw=="}, "other.test": {"identitytoken": "t"}},
                                             "credHelpers": {"gcr.test": "gcloud"}, "credsStore": "desktop"})");
    ASSERT_TRUE(logins);
    EXPECT_EQ(logins->logins.at("registry.test").username, "user");
    EXPECT_EQ(logins->logins.at("registry.test").password, "pa:ss");
    EXPECT_EQ(logins->logins.at("other.test").identityToken, "t");
    EXPECT_EQ(logins->helperOf("gcr.test"), "gcloud");
    EXPECT_EQ(logins->helperOf("x.test"), "desktop");
    EXPECT_EQ(loginHostOf("docker.io"), "https://index.docker.io/v1/");
    EXPECT_FALSE(registryLoginsIn("[]"));
}

TEST(HelmRepositories, HaveNamesAndCredentials)
{
    const auto repositories = helmRepositoriesIn(
        "apiVersion: ''\nrepositories:\n- {name: stable, url: 'https://charts.test', username: u, password: p, "
        "insecure_skip_tls_verify: true, pass_credentials_all: true, caFile: /ca.pem}\n");
    ASSERT_TRUE(repositories);
    ASSERT_EQ(repositories->size(), 1u);
    EXPECT_EQ(repositories->front().name, "stable");
    EXPECT_TRUE(repositories->front().skipsVerification);
    EXPECT_TRUE(repositories->front().passesCredentials);
    EXPECT_EQ(repositories->front().caFile, "/ca.pem");
}

TEST(OciManifest, ListsItsLayers)
{
    const auto manifest = ociManifestOf(
        R"({"config": {"mediaType": "c"}, "layers": [{"mediaType": "a", "digest": "sha256:1", "size": 5}]})");
    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->configMediaType, "c");
    ASSERT_NE(manifest->layer("a"), nullptr);
    EXPECT_EQ(manifest->layer("a")->size, 5u);
    EXPECT_EQ(manifest->layer("b"), nullptr);
    EXPECT_FALSE(ociManifestOf("x"));
    EXPECT_EQ(ociManifestOf(R"({"manifests": []})").error().code(), ErrorCode::Unsupported);
}
