// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "control/cluster_access.h"

#include <gmock/gmock.h>

using namespace tiphys;
using namespace tiphys::control;
using object::Object;
using object::Value;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

Object clusterSecret(const std::string &server, const std::string &config)
{
    const Value labels = Value::map({{"argocd.argoproj.io/secret-type", "cluster"}});
    const Value data = Value::map({{"server", base64Of(server)},
                                   {"name", base64Of("east")},
                                   {"namespaces", base64Of("team-a, team-b")},
                                   {"config", base64Of(config)}});
    return Object(Value::map({{"kind", "Secret"},
                              {"metadata", Value::map({{"name", "cluster-east"}, {"labels", labels}})},
                              {"data", data}}));
}

} // namespace

TEST(ClusterAccess, IsWhatTheSecretSays)
{
    const std::string config = R"({"bearerToken": "t", "username": "u", "password": "p", "disableCompression": true,
        "proxyUrl": "http://proxy:3128", "tlsClientConfig": {"insecure": false, "serverName": "api", "caData": ")"
                               + base64Of("CA") + R"(", "certData": ")" + base64Of("CERT") + R"(", "keyData": ")"
                               + base64Of("KEY") + R"("}})";
    const Expected<ports::ClusterAccess> access =
        clusterAccess({clusterSecret("https://east:6443/", config)}, "https://east:6443");
    ASSERT_TRUE(access) << access.error().text();
    EXPECT_EQ(access->server, "https://east:6443");
    EXPECT_EQ(access->name, "east");
    EXPECT_EQ(access->bearerToken, "t");
    EXPECT_EQ(access->username, "u");
    EXPECT_EQ(access->password, "p");
    EXPECT_EQ(access->serverName, "api");
    EXPECT_EQ(access->security.caPem, "CA");
    EXPECT_EQ(access->security.certificatePem, "CERT");
    EXPECT_EQ(access->security.keyPem, "KEY");
    EXPECT_EQ(access->security.proxy, "http://proxy:3128");
    EXPECT_FALSE(access->security.skipsVerification);
    EXPECT_TRUE(access->disablesCompression);
    EXPECT_THAT(access->namespaces, ElementsAre("team-a", "team-b"));
}

TEST(ClusterAccess, RunsNoProgramThatASecretNames)
{
    for (const std::string config :
         {R"({"execProviderConfig": {"command": "sh"}})", R"({"awsAuthConfig": {"clusterName": "c"}})"}) {
        const Expected<ports::ClusterAccess> access =
            clusterAccess({clusterSecret("https://east", config)}, "https://east");
        ASSERT_FALSE(access);
        EXPECT_EQ(access.error().code(), ErrorCode::Unsupported);
        EXPECT_THAT(access.error().text(), HasSubstr("'cluster-east'"));
        EXPECT_THAT(access.error().text(), HasSubstr("signs in by a program"));
    }
}

TEST(ClusterAccess, NamesTheSecretThatIsBroken)
{
    const auto problemOf = [](const std::string &config) {
        const Expected<ports::ClusterAccess> access =
            clusterAccess({clusterSecret("https://east", config)}, "https://east");
        return access ? std::string() : access.error().text();
    };
    EXPECT_THAT(problemOf("{"), HasSubstr("'cluster-east': config: "));
    EXPECT_THAT(problemOf(R"({"tlsClientConfig": {"caData": "!"}})"),
                HasSubstr("tlsClientConfig.caData: illegal base64"));
    EXPECT_THAT(problemOf(R"({"bearerToken": "secret", "tlsClientConfig": {"caData": "!"}})"),
                testing::Not(HasSubstr("secret\"")));
}

TEST(ClusterAccess, IsNotThereForAnotherServer)
{
    const Expected<ports::ClusterAccess> access = clusterAccess({clusterSecret("https://east", "")}, "https://west");
    ASSERT_FALSE(access);
    EXPECT_EQ(access.error().code(), ErrorCode::NotFound);
    EXPECT_TRUE(clusterAccess({clusterSecret("https://east", "")}, "https://east/")) << "no config is an empty one";
}
