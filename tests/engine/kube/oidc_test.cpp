// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "engine/kube/fixture.h"
#include "engine/kube/tls_servers.h"
#include "kube/credential_source.h"

#include <algorithm>

using namespace tiphys;
using namespace tiphys::kube;
using namespace tiphys::kube::test;

namespace {

class FixedClock final : public ports::Clock
{
public:
    ports::WallTime wall = 1'000'000'000;

    ports::WallTime now() const override { return wall; }
    ports::BootTime sinceBoot() const override { return wall; }
};

/// An id-token that expires at \p seconds.
std::string idToken(std::int64_t seconds, const std::string &name = "ada")
{
    std::string claims = base64Of(R"({"sub":")" + name + R"(","exp":)" + std::to_string(seconds) + "}");
    std::ranges::replace(claims, '+', '-');
    std::ranges::replace(claims, '/', '_');
    claims.erase(claims.find_last_not_of('=') + 1);
    return "e30." + claims + ".c2ln";
}

std::string bearerOf(const Credentials &credentials)
{
    return credentials.headers.empty() ? "" : credentials.headers.front().second;
}

/// An issuer on loopback, and the credentials of a kubeconfig that names it.
class OidcSignIn : public testing::Test
{
protected:
    Expected<Credentials> credentials(std::map<std::string, std::string> config, HttpServer::Handler issuer)
    {
        m_issuer = std::make_unique<HttpServer>(std::move(issuer));
        config.emplace("idp-issuer-url", m_issuer->url() + "/realm/");
        config.emplace("client-id", "tiphys");
        config.emplace("client-secret", "shh/1");
        Target target{
            .context = "x", .cluster = {.name = "c", .server = "https://h"}, .user = {.name = "u"}, .ns = "default"};
        target.user.authProvider = AuthProvider{.name = "oidc", .config = std::move(config)};
        m_source = sourceOf(target);
        m_neighbour = sourceOf(target);
        return again();
    }
    Expected<Credentials> again() { return async::waitFor(m_source->current({})); }
    std::shared_ptr<CredentialSource> sourceOf(const Target &target)
    {
        return std::make_shared<CredentialSource>(
            target, CredentialOptions{.pool = &m_pool, .clock = m_clock, .idTokens = m_idTokens});
    }

    /// Answers like an issuer; \p tokens is the body of its token endpoint.
    HttpServer::Handler issuer(std::string tokens, int status = 200)
    {
        return [this, tokens, status](const SeenRequest &request, const Responder &to) {
            if (request.path == "/realm/.well-known/openid-configuration")
                to.answer(200, R"({"token_endpoint":")" + m_issuer->url() + R"(/token?realm=one"})");
            else
                to.answer(status, tokens);
        };
    }

    QThreadPool m_pool;
    std::shared_ptr<FixedClock> m_clock = std::make_shared<FixedClock>();
    std::unique_ptr<HttpServer> m_issuer;
    std::shared_ptr<IdTokens> m_idTokens = std::make_shared<IdTokens>();
    std::shared_ptr<CredentialSource> m_source;
    std::shared_ptr<CredentialSource> m_neighbour; ///< another connection by the same entry
};

constexpr std::int64_t kNow = 1'000'000;

} // namespace

TEST(IdToken, TellsWhenItExpires)
{
    EXPECT_EQ(idTokenExpiry(idToken(kNow)), kNow * 1000);
    EXPECT_EQ(isIdTokenGood(idToken(kNow + 11), kNow * 1000), true);
    EXPECT_EQ(isIdTokenGood(idToken(kNow + 10), kNow * 1000), false);
    EXPECT_EQ(idTokenExpiry("e30." + base64Of(R"({"exp":1000000.75})").substr(0, 24) + ".x"), kNow * 1000);
    EXPECT_EQ(idTokenExpiry("e30." + base64Of(R"({"exp":"1000000"})").substr(0, 23) + ".x"), kNow * 1000) << "as text";
    EXPECT_EQ(idTokenExpiry("e30.e30.x"), 0) << "without a time";
    for (const char *bad : {"", "one.two", "a.b.c.d", "a.!!.c", "a.YWJj.c", "a.W10.c", "a.e30=.c"})
        EXPECT_EQ(idTokenExpiry(bad).error().code(), ErrorCode::InvalidInput) << bad;
}

TEST_F(OidcSignIn, UsesTheIdTokenWhileItIsGood)
{
    const std::string token = idToken(kNow + 3600);
    const Expected<Credentials> got = credentials({{"id-token", token}}, issuer("{}"));
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(bearerOf(*got), "Bearer " + token);
    EXPECT_TRUE(m_issuer->seen().empty()) << "the issuer is not asked";
}

TEST_F(OidcSignIn, FetchesAnotherForTheRefreshTokenAndKeepsIt)
{
    const std::string fresh = idToken(kNow + 3600, "fresh");
    const Expected<Credentials> got = credentials({{"id-token", idToken(kNow - 5)}, {"refresh-token", "r/1"}},
                                                  issuer(R"({"id_token":")" + fresh + R"(","refresh_token":"r2"})"));
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(bearerOf(*got), "Bearer " + fresh);
    ASSERT_EQ(m_issuer->seen().size(), 2U);
    const SeenRequest &asked = m_issuer->seen()[1];
    EXPECT_EQ(asked.path, "/token?realm=one");
    EXPECT_EQ(asked.body, "grant_type=refresh_token&refresh_token=r%2F1");
    EXPECT_EQ(asked.headers.at("authorization"), "Basic " + base64Of("tiphys:shh%2F1"));
    ASSERT_TRUE(again());
    EXPECT_EQ(m_issuer->seen().size(), 2U) << "it is good for an hour";
    m_clock->wall += 3'595'000;
    ASSERT_TRUE(again());
    EXPECT_EQ(m_issuer->seen().at(3).body, "grant_type=refresh_token&refresh_token=r2")
        << "with what the issuer gave last";
}

TEST_F(OidcSignIn, ExchangesARefreshTokenOnceForAllConnections)
{
    int exchanges = 0;
    const auto handler = [&](const SeenRequest &request, const Responder &to) {
        if (request.method == "GET")
            return to.answer(200, R"({"token_endpoint":")" + m_issuer->url() + R"(/token"})");
        ++exchanges;
        to.answer(200, R"({"id_token":")" + idToken(kNow + exchanges * 3600) + R"(","refresh_token":"r)"
                           + std::to_string(exchanges + 1) + R"("})");
    };
    ASSERT_TRUE(credentials({{"refresh-token", "r1"}}, handler));
    ASSERT_TRUE(async::waitFor(m_neighbour->current({})));
    EXPECT_EQ(exchanges, 1);

    m_clock->wall += 3'600'000;
    Async<Credentials> first = m_source->current({});
    Async<Credentials> second = m_neighbour->current({});
    const Expected<Credentials> one = async::waitFor(std::move(first));
    const Expected<Credentials> other = async::waitFor(std::move(second));
    ASSERT_TRUE(one && other);
    EXPECT_EQ(exchanges, 2);
    EXPECT_EQ(m_issuer->seen().back().body, "grant_type=refresh_token&refresh_token=r2");
    EXPECT_EQ(bearerOf(*one), bearerOf(*other));
}

TEST_F(OidcSignIn, ProvesTheClientInTheFormWhereTheHeaderIsRefused)
{
    const std::string fresh = idToken(kNow + 3600);
    const Expected<Credentials> got =
        credentials({{"refresh-token", "r"}}, [&](const SeenRequest &request, const Responder &to) {
            if (request.method == "GET")
                to.answer(200, R"({"token_endpoint":")" + m_issuer->url() + R"(/token"})");
            else if (request.headers.contains("authorization"))
                to.answer(401, "{}");
            else
                to.answer(200, R"({"id_token":")" + fresh + R"("})");
        });
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(m_issuer->seen().back().body,
              "grant_type=refresh_token&refresh_token=r&client_id=tiphys&client_secret=shh%2F1");
}

TEST_F(OidcSignIn, SaysWhyThereIsNoToken)
{
    const auto said = [this](std::map<std::string, std::string> config, HttpServer::Handler handler) {
        const Expected<Credentials> got = credentials(std::move(config), std::move(handler));
        return got ? std::string("credentials") : got.error().text();
    };
    EXPECT_EQ(said({{"id-token", idToken(kNow - 5)}}, issuer("{}")),
              "getting credentials: No valid id-token, and cannot refresh without refresh-token");
    EXPECT_EQ(said({{"id-token", "broken"}}, issuer("{}")), "getting credentials: ID Token is not a valid JWT");
    EXPECT_EQ(said({{"refresh-token", "hidden"}},
                   issuer(R"({"error":"invalid_grant","error_description":"it is too old"})", 400)),
              "getting credentials: failed to refresh token: 'invalid_grant': it is too old");
    EXPECT_EQ(said({{"refresh-token", "hidden"}}, issuer(R"({"error":"login_required"})")),
              "getting credentials: failed to refresh token: 'login_required'");
    EXPECT_NE(
        said({{"refresh-token", "hidden"}}, issuer(R"({"access_token":"hidden"})")).find("did not contain an id_token"),
        std::string::npos);
    EXPECT_NE(
        said({{"refresh-token", "hidden"}}, [](const SeenRequest &, const Responder &to) { to.answer(404, "none"); })
            .find("failed to query metadata endpoint"),
        std::string::npos);
}

TEST_F(OidcSignIn, VerifiesTheIssuerByItsOwnAuthority)
{
    const std::optional<Certificate> certificate = selfSigned();
    if (!certificate)
        GTEST_SKIP() << "openssl is not there";
    const std::string fresh = idToken(kNow + 3600);
    std::string url;
    const TlsServer server(
        *certificate, [&] { return R"({"token_endpoint":")" + url + R"(/token","id_token":")" + fresh + R"("})"; });
    url = server.url();
    const std::map<std::string, std::string> config = {{"idp-issuer-url", url}, {"refresh-token", "r"}};
    const Expected<Credentials> stranger = credentials(config, issuer("{}"));
    ASSERT_FALSE(stranger);
    EXPECT_NE(stranger.error().text().find("TLS"), std::string::npos) << stranger.error().text();

    auto trusting = config;
    trusting.emplace("idp-certificate-authority-data", base64Of(certificate->pem));
    const Expected<Credentials> got = credentials(trusting, issuer("{}"));
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(bearerOf(*got), "Bearer " + fresh);
}

TEST_F(OidcSignIn, LeavesTheWordToAToken)
{
    Target target{.context = "x",
                  .cluster = {.name = "c", .server = "https://h"},
                  .user = {.name = "u", .token = "own"},
                  .ns = "default"};
    target.user.authProvider = AuthProvider{.name = "oidc", .config = {{"id-token", "never read"}}};
    m_source = sourceOf(target);
    EXPECT_EQ(bearerOf(again().value()), "Bearer own");
}
