// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/proxy_tunnel.h"

#include <QNetworkProxy>
#include <QSslSocket>

#include <algorithm>

namespace tiphys::kube {

namespace {

/// A side that is slower than the other holds no more than this.
constexpr qint64 kBuffered = 1 << 20;
constexpr int kHttpsPort = 443;

void pump(QTcpSocket &from, QTcpSocket &to)
{
    while (to.isOpen() && from.bytesAvailable() > 0 && to.bytesToWrite() < kBuffered)
        to.write(from.read(std::min<qint64>(from.bytesAvailable(), 64 << 10)));
}

} // namespace

ProxyTunnel::ProxyTunnel(const QUrl &proxy, const QSslConfiguration &tls, const QString &verifyName)
    : m_host(proxy.host()), m_port(static_cast<quint16>(proxy.port(kHttpsPort))), m_tls(tls), m_verifyName(verifyName)
{
    m_door.setProxy(QNetworkProxy::NoProxy);
    connect(&m_door, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *near = m_door.nextPendingConnection())
            pass(near);
    });
}

Expected<std::unique_ptr<ProxyTunnel>> ProxyTunnel::open(const QUrl &proxy, const QSslConfiguration &tls,
                                                         const QString &verifyName)
{
    std::unique_ptr<ProxyTunnel> tunnel(new ProxyTunnel(proxy, tls, verifyName));
    if (!tunnel->m_door.listen(QHostAddress::LocalHost))
        return failure(ErrorCode::Unavailable, "a way to the proxy " + proxy.host().toStdString() + ": "
                                                   + tunnel->m_door.errorString().toStdString());
    return tunnel;
}

ProxyTunnel::~ProxyTunnel()
{
    // Sockets speak up when they are destroyed; by then there must be nobody who hears it.
    for (QTcpSocket *socket : m_door.findChildren<QTcpSocket *>())
        socket->disconnect();
}

void ProxyTunnel::pass(QTcpSocket *near)
{
    auto *far = new QSslSocket(near);
    far->setProxy(QNetworkProxy::NoProxy);
    far->setSslConfiguration(m_tls);
    far->setReadBufferSize(kBuffered);
    near->setReadBufferSize(kBuffered);
    connect(near, &QTcpSocket::readyRead, far, [near, far] {
        if (far->isEncrypted())
            pump(*near, *far);
    });
    connect(far, &QSslSocket::encryptedBytesWritten, near, [near, far] { pump(*near, *far); });
    connect(far, &QSslSocket::readyRead, near, [near, far] { pump(*far, *near); });
    connect(near, &QTcpSocket::bytesWritten, far, [near, far] { pump(*far, *near); });
    connectEnds(near, far);
    connectTrouble(near, far);
    m_trouble.clear();
    far->connectToHostEncrypted(m_host, m_port, m_verifyName.isEmpty() ? m_host : m_verifyName);
}

void ProxyTunnel::connectEnds(QTcpSocket *near, QSslSocket *far)
{
    connect(near, &QTcpSocket::disconnected, far, [near, far] {
        far->disconnectFromHost();
        near->deleteLater();
    });
    connect(far, &QSslSocket::disconnected, near, [near, far] {
        if (near->isOpen())
            near->write(far->readAll());
        near->disconnectFromHost();
    });
}

void ProxyTunnel::connectTrouble(QTcpSocket *near, QSslSocket *far)
{
    connect(far, &QSslSocket::encrypted, this, [this, near, far] {
        m_trouble.clear();
        pump(*near, *far);
    });
    // Told of unverified connections too.
    connect(far, &QSslSocket::sslErrors, this, [this, near](const QList<QSslError> &errors) {
        if (m_tls.peerVerifyMode() == QSslSocket::VerifyNone)
            return;
        std::string reasons;
        for (const QSslError &error : errors)
            reasons += (reasons.empty() ? "" : "; ") + error.errorString().toStdString();
        fail(near, "TLS: " + reasons);
    });
    connect(far, &QSslSocket::errorOccurred, this, [this, near, far] {
        if (!far->isEncrypted() && m_trouble.empty())
            fail(near, far->errorString().toStdString());
    });
}

void ProxyTunnel::fail(QTcpSocket *near, const std::string &reason)
{
    m_trouble = "the proxy https://" + m_host.toStdString() + ':' + std::to_string(m_port) + ": " + reason;
    near->abort();
}

} // namespace tiphys::kube
