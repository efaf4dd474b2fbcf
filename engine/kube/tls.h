// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QSslConfiguration>

#include <string>

namespace tiphys::kube {

/// What makes one TLS identity. PEM texts; empty ones are not used.
struct TlsSettings
{
    bool skipsVerification = false;
    std::string caPem; ///< the only roots; "" for those of the system
    std::string certificatePem;
    std::string keyPem;

    bool operator==(const TlsSettings &) const = default;
};

/// True if \p pem holds a certificate.
bool hasCertificate(const std::string &pem);
/// True if \p keyPem is the key of the first certificate of \p certificatePem.
bool isKeyPair(const std::string &certificatePem, const std::string &keyPem);

/// The configuration of \p settings. Keys: RSA, EC, DSA and Ed25519 in PKCS#1, SEC 1 and PKCS#8 form.
/// Errors: InvalidInput for text that holds no certificate or key, Unsupported for a key with a pass phrase.
Expected<QSslConfiguration> tlsConfiguration(const TlsSettings &settings);

} // namespace tiphys::kube
