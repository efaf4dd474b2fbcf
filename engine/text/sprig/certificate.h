// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"
#include "text/sprig/private_key.h"
#include "text/sprig/world.h"

#include <string>
#include <vector>

namespace tiphys::text::sprig {

/// A certificate and its private key, both PEM.
struct Certificate
{
    std::string certificate;
    std::string key;
};

/// What a new certificate says.
struct CertificateRequest
{
    std::string commonName;
    std::vector<std::string> addresses; ///< IP addresses as bytes: 4 or 16
    std::vector<std::string> names;     ///< DNS names
    std::int64_t daysValid = 0;
    bool isAuthority = false;
    Moment notBefore;
    std::string serial; ///< 16 bytes
};

/// Makes a certificate for \p key, signed by itself or by \p authority.
/// Source: Masterminds/sprig crypto.go (getBaseCertTemplate, getCertAndKey)@v3.3.0
TemplateExpected<Certificate> newCertificate(const CertificateRequest &request, PrivateKey key,
                                             const Certificate *authority = nullptr);
/// Checks that \p certificate and \p key can be read. Errors: Sprig's texts.
/// Source: Masterminds/sprig crypto.go (buildCustomCertificate)@v3.3.0
TemplateExpected<void> checkCertificate(const std::string &certificate, const std::string &key);

} // namespace tiphys::text::sprig
