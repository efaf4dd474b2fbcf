// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QObject>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QUrl>

#include <memory>
#include <string>

class QSslSocket;
class QTcpSocket;

namespace tiphys::kube {

/// A way to a proxy that is spoken to over TLS: Qt speaks to proxies in plain text, so it is given a door on loopback from
/// which everything is passed on. Any program of this machine can knock at it, as at a proxy without TLS. What the proxy asks to know (user and password) is said by Qt through the door; the
/// door itself adds nothing. Event loop of its own thread.
class ProxyTunnel final : public QObject
{
public:
    /// The way to \p proxy (host and port count), verified by \p tls; \p verifyName is the name that its certificate must
    /// have, "" for the host. Nothing is sent yet. Errors: Unavailable if no door can be opened.
    static Expected<std::unique_ptr<ProxyTunnel>> open(const QUrl &proxy, const QSslConfiguration &tls,
                                                       const QString &verifyName);
    ~ProxyTunnel() override;

    quint16 port() const { return m_door.serverPort(); }
    /// Why the proxy could not be reached the last time, "" if it could.
    const std::string &trouble() const { return m_trouble; }

private:
    ProxyTunnel(const QUrl &proxy, const QSslConfiguration &tls, const QString &verifyName);
    void pass(QTcpSocket *near);
    void connectEnds(QTcpSocket *near, QSslSocket *far);
    void connectTrouble(QTcpSocket *near, QSslSocket *far);
    void fail(QTcpSocket *near, const std::string &reason);

    QString m_host;
    quint16 m_port;
    QSslConfiguration m_tls;
    QString m_verifyName;
    QTcpServer m_door;
    std::string m_trouble;
};

} // namespace tiphys::kube
