// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::text::sprig {

struct KeyDeleter
{
    void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, KeyDeleter>;

/// The first block of a PEM text.
struct PemBlock
{
    std::string type; ///< "CERTIFICATE"
    std::string bytes;
};
/// Nothing if there is no block. Errors of the block itself count as none.
std::optional<PemBlock> pemBlockOf(std::string_view text);

/// A new key of OpenSSL's own chance; null if it fails.
PrivateKey newRsaKey(unsigned int bits);

/// A new private key as PEM: rsa (or "") of 4096 bits, dsa, ecdsa (P-256) or ed25519; the text "Unknown type x" for
/// other types.
/// Source: Masterminds/sprig crypto.go (generatePrivateKey)@v3.3.0
std::string newPrivateKeyText(std::string_view type);

/// Reads RSA, EC, DSA and PKCS#8 keys. Errors: "no PEM data in input" and Sprig's other texts.
/// Source: Masterminds/sprig crypto.go (parsePrivateKeyPEM)@v3.3.0
TemplateExpected<PrivateKey> parsePrivateKey(std::string_view text);
/// The key as PEM, in the traditional form of its kind; Ed25519 as PKCS#8.
std::string privateKeyText(EVP_PKEY *key);

} // namespace tiphys::text::sprig
