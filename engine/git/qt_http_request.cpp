// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/qt_http_request.h"

#include "base/text.h"
#include "git/url.h"

#include <QCryptographicHash>
#include <QNetworkProxyFactory>
#include <QSslCertificate>
#include <QSslKey>
#include <QUrl>

#include <algorithm>

namespace tiphys::git {

namespace {

QByteArray bytesOf(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

QSslKey keyOf(const std::string &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa})
        if (const QSslKey key(bytesOf(pem), algorithm, QSsl::Pem, QSsl::PrivateKey); !key.isNull())
            return key;
    return {};
}

QByteArray authorizationOf(const Credentials &credentials)
{
    if (!credentials.bearerToken.empty())
        return "Bearer " + bytesOf(credentials.bearerToken);
    if (credentials.username.empty() && credentials.password.empty())
        return {};
    const std::string user = credentials.username.empty() ? "x-access-token" : credentials.username;
    return "Basic " + bytesOf(user + ":" + credentials.password).toBase64();
}

} // namespace

Expected<QSslConfiguration> tlsConfigurationOf(const Credentials &credentials)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (!credentials.caPem.empty()) {
        const QList<QSslCertificate> roots = QSslCertificate::fromData(bytesOf(credentials.caPem), QSsl::Pem);
        if (roots.isEmpty())
            return failure(ErrorCode::InvalidInput, "the given CA certificates cannot be read");
        tls.setCaCertificates(roots);
    }
    if (!credentials.clientCertificatePem.empty()) {
        const QList<QSslCertificate> chain =
            QSslCertificate::fromData(bytesOf(credentials.clientCertificatePem), QSsl::Pem);
        const QSslKey key = keyOf(credentials.clientKeyPem);
        if (chain.isEmpty() || key.isNull())
            return failure(ErrorCode::InvalidInput, "the TLS client certificate or its key cannot be read");
        tls.setLocalCertificateChain(chain);
        tls.setPrivateKey(key);
    }
    if (credentials.insecure)
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    return tls;
}

bool isWithoutProxy(std::string_view host, std::string_view noProxy)
{
    const std::string name = asciiLower(host);
    return std::ranges::any_of(split(noProxy, ','), [&](std::string_view raw) {
        std::string entry = asciiLower(trimmed(raw));
        if (entry == "*")
            return true;
        if (entry.starts_with('.'))
            entry.erase(0, 1);
        return !entry.empty() && (name == entry || name.ends_with("." + entry));
    });
}

Expected<QNetworkProxy> proxyFor(const QUrl &url, const Credentials &credentials)
{
    if (isWithoutProxy(url.host().toStdString(), credentials.noProxy))
        return QNetworkProxy(QNetworkProxy::NoProxy);
    if (credentials.proxy.empty())
        return QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(url)).value(0);
    const QUrl proxy(QString::fromStdString(credentials.proxy), QUrl::StrictMode);
    const bool isSocks = proxy.scheme().startsWith(QLatin1String("socks5"));
    if (!proxy.isValid() || proxy.host().isEmpty())
        return failure(ErrorCode::InvalidInput, "the proxy's URL cannot be read");
    if (!isSocks && proxy.scheme() != QLatin1String("http"))
        return failure(ErrorCode::Unsupported,
                       "proxies are reached by http or socks5, not by " + proxy.scheme().toStdString());
    return QNetworkProxy(isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, proxy.host(),
                         static_cast<quint16>(proxy.port(isSocks ? 1080 : 8080)), proxy.userName(), proxy.password());
}

Expected<QNetworkRequest> networkRequestOf(const HttpRequest &request, std::chrono::milliseconds silence)
{
    const QUrl url(QString::fromStdString(request.url), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return failure(ErrorCode::InvalidInput, "strange URL " + tiphys::quoted(shownUrl(request.url)));
    const Expected<QSslConfiguration> tls = tlsConfigurationOf(request.credentials);
    if (!tls)
        return std::unexpected(tls.error());
    QNetworkRequest network(url);
    network.setSslConfiguration(*tls);
    network.setTransferTimeout(silence);
    network.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    network.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    network.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    network.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    for (const auto &[name, value] : request.headers)
        network.setRawHeader(bytesOf(name), bytesOf(value));
    if (const QByteArray authorization = authorizationOf(request.credentials); !authorization.isEmpty())
        network.setRawHeader("Authorization", authorization);
    return network;
}

std::string connectionKeyOf(const HttpRequest &request)
{
    const RepositoryUrl url = parsedUrl(request.url);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const Credentials &own = request.credentials;
    for (const std::string &part :
         {url.scheme, url.host, url.port, own.caPem, own.clientCertificatePem, own.clientKeyPem, own.proxy, own.noProxy,
          std::string(own.insecure ? "insecure" : "")})
        hash.addData(bytesOf(std::to_string(part.size()) + ":" + part));
    return hash.result().toStdString();
}

std::optional<Error> errorOf(const QNetworkReply &reply)
{
    const int code = reply.error();
    const bool isAnswer = code == QNetworkReply::NoError || (code > 200 && code < 300) || code > 400;
    if (isAnswer && reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid())
        return std::nullopt;
    const std::string text =
        asciiLower(reply.errorString().left(1).toStdString()) + reply.errorString().mid(1).toStdString();
    switch (reply.error()) {
    case QNetworkReply::SslHandshakeFailedError: return Error(ErrorCode::Denied, "TLS: " + text);
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError: return Error(ErrorCode::Timeout, "no answer in time");
    case QNetworkReply::ProxyAuthenticationRequiredError: return Error(ErrorCode::Unauthorized, text);
    default: return Error(ErrorCode::Unavailable, text);
    }
}

} // namespace tiphys::git
