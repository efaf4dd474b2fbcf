// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "engine/kube/fixture.h"
#include "kube/connect.h"
#include "kube/tls.h"
#include "kube/transport.h"

#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include <map>

using namespace tiphys;
using namespace tiphys::kube;

namespace {

struct ProxyCase
{
    std::string name;
    std::string server;
    std::map<std::string, std::string> environment;
    std::string proxy;
};

class EnvironmentProxy : public testing::TestWithParam<ProxyCase>
{
};

struct KeyCase
{
    std::string name;
    QStringList command; ///< of openssl
};

class ClientKey : public testing::TestWithParam<KeyCase>
{
};

} // namespace

TEST_P(EnvironmentProxy, FollowsTheUsualVariables)
{
    const auto environment = [](const std::string &name) {
        const auto found = GetParam().environment.find(name);
        return found == GetParam().environment.end() ? std::string() : found->second;
    };
    EXPECT_EQ(environmentProxy(GetParam().server, environment), GetParam().proxy);
}

INSTANTIATE_TEST_SUITE_P(
    Connect, EnvironmentProxy,
    testing::Values(
        ProxyCase{"None", "https://h", {}, ""},
        ProxyCase{"Https", "https://h", {{"HTTPS_PROXY", "http://p:1"}}, "http://p:1"},
        ProxyCase{"LowerCase", "https://h", {{"https_proxy", "p:1"}}, "http://p:1"},
        ProxyCase{"OtherScheme", "http://h", {{"HTTPS_PROXY", "http://p"}}, ""},
        ProxyCase{"Loopback", "https://127.0.0.1:6443", {{"HTTPS_PROXY", "http://p"}}, ""},
        ProxyCase{"Localhost", "https://localhost:6443", {{"HTTPS_PROXY", "http://p"}}, ""},
        ProxyCase{"Exempt", "https://k.example.com", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "x, example.com"}}, ""},
        ProxyCase{"NotExempt",
                  "https://notexample.com",
                  {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "example.com"}},
                  "http://p"},
        ProxyCase{"DotIsSubdomainsOnly",
                  "https://example.com",
                  {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", ".example.com"}},
                  "http://p"},
        ProxyCase{"Subnet", "https://10.1.2.3", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "10.0.0.0/8"}}, ""},
        ProxyCase{"Port", "https://h:6443", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "h:443"}}, "http://p"},
        ProxyCase{"OwnPort", "https://h:6443", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "h:6443"}}, ""},
        ProxyCase{"Address", "https://10.1.2.3:6443", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "10.1.2.3:6443"}}, ""},
        ProxyCase{
            "OtherAddress", "https://10.1.2.3", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "10.1.2.30"}}, "http://p"},
        ProxyCase{
            "SixWithPort", "https://[fd00::1]:6443", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "[fd00::1]:6443"}}, ""},
        ProxyCase{"SixWithOtherPort",
                  "https://[fd00::1]",
                  {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "[fd00::1]:6443"}},
                  "http://p"},
        ProxyCase{
            "SixWrittenOtherwise", "https://[fd00::1]", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "fd00:0:0::1"}}, ""},
        ProxyCase{"SixThatEndsLikeThePort",
                  "https://[fd00::6443]:6443",
                  {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "fd00::6443"}},
                  ""},
        ProxyCase{"SixSubnet", "https://[fd00::1]", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "fd00::/8"}}, ""},
        ProxyCase{"NoHost", "https://h", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", ":443"}}, "http://p"},
        ProxyCase{"Star", "https://a.example.com", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "*.example.com"}}, ""},
        ProxyCase{"Everything", "https://h", {{"HTTPS_PROXY", "http://p"}, {"NO_PROXY", "*"}}, ""}),
    [](const auto &row) { return row.param.name; });

TEST_P(ClientKey, IsLoadedWithItsCertificate)
{
    const QTemporaryDir folder;
    const auto openssl = [&](QStringList arguments) {
        QProcess process;
        process.setWorkingDirectory(folder.path());
        process.start(QStringLiteral("openssl"), arguments);
        return process.waitForFinished() && process.exitCode() == 0;
    };
    if (!openssl({QStringLiteral("version")}))
        GTEST_SKIP() << "openssl is not there";
    ASSERT_TRUE(openssl(GetParam().command)) << "cannot make the key";
    ASSERT_TRUE(
        openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-key"), QStringLiteral("key.pem"),
                 QStringLiteral("-subj"), QStringLiteral("/CN=me"), QStringLiteral("-days"), QStringLiteral("2"),
                 QStringLiteral("-out"), QStringLiteral("cert.pem")}));
    const std::string key = readWholeFile(folder.filePath(QStringLiteral("key.pem")).toStdString()).value();
    const std::string certificate = readWholeFile(folder.filePath(QStringLiteral("cert.pem")).toStdString()).value();
    const Expected<QSslConfiguration> tls = tlsConfiguration({.certificatePem = certificate, .keyPem = key});
    ASSERT_TRUE(tls) << tls.error().text();
    EXPECT_FALSE(tls->privateKey().isNull());
    EXPECT_FALSE(tls->localCertificate().isNull());
}

INSTANTIATE_TEST_SUITE_P(
    Tls, ClientKey,
    testing::Values(KeyCase{"RsaPkcs1",
                            {QStringLiteral("genrsa"), QStringLiteral("-traditional"), QStringLiteral("-out"),
                             QStringLiteral("key.pem")}},
                    KeyCase{"RsaPkcs8",
                            {QStringLiteral("genpkey"), QStringLiteral("-algorithm"), QStringLiteral("RSA"),
                             QStringLiteral("-out"), QStringLiteral("key.pem")}},
                    KeyCase{"EcSec1",
                            {QStringLiteral("ecparam"), QStringLiteral("-name"), QStringLiteral("prime256v1"),
                             QStringLiteral("-genkey"), QStringLiteral("-noout"), QStringLiteral("-out"),
                             QStringLiteral("key.pem")}},
                    KeyCase{"Ed25519",
                            {QStringLiteral("genpkey"), QStringLiteral("-algorithm"), QStringLiteral("ed25519"),
                             QStringLiteral("-out"), QStringLiteral("key.pem")}}),
    [](const auto &row) { return row.param.name; });

TEST(Tls, NamesWhatIsNoCertificateOrKey)
{
    EXPECT_EQ(tlsConfiguration({.caPem = "nothing"}).error().message(),
              "the certificate authority holds no PEM certificate");
    EXPECT_EQ(tlsConfiguration({.certificatePem = "nothing", .keyPem = "k"}).error().message(),
              "the client certificate is not a PEM certificate");
}

TEST(Transport, TakesEveryRefusalAsAnAnswer)
{
    for (const int status : {400, 401, 403, 404, 405, 409, 410, 413, 415, 418, 422, 429, 500, 503, 504}) {
        test::HttpServer server(
            [status](const test::SeenRequest &, const test::Responder &to) { to.answer(status, "{}"); });
        HttpRequest request;
        request.method = "POST";
        request.path = "/x";
        request.effect = Effect::Write;
        Endpoint endpoint;
        endpoint.server = server.url();
        const std::shared_ptr<Transport> transport = Transport::make(endpoint, {}).value();
        const Expected<HttpAnswer> answer = async::waitFor(transport->send(request, {}));
        ASSERT_TRUE(answer) << status << ": " << answer.error().text();
        EXPECT_EQ(answer->head.status, status);
        EXPECT_EQ(answer->body, "{}") << status;
    }
}

TEST(Transport, RefusesWhatItCannotReach)
{
    EXPECT_EQ(Transport::make({.server = "ftp://h"}, {}).error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(Transport::make({.server = "https://h", .proxyUrl = "socks4://p"}, {}).error().code(),
              ErrorCode::Unsupported);
    EXPECT_TRUE(Transport::make({.server = "https://h", .proxyUrl = "socks5h://p"}, {}));
    EXPECT_EQ(Transport::make({.server = "https://h:6443/prefix/?a=b#c"}, {}).value()->endpoint().server,
              "https://h:6443/prefix");
}

TEST(Base64, IsThatOfGo)
{
    for (const std::string text : {"", "a", "ab", "abc", "abcd"})
        EXPECT_EQ(decodedBase64(base64Of(text)), text);
    EXPECT_EQ(decodedBase64("YW\nI=\n"), "ab");
    for (const char *bad : {"YQ", "YQ=a", "=aaa", "Y!==", "YQ==YQ=="})
        EXPECT_FALSE(decodedBase64(bad)) << bad;
}

TEST(Transport, SendsNothingOverConnectionsThatWereGivenUp)
{
    constexpr std::size_t kWanted = 30;
    constexpr std::size_t kAtOnce = 24; // lists take turns
    test::HttpServer server([](const test::SeenRequest &, const test::Responder &) {});
    Endpoint endpoint;
    endpoint.server = server.url();
    const std::shared_ptr<Transport> transport = Transport::make(endpoint, {}).value();
    HttpRequest request;
    request.path = "/lists";
    request.what = "list";
    request.extent = Extent::Many;
    std::vector<Async<HttpAnswer>> lists;
    for (std::size_t i = 0; i < kWanted; ++i)
        lists.push_back(transport->send(request, {}));
    ASSERT_TRUE(QTest::qWaitFor([&] { return server.seen().size() == kAtOnce; }));

    transport->giveUp(Error(ErrorCode::Unavailable, "a sleep"));
    std::size_t turnedAway = 0;
    for (Async<HttpAnswer> &list : lists) {
        const Expected<HttpAnswer> answer = async::waitFor(std::move(list));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code(), ErrorCode::Unavailable);
        turnedAway += answer.error().reason() == kTurnedAway ? 1 : 0;
    }
    EXPECT_EQ(turnedAway, kWanted - kAtOnce) << "they were never sent, and go over others at once";

    const Expected<HttpAnswer> later = async::waitFor(transport->send(request, {}));
    ASSERT_FALSE(later);
    EXPECT_EQ(later.error().reason(), kTurnedAway);
    const std::shared_ptr<Exchange> stream = transport->openStream(request, {});
    const Expected<std::optional<std::string>> refused = async::waitFor(stream->read());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason(), kTurnedAway);
    EXPECT_EQ(server.seen().size(), kAtOnce);
}
