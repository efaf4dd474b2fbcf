// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/kubeconfig.h"

#include <gtest/gtest.h>

#include <map>

using namespace tiphys;
using namespace tiphys::kube;

namespace {

const std::string kSample = R"(apiVersion: v1
kind: Config
current-context: shop
clusters:
- name: c1
  cluster:
    server: https://host:6443/prefix?x=1
    certificate-authority: pki/ca.crt
    tls-server-name: inner
    proxy-url: socks5://127.0.0.1:1080
    disable-compression: true
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: a}
users:
- name: u1
  user:
    client-certificate-data: Q0VSVA==
    client-key: /abs/key
    as: jane
    as-uid: "7"
    as-groups: [g1, g2]
    as-user-extra: {Reason: [r1]}
- name: u2
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: ./bin/login
      args: [--x]
      env: [{name: A, value: b}]
      provideClusterInfo: true
contexts:
- name: shop
  context: {cluster: c1, user: u1, namespace: shop}
- name: other
  context: {cluster: c1, user: u2}
)";

KubeConfig load(const std::map<std::string, std::string> &files, const std::vector<std::string> &paths)
{
    return loadKubeConfig(paths, [&](const std::string &path) -> Expected<std::string> {
        const auto found = files.find(path);
        if (found == files.end())
            return failure(ErrorCode::NotFound, "no such file");
        return found->second;
    });
}

std::string minimal(const std::string &cluster, const std::string &user)
{
    return "current-context: x\nclusters:\n- name: c\n  cluster: {" + cluster + "}\nusers:\n- name: u\n  user: {" + user
           + "}\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\n";
}

TEST(KubeConfig, ReadsHttpsProxiesAndOidcProviders)
{
    const Expected<KubeConfig> config = parseKubeConfig(
        minimal("server: 'https://h', proxy-url: 'https://me:pass@p:8443'",
                "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://i', client-id: c, id-token: t}}"),
        "f");
    ASSERT_TRUE(config) << config.error().text();
    const Expected<Target> target = targetOf(*config, "x");
    ASSERT_TRUE(target) << target.error().text();
    EXPECT_EQ(target->cluster.proxyUrl, "https://me:pass@p:8443");
    EXPECT_EQ(target->user.authProvider->config.at("id-token"), "t");
}

struct BadCase
{
    std::string name;
    std::string text;
    std::string message;
};

} // namespace

TEST(KubeConfig, ReadsEveryField)
{
    const Expected<KubeConfig> config = parseKubeConfig(kSample, "/home/a/.kube/config");
    ASSERT_TRUE(config) << config.error().text();
    const Expected<Target> target = targetOf(*config, "");
    ASSERT_TRUE(target) << target.error().text();
    EXPECT_EQ(target->context, "shop");
    EXPECT_EQ(target->ns, "shop");
    EXPECT_EQ(target->cluster.server, "https://host:6443/prefix?x=1");
    EXPECT_EQ(target->cluster.caFile, "/home/a/.kube/pki/ca.crt");
    EXPECT_EQ(target->cluster.tlsServerName, "inner");
    EXPECT_EQ(target->cluster.proxyUrl, "socks5://127.0.0.1:1080");
    EXPECT_TRUE(target->cluster.disablesCompression);
    EXPECT_EQ(target->cluster.execConfig["audience"].stringOr(), "a");
    EXPECT_EQ(target->user.certificatePem, "CERT");
    EXPECT_EQ(target->user.keyFile, "/abs/key");
    EXPECT_EQ(target->user.impersonation, (Impersonation{"jane", "7", {"g1", "g2"}, {{"Reason", {"r1"}}}}));
}

TEST(KubeConfig, ReadsExecPlugins)
{
    const Expected<KubeConfig> config = parseKubeConfig(kSample, "/k/config");
    const Expected<Target> target = targetOf(*config, "other");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->ns, "default");
    const ExecConfig &exec = *target->user.exec;
    EXPECT_EQ(exec.command, "/k/./bin/login");
    EXPECT_EQ(exec.arguments, std::vector<std::string>{"--x"});
    EXPECT_EQ(exec.environment.front(), (std::pair<std::string, std::string>("A", "b")));
    EXPECT_TRUE(exec.wantsClusterInfo);
    EXPECT_EQ(exec.interactiveMode, InteractiveMode::IfAvailable);
}

TEST(KubeConfig, AcceptsEmptyFiles)
{
    for (const char *text : {"", "{}", "unknown: 1\n"})
        EXPECT_TRUE(parseKubeConfig(text, "f")) << text;
}

TEST(KubeConfig, TheFirstFileWinsWithWholeEntries)
{
    const std::map<std::string, std::string> files{
        {"/a/1", "clusters: [{name: c, cluster: {server: 'https://one'}}]\n"},
        {"/b/2",
         "current-context: x\nclusters: [{name: c, cluster: {server: 'https://two', certificate-authority: ca}}]\n"
         "users: [{name: u, user: {tokenFile: t}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n"},
        {"/c/3", "current-context: z\n"}};
    const KubeConfig config = load(files, {"/a/1", "/none", "/b/2", "", "/a/1", "/c/3"});
    EXPECT_TRUE(config.problems.empty());
    EXPECT_EQ(config.files, (std::vector<std::string>{"/a/1", "/none", "/b/2", "/c/3"}));
    EXPECT_EQ(config.currentContext, "x");
    EXPECT_EQ(config.cluster("c")->server, "https://one");
    EXPECT_EQ(config.cluster("c")->caFile, "");
    EXPECT_EQ(config.user("u")->tokenFile, "/b/t");
}

TEST(KubeConfig, ABadFileIsAProblemAndTheOthersCount)
{
    const KubeConfig config = load({{"bad", "a: [\n"}, {"good", minimal("server: 'https://h'", "")}}, {"bad", "good"});
    ASSERT_EQ(config.problems.size(), 1u);
    EXPECT_TRUE(config.problems.front().text().starts_with("error loading config file \"bad\""))
        << config.problems.front().text();
    EXPECT_TRUE(targetOf(config, "x"));
}

TEST(KubeConfig, PlainHttpHasNoCredentialsButImpersonates)
{
    for (const char *server : {"http://h:8080", "h:8080"}) {
        const Expected<KubeConfig> config = parseKubeConfig(
            minimal("server: '" + std::string(server) + "', insecure-skip-tls-verify: true", "token: t, as: jane"),
            "f");
        const Expected<Target> target = targetOf(*config, "");
        ASSERT_TRUE(target);
        EXPECT_EQ(target->cluster.server, "http://h:8080");
        EXPECT_FALSE(target->cluster.skipsTlsVerification);
        EXPECT_EQ(target->user.token, "");
        EXPECT_EQ(target->user.impersonation.user, "jane");
    }
}

TEST(KubeConfig, AnAbsentUserIsAnonymous)
{
    const Expected<KubeConfig> config =
        parseKubeConfig("clusters: [{name: c, cluster: {server: 'https://h'}}]\ncontexts: [{name: x, context: "
                        "{cluster: c, user: gone}}]",
                        "f");
    const Expected<Target> target = targetOf(*config, "x");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->user, UserEntry{.name = "gone"});
}

class BadFile : public testing::TestWithParam<BadCase>
{
};

TEST_P(BadFile, NamesFileAndField)
{
    const Expected<KubeConfig> config = parseKubeConfig(GetParam().text, "f");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().text(), "error loading config file \"f\": " + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    KubeConfig, BadFile,
    testing::Values(
        BadCase{"Version", "apiVersion: v2\nkind: Config", "no kind \"Config\" is registered for version \"v2\""},
        BadCase{"Server", "clusters: [{name: c, cluster: {server: 5}}]",
                "clusters[0].cluster.server must be a string, it is a number"},
        BadCase{"Flag", "clusters: [{name: c, cluster: {insecure-skip-tls-verify: 'yes'}}]",
                "clusters[0].cluster.insecure-skip-tls-verify must be a boolean, it is a string"},
        BadCase{"Base64", "users: [{name: u, user: {client-key-data: '%%'}}]",
                "users[0].user.client-key-data is not base64"},
        BadCase{"Duplicate", "users: [{name: t}, {name: t}]", "users: duplicate name \"t\" in list"},
        BadCase{"List", "users: {}", "users must be a list, it is a map"},
        BadCase{"Groups", "users: [{name: u, user: {as-groups: [1]}}]",
                "users[0].user.as-groups[0] must be a string, it is a number"},
        BadCase{"NoCommand", "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1}}}]",
                "command must be specified for u to use exec authentication plugin"},
        BadCase{"NoVersion", "users: [{name: u, user: {exec: {command: x}}}]",
                "apiVersion must be specified for u to use exec authentication plugin"},
        BadCase{"OldVersion",
                "users: [{name: u, user: {exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}}}]",
                "exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\""},
        BadCase{"NoMode", "users: [{name: u, user: {exec: {command: x, apiVersion: client.authentication.k8s.io/v1}}}]",
                "interactiveMode must be specified for u to use exec authentication plugin"},
        BadCase{"BadMode",
                "users: [{name: u, user: {exec: {command: x, apiVersion: client.authentication.k8s.io/v1, "
                "interactiveMode: X}}}]",
                "invalid interactiveMode for u: \"X\""}),
    [](const auto &row) { return row.param.name; });

class BadTarget : public testing::TestWithParam<BadCase>
{
};

TEST_P(BadTarget, SaysWhatExcludesWhat)
{
    const Expected<KubeConfig> config = parseKubeConfig(GetParam().text, "f");
    ASSERT_TRUE(config) << config.error().text();
    const Expected<Target> target = targetOf(*config, "x");
    ASSERT_FALSE(target);
    EXPECT_EQ(target.error().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    KubeConfig, BadTarget,
    testing::Values(
        BadCase{"NoContext", "{}", "context was not found for specified context: x"},
        BadCase{"NoServer", minimal("", ""), "no server found for cluster \"c\""},
        BadCase{"TwoRoots",
                minimal("server: 'https://h', certificate-authority: a, certificate-authority-data: YQ==", ""),
                "certificate-authority-data and certificate-authority are both specified for c"},
        BadCase{"InsecureWithRoots",
                minimal("server: 'https://h', certificate-authority: a, insecure-skip-tls-verify: true", ""),
                "specifying a root certificates file with the insecure flag is not allowed"},
        BadCase{
            "ProxyScheme", minimal("server: 'https://h', proxy-url: 'socks5h://p'", ""),
            "invalid 'proxy-url' for cluster \"c\": unsupported scheme \"socks5h\", must be http, https, or socks5"},
        BadCase{"TwoCertificates",
                minimal("server: 'https://h'", "client-certificate: a, client-certificate-data: YQ==, client-key: k"),
                "client-cert-data and client-cert are both specified for u"},
        BadCase{"NoKey", minimal("server: 'https://h'", "client-certificate: a"),
                "client-key-data or client-key must be specified for u to use the clientCert authentication method"},
        BadCase{"TokenAndBasic", minimal("server: 'https://h'", "token: t, username: u"),
                "more than one authentication method found for u; found [token basicAuth], only one is allowed"},
        BadCase{"GroupsAlone", minimal("server: 'https://h'", "as-groups: [g]"),
                "requesting uid, groups or user-extra for u without impersonating a user"},
        BadCase{"Gcp", minimal("server: 'https://h'", "auth-provider: {name: gcp}"),
                "user \"u\" signs in by the auth-provider \"gcp\", which is no longer supported: use the exec "
                "credential plugin gke-gcloud-auth-plugin in its place"},
        BadCase{"Azure", minimal("server: 'https://h'", "auth-provider: {name: azure}"),
                "user \"u\" signs in by the auth-provider \"azure\", which is no longer supported: use the exec "
                "credential plugin kubelogin in its place"},
        BadCase{"OtherProvider", minimal("server: 'https://h'", "auth-provider: {name: mine}"),
                "user \"u\" signs in by the auth-provider \"mine\", which is no longer supported: use the exec "
                "credential plugin of its maker in its place"},
        BadCase{"NoIssuer", minimal("server: 'https://h'", "auth-provider: {name: oidc, config: {client-id: c}}"),
                "user \"u\" signs in by the auth-provider \"oidc\", which must provide idp-issuer-url"},
        BadCase{"NoClient",
                minimal("server: 'https://h'", "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://i'}}"),
                "user \"u\" signs in by the auth-provider \"oidc\", which must provide client-id"}),
    [](const auto &row) { return row.param.name; });
