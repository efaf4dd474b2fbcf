// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kube/fixture.h"
#include "kube/credential_source.h"

#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryDir>

using namespace tiphys;
using namespace tiphys::kube;
using namespace tiphys::kube::test;

namespace {

/// A proxy that is spoken to over TLS and lets CONNECT through; its certificate is that of 127.0.0.1, signed by itself.
class TlsProxy
{
public:
    TlsProxy()
    {
        QProcess openssl;
        openssl.setWorkingDirectory(m_folder.path());
        openssl.start(QStringLiteral("openssl"),
            {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("rsa:2048"), QStringLiteral("-nodes"),
                QStringLiteral("-keyout"), QStringLiteral("key.pem"), QStringLiteral("-out"), QStringLiteral("cert.pem"), QStringLiteral("-subj"),
                QStringLiteral("/CN=proxy"), QStringLiteral("-addext"), QStringLiteral("subjectAltName=IP:127.0.0.1"), QStringLiteral("-days"), QStringLiteral("2")});
        if (!openssl.waitForFinished() || openssl.exitCode() != 0)
            return;
        certificate = readWholeFile(m_folder.filePath(QStringLiteral("cert.pem")).toStdString()).value();
        key = readWholeFile(m_folder.filePath(QStringLiteral("key.pem")).toStdString()).value();
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificate(QSslCertificate(QByteArray::fromStdString(certificate)));
        tls.setPrivateKey(QSslKey(QByteArray::fromStdString(key), QSsl::Rsa));
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
        m_server.setSslConfiguration(tls);
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::pendingConnectionAvailable, &m_server, [this] {
            while (QTcpSocket *near = m_server.nextPendingConnection())
                serve(near);
        });
    }

    std::string url(const std::string &user = {}) const { return "https://" + user + "127.0.0.1:" + std::to_string(m_server.serverPort()); }

    std::string certificate; ///< "" where there is no openssl
    std::string key;
    std::vector<std::string> heads; ///< what it was asked, a text each
    std::string wantedLogin;        ///< base64 of user:password; "" for none

private:
    void serve(QTcpSocket *near)
    {
        auto *far = new QTcpSocket(near);
        const auto head = std::make_shared<std::string>();
        QObject::connect(near, &QTcpSocket::readyRead, near, [this, near, far, head] {
            if (far->state() == QAbstractSocket::ConnectedState) {
                far->write(near->readAll());
                return;
            }
            *head += near->readAll().toStdString();
            if (head->find("\r\n\r\n") != std::string::npos)
                answer(near, far, std::exchange(*head, {}));
        });
        QObject::connect(far, &QTcpSocket::connected, near, [near] { near->write("HTTP/1.1 200 Connection established\r\n\r\n"); });
        QObject::connect(far, &QTcpSocket::readyRead, near, [near, far] { near->write(far->readAll()); });
        QObject::connect(far, &QTcpSocket::disconnected, near, [near] { near->disconnectFromHost(); });
        QObject::connect(near, &QTcpSocket::disconnected, near, &QObject::deleteLater);
    }

    void answer(QTcpSocket *near, QTcpSocket *far, const std::string &head)
    {
        heads.push_back(head);
        if (!wantedLogin.empty() && head.find("Proxy-Authorization: Basic " + wantedLogin) == std::string::npos) {
            near->write("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        const std::string target = head.substr(8, head.find(' ', 8) - 8);
        const std::size_t colon = target.rfind(':');
        far->connectToHost(QString::fromStdString(target.substr(0, colon)), static_cast<quint16>(std::stoi(target.substr(colon + 1))));
    }

    QTemporaryDir m_folder;
    QSslServer m_server;
};

/// An API server of few words that speaks TLS with the proxy's certificate.
class TlsApi
{
public:
    explicit TlsApi(const TlsProxy &proxy, std::string body = R"({"major":"1","minor":"36","gitVersion":"v1.36.3"})")
    {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificate(QSslCertificate(QByteArray::fromStdString(proxy.certificate)));
        tls.setPrivateKey(QSslKey(QByteArray::fromStdString(proxy.key), QSsl::Rsa));
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
        m_server.setSslConfiguration(tls);
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::pendingConnectionAvailable, &m_server, [this, body] {
            while (QTcpSocket *socket = m_server.nextPendingConnection()) {
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, body] {
                    if (socket->readAll().contains("\r\n\r\n"))
                        socket->write(QByteArray::fromStdString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                                                                + std::to_string(body.size()) + "\r\n\r\n" + body));
                });
            }
        });
    }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(m_server.serverPort()); }

private:
    QSslServer m_server;
};

Expected<HttpAnswer> got(const Endpoint &endpoint)
{
    const Expected<std::shared_ptr<Transport>> transport = Transport::make(endpoint, {});
    if (!transport)
        return std::unexpected(transport.error());
    return async::waitFor((*transport)->send({.path = "/version", .what = "version"}, {}));
}

} // namespace

TEST(HttpsProxy, IsSpokenToOverTls)
{
    TlsProxy proxy;
    if (proxy.certificate.empty())
        GTEST_SKIP() << "openssl is not there";
    const TlsApi api(proxy);
    const Expected<HttpAnswer> answer = got({.server = api.url(), .tls = {.caPem = proxy.certificate}, .proxyUrl = proxy.url()});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_NE(answer->body.find("v1.36.3"), std::string::npos);
    ASSERT_EQ(proxy.heads.size(), 1U);
    EXPECT_TRUE(proxy.heads.front().starts_with("CONNECT 127.0.0.1:" + api.url().substr(api.url().rfind(':') + 1)));
}

TEST(HttpsProxy, GetsMoreThanOneBufferThrough)
{
    TlsProxy proxy;
    if (proxy.certificate.empty())
        GTEST_SKIP() << "openssl is not there";
    const std::string large(12 << 20, 'x');
    const TlsApi api(proxy, large);
    const Expected<HttpAnswer> answer = got({.server = api.url(), .tls = {.caPem = proxy.certificate}, .proxyUrl = proxy.url()});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->body, large);
}

TEST(HttpsProxy, IsToldWhoAsks)
{
    TlsProxy proxy;
    if (proxy.certificate.empty())
        GTEST_SKIP() << "openssl is not there";
    proxy.wantedLogin = "bWU6cGFzcw==";
    const TlsApi api(proxy);
    const Expected<HttpAnswer> answer = got({.server = api.url(), .tls = {.caPem = proxy.certificate}, .proxyUrl = proxy.url("me:pass@")});
    ASSERT_TRUE(answer) << answer.error().text();
}

TEST(HttpsProxy, IsVerifiedByTheClustersRoots)
{
    TlsProxy proxy;
    TlsProxy other;
    if (proxy.certificate.empty() || other.certificate.empty())
        GTEST_SKIP() << "openssl is not there";
    const TlsApi api(other);
    const Expected<HttpAnswer> answer = got({.server = api.url(), .tls = {.caPem = other.certificate}, .proxyUrl = proxy.url()});
    ASSERT_FALSE(answer);
    EXPECT_TRUE(proxy.heads.empty()) << "nothing is said to a stranger";
    EXPECT_EQ(answer.error().text().find("version: the proxy " + proxy.url() + ": TLS: "), 0U) << answer.error().text();
    EXPECT_EQ(answer.error().reason(), kNotSent);
    EXPECT_TRUE(got({.server = api.url(), .tls = {.skipsVerification = true}, .proxyUrl = proxy.url()}));
}

TEST(HttpsProxy, ThatIsNotThereIsNamed)
{
    const Expected<HttpAnswer> answer = got({.server = "https://127.0.0.1:9", .proxyUrl = "https://127.0.0.1:1"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().text().find("version: the proxy https://127.0.0.1:1: "), 0U) << answer.error().text();
}
