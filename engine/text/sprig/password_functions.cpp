// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "base/base64.h"
#include "text/sprig/base_text.h"
#include "text/sprig/blowfish.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using types::kString;
using types::kUint32;

constexpr std::size_t kBlock = 16;

/// One use of a slow function counts as so many steps of a template.
constexpr std::uint64_t kSlowSteps = 200'000;

struct CipherDeleter
{
    void operator()(EVP_CIPHER_CTX *context) const { EVP_CIPHER_CTX_free(context); }
};

const unsigned char *bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

std::string randomBytes(const SprigWorld &world, std::size_t count)
{
    std::vector<std::uint8_t> bytes(count);
    if (world.random)
        world.random(bytes);
    return {bytes.begin(), bytes.end()};
}

std::string bcryptOrFault(const SprigWorld &world, std::string_view password)
{
    if (password.size() > 72)
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
    return bcryptHash(password, randomBytes(world, 16));
}

void appendBigEndian(std::string &out, std::uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(number >> shift);
}

/// Templates of a kind of password: each letter stands for a set of characters.
std::vector<std::string_view> passwordTemplates(std::string_view kind)
{
    if (kind == "maximum")
        return {"anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"};
    if (kind == "long")
        return {"CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv",
                "CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc",
                "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno",
                "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
                "CvccCvcvCvccno"};
    if (kind == "medium")
        return {"CvcnoCvc", "CvcCvcno"};
    if (kind == "short")
        return {"Cvcn"};
    if (kind == "basic")
        return {"aaanaaan", "aannaaan", "aaannaaa"};
    if (kind == "pin")
        return {"nnnn"};
    return {};
}

std::string_view charactersFor(char letter)
{
    switch (letter) {
    case 'V': return "AEIOU";
    case 'C': return "BCDFGHJKLMNPQRSTVWXYZ";
    case 'v': return "aeiou";
    case 'c': return "bcdfghjklmnpqrstvwxyz";
    case 'A': return "AEIOUBCDFGHJKLMNPQRSTVWXYZ";
    case 'a': return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    case 'n': return "0123456789";
    case 'o': return "@&%?,=[]_:-+*$#!'^~;()/.";
    default: return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
    }
}

/// The Master Password algorithm: scrypt of the user's secret, HMAC of the site, a template.
/// Source: Masterminds/sprig crypto.go (derivePassword)@v3.3.0
std::string derivedPassword(Arguments args)
{
    constexpr std::string_view kScope = "com.lyndir.masterpassword";
    const std::vector<std::string_view> templates = passwordTemplates(args[1].text());
    if (templates.empty())
        return "cannot find password template " + std::string(args[1].text());
    const std::string_view password = args[2].text(), user = args[3].text(), site = args[4].text();
    std::string salt(kScope);
    appendBigEndian(salt, static_cast<std::uint32_t>(user.size()));
    salt += user;
    std::array<unsigned char, 64> key{};
    if (EVP_PBE_scrypt(password.data(), password.size(), bytesOf(salt), salt.size(), 32768, 8, 2, 128 << 20, key.data(),
                       key.size())
        != 1)
        return "failed to derive password: scrypt: parameters are too large";
    std::string message(kScope);
    appendBigEndian(message, static_cast<std::uint32_t>(site.size()));
    message += site;
    appendBigEndian(message, static_cast<std::uint32_t>(args[0].unsignedInteger()));
    std::array<unsigned char, EVP_MAX_MD_SIZE> seed{};
    unsigned int seedSize = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytesOf(message), message.size(), seed.data(),
         &seedSize);
    const std::string_view chosen = templates[seed[0] % templates.size()];
    std::string result;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const std::string_view characters = charactersFor(chosen[i]);
        result += characters[seed[i + 1] % characters.size()];
    }
    return result;
}

std::array<unsigned char, 32> aesKey(std::string_view password)
{
    std::array<unsigned char, 32> key{};
    std::copy_n(password.begin(), std::min(password.size(), key.size()), key.begin());
    return key;
}

CallResult encrypted(const SprigWorld &world, std::string_view password, std::string_view text)
{
    if (text.empty())
        return textResult("");
    const std::string start = randomBytes(world, kBlock);
    const std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter> context(EVP_CIPHER_CTX_new());
    std::string bytes(text.size() + kBlock, '\0');
    auto *const out = reinterpret_cast<unsigned char *>(bytes.data());
    int size = 0, rest = 0;
    if (EVP_EncryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, aesKey(password).data(), bytesOf(start)) != 1
        || EVP_EncryptUpdate(context.get(), out, &size, bytesOf(text), static_cast<int>(text.size())) != 1
        || EVP_EncryptFinal_ex(context.get(), out + size, &rest) != 1)
        return templateError("encryption failed");
    bytes.resize(static_cast<std::size_t>(size + rest));
    return textResult(base64Of(start + bytes));
}

/// The text without the padding, whose last byte tells its length.
CallResult withoutPadding(std::string_view text)
{
    if (text.empty())
        return templateError("runtime error: index out of range [-1]");
    const auto padding = static_cast<std::int64_t>(static_cast<unsigned char>(text.back()));
    const std::int64_t size = static_cast<std::int64_t>(text.size()) - padding;
    if (size < 0)
        return templateError("runtime error: slice bounds out of range [:" + std::to_string(size) + "]");
    return textResult(text.substr(0, static_cast<std::size_t>(size)));
}

CallResult decrypted(std::string_view password, std::string_view coded)
{
    if (coded.empty())
        return textResult("");
    const TemplateExpected<std::string> bytes = base64Bytes(coded);
    if (!bytes)
        return std::unexpected(bytes.error());
    const std::size_t capacity = coded.size() / 4 * 3;
    if (capacity < kBlock)
        return templateError("runtime error: slice bounds out of range [:16] with capacity "
                             + std::to_string(capacity));
    if (bytes->size() < kBlock)
        return templateError("runtime error: slice bounds out of range [16:" + std::to_string(bytes->size()) + "]");
    if (bytes->size() % kBlock != 0)
        return templateError("crypto/cipher: input not full blocks");
    const std::unique_ptr<EVP_CIPHER_CTX, CipherDeleter> context(EVP_CIPHER_CTX_new());
    std::string text(bytes->size(), '\0');
    int size = 0;
    if (EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, aesKey(password).data(), bytesOf(*bytes)) != 1
        || EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1
        || EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char *>(text.data()), &size,
                             bytesOf(*bytes) + kBlock, static_cast<int>(bytes->size() - kBlock))
               != 1)
        return templateError("decryption failed");
    text.resize(static_cast<std::size_t>(size));
    return withoutPadding(text);
}

} // namespace

void addPasswordFunctions(FunctionTable &table, const SprigWorldPtr &world)
{
    table.add("bcrypt", {&kString}, [world](Arguments args, CallContext &context) -> CallResult {
        if (!context.budget().takeSteps(kSlowSteps))
            return budgetExceeded("password hashes");
        return textResult(bcryptOrFault(*world, args[0].text()));
    });
    table.add("htpasswd", {&kString, &kString}, [world](Arguments args, CallContext &context) -> CallResult {
        const std::string user(args[0].text());
        if (user.find(':') != std::string::npos)
            return textResult("invalid username: " + user);
        if (!context.budget().takeSteps(kSlowSteps))
            return budgetExceeded("password hashes");
        return textResult(user + ":" + bcryptOrFault(*world, args[1].text()));
    });
    table.add("derivePassword", {&kUint32, &kString, &kString, &kString, &kString},
              [](Arguments args, CallContext &context) -> CallResult {
                  if (!context.budget().takeSteps(kSlowSteps))
                      return budgetExceeded("password hashes");
                  return textResult(derivedPassword(args));
              });
    table.add("encryptAES", {&kString, &kString},
              [world](Arguments args, CallContext &) { return encrypted(*world, args[0].text(), args[1].text()); });
    table.add("decryptAES", {&kString, &kString},
              [](Arguments args, CallContext &) { return decrypted(args[0].text(), args[1].text()); });
}

} // namespace tiphys::text::sprig
