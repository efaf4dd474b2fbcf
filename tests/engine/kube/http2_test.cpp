// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kube/tls_servers.h"

#include "async/wait_for.h"
#include "kube/transport.h"

#include <QSslConfiguration>
#include <QTest>
#include <QtEndian>

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::kube;
using namespace tiphys::kube::test;

namespace {

/// A server of HTTP/2 that accepts every request with status 200, sends a byte and leaves the answer open. After the first
/// one of its life it says that this connection takes no more.
class LeavingServer
{
public:
    explicit LeavingServer(const Certificate &certificate)
    {
        QSslConfiguration tls = servingWith(certificate);
        tls.setAllowedNextProtocols({QSslConfiguration::ALPNProtocolHTTP2});
        m_server.setSslConfiguration(tls);
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::pendingConnectionAvailable, &m_server, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection())
                serve(socket);
        });
    }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(m_server.serverPort()); }

    int connections = 0;

private:
    enum Type : char { Data = 0, Headers = 1, Settings = 4, GoAway = 7 };

    static QByteArray number(quint32 value)
    {
        QByteArray bytes(4, '\0');
        qToBigEndian(value, bytes.data());
        return bytes;
    }
    static QByteArray frame(Type type, char flags, quint32 stream, const QByteArray &payload)
    {
        return number(static_cast<quint32>(payload.size())).mid(1) + type + flags + number(stream) + payload;
    }

    void serve(QTcpSocket *socket)
    {
        ++connections;
        socket->write(frame(Settings, 0, 0, {}));
        const auto buffer = std::make_shared<QByteArray>();
        const auto isGreeted = std::make_shared<bool>(false);
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, buffer, isGreeted] {
            constexpr qsizetype preface = 24;
            constexpr qsizetype head = 9;
            *buffer += socket->readAll();
            if (!*isGreeted && buffer->size() >= preface) {
                buffer->remove(0, preface);
                *isGreeted = true;
            }
            while (*isGreeted && buffer->size() >= head) {
                const qsizetype size = static_cast<qsizetype>(qFromBigEndian<quint32>(buffer->constData()) >> 8);
                if (buffer->size() < head + size)
                    return;
                take(socket, buffer->at(3), buffer->at(4), qFromBigEndian<quint32>(buffer->constData() + 5));
                buffer->remove(0, head + size);
            }
        });
    }

    void take(QTcpSocket *socket, char type, char flags, quint32 stream)
    {
        constexpr char isAcknowledgement = 1;
        constexpr char endsHeaders = 4;
        if (type == Settings && flags != isAcknowledgement)
            socket->write(frame(Settings, isAcknowledgement, 0, {}));
        if (type != Headers)
            return;
        socket->write(frame(Headers, endsHeaders, stream, QByteArray(1, '\x88'))); // ":status: 200" of the fixed table
        if (!std::exchange(m_hasLeft, true))
            socket->write(frame(GoAway, 0, 0, number(stream) + number(0)));
        socket->write(frame(Data, 0, stream, "x"));
    }

    bool m_hasLeft = false;
    QSslServer m_server;
};

HttpRequest watch(std::chrono::milliseconds silence = std::chrono::seconds(60))
{
    HttpRequest request;
    request.path = "/watch";
    request.what = "watch";
    request.silence = silence;
    return request;
}

} // namespace

TEST(Http2, GoesOverAnotherConnectionWhereOneTakesNoMoreRequests)
{
    const std::optional<Certificate> certificate = selfSigned();
    if (!certificate)
        GTEST_SKIP() << "openssl is not there";
    LeavingServer server(*certificate);
    Endpoint endpoint;
    endpoint.server = server.url();
    endpoint.tls.caPem = certificate->pem;
    const std::shared_ptr<Transport> transport = Transport::make(endpoint, {.start = std::chrono::seconds(1)}).value();
    const std::shared_ptr<Exchange> first = transport->openStream(watch(), {});
    const Expected<std::optional<std::string>> text = async::waitFor(first->read());
    ASSERT_TRUE(text) << text.error().text();
    EXPECT_EQ(**text, "x");

    std::shared_ptr<Exchange> turned = transport->openStream(watch(), {});
    const Expected<std::optional<std::string>> refused = async::waitFor(turned->read());
    ASSERT_FALSE(refused);
    // Some versions of Qt refuse it, others let it wait for the end of the first one.
    EXPECT_TRUE(refused.error().reason() == kTurnedAway || refused.error().reason() == kNotSent)
        << refused.error().text();
    EXPECT_TRUE(turned->isConnectionSpent());
    turned.reset();

    const std::shared_ptr<Exchange> next = transport->openStream(watch(), {});
    const Expected<std::optional<std::string>> again = async::waitFor(next->read());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(**again, "x");
    EXPECT_EQ(transport->lanes(), 2u);
    EXPECT_EQ(server.connections, 2);
    EXPECT_FALSE(first->done().isSet()) << "what began on the old connection goes on there";
}

TEST(Http2, LeavesAConnectionThatIsSilentForTooLong)
{
    const std::optional<Certificate> certificate = selfSigned();
    if (!certificate)
        GTEST_SKIP() << "openssl is not there";
    LeavingServer server(*certificate);
    Endpoint endpoint;
    endpoint.server = server.url();
    endpoint.tls.caPem = certificate->pem;
    const std::shared_ptr<Transport> transport = Transport::make(endpoint, {}).value();
    std::shared_ptr<Exchange> silent = transport->openStream(watch(std::chrono::seconds(2)), {});
    ASSERT_TRUE(async::waitFor(silent->read()));
    const Expected<std::optional<std::string>> lost = async::waitFor(silent->read());
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code(), ErrorCode::Timeout) << lost.error().text();
    EXPECT_TRUE(silent->isConnectionSpent());
    silent.reset();
    EXPECT_EQ(transport->lanes(), 0u);
}
