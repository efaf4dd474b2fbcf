// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kube/fixture.h"
#include "engine/kube/tls_servers.h"
#include "kube/transport.h"

using namespace tiphys;
using namespace tiphys::kube;
using namespace tiphys::kube::test;

namespace {

class HttpsProxy : public testing::Test
{
protected:
    void SetUp() override
    {
        const std::optional<Certificate> made = selfSigned();
        if (!made)
            GTEST_SKIP() << "openssl is not there";
        m_certificate = *made;
    }

    /// An API server that answers \p body.
    std::unique_ptr<TlsServer> api(const std::string &body = R"({"gitVersion":"v1.36.3"})") const
    {
        return std::make_unique<TlsServer>(m_certificate, [body] { return body; });
    }
    /// What \p server answers by \p proxy, both verified by \p caPem ("": not at all).
    static Expected<HttpAnswer> got(const std::string &server, const std::string &proxy, const std::string &caPem)
    {
        Endpoint endpoint;
        endpoint.server = server;
        endpoint.proxyUrl = proxy;
        endpoint.tls.caPem = caPem;
        endpoint.tls.skipsVerification = caPem.empty();
        const Expected<std::shared_ptr<Transport>> transport = Transport::make(endpoint, {});
        if (!transport)
            return std::unexpected(transport.error());
        HttpRequest request;
        request.path = "/version";
        request.what = "version";
        return async::waitFor((*transport)->send(request, {}));
    }

    Certificate m_certificate;
};

} // namespace

TEST_F(HttpsProxy, IsSpokenToOverTls)
{
    TlsProxy proxy(m_certificate);
    const auto server = api();
    const Expected<HttpAnswer> answer = got(server->url(), proxy.url(), m_certificate.pem);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_NE(answer->body.find("v1.36.3"), std::string::npos);
    ASSERT_EQ(proxy.heads.size(), 1U);
    EXPECT_TRUE(proxy.heads.front().starts_with("CONNECT " + server->url().substr(8))) << proxy.heads.front();
}

TEST_F(HttpsProxy, GetsMoreThanOneBufferThrough)
{
    TlsProxy proxy(m_certificate);
    const std::string large(12 << 20, 'x');
    const auto server = api(large);
    const Expected<HttpAnswer> answer = got(server->url(), proxy.url(), m_certificate.pem);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_TRUE(answer->body == large) << answer->body.size();
}

TEST_F(HttpsProxy, IsToldWhoAsks)
{
    TlsProxy proxy(m_certificate);
    proxy.wantedLogin = "bWU6cGFzcw==";
    const auto server = api();
    const Expected<HttpAnswer> answer = got(server->url(), proxy.url("me:pass@"), m_certificate.pem);
    EXPECT_TRUE(answer) << answer.error().text();
}

TEST_F(HttpsProxy, IsVerifiedByTheClustersRoots)
{
    TlsProxy proxy(selfSigned().value());
    const auto server = api();
    const Expected<HttpAnswer> answer = got(server->url(), proxy.url(), m_certificate.pem);
    ASSERT_FALSE(answer);
    EXPECT_TRUE(proxy.heads.empty()) << "nothing is said to a stranger";
    EXPECT_TRUE(answer.error().text().starts_with("version: the proxy " + proxy.url() + ": TLS: "))
        << answer.error().text();
    EXPECT_EQ(answer.error().reason(), kNotSent);

    const Expected<HttpAnswer> unverified = got(server->url(), proxy.url(), "");
    EXPECT_TRUE(unverified) << unverified.error().text();
}

TEST_F(HttpsProxy, ThatIsNotThereIsNamed)
{
    const Expected<HttpAnswer> answer = got("https://127.0.0.1:9", "https://127.0.0.1:1", m_certificate.pem);
    ASSERT_FALSE(answer);
    EXPECT_TRUE(answer.error().text().starts_with("version: the proxy https://127.0.0.1:1: ")) << answer.error().text();
}

TEST_F(HttpsProxy, IsLeftInTheMiddleOfAnAnswer)
{
    TlsProxy proxy(m_certificate);
    const auto server = api(std::string(12 << 20, 'x'));
    Endpoint endpoint;
    endpoint.server = server->url();
    endpoint.proxyUrl = proxy.url();
    endpoint.tls.caPem = m_certificate.pem;
    CancelSource source;
    std::shared_ptr<Transport> transport = Transport::make(endpoint, {}).value();
    HttpRequest request;
    request.path = "/version";
    const std::shared_ptr<Exchange> stream = transport->openStream(request, source.token());
    ASSERT_TRUE(async::waitFor(stream->read()).value());
    source.cancel();
    transport.reset();
    // What had come before is given first.
    auto rest = async::waitFor(stream->read());
    while (rest && *rest)
        rest = async::waitFor(stream->read());
    ASSERT_FALSE(rest);
    EXPECT_EQ(rest.error().code(), ErrorCode::Cancelled);
}
