// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/certificate.h"

#include "text/gotemplate/quote.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace tiphys::text::sprig {

namespace {

struct X509Deleter
{
    void operator()(X509 *certificate) const { X509_free(certificate); }
};
using X509Ptr = std::unique_ptr<X509, X509Deleter>;

struct ExtensionDeleter
{
    void operator()(X509_EXTENSION *extension) const { X509_EXTENSION_free(extension); }
};
using Extension = std::unique_ptr<X509_EXTENSION, ExtensionDeleter>;

X509Ptr decoded(std::string_view bytes)
{
    const auto *start = reinterpret_cast<const unsigned char *>(bytes.data());
    return X509Ptr(d2i_X509(nullptr, &start, static_cast<long>(bytes.size())));
}

enum class Critical { No, Yes };

void addEncoded(X509 *certificate, int nid, Critical critical, void *content)
{
    X509_add1_ext_i2d(certificate, nid, content, critical == Critical::Yes ? 1 : 0, X509V3_ADD_DEFAULT);
}

void addConfigured(X509 *certificate, int nid, const char *text)
{
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, text));
    if (extension)
        X509_add_ext(certificate, extension.get(), -1);
}

std::string encodedName(const X509_NAME *name)
{
    unsigned char *bytes = nullptr;
    const int size = i2d_X509_NAME(name, &bytes);
    std::string text(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(std::max(size, 0)));
    OPENSSL_free(bytes);
    return text;
}

/// Whether Go's encoding/asn1 writes \p character in a PrintableString.
bool isPlain(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
           || (character >= '0' && character <= '9') || std::string_view(" '()+,-./:=?").contains(character);
}

bool isAscii(std::string_view text)
{
    return std::ranges::all_of(text, [](char character) { return static_cast<unsigned char>(character) < 0x80; });
}

/// The common name as Go writes it: of any length, and as UTF8String only where a PrintableString cannot hold it.
void setCommonName(X509 *certificate, const std::string &name)
{
    if (name.empty())
        return;
    X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_commonName,
                               std::ranges::all_of(name, isPlain) ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING,
                               reinterpret_cast<const unsigned char *>(name.data()), static_cast<int>(name.size()), -1,
                               0);
}

/// The identifier of a public key: the start of the SHA-256 of its bits.
std::string keyIdentifier(X509 *certificate)
{
    const ASN1_BIT_STRING *const bits = X509_get0_pubkey_bitstr(certificate);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(ASN1_STRING_get0_data(bits), static_cast<std::size_t>(ASN1_STRING_length(bits)), digest.data(), &size,
               EVP_sha256(), nullptr);
    return {reinterpret_cast<const char *>(digest.data()), 20};
}

void addSubjectIdentifier(X509 *certificate)
{
    const std::string identifier = keyIdentifier(certificate);
    ASN1_OCTET_STRING *const content = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(content, reinterpret_cast<const unsigned char *>(identifier.data()),
                          static_cast<int>(identifier.size()));
    addEncoded(certificate, NID_subject_key_identifier, Critical::No, content);
    ASN1_OCTET_STRING_free(content);
}

/// A certificate with the name of its authority counts as signed by itself and names no authority's key.
void addAuthorityIdentifier(X509 *certificate, X509 *authority)
{
    const ASN1_OCTET_STRING *const identifier = X509_get0_subject_key_id(authority);
    if (!identifier
        || encodedName(X509_get_issuer_name(certificate)) == encodedName(X509_get_subject_name(certificate)))
        return;
    AUTHORITY_KEYID *const content = AUTHORITY_KEYID_new();
    content->keyid = ASN1_OCTET_STRING_dup(identifier);
    addEncoded(certificate, NID_authority_key_identifier, Critical::No, content);
    AUTHORITY_KEYID_free(content);
}

void addAlternativeNames(X509 *certificate, const CertificateRequest &request)
{
    if (request.names.empty() && request.addresses.empty())
        return;
    GENERAL_NAMES *const names = GENERAL_NAMES_new();
    const auto add = [&](int type, const std::string &bytes) {
        GENERAL_NAME *const name = GENERAL_NAME_new();
        ASN1_STRING *const text = type == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
        ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size()));
        GENERAL_NAME_set0_value(name, type, text);
        sk_GENERAL_NAME_push(names, name);
    };
    for (const std::string &name : request.names)
        add(GEN_DNS, name);
    for (const std::string &address : request.addresses)
        add(GEN_IPADD, address);
    addEncoded(certificate, NID_subject_alt_name, request.commonName.empty() ? Critical::Yes : Critical::No, names);
    GENERAL_NAMES_free(names);
}

void setTime(ASN1_TIME *time, const Moment &moment, std::int64_t days)
{
    ASN1_TIME_adj(time, static_cast<time_t>(moment.seconds), static_cast<int>(days), 0);
}

X509Ptr unsignedCertificate(const CertificateRequest &request, EVP_PKEY *key)
{
    X509Ptr certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    BIGNUM *const serial = BN_bin2bn(reinterpret_cast<const unsigned char *>(request.serial.data()),
                                     static_cast<int>(request.serial.size()), nullptr);
    BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate.get()));
    BN_free(serial);
    setTime(X509_getm_notBefore(certificate.get()), request.notBefore, 0);
    setTime(X509_getm_notAfter(certificate.get()), request.notBefore, request.daysValid);
    setCommonName(certificate.get(), request.commonName);
    X509_set_pubkey(certificate.get(), key);
    return certificate;
}

/// Extensions in the order in which Go's crypto/x509 writes them.
void addExtensions(X509 *certificate, const CertificateRequest &request, X509 *authority)
{
    addConfigured(certificate, NID_key_usage,
                  request.isAuthority ? "critical,digitalSignature,keyEncipherment,keyCertSign"
                                      : "critical,digitalSignature,keyEncipherment");
    addConfigured(certificate, NID_ext_key_usage, "serverAuth,clientAuth");
    addConfigured(certificate, NID_basic_constraints, request.isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (request.isAuthority)
        addSubjectIdentifier(certificate);
    if (authority)
        addAuthorityIdentifier(certificate, authority);
    addAlternativeNames(certificate, request);
}

bool signedBy(X509 *certificate, EVP_PKEY *key)
{
    const bool hasOwnDigest = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    return X509_sign(certificate, key, hasOwnDigest ? nullptr : EVP_sha256()) > 0;
}

std::string pemOf(X509 *certificate)
{
    BIO *const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    char *bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    std::string text(bytes, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
}

/// The signer's certificate and key, read.
struct Signer
{
    X509Ptr certificate;
    PrivateKey key;
};

constexpr std::string_view kMalformed = "x509: malformed certificate";

TemplateExpected<Signer> signerOf(const Certificate &authority)
{
    const std::optional<PemBlock> block = pemBlockOf(authority.certificate);
    if (!block)
        return templateError("unable to decode certificate");
    Signer signer{decoded(block->bytes), nullptr};
    if (!signer.certificate)
        return templateError("error parsing certificate: decodedSignerCert.Bytes: " + std::string(kMalformed));
    TemplateExpected<PrivateKey> key = parsePrivateKey(authority.key);
    if (!key)
        return templateError("error parsing private key: " + key.error().text);
    signer.key = *std::move(key);
    return signer;
}

} // namespace

TemplateExpected<Certificate> newCertificate(const CertificateRequest &request, PrivateKey key,
                                             const Certificate *authority)
{
    if (!key)
        return templateError("error generating rsa key: the library refused");
    Signer signer;
    if (authority) {
        TemplateExpected<Signer> read = signerOf(*authority);
        if (!read)
            return std::unexpected(read.error());
        signer = *std::move(read);
    }
    if (EVP_PKEY_get_base_id(authority ? signer.key.get() : key.get()) == EVP_PKEY_DSA)
        return templateError(
            "error creating certificate: x509: certificate private key does not implement crypto.Signer");
    if (authority && X509_check_private_key(signer.certificate.get(), signer.key.get()) != 1)
        return templateError("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey");
    for (const std::string &name : request.names) {
        if (!isAscii(name))
            return templateError("error creating certificate: x509: " + goQuoted(name)
                                 + " cannot be encoded as an IA5String");
    }
    const X509Ptr certificate = unsignedCertificate(request, key.get());
    X509_set_issuer_name(certificate.get(),
                         X509_get_subject_name(authority ? signer.certificate.get() : certificate.get()));
    addExtensions(certificate.get(), request, signer.certificate.get());
    if (!signedBy(certificate.get(), authority ? signer.key.get() : key.get()))
        return templateError("error creating certificate: x509: signing failed");
    return Certificate{pemOf(certificate.get()), privateKeyText(key.get())};
}

TemplateExpected<void> checkCertificate(const std::string &certificate, const std::string &key)
{
    const std::optional<PemBlock> block = pemBlockOf(certificate);
    if (!block)
        return templateError("unable to decode certificate");
    if (!decoded(block->bytes))
        return templateError("error parsing certificate: decodedCert.Bytes: " + std::string(kMalformed));
    const TemplateExpected<PrivateKey> parsed = parsePrivateKey(key);
    if (!parsed)
        return templateError("error parsing private key: " + parsed.error().text);
    return {};
}

} // namespace tiphys::text::sprig
