// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "base/sha256.h"

#include <openssl/evp.h>

#include <array>

namespace tiphys::text::sprig {

namespace {

using types::kString;

std::string hexDigest(std::string_view text, const EVP_MD *kind)
{
    static constexpr char kHex[] = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), bytes.data(), &size, kind, nullptr);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += kHex[bytes[i] >> 4];
        hex += kHex[bytes[i] & 15];
    }
    return hex;
}

std::uint32_t adler32(std::string_view text)
{
    constexpr std::uint32_t kPrime = 65'521;
    std::uint32_t low = 1, high = 0;
    for (const char c : text) {
        low = (low + static_cast<unsigned char>(c)) % kPrime;
        high = (high + low) % kPrime;
    }
    return high << 16 | low;
}

} // namespace

void addDigestFunctions(FunctionTable &table)
{
    table.add("sha1sum", {&kString},
              [](Arguments args, CallContext &) { return textResult(hexDigest(args[0].text(), EVP_sha1())); });
    table.add("sha256sum", {&kString},
              [](Arguments args, CallContext &) { return textResult(sha256Of(args[0].text())); });
    table.add("sha512sum", {&kString},
              [](Arguments args, CallContext &) { return textResult(hexDigest(args[0].text(), EVP_sha512())); });
    table.add("adler32sum", {&kString},
              [](Arguments args, CallContext &) { return textResult(std::to_string(adler32(args[0].text()))); });
}

} // namespace tiphys::text::sprig
