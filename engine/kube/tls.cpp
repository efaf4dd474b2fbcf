// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/tls.h"

#include <QSslCertificate>
#include <QSslKey>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace tiphys::kube {

namespace {

QByteArray bytesOf(const std::string &text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

int refusePassPhrase(char *, int, int, void *)
{
    return 0;
}

using Bio = std::unique_ptr<BIO, int (*)(BIO *)>;

Bio bioOf(const std::string &pem)
{
    return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
}

/// Leaves no error of OpenSSL behind: a connection of the same thread would take it for its own.
struct ErrorsDropped
{
    ErrorsDropped() { ERR_set_mark(); }
    ~ErrorsDropped() { ERR_pop_to_mark(); }
    ErrorsDropped(const ErrorsDropped &) = delete;
};

/// Any key that OpenSSL reads: Qt itself has no algorithm for Ed25519.
QSslKey opaqueKey(const std::string &pem)
{
    const ErrorsDropped errorsDropped;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bioOf(pem).get(), nullptr, &refusePassPhrase, nullptr);
    return key ? QSslKey(static_cast<Qt::HANDLE>(key), QSsl::PrivateKey) : QSslKey();
}

Expected<QSslKey> keyOf(const std::string &pem)
{
    if (pem.find("ENCRYPTED") != std::string::npos)
        return failure(ErrorCode::Unsupported, "the client key is protected by a pass phrase");
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        const QSslKey key(bytesOf(pem), algorithm, QSsl::Pem, QSsl::PrivateKey);
        if (!key.isNull())
            return key;
    }
    const QSslKey key = opaqueKey(pem);
    if (key.isNull())
        return failure(ErrorCode::InvalidInput, "the client key is not a PEM private key");
    return key;
}

} // namespace

bool hasCertificate(const std::string &pem)
{
    return !QSslCertificate::fromData(bytesOf(pem), QSsl::Pem).isEmpty();
}

bool isKeyPair(const std::string &certificatePem, const std::string &keyPem)
{
    const ErrorsDropped errorsDropped;
    const std::unique_ptr<X509, void (*)(X509 *)> certificate(
        PEM_read_bio_X509(bioOf(certificatePem).get(), nullptr, &refusePassPhrase, nullptr), &X509_free);
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY *)> key(
        PEM_read_bio_PrivateKey(bioOf(keyPem).get(), nullptr, &refusePassPhrase, nullptr), &EVP_PKEY_free);
    return certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
}

Expected<QSslConfiguration> tlsConfiguration(const TlsSettings &settings)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(settings.skipsVerification ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    if (!settings.caPem.empty()) {
        const QList<QSslCertificate> roots = QSslCertificate::fromData(bytesOf(settings.caPem), QSsl::Pem);
        if (roots.isEmpty())
            return failure(ErrorCode::InvalidInput, "the certificate authority holds no PEM certificate");
        configuration.setCaCertificates(roots);
    }
    if (settings.certificatePem.empty())
        return configuration;
    const QList<QSslCertificate> chain = QSslCertificate::fromData(bytesOf(settings.certificatePem), QSsl::Pem);
    if (chain.isEmpty())
        return failure(ErrorCode::InvalidInput, "the client certificate is not a PEM certificate");
    const Expected<QSslKey> key = keyOf(settings.keyPem);
    if (!key)
        return std::unexpected(key.error());
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(*key);
    return configuration;
}

} // namespace tiphys::kube
