// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/http_trust.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QUrl>

namespace tiphys::fetch {

namespace {

QSslKey keyOf(const std::string &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        const QSslKey key(QByteArray::fromStdString(pem), algorithm, QSsl::Pem, QSsl::PrivateKey);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

Expected<QSslConfiguration> tlsOf(const ports::HttpSecurity &security)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (!security.caPem.empty()) {
        const QList<QSslCertificate> roots =
            QSslCertificate::fromData(QByteArray::fromStdString(security.caPem), QSsl::Pem);
        if (roots.isEmpty())
            return failure(ErrorCode::InvalidInput, "the given CA certificates cannot be read");
        tls.setCaCertificates(roots);
    }
    if (!security.certificatePem.empty()) {
        const QList<QSslCertificate> chain =
            QSslCertificate::fromData(QByteArray::fromStdString(security.certificatePem), QSsl::Pem);
        const QSslKey key = keyOf(security.keyPem);
        if (chain.isEmpty() || key.isNull())
            return failure(ErrorCode::InvalidInput, "the TLS client certificate or its key cannot be read");
        tls.setLocalCertificateChain(chain);
        tls.setPrivateKey(key);
    }
    if (security.skipsVerification)
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    return tls;
}

Expected<QNetworkProxy> proxyOf(const std::string &text)
{
    const QUrl url(QString::fromStdString(text), QUrl::StrictMode);
    const bool isSocks = url.scheme().startsWith(QLatin1String("socks5"));
    if (!url.isValid() || url.host().isEmpty())
        return failure(ErrorCode::InvalidInput, "the proxy's URL cannot be read");
    if (!isSocks && url.scheme() != QLatin1String("http"))
        return failure(ErrorCode::Unsupported,
                       "proxies are reached by http or socks5, not by " + url.scheme().toStdString());
    return QNetworkProxy(isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(),
                         static_cast<quint16>(url.port(isSocks ? 1080 : 8080)), url.userName(), url.password());
}

} // namespace tiphys::fetch
