// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kube/credential_source.h"

#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tiphys::kube::test {

struct Certificate
{
    std::string pem;
    std::string key;
};

/// A new certificate of 127.0.0.1, signed by itself; nothing where there is no openssl.
inline std::optional<Certificate> selfSigned()
{
    const QTemporaryDir folder;
    QProcess openssl;
    openssl.setWorkingDirectory(folder.path());
    openssl.start(QStringLiteral("openssl"),
                  QStringLiteral("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=self "
                                 "-addext subjectAltName=IP:127.0.0.1 -days 2")
                      .split(QLatin1Char(' ')));
    if (!openssl.waitForFinished() || openssl.exitCode() != 0)
        return std::nullopt;
    const auto text = [&folder](const char *name) {
        return readWholeFile(folder.filePath(QString::fromLatin1(name)).toStdString()).value();
    };
    return Certificate{text("cert.pem"), text("key.pem")};
}

/// How a server with \p certificate speaks TLS.
inline QSslConfiguration servingWith(const Certificate &certificate)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(QByteArray::fromStdString(certificate.pem)));
    tls.setPrivateKey(QSslKey(QByteArray::fromStdString(certificate.key), QSsl::Rsa));
    tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    return tls;
}

/// A proxy that is spoken to over TLS and lets CONNECT through.
class TlsProxy
{
public:
    explicit TlsProxy(const Certificate &certificate)
    {
        m_server.setSslConfiguration(servingWith(certificate));
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::pendingConnectionAvailable, &m_server, [this] {
            while (QTcpSocket *near = m_server.nextPendingConnection())
                serve(near);
        });
    }

    std::string url(const std::string &user = {}) const
    {
        return "https://" + user + "127.0.0.1:" + std::to_string(m_server.serverPort());
    }

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
        QObject::connect(far, &QTcpSocket::connected, near,
                         [near] { near->write("HTTP/1.1 200 Connection established\r\n\r\n"); });
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
        far->connectToHost(QString::fromStdString(target.substr(0, colon)),
                           static_cast<quint16>(std::stoi(target.substr(colon + 1))));
    }

    QSslServer m_server;
};

/// A server of few words: every answer is the same JSON text.
class TlsServer
{
public:
    TlsServer(const Certificate &certificate, std::function<std::string()> body)
    {
        m_server.setSslConfiguration(servingWith(certificate));
        m_server.listen(QHostAddress::LocalHost);
        QObject::connect(&m_server, &QTcpServer::pendingConnectionAvailable, &m_server, [this, body] {
            while (QTcpSocket *socket = m_server.nextPendingConnection()) {
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, body] {
                    if (!socket->readAll().contains("\r\n\r\n"))
                        return;
                    const std::string text = body();
                    socket->write(QByteArray::fromStdString(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                        + std::to_string(text.size()) + "\r\n\r\n" + text));
                });
            }
        });
    }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(m_server.serverPort()); }

private:
    QSslServer m_server;
};

} // namespace tiphys::kube::test
