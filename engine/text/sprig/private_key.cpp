// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/private_key.h"

#include <openssl/bio.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace tiphys::text::sprig {

namespace {

struct BioDeleter
{
    void operator()(BIO *bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioDeleter>;

struct KeyContextDeleter
{
    void operator()(EVP_PKEY_CTX *context) const { EVP_PKEY_CTX_free(context); }
};
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, KeyContextDeleter>;

std::string textOfBio(BIO *bio)
{
    char *bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

PrivateKey newDsaKey()
{
    const KeyContext parameters(EVP_PKEY_CTX_new_id(EVP_PKEY_DSA, nullptr));
    EVP_PKEY *made = nullptr;
    if (EVP_PKEY_paramgen_init(parameters.get()) <= 0 || EVP_PKEY_CTX_set_dsa_paramgen_bits(parameters.get(), 2048) <= 0
        || EVP_PKEY_CTX_set_dsa_paramgen_q_bits(parameters.get(), 256) <= 0
        || EVP_PKEY_paramgen(parameters.get(), &made) <= 0)
        return nullptr;
    const PrivateKey group(made);
    const KeyContext generator(EVP_PKEY_CTX_new(group.get(), nullptr));
    EVP_PKEY *key = nullptr;
    if (EVP_PKEY_keygen_init(generator.get()) <= 0 || EVP_PKEY_keygen(generator.get(), &key) <= 0)
        return nullptr;
    return PrivateKey(key);
}

PrivateKey newEd25519Key()
{
    const KeyContext generator(EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr));
    EVP_PKEY *key = nullptr;
    if (EVP_PKEY_keygen_init(generator.get()) <= 0 || EVP_PKEY_keygen(generator.get(), &key) <= 0)
        return nullptr;
    return PrivateKey(key);
}

PrivateKey decodedKey(int type, std::string_view bytes)
{
    const auto *start = reinterpret_cast<const unsigned char *>(bytes.data());
    const auto size = static_cast<long>(bytes.size());
    if (type != 0)
        return PrivateKey(d2i_PrivateKey(type, nullptr, &start, size));
    PKCS8_PRIV_KEY_INFO *const content = d2i_PKCS8_PRIV_KEY_INFO(nullptr, &start, size);
    if (!content)
        return nullptr;
    PrivateKey key(EVP_PKCS82PKEY(content));
    PKCS8_PRIV_KEY_INFO_free(content);
    return key;
}

} // namespace

std::optional<PemBlock> pemBlockOf(std::string_view text)
{
    const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    char *name = nullptr;
    char *header = nullptr;
    unsigned char *bytes = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &name, &header, &bytes, &size) != 1)
        return std::nullopt;
    PemBlock block{name, std::string(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(size))};
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(bytes);
    return block;
}

PrivateKey newRsaKey(unsigned int bits)
{
    return PrivateKey(EVP_RSA_gen(bits));
}

std::string newPrivateKeyText(std::string_view type)
{
    PrivateKey key;
    if (type.empty() || type == "rsa")
        key = newRsaKey(4096);
    else if (type == "dsa")
        key = newDsaKey();
    else if (type == "ecdsa")
        key = PrivateKey(EVP_EC_gen("P-256"));
    else if (type == "ed25519")
        key = newEd25519Key();
    else
        return "Unknown type " + std::string(type);
    return key ? privateKeyText(key.get()) : "failed to generate private key: the library refused";
}

TemplateExpected<PrivateKey> parsePrivateKey(std::string_view text)
{
    const std::optional<PemBlock> block = pemBlockOf(text);
    if (!block)
        return templateError("no PEM data in input");
    if (block->type == "PRIVATE KEY") {
        if (PrivateKey key = decodedKey(0, block->bytes))
            return key;
        return templateError("decoding PEM as PKCS#8: asn1: structure error: malformed private key");
    }
    constexpr std::string_view kSuffix = " PRIVATE KEY";
    if (!block->type.ends_with(kSuffix))
        return templateError("no private key data in PEM block of type " + block->type);
    const std::string kind = block->type.substr(0, block->type.size() - kSuffix.size());
    const int type = kind == "RSA" ? EVP_PKEY_RSA : kind == "EC" ? EVP_PKEY_EC : kind == "DSA" ? EVP_PKEY_DSA : 0;
    if (type == 0)
        return templateError("invalid private key type " + block->type);
    if (PrivateKey key = decodedKey(type, block->bytes))
        return key;
    return templateError("parsing " + kind + " private key from PEM: asn1: structure error: malformed private key");
}

std::string privateKeyText(EVP_PKEY *key)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519)
        PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    else
        PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return textOfBio(bio.get());
}

} // namespace tiphys::text::sprig
